"""Destinations and callers of clouds, meshes and observability, with the places where their facts are published."""

from dataclasses import dataclass
from typing import Final

from egressc.model.address_sets import METADATA_NETWORKS
from egressc.model.policy import AddressPeer, Port, Protocol, Selector
from egressc.model.ports import HBONE_PORT
from egressc.model.requirements import Facts

CALLER: Final = ("caller",)
BOTH: Final = ("destination", "caller")


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


def networks(*cidrs: str) -> tuple[AddressPeer, ...]:
    return tuple(map(AddressPeer, cidrs))


def tcp(*ports: int) -> tuple[Port, ...]:
    return tuple(Port(Protocol.TCP, it) for it in ports)


def labels_of(**labels: str) -> Selector:
    return Selector(tuple(labels.items()))


CLOUDS: Final = (
    Preset(
        "node metadata",
        "node-metadata",
        ("instance metadata", "cloud metadata", "metadata service", "IMDS", "EC2 metadata", "Azure IMDS"),
        Facts(
            addresses=networks(*METADATA_NETWORKS),
            ports=tcp(80),
            is_external=True,
        ),
        "RFC 3927; AWS, IPv6 on AWS; Azure, Instance Metadata Service; Google Cloud, About VM metadata; with GKE "
        "Dataplane V2 also workload identity",
    ),
    Preset(
        "EKS Pod Identity",
        "eks-pod-identity",
        ("EKS Pod Identity Agent",),
        Facts(addresses=networks("169.254.170.23/32", "fd00:ec2::23/128"), ports=tcp(80), is_external=True),
        "docs.aws.amazon.com, Set up the Amazon EKS Pod Identity Agent",
    ),
    Preset(
        "GKE metadata server",
        "gke-metadata-server",
        ("gke-metadata-server", "GKE workload identity"),
        Facts(addresses=networks("169.254.169.252/32"), ports=tcp(988), is_external=True),
        "cloud.google.com, About Workload Identity Federation for GKE: without Dataplane V2, which sees node metadata",
    ),
    Preset(
        "VPC Lattice",
        "vpc-lattice",
        ("Amazon VPC Lattice", "AWS VPC Lattice"),
        Facts(addresses=networks("169.254.171.0/24", "fd00:ec2:80::/64"), is_external=True),
        "AWS managed prefix lists com.amazonaws.REGION.vpc-lattice and .ipv6.vpc-lattice; a row says the port",
    ),
)

# Source of all: istio.io, Ports used by Istio; Ambient and Kubernetes NetworkPolicy.
MESH: Final = (
    Preset(
        "istiod",
        "istiod",
        (),
        Facts("istio-system", pods=labels_of(app="istiod"), ports=tcp(15012)),
        "istio.io, Ports used by Istio: xDS over mTLS; manifests/charts/istio-control/istio-discovery: app=istiod",
        BOTH,
    ),
    Preset(
        "Istio sidecars",
        "istio-sidecars",
        ("Istio sidecar", "Istio sidecar proxies"),
        Facts(
            namespaces=Selector(),
            pods=labels_of(**{"security.istio.io/tlsMode": "istio"}),
            ports=tcp(15020, 15090),
        ),
        "istio.io, Ports used by Istio: telemetry; injection-template.yaml: security.istio.io/tlsMode=istio",
        BOTH,
    ),
    Preset(
        "Istio ambient pods",
        "istio-ambient-pods",
        ("Istio ambient mesh", "HBONE"),
        Facts(namespaces=labels_of(**{"istio.io/dataplane-mode": "ambient"}), pods=Selector(), ports=tcp(HBONE_PORT)),
        "istio.io, Ambient and Kubernetes NetworkPolicy: the tunnel leads to every port (EG470)",
        BOTH,
    ),
    Preset(
        "Istio ambient probes",
        "istio-ambient-probes",
        ("Istio ambient health probes",),
        Facts(addresses=networks("169.254.7.127/32", "fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128"), is_external=True),
        "istio.io, Ambient and Kubernetes NetworkPolicy: where health probes of the kubelet come from",
        CALLER,
    ),
)

OBSERVABILITY: Final = (
    Preset(
        "OpenTelemetry Collector",
        "opentelemetry-collector",
        ("OTel Collector",),
        Facts(pods=labels_of(**{"app.kubernetes.io/name": "opentelemetry-collector"}), ports=tcp(4317, 4318)),
        "open-telemetry/opentelemetry-helm-charts opentelemetry-collector; opentelemetry.io, OTLP: 4317, 4318",
        BOTH,
        "namespace",
    ),
    Preset(
        "OpenTelemetry Collector of the operator",
        "opentelemetry-collector-of-the-operator",
        ("OTel Collector of the operator",),
        Facts(
            pods=labels_of(
                **{
                    "app.kubernetes.io/component": "opentelemetry-collector",
                    "app.kubernetes.io/managed-by": "opentelemetry-operator",
                }
            ),
            ports=tcp(4317, 4318),
        ),
        "open-telemetry/opentelemetry-operator, labels of a collector",
        BOTH,
        "namespace",
    ),
    Preset(
        "Prometheus",
        "prometheus",
        (),
        Facts(pods=labels_of(**{"app.kubernetes.io/name": "prometheus"}), ports=tcp(9090)),
        "prometheus-operator, labels of its pods; prometheus-community/prometheus; prometheus.io: 9090",
        BOTH,
        "namespace",
    ),
)
