"""Guardrails against the policies of the cluster that are to enforce them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from egressc.diagnostics.core import Report
from egressc.diagnostics.guardrails import differing_guardrail
from egressc.model.flows import EVERY_POD, DifferenceKind, Direction, Policy, RuleAction
from egressc.source import Located, Span
from egressc.verify.comparison.compare import compare
from egressc.verify.flows.words import say_witness
from egressc.verify.intent.guardrails import guardrail_key
from egressc.verify.manifests.places import policy_place


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
    if policy.precedence.isolates:
        return "its tier denies everything else"
    # The reader says of most addresses that hosts are there too, which no network names.
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
    rules = tuple(
        replace(rule, action=RuleAction.ALLOW, addresses=rule.addresses._replace(hosts=()))
        for rule in policy.rules(direction) or ()
    )
    plain = replace(policy, egress=None, ingress=None, precedence=None)
    nothing = replace(plain, subject=EVERY_POD).with_rules(direction, ())
    return nothing, plain.with_rules(direction, rules)
