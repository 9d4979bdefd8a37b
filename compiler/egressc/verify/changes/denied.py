"""Policies that only deny, and are asked before all others, apart from these: what the others allow stays a table.

Taken together, a denial of one address for all pods makes a rule of everything else that these may do.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import inf
from typing import NamedTuple

from egressc.model.endpoints import pods_in
from egressc.model.flows import Direction, Endpoints, PodClass, Policy, RuleAction
from egressc.model.port_sets import PortSet
from egressc.verify.changes.change import FlowChange
from egressc.verify.flows.policy_index import BothDirections
from egressc.verify.flows.precedence import precedence_of
from egressc.verify.flows.regions import Region, endpoints, region_of, take
from egressc.verify.flows.witnesses import pick_witness


class DeniedFlows(NamedTuple):
    """Flows that one side alone denies. `pods` are those of the subject to which the other policies allow some of them.

    `is_whole`: no other policy isolates any of the subject.
    """

    direction: Direction
    subject: PodClass
    peer: Endpoints
    ports: PortSet
    pods: tuple[PodClass, ...]
    is_whole: bool


def set_apart(policies: Iterable[Policy]) -> tuple[list[Policy], list[Policy]]:
    """The policies that only deny and are asked before all others, and these others.

    Together they allow what the others allow and the first do not deny.
    """
    policies = list(policies)
    first = min((_place(it) for it in policies if not _only_denies(it)), default=(inf, inf, ""))
    denials = {id(it) for it in policies if _only_denies(it) and _place(it) < first}
    return [it for it in policies if id(it) in denials], [it for it in policies if id(it) not in denials]


def find_denied(
    denials: Iterable[Policy], known: Sequence[Policy], others: Iterable[Policy], *, before_translation: bool
) -> list[DeniedFlows]:
    """What `denials` deny and `known` do not, where `others` allow it to somebody."""
    left = [
        (direction, region)
        for direction in Direction
        for whole in _regions(denials, direction)
        for region in take(whole, tuple(_regions(known, direction)), direction)
    ]
    if not left:
        return []
    allowing = BothDirections(others, before_translation=before_translation)
    found: list[DeniedFlows] = []
    for direction, region in left:
        side = allowing.of[direction]
        if pods := tuple(dict.fromkeys(it.subject for it in side.passing(region))):
            is_whole = side.not_isolated(region.subject) == [region.subject]
            found.append(DeniedFlows(direction, region.subject, region.peer, region.ports, pods, is_whole))
    return found


def without_denied(
    parts: Iterable[FlowChange], denials: Sequence[Policy], direction: Direction, *, before_translation: bool
) -> Iterator[FlowChange]:
    """What is left of flows in a direction without those that one of the two ends is denied.

    Before translation, only without those that their own end is denied: the ports of the other are not the same.
    """
    denied = regions_of(denials, direction, before_translation=before_translation)
    for part in parts:
        whole = Region(part.subject, part.peer, (part.ports,))
        left = [*take(whole, denied, direction)]
        if left == [whole]:
            yield part
            continue
        for region in left:
            witness = pick_witness(region, direction)
            yield replace(part, subject=region.subject, peer=region.peer, ports=region.ports, witness=witness)


def regions_of(denials: Iterable[Policy], direction: Direction, *, before_translation: bool) -> list[Region]:
    """What denials say about flows in a direction, at either end of these; see `without_denied`."""
    denials = list(denials)
    denied = list(_regions(denials, direction))
    if not before_translation:
        for region in _regions(denials, direction.opposite):
            if (others := pods_in(region.peer)) is not None:
                denied.append(region._replace(subject=others, peer=region.subject))
    return denied


def _only_denies(policy: Policy) -> bool:
    return (
        policy.precedence is not None
        and not any(policy.isolates(direction) for direction in Direction)
        and all(rule.action is RuleAction.DENY for _, rule in policy.every_rule())
    )


def _place(policy: Policy) -> tuple[float, float, str]:
    precedence = precedence_of(policy)
    return precedence.tier, precedence.order, precedence.name


def _regions(policies: Iterable[Policy], direction: Direction) -> Iterator[Region]:
    for policy in policies:
        for rule in policy.rules(direction) or ():
            for peer in endpoints(rule):
                yield region_of(policy.subject, peer, rule)
