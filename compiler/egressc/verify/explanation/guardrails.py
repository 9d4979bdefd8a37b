"""What guardrails say of one connection, whether policies of the cluster enforce them or nothing but checks does."""

from collections.abc import Iterator
from typing import NamedTuple

from egressc.model.flows import Direction, RuleAction
from egressc.verify.explanation.answers import ChainStep, Question
from egressc.verify.explanation.causes import DenialCause
from egressc.verify.flows.verdicts import JudgedRule, Verdict
from egressc.verify.flows.words import say_ports
from egressc.verify.intent.guardrails import guardrail_key, is_only_checked


class GuardedConnection(NamedTuple):
    """A rule of a guardrail that denies a connection. `direction`: what it denies to the pod that it guards."""

    judged: JudgedRule
    direction: Direction

    @property
    def key(self) -> str:
        return guardrail_key(self.judged.policy)


def find_guarded(denied: Verdict) -> Iterator[GuardedConnection]:
    """Every guardrail that denies a connection, once for each end. `denied`: by what rows and guardrails deny."""
    for guard in (denied.egress, denied.ingress):
        told: set[str] = set()
        for judged in guard.rules if guard is not None else ():
            if guard is not None and judged.meets and judged.rule.action is RuleAction.DENY:
                found = GuardedConnection(judged, guard.direction)
                if found.key not in told:
                    yield found
                told.add(found.key)


def guardrail_step(found: GuardedConnection, *, allowed: bool, update: str) -> ChainStep:
    """The link that says so. `allowed`: the policies at hand let the connection through all the same."""
    policy, rule = found.judged.policy, found.judged.rule
    end = "egress to" if found.direction is Direction.EGRESS else "ingress from"
    said = f"{found.key}: denies {end} {rule.name} on {say_ports(rule.ports)}"
    if allowed and is_only_checked(policy):
        said = f"{said}; only checks enforce it, and no policy denies this connection"
    elif allowed:
        said = f"{said}; the policies do not enforce it: {update}"
    return ChainStep("guardrail", said, rule.origins[0])


def guardrail_cause(found: GuardedConnection, question: Question) -> DenialCause:
    """The repair is the exception alone; what else the connection needs is for others to say."""
    place = found.judged.rule.origins[0]
    key, end, name = "exceptTo", question.destination, question.destination_name
    if found.direction is Direction.INGRESS:
        key, end, name = "exceptFrom", question.source, question.source_name
    # A name can stand for hosts, which no guardrail knows.
    added = f'"{end}"' if isinstance(end, str) else f'"{name}"' if name else "it"
    return DenialCause(
        "denied-by-guardrail",
        f'denied: the guardrail "{found.key}" says no ({place})',
        f'if you need the connection, add {added} to {key} of the guardrail "{found.key}" ({place})',
    )
