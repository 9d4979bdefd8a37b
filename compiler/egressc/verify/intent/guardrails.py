"""Guardrails as policies of flows: those that a cluster with such policies has, and what every rule is held against."""

from collections.abc import Sequence

from egressc.model.flows import Direction, PodClass, Policy, Precedence, Rule, RuleAction
from egressc.model.guardrails import DeniedRule, Guardrail, GuardrailPolicies
from egressc.model.label_classes import select, select_namespaces
from egressc.model.peers import read_peers
from egressc.model.port_sets import EVERY_PORT, port_set
from egressc.model.release_kinds import GUARDRAILS

_CHECKED = "guardrail"


def guardrail_name(key: str, *, is_in_a_tier: bool = False) -> str:
    """The name of the policy that enforces a guardrail, as the chart gives it."""
    return f"{GUARDRAILS.chart}{'.' if is_in_a_tier else '-'}{key}"


def guardrail_key(policy: Policy) -> str:
    """The key of the guardrail behind a policy that `intend_guardrails` gives."""
    return policy.name.removeprefix(f"{GUARDRAILS.chart}-").removeprefix(f"{GUARDRAILS.chart}.")


def is_guardrail(policy: Policy) -> bool:
    """Whether a policy has the name of one that the chart renders."""
    return not policy.namespace and policy.name.startswith((f"{GUARDRAILS.chart}-", f"{GUARDRAILS.chart}."))


def is_only_checked(policy: Policy) -> bool:
    """Whether no policy of the cluster enforces the guardrail behind a policy that `intend_guardrails` gives."""
    return policy.kind == _CHECKED


def intend_guardrails(guardrails: Sequence[Guardrail], policies: GuardrailPolicies | None) -> tuple[Policy, ...]:
    """One policy for each guardrail, in their order, whose rules deny.

    `policies`: those that enforce them; None where nothing but checks does.
    """
    return tuple(_intend(it, index, policies) for index, it in enumerate(guardrails))


def _intend(guardrail: Guardrail, index: int, policies: GuardrailPolicies | None) -> Policy:
    sides = {side: tuple(it for it in guardrail.rules if it.direction is side) for side in Direction}
    egress, ingress = (
        tuple(_deny(index, it) for index, it in enumerate(rules)) or None for rules in (sides[it] for it in Direction)
    )
    subject = PodClass(select_namespaces(guardrail.namespaces), select(guardrail.pods))
    tier, first = (policies.tier, policies.priority) if policies is not None else (-1, 0)
    precedence = Precedence(tier, first + index, by_index=True, isolates=frozenset())
    name = guardrail_name(guardrail.key, is_in_a_tier=policies is not None and policies.is_in_a_tier)
    kind = policies.kind if policies is not None else _CHECKED
    return Policy("", name, subject, egress, ingress, guardrail.origin, precedence=precedence, kind=kind)


def _deny(index: int, rule: DeniedRule) -> Rule:
    pods, addresses = read_peers(rule.peers, "")
    ports = port_set(rule.ports) if rule.ports else EVERY_PORT
    return Rule(index, pods, addresses, ports, rule.name, (rule.origin,), action=RuleAction.DENY)
