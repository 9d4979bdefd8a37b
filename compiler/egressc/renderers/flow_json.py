"""Flows for programs: one JSON document, its shape described in docs/reports.md and stable within `version`."""

from egressc.renderers.document import render_document
from egressc.renderers.flows import Denied, Flow, FlowReport, Node

SHAPE_VERSION = 1


def render_json(report: FlowReport, *, tool_version: str) -> str:
    document = {
        "title": report.title,
        "nodes": [_node(node) for node in report.nodes],
        "flows": [_flow(flow) for flow in report.flows],
        "denied": [_denied(it) for it in report.denied],
        "switchedOff": [{"service": it.service, "offIn": it.off_in} for it in report.switched_off],
        "guardrails": [
            {
                "name": it.name,
                "purpose": it.purpose,
                "pods": it.pods,
                "denies": [
                    {"direction": one.direction, "name": one.name, "peers": one.peers, "ports": one.ports}
                    for one in it.denies
                ],
                "givenIn": it.given_in,
                "enforcedBy": it.enforced_by,
            }
            for it in report.guardrails
        ],
        "otherPolicies": [{"policy": it.title, "givenIn": it.given_in} for it in report.others],
    }
    return render_document(document, version=SHAPE_VERSION, tool_version=tool_version)


def _node(node: Node) -> dict[str, object]:
    return {"id": node.id, "name": node.name, "namespace": node.namespace, "kind": node.kind}


def _flow(flow: Flow) -> dict[str, object]:
    return {
        "source": flow.source,
        "destination": flow.destination,
        "protocol": flow.protocol,
        "ports": list(flow.ports),
        "class": flow.flow_class,
        "reason": flow.reason,
        "reaches": flow.reaches,
        "comesFrom": flow.comes_from,
        "internet": flow.is_internet,
        "purpose": flow.purpose,
        "askedIn": list(flow.asked_in),
        "adds": list(flow.adds),
        "directions": list(flow.directions),
    }


def _denied(denied: Denied) -> dict[str, object]:
    return {
        "source": denied.source,
        "destination": denied.destination,
        "ports": denied.ports,
        "deniedIn": denied.denied_in,
    }
