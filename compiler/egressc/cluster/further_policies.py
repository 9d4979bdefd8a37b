"""Policies of kinds that a cluster may lack, as far as this user may list them."""

from collections.abc import Collection

from egressc.cluster.objects import Object, ObjectKind, ObjectReader, Unread, read_spread

# By the words of EG641.
_OF_NAMESPACES = {
    ObjectKind.CILIUM_POLICIES: "CiliumNetworkPolicies",
    ObjectKind.APPLICATION_POLICIES: "ApplicationNetworkPolicies",
    ObjectKind.FQDN_POLICIES: "FQDNNetworkPolicies",
    ObjectKind.CALICO_POLICIES: "NetworkPolicies of projectcalico.org",
    ObjectKind.CALICO_SETS: "NetworkSets",
    ObjectKind.STAGED_POLICIES: "StagedKubernetesNetworkPolicies",
}
# Objects that count only together; what others have of them is not looked at.
_PARTS = {
    ObjectKind.SIDECARS: "Sidecars",
    ObjectKind.SERVICE_ENTRIES: "ServiceEntries",
    ObjectKind.GATEWAYS: "Gateways",
    ObjectKind.WAYPOINTS: "Gateways of gateway.networking.k8s.io",
    ObjectKind.VIRTUAL_SERVICES: "VirtualServices",
    ObjectKind.DESTINATION_RULES: "DestinationRules",
    ObjectKind.AUTHORIZATION_POLICIES: "AuthorizationPolicies",
    ObjectKind.ENVOY_FILTERS: "EnvoyFilters",
}
_OF_CLUSTER = {
    ObjectKind.CILIUM_CLUSTER_POLICIES: "CiliumClusterwideNetworkPolicies",
    ObjectKind.CLUSTER_POLICIES: "ClusterNetworkPolicies",
    ObjectKind.ADMIN_POLICIES: "AdminNetworkPolicies",
    ObjectKind.BASELINE_ADMIN_POLICIES: "BaselineAdminNetworkPolicies",
    ObjectKind.EKS_CLUSTER_POLICIES: "ClusterNetworkPolicies of networking.k8s.aws",
    ObjectKind.CALICO_CLUSTER_POLICIES: "GlobalNetworkPolicies",
    ObjectKind.CALICO_TIERS: "Tiers",
    ObjectKind.CALICO_CLUSTER_SETS: "GlobalNetworkSets",
}
_ONLY_OF_CILIUM = (ObjectKind.CILIUM_POLICIES, ObjectKind.CILIUM_CLUSTER_POLICIES)
_UNSEEN = "what these allow and deny"


def read_further_policies(
    reader: ObjectReader,
    homes: Collection[str],
    wanted: Collection[str],
    installed: Collection[ObjectKind],
    unread: list[Unread],
    *,
    has_cilium: bool,
) -> list[Object]:
    """Policies of namespaces besides NetworkPolicies.

    What this user cannot list is reported. Raises PermissionError for a kind of the project's own in its namespaces.

    Args:
        homes: namespaces of the project's own policies.
        wanted: all namespaces to look at.
        installed: the kinds of the project's own policies.
        has_cilium: Cilium enforces policies, or nobody knows what does. Else its policies have no effect.
    """
    read: list[Object] = []
    for kind, words in _OF_NAMESPACES.items():
        if kind is ObjectKind.STAGED_POLICIES and kind not in installed:
            continue  # those of others enforce nothing
        found, hidden = read_spread(reader, kind, wanted)
        read += found
        if kind in installed and (hidden_homes := sorted(set(hidden) & set(homes))):
            raise PermissionError(f"{words} in {', '.join(hidden_homes)} cannot be listed")
        if hidden and (has_cilium or kind not in _ONLY_OF_CILIUM):
            unread.append(Unread(f"{words} in {', '.join(hidden)}", _UNSEEN))
    return read


def read_parts(reader: ObjectReader, homes: Collection[str], installed: Collection[ObjectKind]) -> list[Object]:
    """The objects of Istio in the namespaces of the project's own. Raises PermissionError for what cannot be listed."""
    read: list[Object] = []
    for kind, words in _PARTS.items():
        if kind in installed:
            found, hidden = read_spread(reader, kind, sorted(homes))
            if hidden:
                raise PermissionError(f"{words} in {', '.join(hidden)} cannot be listed")
            read += found
    return read


def read_cluster_policies(
    reader: ObjectReader, installed: Collection[ObjectKind], unread: list[Unread], *, has_cilium: bool
) -> list[Object]:
    """Policies of the whole cluster; what this user cannot list is reported.

    Raises PermissionError for a kind of the project's own. `has_cilium` is as above.
    """
    read: list[Object] = []
    for kind, words in _OF_CLUSTER.items():
        found = reader.everywhere(kind)
        if found is not None:
            read += found
        elif kind in installed:
            raise PermissionError(f"{words} cannot be listed")
        elif has_cilium or kind not in _ONLY_OF_CILIUM:
            unread.append(Unread(words, _UNSEEN))
    return read
