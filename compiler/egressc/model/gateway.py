"""An egress gateway of Istio: the proxy through which services reach hosts outside the cluster.

Source: istio.io, "Egress Gateways".
"""

from typing import Final, Literal, NamedTuple

from egressc.model.label_classes import Labels
from egressc.model.policy import GrantEnd, PodPeer, Port, Protocol, Selector
from egressc.model.ports import HBONE_PORT

ROOT_NAMESPACE: Final = "istio-system"
"""By default, the namespace of istiod, and the one whose objects count for the whole mesh (istio.io, MeshConfig)."""
CONTROL_PLANE_PORT: Final = Port(Protocol.TCP, 15012)
"""Where a sidecar gets its certificate and its configuration (istio.io, "Ports used by Istio")."""
OWN_PORTS: Final = range(15000, 15100)
"""What every proxy of Istio has for itself (istio.io, "Ports used by Istio")."""
TlsMode = Literal["passthrough", "originate"]
"""`passthrough`: clients open TLS to the host; `originate`: they speak plain HTTP, and the gateway opens TLS."""
GATEWAY_API: Final = "gateway.networking.k8s.io"
GATEWAY_KIND: Final = f"Gateway.{GATEWAY_API}"
"""What its Gateways are called: Istio has a kind of the same name."""
GATEWAY_NAME: Final = f"{GATEWAY_API}/gateway-name"
"""The label of the pods that Istio makes for a Gateway of the Gateway API, with its name."""
WAYPOINT_CLASS: Final = "istio-waypoint"
NO_WAYPOINT: Final = "none"
"""What a label says in place of the name of a waypoint."""
HOST_TLS_PORT: Final = 443
"""The port of a host to which the gateway opens TLS itself."""
RateUnit = Literal["second", "minute", "hour"]
REQUESTS_MAX: Final = 1_000_000_000
"""Of a rate limit; Envoy counts tokens in 32 bits (envoy.type.v3.TokenBucket)."""


class RateLimit(NamedTuple):
    """How many requests the gateway passes on to a host in a unit of time."""

    requests: int
    per: RateUnit


class GatewayUse(NamedTuple):
    """How the gateway leads to the hosts of a destination."""

    tls: TlsMode = "passthrough"
    rate_limit: RateLimit | None = None

    def __str__(self) -> str:
        limit = f" and at most {self.rate_limit.requests} requests a {self.rate_limit.per}" if self.rate_limit else ""
        return f"with tls: {self.tls}{limit}"


PASSED_THROUGH: Final = GatewayUse()


class GatewayHost(NamedTuple):
    """A host to which the gateway leads, for `clients` as `ServicePolicy.client` has them, sorted."""

    name: str
    port: int
    clients: tuple[str, ...]
    tls: TlsMode = "passthrough"
    rate_limit: RateLimit | None = None


class Way(NamedTuple):
    """What pods connect to on the way to a host, on which port, and what for; no purpose: to get to the hosts."""

    end: GrantEnd
    port: Port
    purpose: str = ""


class Waypoint(NamedTuple):
    """The waypoint of an ambient mesh: a gateway that the Gateway API describes, and that Istio itself installs.

    Attributes:
        namespace: of its Gateway, and so of its pods and of the objects that services share.
        name: of its Gateway.
        cluster_domain: the DNS domain of the cluster.
        control_plane: the namespace of istiod.
    """

    namespace: str
    name: str
    cluster_domain: str
    control_plane: str = ROOT_NAMESPACE

    @property
    def pod_selector(self) -> tuple[tuple[str, str], ...]:
        return ((GATEWAY_NAME, self.name),)

    def ways(self, namespace_key: str) -> tuple[Way, ...]:
        """As `EgressGateway.ways`. The ztunnel of the node has certificate and configuration for the pods on it."""
        pods = PodPeer(Selector(((namespace_key, self.namespace),)), Selector(self.pod_selector))
        return (Way(GrantEnd("istio-waypoint", "Istio waypoint", (pods,)), Port(Protocol.TCP, HBONE_PORT)),)


def are_of_gateway(pods: Labels) -> bool:
    """Whether pods are only those that Istio makes for certain Gateways: port 15008 is a port of their own."""
    return any(key == GATEWAY_NAME and not excluded for key, (excluded, _) in pods)


class EgressGateway(NamedTuple):
    """Where the gateway is, as the project file says it.

    Attributes:
        namespace: of its pods, its Service, and the objects that services share.
        service: the name of its Service.
        pod_selector: labels of its pods, sorted.
        service_port: the port of the Service that TLS connections come in on.
        pod_port: the same port at the pods, which NetworkPolicies see.
        cluster_domain: the DNS domain of the cluster.
        control_plane: the namespace of istiod.
    """

    namespace: str
    service: str
    pod_selector: tuple[tuple[str, str], ...]
    service_port: int
    pod_port: int
    cluster_domain: str
    control_plane: str = ROOT_NAMESPACE

    def ways(self, namespace_key: str) -> tuple[Way, ...]:
        """What pods with a sidecar connect to on the way to a host; `namespace_key`: the label with namespaces' names.

        The gateway comes first, and then istiod, which tells the sidecar of it.
        """
        pods = PodPeer(Selector(((namespace_key, self.namespace),)), Selector(self.pod_selector))
        control = PodPeer(Selector(((namespace_key, self.control_plane),)), Selector((("app", "istiod"),)))
        return (
            Way(GrantEnd("istio-egress-gateway", "Istio egress gateway", (pods,)), Port(Protocol.TCP, self.pod_port)),
            Way(
                GrantEnd("istiod", "istiod", (control,)),
                CONTROL_PLANE_PORT,
                "Certificate and configuration of the sidecar",
            ),
        )
