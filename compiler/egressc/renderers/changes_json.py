"""Changes for programs: one JSON document, its shape described in docs/reports.md and stable within `version`."""

from egressc.renderers.changes import (
    ChangedFlow,
    ChangedWorkloads,
    ChangeReport,
    ServiceChange,
    ServiceFlow,
    WholeChanges,
)
from egressc.renderers.document import render_document

SHAPE_VERSION = 1


def render_json(report: ChangeReport, *, tool_version: str) -> str:
    document = {
        "old": report.old,
        "new": report.new,
        "summary": {
            "added": len(report.of_kind("added")),
            "removed": len(report.of_kind("removed")),
            "changed": len(report.of_kind("changed")),
            **{_key(it): len(it.changes) for it in report.whole},
            "opensInternet": len(report.internet()),
            "widened": report.widens,
        },
        "flows": [_flow(flow) for flow in report.flows],
        **{_key(it): [_service(service) for service in it.changes] for it in report.whole},
        "guardrails": [
            {
                "kind": it.kind,
                "name": it.name,
                "denied": list(it.denied),
                "denies": list(it.denies),
                "enforcedBefore": it.enforced_before,
                "enforcedNow": it.enforced_now,
                "opens": list(it.opens),
                "closes": list(it.closes),
                "nowAllowed": it.opens_example,
                "nowDenied": it.closes_example,
                "opensInternet": bool(it.internet),
            }
            for it in report.guardrails
        ],
        "workloads": _workloads(report.workloads) if report.workloads is not None else None,
    }
    return render_document(document, version=SHAPE_VERSION, tool_version=tool_version)


def _key(whole: WholeChanges) -> str:
    return f"{whole.word}{'NamespacePolicies' if whole.is_of_namespaces else 'Services'}"


def _flow(flow: ChangedFlow) -> dict[str, object]:
    return {
        "kind": flow.kind,
        "service": flow.service,
        "serviceName": flow.service_name,
        "destination": flow.destination,
        "was": flow.was,
        "now": flow.now,
        **_effect(flow),
        "approximate": flow.reason,
        "askedIn": list(flow.asked_in),
        "askedBefore": list(flow.asked_before),
    }


def _service(service: ServiceChange) -> dict[str, object]:
    return {
        "service": service.service,
        "name": service.name,
        "pods": service.pods,
        "note": service.note,
        "askedIn": list(service.asked_in),
        **_effect(service),
        "flows": [
            {
                "destination": flow.destination,
                "ports": flow.ports,
                "internet": flow.is_internet,
                "approximate": flow.reason,
                "askedIn": list(flow.asked_in),
                **_effect(flow),
            }
            for flow in service.flows
        ],
    }


def _workloads(workloads: ChangedWorkloads) -> dict[str, object]:
    return {
        "new": list(workloads.new),
        "gone": list(workloads.gone),
        "connections": [
            {
                "kind": it.kind,
                "source": it.source,
                "destination": it.destination,
                "was": it.was,
                "now": it.now,
                "effect": it.effect,
                "wholeWorkload": it.is_whole,
                "opensInternet": it.opens_internet,
            }
            for it in workloads.connections
        ],
    }


def _effect(change: ChangedFlow | ServiceChange | ServiceFlow) -> dict[str, object]:
    return {
        "opens": list(change.opens),
        "closes": list(change.closes),
        "nowAllowed": change.opens_example,
        "nowDenied": change.closes_example,
        "opensInternet": change.opens_internet,
    }
