"""Policies with order and denials as additive policies that allow the same.

A rule allows what no earlier rule denies or passes on, and no earlier tier decides. What is left of it is a few rules
again: the algebra of regions is closed. So whatever compares or lists policies knows additive ones alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from egressc.model.address_sets import EVERY_ADDRESS, NO_ADDRESSES
from egressc.model.endpoints import addresses_in, pods_in
from egressc.model.flows import EVERY_POD, Direction, PodClass, Policy, Precedence, Rule, RuleAction
from egressc.model.label_classes import has_members
from egressc.model.port_sets import EVERY_PORT, NO_PORTS
from egressc.verify.flows.regions import Region, endpoints, region_of, take

_NETWORK_POLICY = Precedence()
_WHEN_EQUAL = (RuleAction.DENY, RuleAction.ALLOW, RuleAction.PASS)
_UNDECIDED = Rule(-1, (EVERY_POD,), EVERY_ADDRESS, EVERY_PORT)


def precedence_of(policy: Policy) -> Precedence:
    return policy.precedence or _NETWORK_POLICY


def place_of(policy: Policy, rule: Rule) -> tuple[float, str, int, int]:
    """Where a rule is asked in its tier; the first that meets a flow decides it."""
    _, order, name, by_index, _ = precedence_of(policy)
    return order, name, rule.index if by_index else 0, _WHEN_EQUAL.index(rule.action)


def additive(policies: Iterable[Policy], directions: Iterable[Direction] = tuple(Direction)) -> tuple[Policy, ...]:
    """The same policies where none has a precedence; else those of one direction each that allow the same together.

    Each policy keeps its name and place, and comes once for each part of its subject for which something else is left
    of its rules. An additive policy isolates its pods, so what no policy decides is a rule of its own, with index -1.
    """
    policies = tuple(policies)
    if all(policy.precedence is None for policy in policies):
        return policies
    return tuple(flat for direction in directions for flat in _flatten(policies, direction))


class _Step(NamedTuple):
    policy: Policy
    rule: Rule


def _flatten(policies: Iterable[Policy], direction: Direction) -> Iterator[Policy]:
    guarding = [it for it in policies if it.rules(direction) is not None and has_members(it.subject.pods)]
    left: dict[int, dict[PodClass, list[Rule]]] = {id(policy): {policy.subject: []} for policy in guarding}
    decided: list[Region] = []
    open_ended: dict[PodClass, Policy] = {}
    for _, tier in groupby(sorted(guarding, key=_tier), key=_tier):
        for policy in _flatten_tier([*tier], direction, decided, left):
            open_ended.setdefault(policy.subject, policy)
    for policy in open_ended.values():
        _keep(left[id(policy)], policy, _UNDECIDED, decided, direction)
    for policy in guarding:
        for subject, rules in left[id(policy)].items():
            held = tuple(rules)
            egress, ingress = (held, None) if direction is Direction.EGRESS else (None, held)
            yield replace(policy, subject=subject, egress=egress, ingress=ingress, precedence=None)


def _tier(policy: Policy) -> float:
    return precedence_of(policy).tier


def _flatten_tier(
    tier: Sequence[Policy],
    direction: Direction,
    decided: list[Region],
    left: dict[int, dict[PodClass, list[Rule]]],
) -> list[Policy]:
    """Put what a tier allows into `left`, and what it decides into `decided`, where later tiers change nothing.

    Gives the policies that may leave something to later tiers.
    """
    steps = sorted(
        (_Step(policy, rule) for policy in tier for rule in policy.rules(direction) or ()),
        key=lambda step: place_of(*step),
    )
    passes = any(step.rule.action is RuleAction.PASS for step in steps)
    refused, passed, settled = [*decided], list[Region](), list[Region]()
    for policy, rule in steps:
        met = [region_of(policy.subject, peer, rule) for peer in endpoints(rule)]
        match rule.action:
            case RuleAction.ALLOW:
                _keep(left[id(policy)], policy, rule, refused, direction)
            case RuleAction.DENY:
                refused += met
            case RuleAction.PASS:
                refused += met
                passed += met
                continue
        if passes or not policy.isolates(direction):  # else the isolation decides it as well
            settled += _without(met, passed, direction)
    for policy in tier:
        if policy.isolates(direction):
            everything = [region_of(policy.subject, peer, _UNDECIDED) for peer in endpoints(_UNDECIDED)]
            settled += _without(everything, passed, direction)
    decided += settled
    return [policy for policy in tier if passes or not policy.isolates(direction)]


def _without(regions: Iterable[Region], taken: Sequence[Region], direction: Direction) -> Iterator[Region]:
    for region in regions:
        yield from take(region, taken, direction)


def _keep(
    left: dict[PodClass, list[Rule]], policy: Policy, rule: Rule, taken: Sequence[Region], direction: Direction
) -> None:
    whole = [region_of(policy.subject, peer, rule) for peer in endpoints(rule)]
    regions = [*_without(whole, taken, direction)]
    if regions == whole:
        left[policy.subject].append(rule)
        return
    for region in regions:
        left.setdefault(region.subject, []).append(_narrowed(rule, region))


def _narrowed(rule: Rule, region: Region) -> Rule:
    pods, addresses = pods_in(region.peer), addresses_in(region.peer)
    inside, outside = region.inside, region.outside
    if not any(ports.has_names for ports in (*inside, outside)):
        inside, outside = (region.ports,), NO_PORTS
    return replace(
        rule,
        pods=() if pods is None else (pods,),
        addresses=addresses or NO_ADDRESSES,
        ports=inside[0],
        also_in=inside[1:],
        not_in=outside,
    )
