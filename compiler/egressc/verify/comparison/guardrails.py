"""Guardrails against what allows their flows, and against the policies that are to enforce them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from egressc.diagnostics.core import Report
from egressc.diagnostics.guardrails import differing_guardrail, guarded_flow, possibly_guarded_flow
from egressc.diagnostics.proof import Provisos
from egressc.model.endpoints import pods_in
from egressc.model.flows import EVERY_POD, DifferenceKind, Direction, Endpoints, Pod, PodClass, Policy, Rule, RuleAction
from egressc.model.label_classes import is_coincidence
from egressc.model.pod_classes import common_pods
from egressc.model.port_sets import PortSet
from egressc.source import Located, Span
from egressc.verify.comparison.compare import compare
from egressc.verify.comparison.denials import shared_ends
from egressc.verify.flows.regions import Region, endpoints
from egressc.verify.flows.witnesses import approximations, pick_witness
from egressc.verify.flows.words import say_suppositions, say_witness
from egressc.verify.intent.guardrails import guardrail_key
from egressc.verify.intent.table import is_dns_rule
from egressc.verify.manifests.places import policy_place, rule_name, rule_place


class _GuardedRule(NamedTuple):
    """A rule that allows what a rule of a guardrail denies, and the flows that are in both."""

    policy: Policy
    rule: Rule
    direction: Direction
    guardrail: Policy
    region: Region
    is_coincidence: bool


class Guarded(NamedTuple):
    """The rules that allow what guardrails deny, each as the ids of its policy and itself, and these guardrails."""

    rules: frozenset[tuple[int, int]] = frozenset()
    guardrails: frozenset[str] = frozenset()


def check_guarded(
    guardrails: Sequence[Policy], policies: Iterable[Policy], report: Report, *, are_manifests: bool = False
) -> Guarded:
    """EG495 for each rule that allows what a guardrail denies, once for each place; gives them.

    EG499 where only a pod shows it that has the labels of the rule and others besides.

    Args:
        guardrails: what they deny (see `intend_guardrails`), settled by the same namespaces as the policies.
        policies: additive ones (see `precedence.additive`).
        are_manifests: the policies were read from manifests; else sources and extra rules ask for them.
    """
    found: set[tuple[int, int]] = set()
    opened: set[str] = set()
    told: dict[tuple[object, str], _GuardedRule] = {}
    for opening in _openings(guardrails, policies):
        if not opening.is_coincidence:
            found.add((id(opening.policy), id(opening.rule)))
            opened.add(opening.guardrail.name)
        key = _topic(opening, are_manifests=are_manifests), opening.guardrail.name
        if key not in told or (told[key].is_coincidence and not opening.is_coincidence):
            told[key] = opening
    for opening in told.values():
        _report(opening, _place(opening, are_manifests=are_manifests), report, are_manifests=are_manifests)
    return Guarded(frozenset(found), frozenset(opened))


def compare_guardrails(
    guardrails: Sequence[Policy], rendered: Sequence[Policy], place: Span, report: Report
) -> tuple[tuple[Policy, ...], int]:
    """EG496 for each guardrail that no policy among manifests enforces as it is written.

    Gives the policies that are left, which enforce none of them, and how many were reported. `place`: where to point
    when a policy is missing.
    """
    left, wrong = [*rendered], 0
    named = {(it.kind, it.name): it for it in rendered}
    for guardrail in guardrails:
        told = Located(guardrail_key(guardrail), guardrail.origin)
        policy = named.get((guardrail.kind, guardrail.name)) or _twin(guardrail, left)
        if policy is None:
            report.add(differing_guardrail(place, told, guardrail.name, ""))
            wrong += 1
            continue
        left = [it for it in left if it is not policy]
        if flow := _difference(guardrail, policy):
            report.add(differing_guardrail(policy_place(policy), told, guardrail.name, flow))
            wrong += 1
    return tuple(left), wrong


def _twin(guardrail: Policy, rendered: Iterable[Policy]) -> Policy | None:
    """The policy of another name that means the same."""
    return next((it for it in rendered if it.kind == guardrail.kind and not _difference(guardrail, it)), None)


def _difference(guardrail: Policy, policy: Policy) -> str:
    """What one of the two denies and the other does not, in words; empty if they mean the same."""
    other = next((it for _, it in policy.every_rule() if it.action is not RuleAction.DENY), None)
    if other is not None:
        return f"it has a rule that does not deny ({other.action.value})"
    if not (policy.precedence and guardrail.precedence and policy.precedence.tier == guardrail.precedence.tier):
        return "it is not asked before NetworkPolicies"
    differences = [it for side in Direction for it in compare(_as_allowed(guardrail, side), _as_allowed(policy, side))]
    if not differences:
        return ""
    # What the policy lets through is worse than what it denies in addition.
    first = min(differences, key=lambda it: it.kind is DifferenceKind.OVER)
    is_more = first.kind is DifferenceKind.OVER
    said = "denied by the policy alone" if is_more else "denied by the project file alone"
    return f"{say_witness(first.witness)} is {said}"


def _as_allowed(policy: Policy, direction: Direction) -> tuple[Policy, ...]:
    """What a policy denies in one direction, as policies that allow it and nothing else to any pod."""
    rules = tuple(replace(rule, action=RuleAction.ALLOW) for rule in policy.rules(direction) or ())
    plain = replace(policy, egress=None, ingress=None, precedence=None)
    nothing = replace(plain, subject=EVERY_POD).with_rules(direction, ())
    return nothing, plain.with_rules(direction, rules)


class _Meeting(NamedTuple):
    """What the far end of a rule shares with a rule of a guardrail, and whose pods the near end must be.

    `are_apart`: pods at the far end are in both by coincidence alone.
    """

    guardrail: Policy
    near: PodClass
    shared: Endpoints
    ports: PortSet
    are_apart: bool


def _openings(guardrails: Sequence[Policy], policies: Iterable[Policy]) -> Iterator[_GuardedRule]:
    """Each rule with each guardrail that it opens."""
    # The services of a fleet share the ends of their rules: which of them a guardrail denies is looked up once.
    # The ends are kept beside what is found, so that their identity stays their own.
    known: dict[tuple[int, int, Direction], tuple[Rule, list[_Meeting]]] = {}
    for policy in policies:
        for direction, rule in policy.every_rule():
            key = id(rule.pods), id(rule.addresses), direction
            if key not in known:
                known[key] = rule, [*_meetings(guardrails, rule, direction)]
            if meetings := known[key][1]:
                yield from _opened(policy, rule, direction, meetings)


def _meetings(guardrails: Iterable[Policy], rule: Rule, direction: Direction) -> Iterator[_Meeting]:
    for guardrail in guardrails:
        for side, deny in guardrail.every_rule():
            for other in endpoints(deny):
                # What is sent from pods that are guarded is what those that it is sent to receive.
                near, far = (guardrail.subject, other) if side is direction else (other, guardrail.subject)
                pods = pods_in(near)
                for peer in endpoints(rule) if pods is not None else ():
                    shared = shared_ends(peer, far) or shared_ends(far, peer)
                    if shared is not None and pods is not None:
                        yield _Meeting(guardrail, pods, shared, deny.ports, _are_apart(peer, far))


def _opened(policy: Policy, rule: Rule, direction: Direction, meetings: Iterable[_Meeting]) -> Iterator[_GuardedRule]:
    """One opening for each guardrail, a certain one before one by coincidence (see `label_classes`)."""
    found: dict[int, _GuardedRule] = {}
    for guardrail, near, shared, ports, are_apart in meetings:
        own = common_pods(policy.subject, near)
        if own is None:
            continue
        region = Region(own, shared, (rule.ports, *rule.also_in, ports), rule.not_in)
        known = found.get(id(guardrail))
        is_doubtful = are_apart or _are_apart(policy.subject, near)
        is_better = known is None or (known.is_coincidence and not is_doubtful)
        if is_better and region.could_exist and region.find_port(direction) is not None:
            found[id(guardrail)] = _GuardedRule(policy, rule, direction, guardrail, region, is_doubtful)
    yield from found.values()


def _are_apart(one: Endpoints, other: Endpoints) -> bool:
    mine, theirs = pods_in(one), pods_in(other)
    return mine is not None and theirs is not None and is_coincidence(mine.pods, theirs.pods)


def _topic(opening: _GuardedRule, *, are_manifests: bool) -> object:
    """What one finding is for: a namespace whose labels are not known, the DNS rule of all services, or a place."""
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
    if are_manifests:
        return rule_place(opening.policy, opening.rule, opening.direction)
    return opening.rule.origins[0] if opening.rule.origins else opening.policy.origin


def _report(opening: _GuardedRule, place: Span, report: Report, *, are_manifests: bool) -> None:
    policy, rule, direction, guardrail, region, _ = opening
    service = destination = ""
    if are_manifests:
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
    report.add(possibly_guarded_flow(found) if opening.is_coincidence else found)
