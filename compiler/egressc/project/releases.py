"""The values files of all releases of a project: services and namespaces, and what is for the whole cluster."""

import os
from collections.abc import Iterator, Mapping

from egressc.dialects.emitting import dialect_data
from egressc.emit.gateway import emit_gateway
from egressc.emit.guardrail_policies import emit_guardrails
from egressc.emit.provenance import Provenance
from egressc.emit.values import ServiceValues, emit_values
from egressc.model.project import Project
from egressc.model.release_kinds import EGRESS_GATEWAY, GUARDRAILS, NAMESPACES, SERVICES, ReleaseKind
from egressc.project.workspace import Workspace
from egressc.resolve.gateways import gateway_hosts
from egressc.resolve.resolution import Resolution


def emit_releases(
    workspace: Workspace,
    project: Project,
    resolution: Resolution,
    provenance: Provenance,
    namespaces: Mapping[str, Mapping[str, str]],
) -> list[ServiceValues]:
    """Services come first, and what is for the whole cluster last; `namespaces`: labels of those that are known."""
    cluster = project.cluster
    values = emit_values(
        resolution.policies,
        schema_path=_schema_of(SERVICES, project),
        namespace_schema_path=_schema_of(NAMESPACES, project),
        values_folder=project.values,
        chart=workspace.chart,
        provenance=provenance,
        dialect=dialect_data(cluster),
        namespace_dialect=dialect_data(cluster, is_namespace=True),
        guarded=resolution.guarded,
        namespaces=namespaces,
    )
    values.extend(_for_cluster(workspace, project, resolution, provenance))
    return values


def _for_cluster(
    workspace: Workspace, project: Project, resolution: Resolution, provenance: Provenance
) -> Iterator[ServiceValues]:
    cluster = project.cluster
    if resolution.guardrails and cluster.guardrails is not None:
        yield emit_guardrails(
            resolution.guardrails,
            cluster.guardrails,
            schema_path=_schema_of(GUARDRAILS, project),
            values_folder=project.values,
            provenance=provenance,
        )
    if cluster.gateway is not None and (hosts := gateway_hosts(resolution.policies, resolution.gateway_uses)):
        yield emit_gateway(
            cluster.gateway,
            hosts,
            cluster.dialect_place or workspace.place,
            schema_path=_schema_of(EGRESS_GATEWAY, project),
            values_folder=project.values,
            provenance=provenance,
        )


def _schema_of(kind: ReleaseKind, project: Project) -> str:
    """The path of a schema as seen from the values files."""
    return os.path.relpath(kind.schema, f"{project.values}/{kind.folder}")
