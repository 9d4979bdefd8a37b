"""The operator's extra rules, read by the proof itself, beside what the table asks for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from egressc.diagnostics import manifests
from egressc.diagnostics.core import Report
from egressc.dialects.kubernetes.rules import RuleReader
from egressc.dialects.shapes.fields import Problem, Problems
from egressc.model.flows import Direction, Policy, Rule
from egressc.model.policy import PolicySet, ServicePolicy
from egressc.source import Located
from egressc.verify.intent.table import intend

ExtraRules = Mapping[str, Sequence[Located[object]]]
"""The operator's rules as the values files have them, by service id, each with its place."""


def intend_all(policies: PolicySet, extras: ExtraRules, report: Report) -> tuple[Policy, ...] | None:
    """What the sources and the extra rules allow together; None once a rule is reported (EG611)."""
    rules = read_all_extras(policies, extras, report)
    return None if rules is None else add_extras(intend(policies), rules)


def read_all_extras(policies: PolicySet, extras: ExtraRules, report: Report) -> dict[str, tuple[Rule, ...]] | None:
    """The rules by service; None once one is reported (EG611)."""
    reader = RuleReader()
    found: dict[str, tuple[Rule, ...]] = {}
    is_whole = True
    for service in policies.services:
        located = extras.get(service.id)
        if not located:
            continue
        rules, problems = read_extras(service, [it.value for it in located], reader)
        for problem in problems:
            # Checking the file said it already, but for what only the proof's own reader refuses.
            where = next((it.span for i, it in enumerate(located) if problem.path.startswith(f"egress[{i}]")), None)
            report.add(manifests.unreadable_policy(where or service.origin, service.id, problem.path, problem.text))
            is_whole = False
        found[service.id] = tuple(replace(rule, origins=(it.span,)) for rule, it in zip(rules, located, strict=True))
    return found if is_whole else None


def read_extras(
    service: ServicePolicy, rules: Sequence[object], reader: RuleReader
) -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
    """The operator's own egress rules of one service, as their values file has them, and what is wrong with them.

    Paths of problems start at `egress[0]`. Rules are marked `is_extra`; `add_extras` puts them beside the table's.
    """
    problems = Problems()
    read = (
        reader.read(rule, i, service.namespace, Direction.EGRESS, f"egress[{i}]", problems)
        for i, rule in enumerate(rules)
    )
    extras = tuple(Rule(r.index, r.pods, r.addresses, r.ports, f"egress[{r.index}]", (), True) for r in read)
    return extras, tuple(problems.found)


def add_extras(intended: Iterable[Policy], extras: Mapping[str, Sequence[Rule]]) -> tuple[Policy, ...]:
    """The intended policies with the extra rules of services (by id) beside what the table asks for."""
    return tuple(
        Policy(p.namespace, p.name, p.subject, (*(p.egress or ()), *extras[p.name]), p.ingress, p.origin)
        if extras.get(p.name)
        else p
        for p in intended
    )
