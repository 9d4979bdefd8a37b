"""Facts to peers: pods of namespaces, or addresses; refused where a peer would have to be guessed."""

from dataclasses import replace
from typing import Final

from egressc.diagnostics.core import Diagnostic, Report
from egressc.diagnostics.places import boundless_service, no_address, no_namespace, no_selector, unknown_api_server
from egressc.diagnostics.presets import unknown_nodes
from egressc.model.address_sets import block, join_addresses, subtract
from egressc.model.catalog import Catalog
from egressc.model.cluster import Cluster
from egressc.model.entities import Entity
from egressc.model.flows import PodClass
from egressc.model.label_classes import ANY, NAMESPACE_NAME, select, select_namespaces
from egressc.model.policy import AddressPeer, GrantEnd, HostPeer, Peer, PodPeer, Selector
from egressc.resolve.presets import API_SERVER, KUBELET
from egressc.source import Located

EVERYWHERE = {"IPv4": "0.0.0.0/0", "IPv6": "::/0"}
# The API server, wherever it runs; the node of a pod, and the others.
_ENTITIES: Final = {API_SERVER: ("kube-apiserver",), KUBELET: ("host", "remote-node")}


def public_addresses(cluster: Cluster) -> tuple[AddressPeer, ...]:
    """The internet: every address of the cluster's families but the private ranges and the nodes."""
    private = join_addresses(map(block, cluster.private_ranges))
    nodes = (it for it in cluster.nodes if subtract(block(it), private))
    excepts = sorted({*cluster.private_ranges, *nodes})
    return tuple(
        AddressPeer(EVERYWHERE[family], tuple(it for it in excepts if (":" in it) is (family == "IPv6")))
        for family in cluster.ip_families
    )


def place_service(entity: Entity, catalog: Catalog, report: Report) -> tuple[str, Selector] | None:
    """Namespace and selector of a service's own pods; None once EG310 to EG312 is reported."""
    facts = entity.facts
    if facts.namespaces is not None or facts.is_external or facts.peers or facts.addresses or facts.internet:
        report.add(boundless_service(entity.place, "is not in one namespace"))
        return None
    pods = facts.pods
    if pods is not None and pods.selects_everything:
        report.add(boundless_service(entity.place, "selects every pod of its namespace"))
        return None
    namespace = facts.namespace or catalog.namespace
    if not namespace:
        report.add(no_namespace(entity.place, ()))
        return None
    if entity.name.casefold() == f"namespace {namespace}":
        repair = f'move its rows to a table of connections, with "{entity.name}" as the source, or rename the service'
        report.add(boundless_service(entity.place, "is all pods of a namespace", repair))
        return None
    if pods is None:
        pods = convention(entity, catalog)
    if pods is None:
        report.add(no_selector(entity.place, ()))
        return None
    return namespace, pods


def place_destination(
    entity: Entity, catalog: Catalog, cluster: Cluster, asked: Located[str], report: Report
) -> GrantEnd | None:
    """Where rules reach an entity; None once EG310, EG311, EG313 or EG314 is reported.

    Args:
        asked: the place that asks, for entities that no source defines.
    """
    names = _names(entity, cluster)
    peers = names or _peers(entity, catalog, cluster, asked, report)
    # Where rules name hosts, those beside other peers would be rules too.
    hosts = entity.facts.hosts if names or not cluster.names_hosts else ()
    return GrantEnd(entity.key, entity.name, peers, hosts) if peers else None


def place_caller(entity: Entity, destination: GrantEnd, cluster: Cluster) -> GrantEnd:
    """Where an entity connects from: a host name says where it is reached, and that is not where it comes from.

    Without peers where nobody knows.
    """
    names = [it for it in destination.peers if isinstance(it, HostPeer)]
    if not names or (all(it.is_entity for it in names) and not cluster.names_services):
        return destination
    return replace(destination, peers=_outside(entity, cluster))


def no_caller(entity: Entity, asked: Located[str]) -> Diagnostic:
    """For an entity that has no address or pods to let in: of the presets, this can only be the API server."""
    return unknown_api_server(asked) if entity.is_preset else no_address(entity.place, entity.facts.hosts, ())


def _names(entity: Entity, cluster: Cluster) -> tuple[HostPeer, ...]:
    """What rules name where the dialect has names: addresses that only stand in for these are not used.

    Pods do not stand in: those of an egress gateway are where a service really connects.
    """
    entities = _ENTITIES.get(entity.name, ()) if entity.is_preset else ()
    if entities and set(entities) <= set(cluster.entities):
        return tuple(HostPeer(it, is_entity=True) for it in entities)
    if not cluster.names_hosts:
        return ()
    facts = entity.facts
    if facts.pods is not None or any(isinstance(it, PodPeer) for it in facts.peers):
        return ()
    hosts = facts.hosts
    if cluster.widens_one_label:
        hosts = tuple(f"*{it}" if it.startswith("*.") else it for it in hosts)
    return tuple(map(HostPeer, dict.fromkeys(hosts)))


def _outside(entity: Entity, cluster: Cluster) -> tuple[AddressPeer, ...]:
    facts = entity.facts
    return (*facts.addresses, *(public_addresses(cluster) if facts.internet else ()))


def _peers(entity: Entity, catalog: Catalog, cluster: Cluster, asked: Located[str], report: Report) -> tuple[Peer, ...]:
    facts = entity.facts
    place = asked if entity.is_preset else entity.place
    if facts.peers:
        return facts.peers
    if outside := _outside(entity, cluster):
        return outside
    if entity.is_preset and entity.name == API_SERVER:
        report.add(unknown_api_server(asked, *(_absent(cluster) if cluster.api_server else ())))
        return ()
    if entity.is_preset and entity.name == KUBELET:
        report.add(unknown_nodes(asked, *(_absent(cluster) if cluster.nodes else ())))
        return ()
    if (facts.hosts or facts.is_external) and facts.pods is None:
        report.add(no_address(place, facts.hosts, ()))
        return ()
    namespaces = facts.namespaces
    if namespaces is None:
        key = NAMESPACE_NAME if entity.is_dns else cluster.namespace_key
        namespace = facts.namespace or catalog.namespace
        if not namespace:
            report.add(no_namespace(place, ()))
            return ()
        namespaces = Selector(((key, namespace),))
    pods = facts.pods if facts.pods is not None else convention(entity, catalog)
    if pods is None:
        report.add(no_selector(place, ()))
        return ()
    return (PodPeer(namespaces, None if pods.selects_everything else pods),)


def _absent(cluster: Cluster) -> tuple[str, str]:
    """The one family of a cluster, and the one that it does not have."""
    (own,) = cluster.ip_families
    return own, "IPv4" if own == "IPv6" else "IPv6"


def convention(entity: Entity, catalog: Catalog) -> Selector | None:
    if not catalog.labels:
        return None
    return Selector(tuple((key, value.replace("{id}", entity.id)) for key, value in catalog.labels))


def pods_of(peer: PodPeer) -> PodClass:
    """The pods of a peer of a destination, which always says its namespaces."""
    return PodClass(
        ANY if peer.namespaces is None else select_namespaces(peer.namespaces),
        ANY if peer.pods is None else select(peer.pods),
    )
