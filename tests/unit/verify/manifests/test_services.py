"""Services out of manifests: their ports, their addresses, and the pods behind them."""

from typing import Any

from egressc.dialects.shapes.fields import Problems
from egressc.model.flows import Pod
from egressc.model.policy import Port, Protocol
from egressc.model.ports import say_port
from egressc.model.workloads import Service, offered_to
from egressc.verify.explanation.fronts import offers_of, service_at
from egressc.verify.manifests.services import read_service
from support.tables import each

SELECTOR = {"app": "redis"}
TCP, UDP = Protocol.TCP, Protocol.UDP


def read(**spec: Any) -> tuple[Service | None, list[str]]:
    problems = Problems()
    manifest = {"metadata": {"name": "redis", "namespace": "data"}, "spec": {"selector": SELECTOR, **spec}}
    return read_service(manifest, "data", problems), [f"{it.path}: {it.text}" for it in problems.found]


@each(
    ("entry", "ports"),
    [
        ({"port": 80}, "80 to 80/TCP"),
        ({"port": 80, "targetPort": 8080, "protocol": "UDP"}, "80 to 8080/UDP"),
        ({"port": 80, "targetPort": "http"}, "80 to http/TCP"),
        ({"port": 80, "targetPort": 0}, "80 to 80/TCP"),
    ],
)
def test_a_port_leads_to_one_of_the_pod(entry: dict[str, Any], ports: str) -> None:
    service, problems = read(ports=[entry])
    assert service is not None
    assert [f"{it.service} to {say_port(it.pod)}" for it in service.ports] == [ports]
    assert problems == []


@each(
    "entry",
    [
        {},
        {"port": "80"},
        {"port": "80", "targetPort": 80},
        {"port": 80, "targetPort": [80]},
        {"port": 80, "protocol": "ICMP"},
    ],
)
def test_what_is_no_port_is_a_problem(entry: dict[str, Any]) -> None:
    service, problems = read(ports=[{"port": 1}, entry])
    assert service is not None
    assert [it.service for it in service.ports] == [1]
    assert [it.split(":")[0] for it in problems] == ["spec.ports[1]"]


@each(
    ("spec", "addresses", "is_headless"),
    [
        ({}, (), False),
        ({"clusterIP": ""}, (), False),
        ({"clusterIP": "10.96.0.7"}, ("10.96.0.7",), False),
        ({"clusterIP": "10.96.0.7", "clusterIPs": ["10.96.0.7", "fd00::7"]}, ("10.96.0.7", "fd00::7"), False),
        ({"clusterIP": "None", "clusterIPs": ["None"]}, ("None",), True),
        ({"clusterIPs": ["", None, 7]}, (), False),
    ],
)
def test_addresses(spec: dict[str, Any], addresses: tuple[str, ...], is_headless: bool) -> None:
    service, _ = read(**spec)
    assert service is not None
    assert (service.addresses, service.is_headless) == (addresses, is_headless)
    assert service_at("10.96.0.7", [service]) == (service if "10.96.0.7" in addresses else None)


def test_a_service_without_a_selector_has_no_pods() -> None:
    assert read(selector={}) == (None, [])
    assert read(selector=None) == (None, [])


@each(
    ("pod", "offered"),
    [
        (Pod("data", SELECTOR), ["80 to http/TCP", "81 to 8081/TCP"]),
        (Pod("data", {**SELECTOR, "tier": "x"}, ports=(("http", TCP, 8080),)), ["80 to 8080/TCP", "81 to 8081/TCP"]),
        (Pod("data", SELECTOR, ports=(("http", UDP, 8080),)), ["80 to http/TCP", "81 to 8081/TCP"]),
        (Pod("data", {"app": "other"}), []),
        (Pod("shop", SELECTOR), []),
    ],
)
def test_the_pods_behind_a_service_look_names_up(pod: Pod, offered: list[str]) -> None:
    service, _ = read(ports=[{"port": 80, "targetPort": "http"}, {"port": 81, "targetPort": 8081}])
    assert service is not None
    found = [f"{it.service} to {say_port(it.pod)}" for it in offered_to(pod, [service])]
    assert found == offered
    assert [f"{it.port.service} to {say_port(it.port.pod)}" for it in offers_of(pod, [service])] == offered
    assert service.selects(pod) is bool(offered)


def test_of_a_headless_service_and_for_an_address_nothing_is_offered() -> None:
    service, _ = read(ports=[{"port": 80}], clusterIP="None")
    assert service is not None
    assert offered_to(Pod("data", SELECTOR), [service])[0].pod == Port(TCP, 80)
    assert list(offers_of(Pod("data", SELECTOR), [service])) == []
    assert list(offers_of("10.96.0.7", [service])) == []
