"""`networkPolicy.probe`: what `helm test` tries, from a pod that the policy selects and from one that it does not.

Source: docs/probe.md.
"""

from typing import Annotated, Literal

from pydantic import Field

from egressc.contract.fields import (
    DnsLabel,
    DnsSubdomain,
    Endpoint,
    HostName,
    Image,
    LabelKey,
    LabelValue,
    PortNumber,
)
from egressc.contract.kubernetes import Shape
from egressc.model.entries import ProtocolName

MergedLabels = dict[LabelKey, LabelValue | None]


class ProbeConnectionValues(Shape):
    """One connection to try, and what should come of it."""

    expect: Literal["allow", "deny"] = Field(description="Whether the policy should allow or deny the connection.")
    host: Endpoint = Field(description="What to connect to: a DNS name, or an address.")
    port: PortNumber = Field(description="The port that clients use: of the Service, where the host names one.")
    protocol: ProtocolName | None = Field(default=None, description="The protocol. Default: TCP.")


class ProbeControl(Shape):
    """The positive control: the same connections from a pod that the policy does not select."""

    enabled: bool = Field(default=True, description="Whether there is such a pod; without it a denial proves little.")
    pod_labels: MergedLabels = Field(default={}, description="Its labels; podSelector must not match them.")


class PullSecret(Shape):
    """Kubernetes' LocalObjectReference: a Secret of the same namespace."""

    name: DnsSubdomain = Field(description="The name of the Secret.")


class Probe(Shape):
    """Pods that try connections when `helm test` runs."""

    enabled: bool = Field(default=False, description="Whether `helm test` tries the connections.")
    image: Image = Field(default="busybox:1.37", description="The image of the pods; it needs sh, nc and nslookup.")
    timeout_seconds: Annotated[int, Field(ge=1, le=60)] = Field(
        default=3, description="How long one attempt waits for an answer, in seconds: 1..60."
    )
    attempts: Annotated[int, Field(ge=1, le=10)] = Field(
        default=3, description="How many times to try a connection that gets no answer: 1..10."
    )
    settle_seconds: Annotated[int, Field(ge=0, le=300)] = Field(
        default=5,
        description="Seconds to wait before the first attempt, so that the network plugin can apply the policy.",
    )
    dns_name: HostName = Field(
        default="kubernetes.default.svc.cluster.local", description="A full name that the cluster's DNS knows."
    )
    pod_labels: MergedLabels = Field(
        default={},
        description="More labels for the probe pod, needed if podSelector has matchExpressions.",
    )
    control: ProbeControl | None = Field(default=None, description="The positive control; absent, it is enabled.")
    image_pull_secrets: list[PullSecret] = Field(
        default=[], description="Secrets to pull the image with, as Kubernetes writes them."
    )
    connections: dict[DnsLabel, ProbeConnectionValues | None] = Field(
        default={}, description="What to try, by a stable key; null drops an entry of an earlier values file."
    )
