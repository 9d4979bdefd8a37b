"""Where Istio sends connections, as its control plane and its simulator of Envoy say: an oracle for its objects.

    pods = {"ai": Pod("shop", {"app": "ai"}), "gateway": Pod("edge", {"istio": "egressgateway"}, is_gateway=True)}
    with IstioCheck() as istio:
        answer = istio.ask(manifests, pods, [Connection("ai", "api.test", 443)])

Manifests include the Services of these pods.

Source: tests/testbed/go/istio/istiocheck/main.go.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from testbed.programs import ISTIO_CHECK
from testbed.questions import Decider

TLS: Final = "TLS"
HTTP: Final = "HTTP"
MUTUAL_TLS: Final = "mTLS"
# Clusters of Istio's own: nowhere, and wherever the application wanted to go.
BLACK_HOLE: Final = "BlackHoleCluster"
PASSTHROUGH: Final = "PassthroughCluster"
# Settings of a mesh: what no object describes is blocked. Istio's default is ALLOW_ANY.
REGISTRY_ONLY: Final = {"outboundTrafficPolicy": {"mode": "REGISTRY_ONLY"}}


@dataclass(frozen=True)
class Pod:
    """A pod that runs a proxy: a sidecar, a gateway, or the waypoint that a Gateway of the Gateway API makes."""

    namespace: str
    labels: Mapping[str, str]
    service_account: str = "default"
    is_gateway: bool = False
    is_waypoint: bool = False


@dataclass(frozen=True)
class Connection:
    """What the application of a pod opens; where the pod is a gateway, what arrives there.

    Attributes:
        port: at a gateway, the port of the pod, which is the target port of its Service.
        protocol: what the application speaks, TLS with the host as server name, or HTTP.
        address: that the host resolves to; "" for one that the mesh does not know.
        peer: at a gateway, the pod whose proxy wraps the connection in mutual TLS, "" for none.
        server_name: that the peer shows.
    """

    pod: str
    host: str
    port: int
    protocol: str = TLS
    address: str = ""
    peer: str = ""
    server_name: str = ""


@dataclass(frozen=True)
class Hop:
    """What one proxy does with a connection.

    Attributes:
        cluster: where it sends it; "" with an error.
        error: why it sends it nowhere.
        endpoint: of the cluster, a host or address with its port; "" where the cluster has none of its own.
        tls: what the proxy wraps it in: "", TLS or MUTUAL_TLS.
        server_name: that the proxy shows then; "" if that is the host.
    """

    pod: str
    cluster: str
    error: str = ""
    endpoint: str = ""
    tls: str = ""
    server_name: str = ""


@dataclass(frozen=True)
class Answer:
    """What Istio says.

    Attributes:
        refused: why validation refuses a manifest, by its index.
        warnings: what validation and pilot say of the others.
        paths: for each connection, in order, its hops from proxy to proxy; none where a manifest is refused.
        configurations: by pod, the listeners, clusters, routes and endpoints that pilot sends to its Envoy, as JSON;
            of a waypoint also `behind`, the addresses at which ztunnels know its hosts.
    """

    refused: Mapping[int, str]
    warnings: tuple[str, ...]
    paths: tuple[tuple[Hop, ...], ...]
    configurations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class IstioCheck(Decider):
    program = ISTIO_CHECK

    def ask(
        self,
        manifests: Sequence[Mapping[str, Any]],
        pods: Mapping[str, Pod] | None = None,
        connections: Sequence[Connection] = (),
        *,
        mesh: Mapping[str, Any] = REGISTRY_ONLY,
        configurations: Sequence[str] = (),
    ) -> Answer:
        """What it makes of these manifests together. Raises ValueError for a question that it can't answer."""
        given = self.put(
            {
                "manifests": manifests,
                "mesh": mesh,
                "pods": {name: asdict(one) for name, one in (pods or {}).items()},
                "connections": [asdict(one) for one in connections],
                "configurations": configurations,
            }
        )
        return Answer(
            {one["manifest"]: one["message"] for one in given["refused"]},
            tuple(given["warnings"]),
            tuple(tuple(Hop(**hop) for hop in path) for path in given.get("paths", ())),
            given.get("configurations", {}),
        )
