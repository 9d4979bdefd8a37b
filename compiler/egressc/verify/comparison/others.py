"""Policies of other owners next to those of the services: what they open, and what they cut off."""

from egressc.diagnostics.core import Report
from egressc.diagnostics.proof import cut_off_row, homeless_policy, other_permission
from egressc.model.flows import DifferenceKind
from egressc.model.policy import PolicySet
from egressc.verify.comparison.compare import compare
from egressc.verify.comparison.denials import Denials
from egressc.verify.comparison.differences import Findings
from egressc.verify.flows.namespaces import settle
from egressc.verify.flows.precedence import additive
from egressc.verify.intent.table import intend, intend_denials
from egressc.verify.manifests.places import names_namespace, policy_place
from egressc.verify.manifests.reader import Manifests


def check_others(policies: PolicySet, others: Manifests, report: Report) -> None:
    """EG624 for what a row denies and they open, EG636 for what a row asks for and they deny, EG637 for what they add.

    EG638 for a policy that does not say its namespace.
    """
    for policy in others.policies:
        if not names_namespace(policy):
            report.add(homeless_policy(policy_place(policy), policy.name))
    intended = settle(intend(policies), others.namespaces)
    together = additive((*intended, *settle(others.policies, others.namespaces)))
    before = policies.before_translation
    denials = Denials(
        settle(intend_denials(policies), others.namespaces),
        intended,
        together,
        before_translation=before,
        blamed=frozenset(it.origin.source.name for it in others.policies),
    )
    report.extend(denials.report())
    findings = Findings(intended, together)
    for difference in compare(intended, together, of_intended_only=True, before_translation=before):
        found = findings.describe(difference)
        if difference.kind is DifferenceKind.UNDER:
            report.add(cut_off_row(found))
        elif not denials.tells(difference):
            report.add(other_permission(found))
