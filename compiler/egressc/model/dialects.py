"""The dialects of policy: one line for each."""

import re
from typing import Final, NamedTuple


class Dialect(NamedTuple):
    """The package of a dialect, and what its policies are like.

    Attributes:
        kind: of the policy that every service has.
        host_kind: of the policy beside it with the rules for hosts; empty where `kind` has them itself.
        names_hosts: rules name hosts. Where they do not, addresses stand in for names.
        entities: what rules name too, by identities of the network plugin or as a Service: the API server, the nodes.
        names_services: the rule for the API server names its Service, which says the port; a caller has addresses.
        selects_namespaces: a selector of namespaces selects pods alone, in every version of the network plugin (EG424).
        shares_names: the cluster tells policies of both kinds apart by their names alone.
        by_server_name: a proxy lets hosts through by the server name that a client asks for. Otherwise, a rule for a
            host opens the addresses in the answers of DNS to pods.
        widens_one_label: a wildcard stands for one or more labels, never for exactly one.
        has_own_labels: some labels have another meaning to the network plugin: see the module `labels` of the package.
        is_staged: its policies enforce nothing: the network plugin only reports what they would deny.
    """

    package: str
    kind: str
    host_kind: str = ""
    names_hosts: bool = False
    entities: tuple[str, ...] = ()
    names_services: bool = False
    by_server_name: bool = False
    selects_namespaces: bool = False
    widens_one_label: bool = False
    shares_names: bool = False
    has_own_labels: bool = False
    is_staged: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        return (self.kind, self.host_kind) if self.host_kind else (self.kind,)


NETWORK_POLICY: Final = "NetworkPolicy"
CILIUM: Final = "Cilium"
EKS: Final = "EKS"
GKE: Final = "GKE"
ISTIO: Final = "Istio"
CALICO: Final = "Calico"
CALICO_STAGED: Final = "CalicoStaged"
API_SERVER: Final = "kube-apiserver"
"""The entity that is the API server."""

DIALECTS: Final[dict[str, Dialect]] = {
    NETWORK_POLICY: Dialect("egressc.dialects.kubernetes", "NetworkPolicy"),
    CILIUM: Dialect(
        "egressc.dialects.cilium",
        "CiliumNetworkPolicy",
        names_hosts=True,
        entities=(API_SERVER, "host", "remote-node"),
        selects_namespaces=True,
        has_own_labels=True,
    ),
    EKS: Dialect(
        "egressc.dialects.eks",
        "NetworkPolicy",
        "ApplicationNetworkPolicy",
        names_hosts=True,
        widens_one_label=True,
        shares_names=True,
    ),
    GKE: Dialect("egressc.dialects.gke", "NetworkPolicy", "FQDNNetworkPolicy", names_hosts=True),
    ISTIO: Dialect("egressc.dialects.istio", "NetworkPolicy", "Sidecar", names_hosts=True, by_server_name=True),
    CALICO: Dialect(
        "egressc.dialects.calico",
        "NetworkPolicy.projectcalico.org",
        entities=(API_SERVER,),
        names_services=True,
        has_own_labels=True,
    ),
    CALICO_STAGED: Dialect("egressc.dialects.calico_staged", "StagedKubernetesNetworkPolicy", is_staged=True),
}
"""The dialects by their names in the project file."""

STAGED_KINDS: Final = frozenset(kind for it in DIALECTS.values() if it.is_staged for kind in it.kinds)
"""The kinds of policies that enforce nothing, of those that the proof reads."""

SETTINGS: Final[dict[str, tuple[str, ...]]] = {
    "version": (CILIUM,),
    "strictDns": (CILIUM,),
    "clusterDomain": (CILIUM, ISTIO),
    "gatewayNamespace": (ISTIO,),
    "waypoint": (ISTIO,),
}
"""The keys next to `kind` in `networkPolicy.dialect`, each with the dialects that have it."""

ONLY_READ: Final = ("egressc.dialects.cluster_policies",)
"""Packages of kinds that the proof reads, and in which no service's policies can be written."""

VERSION_PATTERN: Final = r"^[1-9][0-9]{0,2}\.(?:0|[1-9][0-9]{0,2})$"


def version_problem(text: str) -> str | None:
    """A version of a network plugin, without its patch: `1.19`."""
    return None if re.fullmatch(VERSION_PATTERN[1:-1], text) else "is not MAJOR.MINOR"
