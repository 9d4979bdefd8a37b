"""Workloads of manifests for programs: one JSON document (docs/reports.md), its shape stable within `version`."""

from egressc.renderers.document import render_document
from egressc.renderers.workloads import (
    ConnectionRecord,
    ExposureRecord,
    Networks,
    Ports,
    WorkloadRecord,
    WorkloadReport,
)

SHAPE_VERSION = 1


def render_json(report: WorkloadReport, *, tool_version: str) -> str:
    document = {
        "title": report.title,
        "workloads": [_workload(it) for it in report.workloads],
        "connections": [_connection(it) for it in report.connections],
        "exposure": [_exposure(it) for it in report.exposures],
        "notes": list(report.notes),
    }
    return render_document(document, version=SHAPE_VERSION, tool_version=tool_version)


def _workload(workload: WorkloadRecord) -> dict[str, object]:
    return {**_end(workload), "ports": _ports(workload.ports), "isolated": list(workload.isolated)}


def _connection(connection: ConnectionRecord) -> dict[str, object]:
    return {
        "source": _end(connection.source),
        "destination": _end(connection.destination),
        "ports": _ports(connection.ports),
        "internet": connection.is_internet,
        "approximate": connection.reason,
    }


def _exposure(exposure: ExposureRecord) -> dict[str, object]:
    peer = exposure.peer
    return {
        "workload": _end(exposure.workload),
        "direction": exposure.direction,
        "peer": {"pods": peer} if isinstance(peer, str) else _end(peer),
        "ports": _ports(exposure.ports),
        "internet": exposure.is_internet,
        "isolated": exposure.is_isolated,
        "limited": exposure.is_limited,
    }


def _end(end: WorkloadRecord | Networks) -> dict[str, object]:
    if isinstance(end, WorkloadRecord):
        return {"kind": end.kind, "namespace": end.namespace, "name": end.name}
    return {"addresses": list(end.networks)}


def _ports(ports: Ports) -> dict[str, object]:
    return {protocol: list(some) for protocol, some in ports.items()}
