"""Destinations that every cluster, mesh or cloud has, by the names people use for them.

A table or catalog that defines one of these names otherwise is followed instead. Sources:
- kube-dns: labels of the cluster DNS in Kubernetes' own manifests (cluster/addons/dns).
- API server: kubernetes.io/docs, "Access Applications"; its endpoints are no pods that a selector could name. 6443 is
  the default of kube-apiserver's --secure-port; the endpoints of many managed clusters have 443, and the project file
  says so.
- node metadata: 169.254.169.254 is link-local (RFC 3927) and used by AWS, Azure and Google; fd00:ec2::254 by AWS ("IPv6
  on AWS", "Supporting Amazon VPC services").
- EKS Pod Identity: docs.aws.amazon.com, "Set up the Amazon EKS Pod Identity Agent": 169.254.170.23 and fd00:ec2::23;
  port 80.
- Anywhere: every address and every pod, for an address block is not meant to match pods (kubernetes.io/docs, "Network
  Policies").
- istiod: istio.io, "Ports used by Istio": 15012, xDS and certificates over mTLS, the same number at the Service and the
  pod; pods of every revision have the label app=istiod (manifests/charts/istio-control/istio-discovery).
"""

from dataclasses import dataclass
from typing import Final

from egressc.model.policy import AddressPeer, PodPeer, Port, Protocol, Selector
from egressc.model.ports import DNS_PORTS
from egressc.model.project import Cluster
from egressc.model.requirements import Facts, ServicePort

DNS: Final = "kube-dns"
API_SERVER: Final = "Kubernetes API server"
INTERNET: Final = "Internet"
ANYWHERE: Final = "Anywhere"


@dataclass(frozen=True, slots=True)
class Preset:
    """A destination that is known without being defined; its names are met in any letter case."""

    name: str
    id: str
    aliases: tuple[str, ...]
    facts: Facts
    namespaces: tuple[str, ...] = ()  # where tables place what is in none


def presets(cluster: Cluster) -> tuple[Preset, ...]:
    """The presets, as far as the cluster's facts make them known; the API server has no address until it is told."""
    metadata = (AddressPeer("169.254.169.254/32"), AddressPeer("fd00:ec2::254/128"))
    everywhere = (AddressPeer("0.0.0.0/0"), AddressPeer("::/0"))
    pod_identity = (AddressPeer("169.254.170.23/32"), AddressPeer("fd00:ec2::23/128"))
    return (
        Preset(
            DNS,
            "kube-dns",
            ("kube-dns (kube-system)", "cluster DNS", "DNS", "CoreDNS", "kubedns", "Kubernetes DNS"),
            Facts("kube-system", pods=Selector((("k8s-app", "kube-dns"),)), ports=tuple(sorted(DNS_PORTS))),
        ),
        Preset(
            API_SERVER,
            "kubernetes-api-server",
            (
                *("Kubernetes API", "API server", "kube-apiserver", "apiserver", "kube-api", "kube API", "K8s API"),
                *("K8s API server",),
            ),
            Facts(
                addresses=tuple(AddressPeer(cidr) for cidr in cluster.api_server),
                ports=(Port(Protocol.TCP, cluster.api_server_port),),
                service_ports=(ServicePort(443, Port(Protocol.TCP, cluster.api_server_port)),),
                is_external=True,
            ),
            ("default", "kube-system"),
        ),
        Preset(
            "node metadata",
            "node-metadata",
            ("instance metadata", "cloud metadata", "metadata service", "IMDS"),
            Facts(addresses=_families(metadata, cluster), ports=(Port(Protocol.TCP, 80),), is_external=True),
        ),
        Preset(
            "EKS Pod Identity",
            "eks-pod-identity",
            ("EKS Pod Identity Agent",),
            Facts(addresses=_families(pod_identity, cluster), ports=(Port(Protocol.TCP, 80),), is_external=True),
        ),
        Preset(
            "istiod",
            "istiod",
            (),
            Facts("istio-system", pods=Selector((("app", "istiod"),)), ports=(Port(Protocol.TCP, 15012),)),
        ),
        Preset(
            INTERNET,
            "internet",
            ("the internet", "public internet", "any public address"),
            Facts(internet=True, is_external=True),
        ),
        Preset(ANYWHERE, "anywhere", (), Facts(peers=(*_families(everywhere, cluster), PodPeer(Selector(), None)))),
    )


def _families(peers: tuple[AddressPeer, ...], cluster: Cluster) -> tuple[AddressPeer, ...]:
    return tuple(it for it in peers if ("IPv6" if ":" in it.cidr else "IPv4") in cluster.ip_families)
