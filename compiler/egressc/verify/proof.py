"""The proof: what the sources ask for and what the manifests say, held against each other, and the verdict on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from egressc.diagnostics import proof
from egressc.diagnostics.core import Report
from egressc.model.flows import Approximation, Policy, Rule
from egressc.model.label_classes import has_members
from egressc.model.policy import PolicySet
from egressc.source import Located, Span
from egressc.verify.classes import ClassIndex
from egressc.verify.compare import compare
from egressc.verify.differences import Findings, policy_place
from egressc.verify.intent import add_extras, intend, read_extras
from egressc.verify.manifests import Manifests
from egressc.verify.rules import RuleReader
from egressc.verify.witnesses import approximations_of
from egressc.verify.words import say_peer, say_ports

ExtraRules = Mapping[str, Sequence[Located[object]]]
"""The operator's rules as the values files have them, by service id, each with its place."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proven, in numbers. `extras` are the extra rules that add something to the table."""

    services: int
    policies: int
    differences: int
    extras: int
    approximate: Mapping[Approximation, int]


def prove(
    policies: PolicySet,
    manifests: Manifests,
    extras: ExtraRules,
    report: Report,
    *,
    place: Span,
    beside_others: bool = False,
) -> Proof | None:
    """Prove that manifests allow exactly what the sources and the extra rules do; None where it can't be asked.

    Args:
        report: receives EG617 and EG620 to EG632. It holds what reading the manifests reported: after an error
            there not all policies are known, and nothing is proven.
        place: where to point when there is nothing to prove.
        beside_others: the manifests hold policies of others as well. Then only flows from services are compared, and
            ingress policies are named: no row says who else may reach a service.
    """
    if report.has_errors:
        return None
    if not manifests.policies:
        report.add(proof.nothing_to_prove(place))
        return None
    table = intend(policies)
    rules = _read_extras(policies, extras, report)
    if rules is None:
        return None
    intended = add_extras(table, rules)
    differences = compare(intended, manifests.policies, from_intended_only=beside_others)
    findings = Findings(intended, manifests.policies)
    for difference in differences:
        report.add(findings.describe(difference))
    if beside_others:
        _report_ingress(intended, manifests.policies, report)
    adding = _report_extras(table, rules, report)
    return Proof(len(table), len(manifests.policies), len(differences), adding, count_approximate(intended))


def intend_all(policies: PolicySet, extras: ExtraRules, report: Report) -> tuple[Policy, ...] | None:
    """What the sources and the extra rules allow together; None once a rule is reported (EG611)."""
    rules = _read_extras(policies, extras, report)
    return None if rules is None else add_extras(intend(policies), rules)


def count_approximate(policies: Iterable[Policy]) -> dict[Approximation, int]:
    """How many egress rules depend on the cluster, by the reason."""
    counts: dict[Approximation, int] = {}
    for policy in policies:
        for rule in policy.egress or ():
            for reason in approximations_of(rule):
                counts[reason] = counts.get(reason, 0) + 1
    return counts


def _read_extras(policies: PolicySet, extras: ExtraRules, report: Report) -> dict[str, tuple[Rule, ...]] | None:
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
            report.add(proof.unreadable_policy(where or service.origin, service.id, problem.path, problem.text))
            is_whole = False
        found[service.id] = tuple(replace(rule, origins=(it.span,)) for rule, it in zip(rules, located, strict=True))
    return found if is_whole else None


def _report_extras(table: Sequence[Policy], extras: Mapping[str, tuple[Rule, ...]], report: Report) -> int:
    """EG630 and EG631; the number of extra rules that add something."""
    if not extras:
        return 0
    added: dict[tuple[str, int], list[str]] = {}
    for difference in compare(table, add_extras(table, extras)):
        if difference.policy is not None and difference.rule is not None:
            key = difference.policy.name, difference.rule.index
            reach = f"{say_peer(difference.peer)} on {say_ports(difference.ports)}"
            if reach not in added.setdefault(key, []):
                added[key].append(reach)
    for service, rules in extras.items():
        for rule in rules:
            reaches = added.get((service, rule.index))
            if reaches is None:
                report.add(proof.idle_extra(rule.origins[0], service=service))
            else:
                report.add(proof.extra_permission(rule.origins[0], " and ".join(reaches), service=service))
    return len(added)


def _report_ingress(intended: Sequence[Policy], rendered: Sequence[Policy], report: Report) -> None:
    services = ClassIndex((policy.subject, policy) for policy in intended)
    for policy in rendered:
        if policy.ingress is not None and has_members(policy.subject.pods):
            for _, service in services.overlapping(policy.subject):
                name = f"{policy.namespace}/{policy.name}"
                report.add(proof.guarded_ingress(policy_place(policy), name, service=service.name))
