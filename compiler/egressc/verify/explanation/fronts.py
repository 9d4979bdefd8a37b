"""Services in front of pods: what their ports lead to, and which Service an address belongs to."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from egressc.model.flows import Endpoint, Pod
from egressc.model.requirements import ServicePort
from egressc.model.workloads import Service, offered_to


class Offer(NamedTuple):
    """One port of a Service, and the pod's port behind it. `name` is "namespace/name", or "" where only a row tells."""

    name: str
    port: ServicePort

    @property
    def title(self) -> str:
        return f"Service {self.name}" if self.name else "the Service"


def offers_of(end: Endpoint, services: Iterable[Service]) -> Iterator[Offer]:
    """The ports of the Services in front of an end; of a headless one clients connect to the pods' own."""
    if isinstance(end, Pod):
        for service in services:
            if not service.is_headless:
                name = f"{service.namespace}/{service.name}"
                yield from (Offer(name, port) for port in offered_to(end, (service,)))


def service_at(address: str, services: Iterable[Service]) -> Service | None:
    """The Service that has this address in the cluster."""
    return next((service for service in services if address in service.addresses), None)
