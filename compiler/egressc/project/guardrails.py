"""The guardrails of a project, held against all that its files and those of other owners allow."""

from dataclasses import replace
from typing import TYPE_CHECKING

from egressc.diagnostics.core import Report
from egressc.model.address_sets import API_SERVER_BY_NAME, AddressSet, block, common, join_addresses
from egressc.model.cluster import Cluster
from egressc.model.flows import Direction, Policy, Rule
from egressc.model.known_namespaces import settle
from egressc.project.extra_rules import extra_rules_of
from egressc.verify.comparison.guardrails import check_guarded, check_overruled
from egressc.verify.flows.precedence import additive
from egressc.verify.intent.extras import intend_all
from egressc.verify.intent.guardrails import intend_guardrails

if TYPE_CHECKING:
    from egressc.project.compiling import Compiled


def _with_api_server(policy: Policy, cluster: Cluster) -> Policy:
    """A guardrail that also denies the API server by its name, which rules have, where it denies its addresses."""
    blocks = join_addresses(block(it) for it in cluster.api_server)
    for side in Direction:
        rules = policy.rules(side)
        if rules is not None:
            policy = policy.with_rules(side, tuple(_name_api_server(it, blocks) for it in rules))
    return policy


def _name_api_server(rule: Rule, blocks: AddressSet) -> Rule:
    if not any(common(rule.addresses, blocks)):
        return rule
    return replace(rule, addresses=join_addresses((rule.addresses, API_SERVER_BY_NAME)))


def check_guardrails(compiled: "Compiled", report: Report) -> None:
    """EG495 for each row, extra rule and policy of others that allows what a guardrail denies, and EG499 for what may.

    What a policy of the cluster denies, others cannot allow but by a policy of the cluster that is asked before it.
    """
    project = compiled.workspace.project
    guardrails = intend_guardrails(compiled.guardrails, project.cluster.guardrails)
    if not guardrails:
        return
    known = compiled.others.namespaces
    denied = [_with_api_server(it, project.cluster) for it in settle(guardrails, known)]
    ids = [it.service.id for it in compiled.values]
    intended = intend_all(compiled.policies, extra_rules_of(compiled, ids, report), report)
    if intended is None:
        return
    asked, others = settle(intended, known), settle(compiled.others.policies, known)
    check_guarded(denied, asked, report, known=compiled.known_pods)
    if project.cluster.guardrails is None:
        check_guarded(denied, additive(others), report, are_manifests=True)
    else:
        check_overruled(denied, (*asked, *others), report)
