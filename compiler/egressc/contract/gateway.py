"""The hosts behind an egress gateway of Istio in the values contract, for the chart egress-gateway."""

from typing import Annotated, Final

from pydantic import ConfigDict, Field

from egressc.contract.dialects import given, not_given
from egressc.contract.document import Release, ValuesRoot
from egressc.contract.fields import (
    Client,
    DnsLabel,
    DnsSubdomain,
    HostName,
    LabelKey,
    LabelValue,
    ManagedAnnotationKey,
    ManagedLabelKey,
    PortNumber,
)
from egressc.contract.kubernetes import Shape
from egressc.model.gateway import HOST_TLS_PORT, REQUESTS_MAX, RateUnit, TlsMode

_OF_PODS: Final = ("service", "podSelector", "port")


class EgressGatewayValues(Shape):
    """Where the gateway is, or what its waypoint is called; its namespace is that of the release."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": given("string", "waypoint"),
            "then": not_given(*_OF_PODS),
            "else": {"allOf": [given("string", "service"), given("object", "podSelector"), given("integer", "port")]},
        }
    )

    service: DnsLabel | None = Field(default=None, description="The name of the Service of the gateway.")
    pod_selector: Annotated[dict[LabelKey, LabelValue], Field(min_length=1)] | None = Field(
        default=None, description="Labels of the pods of the gateway, which no other pods in its namespace have."
    )
    port: PortNumber | None = Field(default=None, description="The port of the Service for TLS.")
    waypoint: DnsLabel | None = Field(
        default=None,
        description="In ambient mode: the name of the waypoint's Gateway, which this release has. It replaces the keys "
        "above, and hosts have no `rateLimit` then.",
    )
    cluster_domain: DnsSubdomain = Field(description="The DNS domain of the cluster, such as cluster.local.")


class RateLimitValues(Shape):
    """How many requests each pod of the gateway passes on to a host; it answers further ones with 429."""

    requests: Annotated[int, Field(ge=1, le=REQUESTS_MAX)] = Field(description="Requests in one unit of time.")
    per: RateUnit = Field(description="The unit of time.")


class GatewayHostValues(Shape):
    """A host to which the gateway leads."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["tls"], "properties": {"tls": {"enum": ["originate"]}}},
            "then": {"properties": {"port": {"not": {"enum": [HOST_TLS_PORT]}}}},
            "else": not_given("rateLimit"),
        }
    )

    port: PortNumber = Field(
        description="The port that clients connect to: one, for the gateway knows a connection by the host alone."
    )
    clients: Annotated[list[Client], Field(min_length=1)] = Field(
        description="The namespaces whose pods may connect to it, and service accounts as NAMESPACE/NAME.",
        json_schema_extra={"uniqueItems": True},
    )
    tls: TlsMode | None = Field(
        default=None,
        description="passthrough: clients open TLS to the host. originate: they speak plain HTTP to the port, and the "
        "gateway opens TLS to port 443 of the host. Default: passthrough.",
    )
    rate_limit: RateLimitValues | None = Field(
        default=None, description="How many requests each pod of the gateway passes on; only with `tls: originate`."
    )


class GatewayValues(Shape):
    """The hosts that services reach through an egress gateway."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["gateway"], "properties": {"gateway": given("string", "waypoint")}},
            "then": {"properties": {"hosts": {"additionalProperties": not_given("rateLimit")}}},
        }
    )

    release: Release = Field(description="The release that the values are for, in the namespace of the gateway.")
    enabled: bool = Field(default=True, description="Whether to render the objects; false renders nothing.")
    gateway: EgressGatewayValues = Field(description="Where the gateway is.")
    hosts: Annotated[dict[HostName, GatewayHostValues | None], Field(min_length=1)] = Field(
        description="The hosts by name; one that is null is left out."
    )
    common_labels: dict[ManagedLabelKey, LabelValue | None] = Field(
        default={}, description="Labels to add to the objects."
    )
    common_annotations: dict[ManagedAnnotationKey, str | None] = Field(
        default={}, description="Annotations to add to the objects."
    )


class GatewayValuesDocument(ValuesRoot):
    """Values of the egress gateway for the chart egress-gateway, as `egressc compile` writes them."""

    network_policy: GatewayValues = Field(description="The gateway and its hosts.")
