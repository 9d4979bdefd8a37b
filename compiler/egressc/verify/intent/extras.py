"""The operator's extra rules, read by the proof itself, beside what the table asks for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from egressc.diagnostics import manifests
from egressc.diagnostics.core import Report
from egressc.dialects.shapes.fields import Problems
from egressc.dialects.shapes.rules import RuleReader
from egressc.model.flows import Direction, Policy, Rule, SidedRule
from egressc.model.policy import PolicySet, ServicePolicy
from egressc.source import Span
from egressc.verify.intent.table import intend


class WrittenRule(NamedTuple):
    """One of the operator's rules as a values file has it, and its place."""

    direction: Direction
    value: object
    span: Span


ExtraRules = Mapping[str, Sequence[WrittenRule]]
"""The operator's rules by service id."""


def intend_all(policies: PolicySet, extras: ExtraRules, report: Report) -> tuple[Policy, ...] | None:
    """What the sources and the extra rules allow together; None once a rule is reported (EG611)."""
    rules = read_all_extras(policies, extras, report)
    return None if rules is None else add_extras(intend(policies), rules)


def read_all_extras(policies: PolicySet, extras: ExtraRules, report: Report) -> dict[str, tuple[SidedRule, ...]] | None:
    """The rules by service; None once one is reported (EG611)."""
    reader = RuleReader()
    found: dict[str, tuple[SidedRule, ...]] = {}
    is_whole = True
    for service in policies.policies:
        if written := extras.get(service.id):
            rules = read_extras(service, written, reader, report)
            is_whole &= len(rules) == len(written)
            found[service.id] = rules
    return found if is_whole else None


def read_extras(
    service: ServicePolicy, written: Iterable[WrittenRule], reader: RuleReader, report: Report
) -> tuple[SidedRule, ...]:
    """The operator's own rules of one service, without those that are reported (EG611).

    Rules are marked `is_extra`, named as their path in the values, and have their place in the file as their origin;
    `add_extras` puts them beside the table's.
    """
    found: list[SidedRule] = []
    counts = dict.fromkeys(Direction, 0)
    for direction, value, span in written:
        index = counts[direction]
        counts[direction] += 1
        name, problems = f"{direction.value}[{index}]", Problems()
        rule = reader.read(value, index, service.namespace, direction, name, problems)
        for problem in problems.found:
            # Checking the file said it already, but for what only the proof's own reader refuses.
            report.add(manifests.unreadable_policy(span, service.id, problem.path, problem.text))
        if not problems.found:
            found.append((direction, Rule(index, rule.pods, rule.addresses, rule.ports, name, (span,), True)))
    return tuple(found)


def add_extras(intended: Iterable[Policy], extras: Mapping[str, Sequence[SidedRule]]) -> tuple[Policy, ...]:
    """The intended policies with the extra rules of services (by id) beside what the table asks for."""
    return tuple(_with_extras(it, extras[it.name]) if extras.get(it.name) else it for it in intended)


def _with_extras(policy: Policy, extras: Sequence[SidedRule]) -> Policy:
    """In a direction that the policy does not limit, an extra rule has no effect: the chart refuses it."""
    for side in Direction:
        if (own := policy.rules(side)) is not None:
            policy = policy.with_rules(side, (*own, *(rule for direction, rule in extras if direction is side)))
    return policy
