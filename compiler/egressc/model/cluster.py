"""What the cluster is like, as the project file says it, checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from egressc.model.baselines import NamespaceSettings
from egressc.model.dialects import DIALECTS, NETWORK_POLICY
from egressc.model.gateway import EgressGateway, Waypoint
from egressc.model.guardrails import GuardrailPolicies
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.model.policy import Directions, Dns
from egressc.source import Located, Span

# Private use (RFC 1918, RFC 4193), shared address space (RFC 6598), loopback (RFC 1122), and link-local with the
# metadata address of clouds (RFC 3927, RFC 4291).
PRIVATE_RANGES = (
    "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "fc00::/7", "fe80::/10",
)  # fmt: skip


CLUSTER_DOMAIN: Final = "cluster.local"


class CiliumSettings(NamedTuple):
    """Which Cilium the cluster has, as (major, minor), and how its policies are to be written.

    `strict_dns`: a service with rules for hosts can resolve these alone, and names below `cluster_domain`.
    """

    version: tuple[int, int]
    strict_dns: bool = False
    cluster_domain: str = CLUSTER_DOMAIN


@dataclass(frozen=True, slots=True)
class Cluster:
    """Facts about the cluster, checked. Ranges are canonical CIDRs.

    `namespace_labels`: all labels of the namespaces for which the project file has them.
    """

    dns: Dns = field(default=Dns("kube-dns"))
    namespace_label: Located[str] | None = None
    private_ranges: tuple[str, ...] = PRIVATE_RANGES
    ip_families: tuple[str, ...] = ("IPv4", "IPv6")
    before_translation: bool = False
    api_server: tuple[str, ...] = ()
    api_server_port: int = 6443
    api_server_calls_from: tuple[str, ...] | None = None  # None: its addresses; empty: the agents of konnectivity
    nodes: tuple[str, ...] = ()
    dialect: str = NETWORK_POLICY
    dialect_place: Span | None = None
    cilium: CiliumSettings | None = None
    gateway: EgressGateway | Waypoint | None = None
    baseline: NamespaceSettings | None = None
    namespaces: Mapping[str, NamespaceSettings] = field(default_factory=dict)
    guardrails: GuardrailPolicies | None = None
    namespace_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def namespace(self, name: str) -> NamespaceSettings | None:
        """All that is said of a namespace, by itself or by what holds for all."""
        own = self.namespaces.get(name)
        return own.with_defaults(self.baseline) if own is not None else self.baseline

    def dns_in(self, namespace: str) -> Dns:
        """How the services of a namespace reach DNS."""
        said = self.namespaces.get(namespace)
        return (said and said.service_dns) or self.dns

    def denied_in(self, namespace: str) -> Directions:
        """What the baseline of a namespace denies."""
        said = self.namespace(namespace)
        return (said and said.deny) or ()

    @property
    def names_hosts(self) -> bool:
        """Whether rules name hosts; else addresses stand in for them."""
        return DIALECTS[self.dialect].names_hosts

    @property
    def entities(self) -> tuple[str, ...]:
        """What rules name by an identity of the network plugin, such as the API server."""
        return DIALECTS[self.dialect].entities

    @property
    def names_services(self) -> bool:
        """Whether the rule for the API server names its Service, which says the port."""
        return DIALECTS[self.dialect].names_services

    @property
    def selects_namespaces(self) -> bool:
        """Whether a selector of namespaces selects pods alone."""
        return DIALECTS[self.dialect].selects_namespaces

    @property
    def widens_one_label(self) -> bool:
        """Whether a wildcard of a rule always stands for one or more labels."""
        return DIALECTS[self.dialect].widens_one_label

    @property
    def domain(self) -> str:
        """The DNS domain of the cluster, as far as the settings of the dialect say it."""
        return next((it.cluster_domain for it in (self.cilium, self.gateway) if it is not None), CLUSTER_DOMAIN)

    @property
    def release_homes(self) -> frozenset[str]:
        """The namespaces of the releases for the whole cluster, as far as the project file has them."""
        return frozenset(it.namespace for it in (self.guardrails, self.gateway) if it is not None)

    @property
    def namespace_key(self) -> str:
        return self.namespace_label.value if self.namespace_label else NAMESPACE_NAME
