"""The document model of requirements in YAML; its JSON Schema comes from here."""

from pydantic import Field

from egressc.model.entries import Entry, Name, Selection, Text

# A list as people write one: items apart, or one text with the separators of a table cell.
Words = list[int | str] | int | str


class ServiceRequirement(Entry):
    """A service and what it needs."""

    service: Name = Field(description="Name of the service.")
    namespace: Name | None = Field(default=None, description="Namespace its pods run in.")
    selector: Selection | Name | None = Field(default=None, description='Labels of its pods, or "app=web".')
    dependencies: Words = Field(default=[], description='Destinations: "redis", "redis:6379", "api (HTTPS 443)".')
    external: Words = Field(default=[], description="Destinations outside the cluster, written the same way.")
    listens_on: Words = Field(default=[], description="Pod ports it listens on.")
    called_by: Words = Field(default=[], description="Services that call it: each gets the rule.")
    notes: Text = Field(default="", description='Remarks; "allow EG402: reason" allows a warning here.')
    environments: Words = Field(default=[], description="Environments of the project that this is for; default: all.")


class DestinationRequirement(Entry):
    """A destination; with `service` it is one that this service asks for."""

    destination: Name = Field(description="Name of the destination.")
    service: Name | None = Field(default=None, description="The service that asks; absent: a definition for all.")
    namespace: Name | None = Field(default=None, description='Namespace, "any", or "Internet".')
    selector: Selection | Name | None = Field(default=None, description='Labels of its pods, "app=web", "any pod".')
    address: Words = Field(default=[], description="CIDRs, addresses or host names outside the cluster.")
    port: Words = Field(default=[], description="Pod ports.")
    protocol: Words = Field(default=[], description="TCP, UDP, SCTP.")
    purpose: Text = Field(default="", description="What it is needed for.")
    owner: Words = Field(default=[], description="For audits, of a destination outside the cluster: who owns it.")
    region: Words = Field(default=[], description="For audits: where it is.")
    via: Words = Field(default=[], description="For audits: how traffic leaves for it.")
    data: Words = Field(default=[], description="For audits: classes of the data that leave for it.")
    notes: Text = Field(default="", description='Remarks; "allow EG402: reason" allows a warning here.')
    environments: Words = Field(default=[], description="Environments of the project that this is for; default: all.")


class FlowRequirement(Entry):
    """One connection."""

    source: Name = Field(alias="from", description="The service that connects.")
    destination: Name = Field(alias="to", description="What it connects to.")
    port: Words = Field(default=[], description="Pod ports; none: those the destination listens on.")
    protocol: Words = Field(default=[], description="TCP, UDP, SCTP.")
    purpose: Text = Field(default="", description="What it is needed for.")
    notes: Text = Field(default="", description='Remarks; "allow EG402: reason" allows a warning here.')
    environments: Words = Field(default=[], description="Environments of the project that this is for; default: all.")


class RequirementsDocument(Entry):
    """A requirements file in YAML."""

    services: list[ServiceRequirement] = Field(default=[], description="Services and what they need.")
    destinations: list[DestinationRequirement] = Field(default=[], description="Destinations.")
    flows: list[FlowRequirement] = Field(default=[], description="Connections, one an item.")
