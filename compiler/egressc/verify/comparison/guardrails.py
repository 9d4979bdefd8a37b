"""Guardrails against what allows the flows that they deny."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from egressc.diagnostics.core import Report
from egressc.diagnostics.guardrails import guarded_flow, possibly_guarded_flow
from egressc.diagnostics.proof import Provisos
from egressc.model.endpoints import pods_in
from egressc.model.flows import (
    Difference,
    Direction,
    Endpoints,
    Pod,
    PodClass,
    Policy,
    Rule,
)
from egressc.model.label_classes import Labels, both
from egressc.model.pod_classes import common_pods, meets_by_chance
from egressc.model.port_sets import PortSet
from egressc.source import Located, Span
from egressc.verify.comparison.denials import shared_ends
from egressc.verify.flows.precedence import additive, precedence_of
from egressc.verify.flows.regions import Region, endpoints
from egressc.verify.flows.witnesses import approximations, pick_witness
from egressc.verify.flows.words import say_suppositions, say_witness
from egressc.verify.intent.guardrails import guardrail_key, is_guardrail
from egressc.verify.intent.table import is_dns_rule
from egressc.verify.manifests.places import rule_name, rule_place


class _GuardedRule(NamedTuple):
    """A rule that allows what a rule of a guardrail denies, and the flows that are in both."""

    policy: Policy
    rule: Rule
    direction: Direction
    guardrail: Policy
    region: Region
    is_coincidence: bool


RuleKey = tuple[tuple[str, str], Direction, int, str]
"""The key of a policy, and which of its rules."""


class Guarded(NamedTuple):
    """The rules that allow what guardrails deny, and these guardrails by name."""

    rules: frozenset[RuleKey] = frozenset()
    guardrails: frozenset[str] = frozenset()

    def tells(self, difference: Difference) -> bool:
        """Whether the rule that makes a difference is one that allows what a guardrail denies."""
        policy, rule = difference.policy, difference.rule
        return policy is not None and rule is not None and _key(policy, difference.direction, rule) in self.rules


def _key(policy: Policy, direction: Direction, rule: Rule) -> RuleKey:
    return policy.key, direction, rule.index, rule.field


def check_guarded(
    guardrails: Sequence[Policy],
    policies: Iterable[Policy],
    report: Report,
    *,
    known: Sequence[PodClass] = (),
    are_manifests: bool = False,
) -> Guarded:
    """EG495 for each rule that allows what a guardrail denies, once for each place; gives them.

    EG499 where only a pod shows it that has the labels of the rule and others besides, and sources ask for it.

    Args:
        guardrails: what they deny (see `intend_guardrails`), settled by the same namespaces as the policies.
        policies: additive ones (see `precedence.additive`).
        known: pods with all labels that are known of them.
        are_manifests: the policies were read from manifests; else sources and extra rules ask for them.
    """
    found: set[RuleKey] = set()
    opened: set[str] = set()
    told: dict[tuple[object, str], _GuardedRule] = {}
    for opening in _openings(guardrails, policies, known):
        if not opening.is_coincidence:
            found.add(_key(opening.policy, opening.direction, opening.rule))
            opened.add(opening.guardrail.name)
        elif are_manifests:
            continue
        key = _topic(opening, are_manifests=are_manifests), opening.guardrail.name
        if key not in told or (told[key].is_coincidence and not opening.is_coincidence):
            told[key] = opening
    for opening in told.values():
        _report(opening, _place(opening, are_manifests=are_manifests), report, are_manifests=are_manifests)
    return Guarded(frozenset(found), frozenset(opened))


class _Meeting(NamedTuple):
    """What the far end of a rule shares with a rule of a guardrail, and whose pods the near end must be.

    `are_apart`: pods at the far end are in both by coincidence alone.
    """

    guardrail: Policy
    near: PodClass
    shared: Endpoints
    ports: PortSet
    are_apart: bool


def check_overruled(guardrails: Sequence[Policy], policies: Sequence[Policy], report: Report) -> Guarded:
    """EG495 for what is allowed although policies of the cluster enforce the guardrails.

    Only a policy of the same tier that is asked before one of them can allow it, or pass it on to the others.
    """
    if not any(precedence_of(it).tier <= precedence_of(guardrails[0]).tier for it in policies if guardrails):
        return Guarded()
    found = Guarded()
    for direction in Direction:
        # What the other end opens is still denied at the end that the guardrail guards.
        sided = [it.with_rules(direction.opposite, None) for it in guardrails]
        left = additive((*guardrails, *policies), (direction,))
        rules, opened = check_guarded(sided, left, report, are_manifests=True)
        found = Guarded(found.rules | rules, found.guardrails | opened)
    return found


def _openings(
    guardrails: Sequence[Policy], policies: Iterable[Policy], known_pods: Sequence[PodClass]
) -> Iterator[_GuardedRule]:
    """Each rule with each guardrail that it opens."""
    # The services of a fleet share the ends of their rules: which of them a guardrail denies is looked up once.
    # The ends are kept beside what is found, so that their identity stays their own.
    known: dict[tuple[int, int, int], tuple[Rule, list[_Meeting]]] = {}
    denials = _DenialsByNamespace(guardrails)
    for policy in policies:
        for direction, rule in policy.every_rule():
            if not (near := denials.guarding(policy.subject.namespaces, direction)):
                continue
            key = id(rule.pods), id(rule.addresses), id(near)
            if key not in known:
                known[key] = rule, [*_meetings(denials.reaching(near, rule), rule, known_pods)]
            if meetings := known[key][1]:
                yield from _opened(policy, rule, direction, meetings, known_pods)


class _GuardedEnd(NamedTuple):
    """A rule of a guardrail at one end of its flows: whose pods the near end is, and what it does not reach."""

    guardrail: Policy
    near: PodClass
    far: Endpoints
    ports: PortSet


class _DenialsByNamespace:
    """What guardrails deny, by the namespaces of both ends: few guardrails are about those of a rule."""

    def __init__(self, guardrails: Iterable[Policy]) -> None:
        self._all: dict[Direction, list[_GuardedEnd]] = {direction: [] for direction in Direction}
        for guardrail in guardrails:
            for side, deny in guardrail.every_rule():
                for other in endpoints(deny):
                    self._all[side].append(_GuardedEnd(guardrail, guardrail.subject, other, deny.ports))
                    # What is sent from pods that are guarded is what those that it is sent to receive.
                    if (near := pods_in(other)) is not None:
                        self._all[side.opposite].append(_GuardedEnd(guardrail, near, guardrail.subject, deny.ports))
        self._near: dict[tuple[Labels, Direction], tuple[_GuardedEnd, ...]] = {}
        self._far: dict[tuple[int, Labels | None], frozenset[int]] = {}
        # One tuple for all namespaces to which the same applies.
        self._shared: dict[tuple[int, ...], tuple[_GuardedEnd, ...]] = {}

    def guarding(self, namespaces: Labels, direction: Direction) -> tuple[_GuardedEnd, ...]:
        """Those that can be about pods in these namespaces, in the order of the guardrails; kept until the end."""
        found = self._near.get((namespaces, direction))
        if found is None:
            held = tuple(it for it in self._all[direction] if both(namespaces, it.near.namespaces) is not None)
            found = self._near[namespaces, direction] = self._shared.setdefault(tuple(map(id, held)), held)
        return found

    def reaching(self, near: tuple[_GuardedEnd, ...], rule: Rule) -> list[_GuardedEnd]:
        """Those of them whose far end can share something with a peer of the rule."""
        possible: set[int] = set()
        for peer in endpoints(rule):
            pods = pods_in(peer)
            key = id(near), pods.namespaces if pods is not None else None
            if key not in self._far:
                self._far[key] = frozenset(id(it) for it in near if _could_share(peer, it.far))
            possible |= self._far[key]
        return [it for it in near if id(it) in possible] if possible else []


def _could_share(one: Endpoints, other: Endpoints) -> bool:
    """Whether the ends are of one kind; those of pods also in the same namespaces."""
    mine, theirs = pods_in(one), pods_in(other)
    if mine is None or theirs is None:
        return mine is theirs
    return both(mine.namespaces, theirs.namespaces) is not None


def _meetings(denials: Iterable[_GuardedEnd], rule: Rule, known: Sequence[PodClass]) -> Iterator[_Meeting]:
    for guardrail, near, far, ports in denials:
        for peer in endpoints(rule):
            shared = shared_ends(peer, far) or shared_ends(far, peer)
            if shared is not None:
                yield _Meeting(guardrail, near, shared, ports, _are_apart(peer, far, known))


def _opened(
    policy: Policy, rule: Rule, direction: Direction, meetings: Iterable[_Meeting], known_pods: Sequence[PodClass]
) -> Iterator[_GuardedRule]:
    """One opening for each guardrail, a certain one before one by coincidence (see `label_classes`)."""
    found: dict[int, _GuardedRule] = {}
    for guardrail, near, shared, ports, are_apart in meetings:
        own = common_pods(policy.subject, near)
        if own is None:
            continue
        region = Region(own, shared, (rule.ports, *rule.also_in, ports), rule.not_in)
        known = found.get(id(guardrail))
        is_doubtful = are_apart or _are_apart(policy.subject, near, known_pods)
        is_better = known is None or (known.is_coincidence and not is_doubtful)
        if is_better and region.could_exist and region.find_port(direction) is not None:
            found[id(guardrail)] = _GuardedRule(policy, rule, direction, guardrail, region, is_doubtful)
    yield from found.values()


def _are_apart(named: Endpoints, guarded: Endpoints, known: Sequence[PodClass]) -> bool:
    mine, theirs = pods_in(named), pods_in(guarded)
    return mine is not None and theirs is not None and meets_by_chance(mine, theirs, known)


def _topic(opening: _GuardedRule, *, are_manifests: bool) -> object:
    """What one finding is for: a namespace whose labels are not known, the DNS rule of all services, or a place.

    One that can be allowed is for one service and destination, as what allows it is.
    """
    if opening.is_coincidence:
        return opening.policy.name, opening.direction, opening.rule.name
    if not are_manifests:
        if namespace := _unknown_namespace(opening):
            return namespace
        if is_dns_rule(opening.rule):
            return opening.rule.pods
    place = _place(opening, are_manifests=are_manifests)
    return place.source.name, place.start


def _unknown_namespace(opening: _GuardedRule) -> str:
    """One whose labels decide it, and are not known; empty if none do."""
    witness = pick_witness(opening.region, opening.direction)
    pods = (it for it in (witness.source, witness.destination) if isinstance(it, Pod))
    return next((it.namespace for it in pods if it.supposed), "")


def _place(opening: _GuardedRule, *, are_manifests: bool) -> Span:
    if opening.rule.index < 0 and is_guardrail(opening.policy):
        return opening.policy.origin
    if are_manifests:
        return rule_place(opening.policy, opening.rule, opening.direction)
    return opening.rule.origins[0] if opening.rule.origins else opening.policy.origin


def _report(opening: _GuardedRule, place: Span, report: Report, *, are_manifests: bool) -> None:
    policy, rule, direction, guardrail, region, _ = opening
    service = destination = ""
    if rule.index < 0 and is_guardrail(policy):
        cause = "a policy that is asked before this one passes it on, and no other denies it"
        repair = "write a lower priority under cluster.guardrails"
    elif are_manifests:
        cause, repair = f"{rule_name(policy, rule, direction)} allows it", "write a rule without it"
    elif rule.is_extra:
        service, cause, repair = policy.name, "this extra rule allows it", "write an extra rule without it"
    elif is_dns_rule(rule):
        service, cause, repair = policy.name, "its DNS rule allows it", "write another DNS profile"
    else:
        service, destination = policy.name, rule.name
        cause, repair = f'"{rule.name}" of "{policy.name}" asks for it', "remove it here"
    witness = pick_witness(region, direction)
    unknown = "" if are_manifests else _unknown_namespace(opening)
    supposed = "" if unknown else say_suppositions(witness)
    found = guarded_flow(
        place,
        say_witness(witness),
        cause,
        Located(guardrail_key(guardrail), guardrail.origin),
        repair,
        service=service,
        destination=destination,
        namespace=unknown,
        provisos=Provisos("; ".join(approximations(region, witness)), supposed),
    )
    if opening.is_coincidence:
        found = possibly_guarded_flow(found, say_witness(witness), guardrail_key(guardrail))
    report.add(found)
