"""What leaves the cluster, as records for the renderers."""

from collections.abc import Iterator

from egressc.diagnostics.core import Report
from egressc.model.audit import AuditCondition, AuditRule
from egressc.model.policy import Direction
from egressc.project.audit import LeavingFlow, leaving_flows
from egressc.project.compiling import Compiled
from egressc.renderers.audit import EVERYTHING, AuditFlow, AuditReport
from egressc.renderers.flows import say_others
from egressc.reports.flows import places
from egressc.verify.flows.internet import reaches_internet
from egressc.verify.flows.words import say_addresses, say_ports, say_public


def report_audit(compiled: Compiled, report: Report, *, checkout: str = "") -> AuditReport:
    """Every flow to outside the cluster, and the services that nothing limits. EG611 for extra rules that are refused.

    Args:
        checkout: the repository with its revision, for a page.
    """
    flows = (*map(_leaving, leaving_flows(compiled, report)), *_unlimited(compiled))
    return AuditReport(compiled.workspace.title, flows, say_others(len(compiled.others.policies)), checkout)


def _leaving(found: LeavingFlow) -> AuditFlow:
    flow = found.flow
    return AuditFlow(
        flow.service.id,
        flow.service.name,
        flow.service.namespace,
        found.key,
        found.name,
        say_ports(flow.rule.ports),
        say_public(found.addresses) or say_addresses(found.addresses) or flow.peers,
        reaches_internet(found.addresses),
        {it.key: it.values for it in found.stated},
        flow.flow_class.value,
        "; ".join(flow.reasons),
        flow.purpose,
        places(flow.rule.origins) or ("project file",),
        tuple(dict.fromkeys(_say(rule, unmet) for rule, unmet in found.unmet)),
    )


def _say(rule: AuditRule, unmet: AuditCondition) -> str:
    return f"{rule.reason or unmet.key} ({places((unmet.place,))[0]})"


def _unlimited(compiled: Compiled) -> Iterator[AuditFlow]:
    """Whose policy does not limit egress, or is switched off where nothing else denies it."""
    for policy in compiled.policies.policies:
        off = compiled.switched_off.get(policy.id)
        if off is not None and Direction.EGRESS in policy.directions and Direction.EGRESS not in off.denied:
            reason = f"switched off in {places((off.place,))[0]}"
        elif Direction.EGRESS not in policy.directions and not policy.is_baseline:
            reason = "its policy does not limit egress"
        else:
            continue
        ends = policy.id, policy.name, policy.namespace, EVERYTHING, EVERYTHING
        where = places((policy.origin,))
        yield AuditFlow(*ends, "any port", "", True, {}, "not limited", reason, "", where)
