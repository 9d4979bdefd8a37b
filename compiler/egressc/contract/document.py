"""What every values document of the charts has: the names at its top, and the release that it is for."""

from typing import Any

from pydantic import Field

from egressc.contract.fields import DnsLabel, DnsSubdomain, NameOverride
from egressc.contract.kubernetes import Shape


class Release(Shape):
    """The Helm release that the values are for. A policy in another namespace would protect no pod of the service."""

    name: DnsSubdomain = Field(description="The name of the release; the chart service-policy refuses another one.")
    namespace: DnsLabel = Field(description="The namespace of the release; every chart refuses another one.")


class ValuesRoot(Shape):
    """What the values of all charts have at the top."""

    name_override: NameOverride | None = Field(
        default=None, description="Replaces the chart's name in resource names and labels; empty: not replaced."
    )
    fullname_override: NameOverride | None = Field(
        default=None, description="Replaces the whole resource name; empty: made from release and chart name."
    )
    global_: dict[str, Any] | None = Field(
        default=None, alias="global", description="Values that Helm gives every chart; this one reads none."
    )
