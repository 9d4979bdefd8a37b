"""What the project file says of dialects, as it is written."""

from typing import Annotated

from pydantic import Field

from egressc.model.cluster import CLUSTER_DOMAIN
from egressc.model.entries import Entry, Name
from egressc.model.gateway import ROOT_NAMESPACE
from egressc.model.scalars import PORT_MAX


class CiliumEntry(Entry):
    """Cilium, for the dialect Cilium."""

    version: Name = Field(description='Version in the cluster, as "MAJOR.MINOR": it decides what a rule can say.')
    strict_dns: bool = Field(
        default=False,
        description="Whether services with rules for hosts can resolve only these hosts and names of the cluster.",
    )
    cluster_domain: Name = Field(
        default=CLUSTER_DOMAIN, description="DNS domain of the cluster; hosts are not inside it."
    )


class EgressGatewayEntry(Entry):
    """The egress gateway of Istio, which its owners install."""

    namespace: Name = Field(description="Namespace of its pods and its Service.")
    service: Name = Field(default="istio-egressgateway", description="Name of its Service.")
    selector: Annotated[dict[str, str], Field(min_length=1)] = Field(
        default={"istio": "egressgateway"}, description="Labels of its pods."
    )
    service_port: Annotated[int, Field(ge=1, le=PORT_MAX)] = Field(
        default=443, description="Port of its Service for TLS."
    )
    pod_port: Annotated[int, Field(ge=1, le=PORT_MAX)] = Field(
        default=8443, description="The same port at its pods, the `targetPort` of the Service."
    )


class WaypointEntry(Entry):
    """The waypoint of an ambient mesh, which the release of the egress gateway describes and Istio installs."""

    namespace: Name = Field(description="Namespace of its Gateway and its pods.")
    name: Name = Field(default="egress", description="Name of its Gateway.")


class IstioEntry(Entry):
    """Istio with an egress gateway or a waypoint, for the dialect Istio."""

    gateway: EgressGatewayEntry | None = Field(
        default=None, description="With sidecars: the egress gateway through which services reach hosts."
    )
    waypoint: WaypointEntry | None = Field(
        default=None, description="In ambient mode, in place of `gateway`: the waypoint through which they do."
    )
    namespace: Name = Field(default=ROOT_NAMESPACE, description="Namespace of istiod, the control plane.")
    cluster_domain: Name = Field(
        default=CLUSTER_DOMAIN, description="DNS domain of the cluster; hosts are not inside it."
    )
