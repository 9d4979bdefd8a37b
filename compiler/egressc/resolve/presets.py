"""Destinations and callers that many clusters, meshes and clouds have: those that need no entry in the catalog, by the
names people use for them, and those that an entry completes (`preset`), since their namespace differs by installation.

A table or catalog that defines one of these names otherwise is followed instead. No alias is a word that a document
may well mean something else by. `source` of each says where its facts are published.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from egressc.diagnostics.cells import wrong_value
from egressc.diagnostics.core import Report
from egressc.diagnostics.live import NODE_LOCAL_ADDRESS
from egressc.diagnostics.presets import unknown_preset
from egressc.model.catalog import Catalog, CatalogEntry
from egressc.model.cluster import Cluster
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.model.policy import AddressPeer, PodPeer, Port, Protocol, Selector
from egressc.model.ports import DNS_PORTS
from egressc.model.requirements import NO_FACTS, Facts, ServicePort
from egressc.resolve.names import NearNames
from egressc.resolve.published_presets import (
    BOTH,
    CALLER,
    CLOUDS,
    MESH,
    OBSERVABILITY,
    Preset,
    labels_of,
    networks,
    tcp,
)
from egressc.source import Located

DNS: Final = "kube-dns"
API_SERVER: Final = "Kubernetes API server"
KUBELET: Final = "kubelet API"
KONNECTIVITY: Final = "konnectivity agent"
INTERNET: Final = "Internet"
ANYWHERE: Final = "Anywhere"

_BY_FAMILY: Final = "IPv4", "IPv6"


def presets(cluster: Cluster) -> tuple[Preset, ...]:
    """The presets that tables can name, as far as the cluster's facts make them known; without them no address."""
    return tuple(it for it in all_presets(cluster) if it.is_named)


def all_presets(cluster: Cluster) -> tuple[Preset, ...]:
    return tuple(
        replace(it, facts=it.facts._replace(addresses=_of_families(it.facts.addresses, cluster)))
        for it in (*_cluster_presets(cluster), *CLOUDS, *MESH, *OBSERVABILITY)
    )


def needs_entry(name: str) -> bool:
    """Whether a name is that of a preset that an entry of the catalog has to complete."""
    unnamed = (it for it in (*CLOUDS, *MESH, *OBSERVABILITY) if not it.is_named)
    return any(name.casefold() in (it.name.casefold(), *map(str.casefold, it.aliases)) for it in unnamed)


def with_presets(catalog: Catalog, cluster: Cluster, report: Report) -> Catalog:
    """The catalog, its entries with what they leave to the preset that they name. Reports EG232 and EG326."""
    if not any(entry.preset or entry.facts.audit for entry in catalog.entries):
        return catalog
    known = {name.casefold(): it for it in all_presets(cluster) for name in (it.name, *it.aliases)}
    return replace(catalog, entries=tuple(_complete(it, known, report) for it in catalog.entries))


def _complete(entry: CatalogEntry, known: dict[str, Preset], report: Report) -> CatalogEntry:
    if entry.preset is None:
        # Of a preset by its name, an entry may state no more than what is for audits.
        is_completed = entry.facts.audit and entry.facts._replace(audit=()) == NO_FACTS
        lending = known.get(entry.name.value.casefold()) if is_completed else None
        return entry if lending is None else replace(entry, facts=lending.facts._replace(audit=entry.facts.audit))
    preset = known.get(entry.preset.value.casefold())
    if preset is None:
        near = NearNames(it.name for it in known.values()).near(entry.preset.value)
        report.add(unknown_preset(entry.preset, near))
        return replace(entry, is_spoiled=True)
    own, lent = entry.facts, preset.facts
    is_placed = bool(own.namespace or own.namespaces is not None)
    is_elsewhere = bool(own.addresses or own.internet or own.pods is not None)
    is_outside = bool(own.hosts and not (lent.is_external or is_placed or is_elsewhere))
    if own.peers or is_outside or (is_elsewhere and lent.pods is None):
        lent = Facts(ports=lent.ports, service_ports=lent.service_ports)  # where it is, the entry says itself
    elif is_placed and lent.pods is None:
        key = "namespace" if own.namespace else "namespaces"
        return _refuse(entry, key, "says where it is", f'remove "{key}" or "preset"', report)
    elif "internet" in entry.spans and lent.internet:
        return _refuse(entry, "internet", "is the internet", 'remove "internet", or write where it is in "at"', report)
    facts = own._replace(
        namespace=own.namespace if is_placed else lent.namespace,
        namespaces=own.namespaces if is_placed else lent.namespaces,
        pods=lent.pods if own.pods is None else own.pods,
        ports=own.ports or lent.ports,
        service_ports=own.service_ports if own.ports else lent.service_ports,
        addresses=own.addresses or lent.addresses,
        peers=own.peers or lent.peers,
        internet=own.internet or lent.internet,
        is_external=own.is_external or lent.is_external,
    )
    return replace(entry, facts=facts)


def _refuse(entry: CatalogEntry, key: str, which: str, repair: str, report: Report) -> CatalogEntry:
    """EG232 for a key that contradicts the preset."""
    assert entry.preset is not None, "without a preset nothing contradicts it"
    span = entry.spans[key]
    problem = f'cannot be used with the preset "{entry.preset.value}", which {which}'
    report.add(wrong_value(key, Located(span.text, span), problem, repair))
    return replace(entry, is_spoiled=True)


def _of_families(peers: tuple[AddressPeer, ...], cluster: Cluster) -> tuple[AddressPeer, ...]:
    return tuple(it for it in peers if _BY_FAMILY[":" in it.cidr] in cluster.ip_families)


def _cluster_presets(cluster: Cluster) -> Iterator[Preset]:
    yield Preset(
        DNS,
        "kube-dns",
        ("kube-dns (kube-system)", "cluster DNS", "DNS", "CoreDNS", "kubedns", "Kubernetes DNS"),
        Facts("kube-system", pods=labels_of(**{"k8s-app": "kube-dns"}), ports=tuple(sorted(DNS_PORTS))),
        "kubernetes/kubernetes cluster/addons/dns: the label of the cluster DNS",
    )
    yield Preset(
        "NodeLocal DNS",
        "nodelocal-dns",
        ("NodeLocal DNSCache", "node-local-dns"),
        Facts(addresses=networks(f"{NODE_LOCAL_ADDRESS}/32"), ports=tuple(sorted(DNS_PORTS)), is_external=True),
        "kubernetes.io, Using NodeLocal DNSCache: its usual address; in IPv6 it has none",
    )
    api_port = Port(Protocol.TCP, cluster.api_server_port)
    yield Preset(
        API_SERVER,
        "kubernetes-api-server",
        (
            *("Kubernetes API", "API server", "kube-apiserver", "apiserver", "kube-api", "kube API", "K8s API"),
            *("K8s API server",),
        ),
        Facts(
            addresses=networks(*cluster.api_server),
            ports=(api_port,),
            service_ports=(ServicePort(443, api_port),),
            is_external=True,
        ),
        "kubernetes.io, kube-apiserver --secure-port: 6443; its endpoints are no pods that a selector can name",
        BOTH,
        "cluster.apiServer",
        ("default", "kube-system"),
    )
    kube_system = labels_of(**{NAMESPACE_NAME: "kube-system"})
    agents = (labels_of(**{key: "konnectivity-agent"}) for key in ("app", "k8s-app"))
    yield Preset(
        KONNECTIVITY,
        "konnectivity-agent",
        ("konnectivity-agent", "konnectivity agents"),
        Facts(peers=tuple(PodPeer(kube_system, it) for it in agents)),
        "kubernetes/website konnectivity-agent.yaml and GKE: k8s-app; IBM Cloud and HyperShift: app",
        CALLER,
        namespaces=("kube-system",),
    )
    yield Preset(
        KUBELET,
        "kubelet-api",
        ("kubelets API",),
        Facts(addresses=networks(*cluster.nodes), ports=tcp(10250), is_external=True),
        "kubernetes.io, Ports and Protocols: 10250 at each node",
        needs="cluster.nodes",
    )
    yield Preset(
        INTERNET,
        "internet",
        ("the internet", "public internet", "any public address"),
        Facts(internet=True, is_external=True),
        "every address except cluster.privateRanges and cluster.nodes",
        BOTH,
    )
    everywhere = _of_families(networks("0.0.0.0/0", "::/0"), cluster)
    yield Preset(
        ANYWHERE,
        "anywhere",
        (),
        Facts(peers=(*everywhere, PodPeer(Selector(), None))),
        "kubernetes.io, Network Policies: an address block is not meant to match pods, so every pod is named too",
        BOTH,
    )
