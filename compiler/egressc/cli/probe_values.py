"""Values for the chart's own probe: the connections of a service as they can be tried in a cluster now."""

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from egressc.cli.probe_scene import Seen, see_cluster
from egressc.cli.probing import Plan, connection_settings, probe_settings
from egressc.cli.progress import working
from egressc.cli.reporting import say
from egressc.diagnostics.core import Report

if TYPE_CHECKING:
    from egressc.cluster.objects import Reader
    from egressc.verify.probing.fronts import Front

_HEAD: Final = """\
# Connections of "{service}" for `helm test`, as the cluster was when `egressc probe --values` wrote this:
#   helm upgrade {service} CHART -n {namespace} -f {folder}/{file} -f THIS_FILE
#   helm test {service} -n {namespace} --logs
networkPolicy:
  probe:
"""
_HEADLESS: Final = "None"


def print_values(plan: Plan, reader: "Reader", image: str | None, most: int, report: Report) -> None:
    """Print the overlay. Pods come and go: a Service in front of one is named in its place, where it leads to no other.

    Raises ClusterError, PermissionError.
    """
    from egressc.verify.probing.fronts import at_front
    from egressc.verify.probing.guards import METADATA

    with working("reading the cluster"):
        seen = see_cluster(plan, reader, most, report)
        fronts = [] if seen is None else list(_fronts(plan, seen, reader))
    if seen is None:
        return
    for left in seen.skipped:
        say(f"left out: {left.expect} {left.name}: {left.reason}")
    connections = []
    for it in seen.connections:
        if it.place.source.name.startswith("--"):
            connections.append(it)
        elif it.host == METADATA:
            # The chart's control fails where nobody answers, as in every cluster outside a cloud.
            say(f"left out: deny {it.name}: not every cluster has it; where yours does: --deny {METADATA}:80")
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
    sys.stdout.buffer.write((head + "".join(lines)).encode())
    sys.stdout.buffer.flush()


def _fronts(plan: Plan, seen: Seen, reader: "Reader") -> "Iterator[Front]":
    """The Services of the cluster with pods of their own; none where policy sees packets before translation."""
    from egressc.cluster.objects import Kind, read_spread
    from egressc.verify.manifests.fields import Problems
    from egressc.verify.manifests.services import read_service
    from egressc.verify.probing.fronts import Front

    if plan.compiled.workspace.project.cluster.before_translation:
        return
    namespaces = sorted({it.pod.namespace for it in seen.scene.listeners})
    found, _ = read_spread(reader, Kind.SERVICES, namespaces)
    for one in sorted(found, key=lambda it: (it["metadata"]["namespace"], it["metadata"]["name"])):
        name, home = one["metadata"]["name"], one["metadata"]["namespace"]
        service = read_service(one, home, Problems())
        if service is not None:
            is_headless = (one.get("spec") or {}).get("clusterIP") == _HEADLESS
            yield Front(f"{name}.{home}.svc", service, is_headless)
