"""Values for the chart's own probe: the connections of a service as they can be tried in a cluster now."""

import json
from collections.abc import Iterator
from typing import Final

from egressc.cluster.objects import ObjectKind, ObjectReader, read_spread
from egressc.diagnostics.core import Report
from egressc.dialects.shapes.fields import Problems
from egressc.probe.plan import ProbePlan, connection_settings, probe_settings
from egressc.probe.scene import ClusterView, see_cluster
from egressc.verify.manifests.services import read_service
from egressc.verify.probing.fronts import Front, at_front
from egressc.verify.probing.guards import METADATA_ADDRESSES

_HEAD: Final = """\
# Connections of "{service}" for `helm test`, as the cluster was when `egressc probe --values` wrote this:
#   helm upgrade {service} CHART -n {namespace} -f {folder}/{file} -f THIS_FILE
#   helm test {service} -n {namespace} --logs
networkPolicy:
  probe:
"""
_HEADLESS: Final = "None"


def plan_overlay(
    plan: ProbePlan, reader: ObjectReader, image: str | None, most: int, report: Report
) -> tuple[str, list[str]] | None:
    """The overlay, and what is left out of it, in sentences; None once it is reported that it cannot be made.

    Pods come and go: a Service in front of one is named in its place, where it leads to no other. Raises ClusterError,
    PermissionError.
    """
    seen = see_cluster(plan, reader, most, report)
    if seen is None:
        return None
    fronts = list(_fronts(plan, seen, reader))
    left_out = [f"left out: {left.expect} {left.name}: {left.reason}" for left in seen.skipped]
    connections = []
    for it in seen.connections:
        if it.is_named:
            connections.append(it)
        elif it.host in METADATA_ADDRESSES:
            # The chart's control fails where nobody answers, as in every cluster outside a cloud.
            shown = f"[{it.host}]" if ":" in it.host else it.host
            why = f"not every cluster has it; where yours does: --deny {shown}:80"
            left_out.append(f"left out: deny {it.name}: {why}")
        else:
            connections.append(at_front(it, fronts, seen.scene))
    # JSON is YAML: strings are quoted, and no host is taken for a number or a truth value.
    lines = [f"    {name}: {json.dumps(value)}\n" for name, value in probe_settings(plan.service, image).items()]
    lines.append("    connections:\n" if connections else "    connections: {}\n")
    lines += [
        f"      {json.dumps(key)}: {json.dumps(value)}\n" for key, value in connection_settings(connections).items()
    ]
    names = {"service": plan.service.id, "namespace": plan.service.namespace, "file": plan.values.file_name}
    head = _HEAD.format(folder=plan.compiled.folder.name, **names)
    return head + "".join(lines), left_out


def _fronts(plan: ProbePlan, seen: ClusterView, reader: ObjectReader) -> Iterator[Front]:
    """The Services of the cluster with pods of their own; none where policy sees packets before translation."""
    if plan.compiled.workspace.project.cluster.before_translation:
        return
    namespaces = sorted({it.pod.namespace for it in seen.scene.listeners})
    found, _ = read_spread(reader, ObjectKind.SERVICES, namespaces)
    for one in sorted(found, key=lambda it: (it["metadata"]["namespace"], it["metadata"]["name"])):
        name, home = one["metadata"]["name"], one["metadata"]["namespace"]
        service = read_service(one, home, Problems())
        if service is not None:
            is_headless = (one.get("spec") or {}).get("clusterIP") == _HEADLESS
            yield Front(f"{name}.{home}.svc", service, is_headless)
