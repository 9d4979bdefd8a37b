"""Policies of one tier about which nobody can say which is asked first, where that makes a difference.

Source: ClusterNetworkPolicySpec (sigs.k8s.io/network-policy-api 0.3.0): of policies with equal priorities, the network
plugin applies any one. Between policies of two kinds in one tier, nothing says what their priorities mean.
"""

from collections.abc import Collection, Iterator
from itertools import combinations, product

from egressc.diagnostics.core import Report
from egressc.diagnostics.manifests import undecided_order
from egressc.dialects.shapes.places import find_field
from egressc.model.endpoints import intersect
from egressc.model.flows import Direction, Endpoints, Policy, Rule
from egressc.model.pod_classes import common_pods
from egressc.model.port_sets import NO_PORTS, find
from egressc.source import Span


def report_undecided(policies: Collection[Policy], report: Report) -> None:
    """EG625 for each two policies of the whole cluster that decide differently about a flow, in no known order."""
    asked = [it for it in policies if it.precedence is not None and it.precedence.by_index]
    for first, second in combinations(asked, 2):
        if _have_no_order(first, second) and _differ(first, second):
            places = _place(second), _place(first)
            is_one_kind = first.kind == second.kind
            can_differ, of_names = is_one_kind or _is_by_name(first), is_one_kind and _is_by_name(first)
            report.add(
                undecided_order(
                    places[0], second.title, first.title, places[1], can_differ=can_differ, of_names=of_names
                )
            )


def _have_no_order(first: Policy, second: Policy) -> bool:
    """Policies with names in their precedence, Calico's, have one order in all kinds, and one by name in each.

    Some versions of Calico compare the names as they are written, others as they are stored.
    """
    assert first.precedence is not None, "only policies with a precedence are asked"
    assert second.precedence is not None, "only policies with a precedence are asked"
    one, other = first.precedence, second.precedence
    is_one_kind, is_one_order = first.kind == second.kind, one.order == other.order
    if one.tier != other.tier:
        return False
    if one.name and other.name:
        is_one_sequence = _sequence(one.name, other.name) == _sequence(first.name, second.name)
        return is_one_order and not (is_one_kind and is_one_sequence)
    return is_one_order or not is_one_kind


def _sequence(first: str, second: str) -> int:
    """-1 if the first is asked first, 1 if the second is, 0 if they are one name."""
    return (first > second) - (first < second)


def _is_by_name(policy: Policy) -> bool:
    return policy.precedence is not None and bool(policy.precedence.name)


def _differ(first: Policy, second: Policy) -> bool:
    if common_pods(first.subject, second.subject) is None:
        return False
    return any(
        one.action is not other.action and _meet(one, other)
        for direction in Direction
        for one, other in product(first.rules(direction) or (), second.rules(direction) or ())
    )


def _meet(one: Rule, other: Rule) -> bool:
    """Whether some flow is one of both rules, if both select the pod."""
    if find((one.ports, other.ports), NO_PORTS, named=True) is None:
        return False
    return any(intersect(*ends) is not None for ends in product(_ends(one), _ends(other)))


def _ends(rule: Rule) -> Iterator[Endpoints]:
    yield from rule.pods
    if rule.addresses:
        yield rule.addresses


def _place(policy: Policy) -> Span:
    return find_field(policy.origin, f"{policy.path}spec.{'order' if _is_by_name(policy) else 'priority'}")
