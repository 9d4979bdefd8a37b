"""Destinations and callers that many clusters, meshes and clouds have: those that need no entry in the catalog, by the
names people use for them, and those that an entry completes (`preset`), since their namespace differs by installation.

A table or catalog that defines one of these names otherwise is followed instead. No alias is a word that a document
may well mean something else by. `source` of each says where its facts are published.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.live import NODE_LOCAL_ADDRESS
from egressc.diagnostics.presets import unknown_preset
from egressc.model.catalog import Catalog, CatalogEntry
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.model.policy import AddressPeer, PodPeer, Port, Protocol, Selector
from egressc.model.ports import DNS_PORTS, HBONE_PORT
from egressc.model.project import Cluster
from egressc.model.requirements import Facts, ServicePort
from egressc.resolve.names import NearNames

DNS: Final = "kube-dns"
API_SERVER: Final = "Kubernetes API server"
KUBELET: Final = "kubelet API"
KONNECTIVITY: Final = "konnectivity agent"
INTERNET: Final = "Internet"

_CALLER: Final = ("caller",)
_BOTH: Final = ("destination", "caller")
_BY_FAMILY: Final = "IPv4", "IPv6"


@dataclass(frozen=True, slots=True)
class Preset:
    """A destination or caller that is known without being defined; its names are met in any letter case.

    `namespaces`: where tables place what is in none. `needs`: the key without which it has no address or, of one that
    only an entry of the catalog can name, no namespace.
    """

    name: str
    id: str
    aliases: tuple[str, ...]
    facts: Facts
    source: str
    ends: tuple[str, ...] = ("destination",)
    needs: str = ""
    namespaces: tuple[str, ...] = ()

    @property
    def is_named(self) -> bool:
        """Whether tables can name it without an entry."""
        return self.needs != "namespace"


def presets(cluster: Cluster) -> tuple[Preset, ...]:
    """The presets that tables can name, as far as the cluster's facts make them known; without them no address."""
    return tuple(it for it in all_presets(cluster) if it.is_named)


def all_presets(cluster: Cluster) -> tuple[Preset, ...]:
    return tuple(
        replace(it, facts=it.facts._replace(addresses=_of_families(it.facts.addresses, cluster)))
        for it in (*_cluster_presets(cluster), *_CLOUDS, *_MESH, *_OBSERVABILITY)
    )


def needs_entry(name: str) -> bool:
    """Whether a name is that of a preset that an entry of the catalog has to complete."""
    return any(name.casefold() in (it.name.casefold(), *map(str.casefold, it.aliases)) for it in _OBSERVABILITY)


def with_presets(catalog: Catalog, cluster: Cluster, report: Report) -> Catalog:
    """The catalog, its entries with what they leave to the preset that they name. Reports EG326."""
    if not any(entry.preset for entry in catalog.entries):
        return catalog
    known = {name.casefold(): it for it in all_presets(cluster) for name in (it.name, *it.aliases)}
    return replace(catalog, entries=tuple(_complete(it, known, report) for it in catalog.entries))


def _complete(entry: CatalogEntry, known: dict[str, Preset], report: Report) -> CatalogEntry:
    if entry.preset is None:
        return entry
    preset = known.get(entry.preset.value.casefold())
    if preset is None:
        near = NearNames(it.name for it in known.values()).near(entry.preset.value)
        report.add(unknown_preset(entry.preset, near))
        return replace(entry, is_spoiled=True)
    own, lent = entry.facts, preset.facts
    is_placed = bool(own.namespace or own.namespaces is not None)
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


def _of_families(peers: tuple[AddressPeer, ...], cluster: Cluster) -> tuple[AddressPeer, ...]:
    return tuple(it for it in peers if _BY_FAMILY[":" in it.cidr] in cluster.ip_families)


def _networks(*cidrs: str) -> tuple[AddressPeer, ...]:
    return tuple(map(AddressPeer, cidrs))


def _tcp(*ports: int) -> tuple[Port, ...]:
    return tuple(Port(Protocol.TCP, it) for it in ports)


def _labels(**labels: str) -> Selector:
    return Selector(tuple(labels.items()))


def _cluster_presets(cluster: Cluster) -> Iterator[Preset]:
    yield Preset(
        DNS,
        "kube-dns",
        ("kube-dns (kube-system)", "cluster DNS", "DNS", "CoreDNS", "kubedns", "Kubernetes DNS"),
        Facts("kube-system", pods=_labels(**{"k8s-app": "kube-dns"}), ports=tuple(sorted(DNS_PORTS))),
        "kubernetes/kubernetes cluster/addons/dns: the label of the cluster DNS",
    )
    yield Preset(
        "NodeLocal DNS",
        "nodelocal-dns",
        ("NodeLocal DNSCache", "node-local-dns"),
        Facts(addresses=_networks(f"{NODE_LOCAL_ADDRESS}/32"), ports=tuple(sorted(DNS_PORTS)), is_external=True),
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
            addresses=_networks(*cluster.api_server),
            ports=(api_port,),
            service_ports=(ServicePort(443, api_port),),
            is_external=True,
        ),
        "kubernetes.io, kube-apiserver --secure-port: 6443; its endpoints are no pods that a selector can name",
        _BOTH,
        "cluster.apiServer",
        ("default", "kube-system"),
    )
    kube_system = _labels(**{NAMESPACE_NAME: "kube-system"})
    yield Preset(
        KONNECTIVITY,
        "konnectivity-agent",
        ("konnectivity-agent", "konnectivity agents"),
        Facts(peers=tuple(PodPeer(kube_system, _labels(**{key: "konnectivity-agent"})) for key in ("app", "k8s-app"))),
        "kubernetes/website konnectivity-agent.yaml and GKE: k8s-app; IBM Cloud and HyperShift: app",
        _CALLER,
    )
    yield Preset(
        KUBELET,
        "kubelet-api",
        ("kubelets API",),
        Facts(addresses=_networks(*cluster.nodes), ports=_tcp(10250), is_external=True),
        "kubernetes.io, Ports and Protocols: 10250 at each node",
        needs="cluster.nodes",
    )
    yield Preset(
        INTERNET,
        "internet",
        ("the internet", "public internet", "any public address"),
        Facts(internet=True, is_external=True),
        "every address except cluster.privateRanges and cluster.nodes",
        _BOTH,
    )


_CLOUDS: Final = (
    Preset(
        "node metadata",
        "node-metadata",
        ("instance metadata", "cloud metadata", "metadata service", "IMDS", "EC2 metadata", "Azure IMDS"),
        Facts(
            addresses=_networks("169.254.169.254/32", "fd00:ec2::254/128", "fd20:ce::254/128"),
            ports=_tcp(80),
            is_external=True,
        ),
        "RFC 3927; AWS, IPv6 on AWS; Azure, Instance Metadata Service; Google Cloud, About VM metadata; with GKE "
        "Dataplane V2 also workload identity",
    ),
    Preset(
        "EKS Pod Identity",
        "eks-pod-identity",
        ("EKS Pod Identity Agent",),
        Facts(addresses=_networks("169.254.170.23/32", "fd00:ec2::23/128"), ports=_tcp(80), is_external=True),
        "docs.aws.amazon.com, Set up the Amazon EKS Pod Identity Agent",
    ),
    Preset(
        "GKE metadata server",
        "gke-metadata-server",
        ("gke-metadata-server", "GKE workload identity"),
        Facts(addresses=_networks("169.254.169.252/32"), ports=_tcp(988), is_external=True),
        "cloud.google.com, About Workload Identity Federation for GKE: without Dataplane V2, which sees node metadata",
    ),
    Preset(
        "VPC Lattice",
        "vpc-lattice",
        ("Amazon VPC Lattice", "AWS VPC Lattice"),
        Facts(addresses=_networks("169.254.171.0/24", "fd00:ec2:80::/64"), is_external=True),
        "AWS managed prefix lists com.amazonaws.REGION.vpc-lattice and .ipv6.vpc-lattice; a row says the port",
    ),
)

# Source of all: istio.io, Ports used by Istio; Ambient and Kubernetes NetworkPolicy.
_MESH: Final = (
    Preset(
        "istiod",
        "istiod",
        (),
        Facts("istio-system", pods=_labels(app="istiod"), ports=_tcp(15012)),
        "istio.io, Ports used by Istio: xDS over mTLS; manifests/charts/istio-control/istio-discovery: app=istiod",
        _BOTH,
    ),
    Preset(
        "Istio sidecars",
        "istio-sidecars",
        ("Istio sidecar", "Istio sidecar proxies"),
        Facts(
            namespaces=Selector(),
            pods=_labels(**{"security.istio.io/tlsMode": "istio"}),
            ports=_tcp(15020, 15090),
        ),
        "istio.io, Ports used by Istio: telemetry; injection-template.yaml: security.istio.io/tlsMode=istio",
        _BOTH,
    ),
    Preset(
        "Istio ambient pods",
        "istio-ambient-pods",
        ("Istio ambient mesh", "HBONE"),
        Facts(namespaces=_labels(**{"istio.io/dataplane-mode": "ambient"}), pods=Selector(), ports=_tcp(HBONE_PORT)),
        "istio.io, Ambient and Kubernetes NetworkPolicy: the tunnel leads to every port (EG470)",
        _BOTH,
    ),
    Preset(
        "Istio ambient probes",
        "istio-ambient-probes",
        ("Istio ambient health probes",),
        Facts(addresses=_networks("169.254.7.127/32", "fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128"), is_external=True),
        "istio.io, Ambient and Kubernetes NetworkPolicy: where health probes of the kubelet come from",
        _CALLER,
    ),
)

_OBSERVABILITY: Final = (
    Preset(
        "OpenTelemetry Collector",
        "opentelemetry-collector",
        ("OTel Collector",),
        Facts(pods=_labels(**{"app.kubernetes.io/name": "opentelemetry-collector"}), ports=_tcp(4317, 4318)),
        "open-telemetry/opentelemetry-helm-charts opentelemetry-collector; opentelemetry.io, OTLP: 4317, 4318",
        _BOTH,
        "namespace",
    ),
    Preset(
        "OpenTelemetry Collector of the operator",
        "opentelemetry-collector-of-the-operator",
        ("OTel Collector of the operator",),
        Facts(
            pods=_labels(
                **{
                    "app.kubernetes.io/component": "opentelemetry-collector",
                    "app.kubernetes.io/managed-by": "opentelemetry-operator",
                }
            ),
            ports=_tcp(4317, 4318),
        ),
        "open-telemetry/opentelemetry-operator, labels of a collector",
        _BOTH,
        "namespace",
    ),
    Preset(
        "Prometheus",
        "prometheus",
        (),
        Facts(pods=_labels(**{"app.kubernetes.io/name": "prometheus"}), ports=_tcp(9090)),
        "prometheus-operator, labels of its pods; prometheus-community/prometheus; prometheus.io: 9090",
        _BOTH,
        "namespace",
    ),
)
