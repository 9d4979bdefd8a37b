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
            is_one_kind = first.kind == second.kind
            places = _place(second), _place(first)
            report.add(undecided_order(places[0], second.title, first.title, places[1], is_one_kind=is_one_kind))


def _have_no_order(first: Policy, second: Policy) -> bool:
    assert first.precedence is not None, "only policies with a precedence are asked"
    assert second.precedence is not None, "only policies with a precedence are asked"
    is_one_tier = first.precedence.tier == second.precedence.tier
    return is_one_tier and (first.kind != second.kind or first.precedence.order == second.precedence.order)


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
    return find_field(policy.origin, f"{policy.path}spec.priority")
