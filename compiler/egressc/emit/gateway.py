"""The values of the release for an egress gateway of Istio: where the gateway is, and the hosts that it leads to."""

from collections.abc import Sequence
from typing import assert_never

from egressc.dialects.emitting import Data
from egressc.emit.entries import entry_text, section
from egressc.emit.provenance import NO_PROVENANCE, Provenance
from egressc.emit.values import ServiceValues, emit_for_cluster
from egressc.model.gateway import EgressGateway, GatewayHost, Waypoint
from egressc.model.release_kinds import EGRESS_GATEWAY
from egressc.source import Span


def emit_gateway(
    gateway: EgressGateway | Waypoint,
    hosts: Sequence[GatewayHost],
    place: Span,
    *,
    schema_path: str,
    values_folder: str = "values",
    provenance: Provenance = NO_PROVENANCE,
) -> ServiceValues:
    """Write them; `place` is where the project file names the gateway. The rest as in `emit_values`."""
    about = _gateway_data(gateway)
    held = section("hosts", {it.name: _host_data(it) for it in hosts})
    return emit_for_cluster(
        EGRESS_GATEWAY,
        "Egress gateway",
        gateway.namespace,
        place,
        entry_text({"gateway": about}) + held.text,
        {"gateway": about, "hosts": held.data},
        schema_path=schema_path,
        values_folder=values_folder,
        provenance=provenance,
    )


def _gateway_data(gateway: EgressGateway | Waypoint) -> dict[str, Data]:
    match gateway:
        case Waypoint():
            return {"waypoint": gateway.name, "clusterDomain": gateway.cluster_domain}
        case EgressGateway():
            return {
                "service": gateway.service,
                "podSelector": {**dict(gateway.pod_selector)},
                "port": gateway.service_port,
                "clusterDomain": gateway.cluster_domain,
            }
        case _:
            assert_never(gateway)


def _host_data(host: GatewayHost) -> dict[str, Data]:
    data: dict[str, Data] = {"port": host.port, "clients": [*host.clients]}
    if host.tls != "passthrough":  # the default
        data["tls"] = host.tls
    if host.rate_limit is not None:
        data["rateLimit"] = {"requests": host.rate_limit.requests, "per": host.rate_limit.per}
    return data
