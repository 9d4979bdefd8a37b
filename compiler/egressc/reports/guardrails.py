"""Guardrails as records for the renderers: those of a project, and how two sides differ in theirs."""

from collections.abc import Iterator, Sequence

from egressc.model.flows import Direction, Policy
from egressc.model.guardrails import Guardrail, GuardrailPolicies
from egressc.project.sides import ComparedSide
from egressc.renderers.changes import ChangedGuardrail, Kind
from egressc.renderers.flows import ReportedGuardrail
from egressc.reports.flows import places
from egressc.verify.comparison.guardrails import opens_what_was_denied
from egressc.verify.flows.words import say_peer, say_rule
from egressc.verify.intent.guardrails import guardrail_key, intend_guardrails

_CHECKS = "checks"


def report_guardrails(
    guardrails: Sequence[Guardrail], policies: GuardrailPolicies | None
) -> tuple[ReportedGuardrail, ...]:
    """What each denies, in words. `policies` enforce them; None where only checks do."""
    enforced_by = _CHECKS if policies is None else f"{policies.kind.partition('.')[0]}, {policies.api_version}"
    return tuple(
        ReportedGuardrail(
            it.key, it.purpose, say_peer(policy.subject), tuple(_denied(policy)), places((it.origin,))[0], enforced_by
        )
        for it, policy in zip(guardrails, intend_guardrails(guardrails, policies), strict=True)
    )


def report_changed_guardrails(old: ComparedSide, new: ComparedSide) -> tuple[ChangedGuardrail, ...]:
    """Guardrails that one project has alone, or that say something else; by name."""
    before, after = ({guardrail_key(it): it for it in side.guardrails} for side in (old, new))
    found = []
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        said = [tuple(_says(it)) if it is not None else () for it in (was, now)]
        enforced = [
            it.kind if it is not None and side.are_enforced else _CHECKS for it, side in ((was, old), (now, new))
        ]
        if said[0] == said[1] and enforced[0] == enforced[1]:
            continue
        is_less = was is not None and (opens_what_was_denied(was, now) or (old.are_enforced and not new.are_enforced))
        kind: Kind = "changed" if was is not None and now is not None else "added" if was is None else "removed"
        found.append(ChangedGuardrail(kind, key, said[0], said[1], enforced[0], enforced[1], is_wider=is_less))
    return tuple(found)


def _enforcing(policy: Policy | None, side: ComparedSide) -> str:
    return policy.kind if policy is not None and side.are_enforced else _CHECKS


def _says(policy: Policy) -> Iterator[str]:
    yield from (f"{say_peer(policy.subject)}: {it}" for it in _denied(policy))


def _denied(policy: Policy) -> Iterator[str]:
    words = {Direction.EGRESS: "cannot reach", Direction.INGRESS: "cannot be reached by"}
    for direction, rule in policy.every_rule():
        yield f"{words[direction]} {say_rule(rule)}"
