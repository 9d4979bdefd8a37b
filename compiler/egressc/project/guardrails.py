"""The guardrails of a project, held against all that its files and those of other owners allow."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from egressc.diagnostics.core import Report
from egressc.model.address_sets import API_SERVER_BY_NAME, AddressSet, block, join_addresses
from egressc.model.cluster import Cluster
from egressc.model.flows import Direction, Policy, Rule
from egressc.model.host_sets import common_hosts
from egressc.model.known_namespaces import settle
from egressc.project.extra_rules import extra_rules_of
from egressc.verify.comparison.guardrails import check_guarded, check_overruled
from egressc.verify.flows.precedence import additive
from egressc.verify.intent.extras import intend_all
from egressc.verify.intent.guardrails import intend_guardrails

if TYPE_CHECKING:
    from egressc.project.compiling import Compiled


def _with_api_server(policies: Iterable[Policy], cluster: Cluster) -> list[Policy]:
    """The same, where rules that name the API server also have its addresses, by which guardrails can deny it."""
    blocks = join_addresses(block(it) for it in cluster.api_server)
    known: dict[int, tuple[AddressSet, AddressSet]] = {}  # by identity, which rules of a fleet share

    def with_blocks(rule: Rule) -> Rule:
        held = rule.addresses
        if not common_hosts(held.hosts, API_SERVER_BY_NAME.hosts):
            return rule
        if id(held) not in known:
            known[id(held)] = held, join_addresses((held, blocks))
        return replace(rule, addresses=known[id(held)][1])

    found = [*policies]
    for side in Direction if blocks else ():
        rules = ((it, it.rules(side)) for it in found)
        found = [it if held is None else it.with_rules(side, tuple(map(with_blocks, held))) for it, held in rules]
    return found


def check_guardrails(compiled: "Compiled", report: Report) -> None:
    """EG495 for each row, extra rule and policy of others that allows what a guardrail denies, and EG499 for what may.

    What a policy of the cluster denies, others cannot allow but by a policy of the cluster that is asked before it.
    """
    project = compiled.workspace.project
    guardrails = intend_guardrails(compiled.guardrails, project.cluster.guardrails)
    if not guardrails:
        return
    known = compiled.others.namespaces
    denied = settle(guardrails, known)
    ids = [it.service.id for it in compiled.values]
    intended = intend_all(compiled.policies, extra_rules_of(compiled, ids, report), report)
    if intended is None:
        return
    asked, others = (
        _with_api_server(settle(it, known), project.cluster) for it in (intended, compiled.others.policies)
    )
    check_guarded(denied, asked, report, known=compiled.known_pods)
    if project.cluster.guardrails is None:
        check_guarded(denied, additive(others), report, are_manifests=True)
    else:
        check_overruled(denied, (*asked, *others), report)
