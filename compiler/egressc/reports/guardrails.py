"""Guardrails as records for the renderers: those of a project, and how two sides differ in theirs."""

from collections.abc import Iterable, Iterator, Sequence

from egressc.model.flows import Direction, Policy
from egressc.model.guardrails import Guardrail, GuardrailPolicies
from egressc.renderers.changes import ChangedGuardrail, Kind
from egressc.renderers.flows import ReportedDenial, ReportedGuardrail
from egressc.reports.flows import places
from egressc.verify.changes.guardrails import ComparedRule, DeniedRegion, GuardrailChange
from egressc.verify.flows.words import say_peer, say_peers, say_ports, say_witness
from egressc.verify.intent.guardrails import guardrail_key, intend_guardrails

_CHECKS = "checks"


def report_guardrails(
    guardrails: Sequence[Guardrail], policies: GuardrailPolicies | None
) -> tuple[ReportedGuardrail, ...]:
    """What each denies, in words. `policies` enforce them; None where only checks do."""
    enforced_by = _CHECKS if policies is None else f"{_say_kind(policies.kind)}, {policies.api_version}"
    return tuple(
        ReportedGuardrail(
            it.key, it.purpose, say_peer(policy.subject), tuple(_denials(policy)), places((it.origin,))[0], enforced_by
        )
        for it, policy in zip(guardrails, intend_guardrails(guardrails, policies), strict=True)
    )


def report_changed_guardrails(changes: Iterable[GuardrailChange], *, by_projects: bool) -> tuple[ChangedGuardrail, ...]:
    """`by_projects`: of manifests only what they open and close is a change, however it is written."""
    return tuple(_changed(it) for it in changes if by_projects or it.opens or it.closes)


def _denials(policy: Policy) -> Iterator[ReportedDenial]:
    for direction, rule in policy.every_rule():
        yield ReportedDenial(direction.value, rule.name, say_peers(rule), say_ports(rule.ports))


def _changed(change: GuardrailChange) -> ChangedGuardrail:
    kind: Kind = "changed"
    if change.was is None or change.now is None:
        kind = "added" if change.was is None else "removed"
    denied, denies = (tuple(map(_say_denial, rules)) for rules in (change.old_rules, change.new_rules))
    return ChangedGuardrail(
        kind,
        guardrail_key(change.subject),
        denied,
        denies,
        _enforcing(change.was, in_force=change.was_in_force),
        _enforcing(change.now, in_force=change.is_in_force),
        tuple(_only(change.old_rules, denies)),
        tuple(_only(change.new_rules, denied)),
        tuple(map(_say_region, change.opens)),
        tuple(map(_say_region, change.closes)),
        say_witness(change.now_allowed) if change.now_allowed else "",
        say_witness(change.now_denied) if change.now_denied else "",
        tuple(map(_say_ends, change.internet)),
    )


def _only(rules: Iterable[ComparedRule], others: Sequence[str]) -> Iterator[str]:
    """What this version of a guardrail denies and the other does not: of rules that both spell alike, the flows.

    Words leave out the last of many networks, and do not say which labels a namespace has.
    """
    for it in rules:
        said = _say_denial(it)
        yield from (said,) if said not in others else map(_say_region, it.beyond)


def _say_denial(it: ComparedRule) -> str:
    denial = ReportedDenial(it.direction.value, it.rule.name, say_peers(it.rule), say_ports(it.rule.ports))
    return f"{say_peer(it.policy.subject)}: {denial.say()}"


def _say_region(denied: DeniedRegion) -> str:
    direction, region = denied
    denial = ReportedDenial(direction.value, "", say_peer(region.peer), say_ports(region.ports))
    return f"{say_peer(region.subject)}: {denial.say()}"


def _say_ends(denied: DeniedRegion) -> tuple[str, str, str]:
    direction, region = denied
    other = "from " if direction is Direction.INGRESS else ""
    return say_peer(region.subject), f"{other}{say_peer(region.peer)}", say_ports(region.ports)


def _enforcing(policy: Policy | None, *, in_force: bool) -> str:
    if policy is None:
        return ""
    return _say_kind(policy.kind) if in_force else _CHECKS


def _say_kind(kind: str) -> str:
    """The kind of a policy without its group, which only EKS needs to be told from others."""
    return kind.partition(".")[0]
