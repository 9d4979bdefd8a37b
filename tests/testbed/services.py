"""Services with EndpointSlices. A controller would make those from selectors: here whoever adds one says it all."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from testbed.api import Api, Object, Refused

_SLICES = "/apis/discovery.k8s.io/v1"
HEADLESS = "None"


@dataclass(frozen=True)
class Service:
    """One Service and who is behind it.

    Attributes:
        ports: protocol and number, the same at the Service and behind it.
        backends: addresses of pods.
        address: of the Service: HEADLESS for none, or "" for one that the API server chooses.
    """

    namespace: str
    name: str
    ports: Sequence[tuple[str, int]]
    backends: Sequence[str]
    address: str = HEADLESS


def add_service(api: Api, service: Service) -> None:
    """Make it, in place of one that has its name."""
    remove_service(api, service.namespace, service.name)
    metadata: Object = {"name": service.name, "namespace": service.namespace}
    ports = [{"name": f"p{at}", "protocol": kind, "port": port} for at, (kind, port) in enumerate(service.ports)]
    address = {"clusterIP": service.address} if service.address else {}
    made = {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {**address, "ports": ports}}
    api.post(f"/api/v1/namespaces/{service.namespace}/services", made)
    labels = {"kubernetes.io/service-name": service.name}
    endpoints = [{"addresses": [backend], "conditions": {"ready": True}} for backend in service.backends]
    slice_ = {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {**metadata, "labels": labels},
        "addressType": "IPv4",
        "ports": ports,
        "endpoints": endpoints,
    }
    api.post(f"{_SLICES}/namespaces/{service.namespace}/endpointslices", slice_)


def remove_service(api: Api, namespace: str, name: str) -> None:
    for path in (
        f"{_SLICES}/namespaces/{namespace}/endpointslices/{name}",
        f"/api/v1/namespaces/{namespace}/services/{name}",
    ):
        with suppress(Refused):
            api.delete(path)
