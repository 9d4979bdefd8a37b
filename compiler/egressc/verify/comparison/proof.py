"""The proof: what the sources ask for and what the manifests say, held against each other, and the verdict on it."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from egressc.diagnostics import proof
from egressc.diagnostics.core import Report, Severity
from egressc.diagnostics.manifests import unmanaged_policy
from egressc.model.endpoints import is_within
from egressc.model.flows import Approximation, DifferenceKind, Direction, Policy, SidedRule
from egressc.model.known_namespaces import settle
from egressc.model.label_classes import has_members
from egressc.model.pod_classes import ClassIndex
from egressc.model.policy import PolicySet
from egressc.source import Span
from egressc.verify.comparison.api_server import with_api_server
from egressc.verify.comparison.compare import compare
from egressc.verify.comparison.denials import Denials
from egressc.verify.comparison.differences import Findings
from egressc.verify.comparison.enforcement import compare_guardrails
from egressc.verify.comparison.guardrails import check_guarded, check_overruled
from egressc.verify.comparison.host_network import report_host_pods
from egressc.verify.flows.policy_index import BothDirections
from egressc.verify.flows.precedence import additive
from egressc.verify.flows.witnesses import approximations_of
from egressc.verify.intent.extras import ExtraRules, add_extras, read_all_extras
from egressc.verify.intent.table import intend, intend_denials
from egressc.verify.listing.additions import GrantedTable
from egressc.verify.manifests.places import policy_place
from egressc.verify.manifests.reader import Manifests


@dataclass(frozen=True, slots=True)
class Proof:
    """What was compared, in numbers. `extras` are the extra rules that add something to the table.

    `unmanaged` are policies that count as absent. `denials` are those that are shown to be closed: rows that say no, by
    service and destination. `guardrails` are those that hold: policies enforce them, or nothing allows what they deny.
    """

    services: int
    namespaces: int
    policies: int
    over: int
    under: int
    extras: int
    approximate: Mapping[Approximation, int]
    denials: int = 0
    unmanaged: int = 0
    guardrails: int = 0

    @property
    def holds(self) -> bool:
        """Whether the policies allow exactly what is asked for, and all of them will be there."""
        return not self.findings

    @property
    def findings(self) -> int:
        return self.over + self.under + self.unmanaged


def prove(
    policies: PolicySet,
    manifests: Manifests,
    extras: ExtraRules,
    report: Report,
    *,
    place: Span,
    beside_others: bool = False,
    others: Sequence[Policy] = (),
    guardrails: Sequence[Policy] = (),
    are_enforced: bool = False,
    api_server: Sequence[str] = (),
) -> Proof | None:
    """Prove that manifests allow exactly what the sources and the extra rules do; None where it can't be asked.

    Args:
        report: receives EG495, EG496, EG617, EG620 to EG633. It has what reading the manifests reported: after an error
            there not all policies are known, and nothing is proven. Policies that count as absent are known: what
            follows from their absence is reported.
        place: where to point when there is nothing to prove.
        beside_others: the manifests hold policies of others as well. Then only flows from services are compared, and
            their policies are named in directions that ours do not limit: no row says what else they may do.
        others: policies of other owners, which are there with either: what they open and deny is known.
        guardrails: what nothing may open (see `intend_guardrails`). `are_enforced`: policies among the manifests deny
            it; else it is for checks to find what does open it.
        api_server: its addresses, as networks, which guardrails can deny where rules name it.
    """
    if any(it.code.severity is Severity.ERROR and it.code is not unmanaged_policy.code for it in report.diagnostics):
        return None
    if not manifests.policies and not manifests.unmanaged:
        report.add(proof.nothing_to_prove(place))
        return None
    table = intend(policies)
    rules = read_all_extras(policies, extras, report)
    if rules is None:
        return None
    # What the sources and the manifests mean where the namespaces are as these manifests have them.
    intended = settle(add_extras(table, rules), manifests.namespaces)
    own, unlike = manifests.policies, 0
    if are_enforced:
        own, unlike = compare_guardrails(guardrails, manifests.policies, place, report)
    rendered = settle(own, manifests.namespaces)
    beside = settle(others, manifests.namespaces)
    asked, allowed = additive((*intended, *beside)), additive((*rendered, *beside))
    before = policies.before_translation
    differences = compare(asked, allowed, of_intended_only=beside_others, before_translation=before)
    findings = Findings((*intended, *beside), (*rendered, *beside))
    denied = settle(intend_denials(policies), manifests.namespaces)
    denials = Denials(denied, intended, allowed, before_translation=before)
    opened = denials.report()
    report.extend(opened)
    denying = settle(guardrails, manifests.namespaces)
    if are_enforced:
        guarded = check_overruled(denying, with_api_server((*rendered, *beside), api_server), report)
    else:
        guarded = check_guarded(denying, with_api_server(allowed, api_server), report, are_manifests=True)
    over = len(opened) + len(guarded.rules) + unlike
    for difference in differences:
        if difference.kind is DifferenceKind.OVER:
            if denials.tells(difference) or guarded.tells(difference):
                continue  # one finding for a rule, with what denies what it opens
            over += 1
        report.add(findings.describe(difference))
    unguarded = {it.against[0].name for it in differences if it.kind is DifferenceKind.OVER and it.policy is None}
    over += _report_unguarded(intended, rendered, unguarded, report)
    if beside_others:
        known = {it.key for it in others}
        unknown = [it for it in own if it.key not in known]
        _report_others(intended, {it.id for it in policies.services}, unknown, report)
    adding = _report_extras(table, rules, report)
    under = sum(difference.kind is DifferenceKind.UNDER for difference in differences)
    approximate = count_approximate(intended)
    if on_host := report_host_pods(intended, manifests, report):
        approximate[Approximation.HOST_NETWORK] = on_host
    return Proof(
        len(policies.services),
        len(policies.baselines),
        len(manifests.policies),
        over,
        under,
        adding,
        approximate,
        denials.count_closed(),
        manifests.unmanaged,
        len({it.name for it in guardrails}) - len(guarded.guardrails) - unlike,
    )


def count_approximate(policies: Iterable[Policy]) -> dict[Approximation, int]:
    """How many rules depend on the cluster, by the reason."""
    counts: dict[Approximation, int] = {}
    for policy in policies:
        for _, rule in policy.every_rule():
            for reason in approximations_of(rule):
                counts[reason] = counts.get(reason, 0) + 1
    return counts


def _report_unguarded(
    intended: Sequence[Policy], rendered: Sequence[Policy], told: Container[str], report: Report
) -> int:
    """EG622 for services whose policy is missing although extra rules open everything; how many there are.

    `told` are the services that have it already. The flows are the same, but only until the extra rule goes: what is
    missing must not look proven.
    """
    sides = BothDirections(rendered).of
    missing = 0
    for policy in intended:
        for direction in Direction if policy.name not in told else ():
            if policy.rules(direction) is not None and sides[direction].not_isolated(policy.subject):
                missing += 1
                said = "every connection"
                report.add(proof.missing_isolation(policy.origin, said, direction.value, service=policy.name))
                break
    return missing


def _report_extras(table: Sequence[Policy], extras: Mapping[str, Sequence[SidedRule]], report: Report) -> int:
    """EG630 and EG631; the number of extra rules that add something."""
    if not extras:
        return 0
    asked, adding = GrantedTable(table), 0
    for policy in table:
        for direction, rule in extras.get(policy.name, ()):
            added = asked.added_by(direction, rule, policy.subject)
            if not added.parts:
                report.add(proof.unused_extra(rule.origins[0], service=policy.name))
                continue
            adding += 1
            reach = "; ".join(part.say() for part in added.parts)
            report.add(
                proof.extra_permission(
                    rule.origins[0],
                    reach,
                    direction.value,
                    service=policy.name,
                    opens_internet=added.opens_internet,
                )
            )
    return adding


def _report_others(
    intended: Sequence[Policy], services: Container[str], rendered: Sequence[Policy], report: Report
) -> None:
    """EG632. In a direction that a service's own policy limits, or a baseline, all is compared flow by flow."""
    for direction in Direction:
        limiting = ClassIndex((it.subject, it) for it in intended if it.rules(direction) is not None)
        open_services = ClassIndex(
            (it.subject, it)
            for it in intended
            if it.name in services
            and it.rules(direction) is None
            and not any(is_within(it.subject, limited) for limited, _ in limiting.overlapping(it.subject))
        )
        for policy in rendered:
            if policy.rules(direction) is not None and has_members(policy.subject.pods):
                for _, service in open_services.overlapping(policy.subject):
                    name, place = policy.title, policy_place(policy)
                    report.add(proof.limited_elsewhere(place, name, direction.value, service=service.name))
