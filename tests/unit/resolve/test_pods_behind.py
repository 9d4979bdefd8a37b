"""Ports that rows say, and what workloads and Services make of them."""

from egressc.diagnostics.core import Report
from egressc.model.ports import say_ports
from egressc.model.project import Cluster, Project
from egressc.model.workloads import Workloads
from egressc.pipeline import compile_sources
from egressc.source import Source
from egressc.verify.manifests.reader import read_manifests
from support.tables import each

CATALOG = 'defaults: {namespace: shop, selector: {app: "{id}"}}\n'


def pod(name: str, *ports: str, labels: str = "", namespace: str = "shop") -> str:
    containers = f"[{{ports: [{', '.join(ports)}]}}]"
    metadata = f"{{name: {name}, namespace: {namespace}, labels: {{{labels or f'app: {name}'}}}}}"
    return f"{{apiVersion: v1, kind: Pod, metadata: {metadata}, spec: {{containers: {containers}}}}}\n"


def service(name: str, *ports: str, app: str = "orders", more: str = "") -> str:
    spec = f"{{selector: {{app: {app}}}, ports: [{', '.join(ports)}]{more}}}"
    return f"{{apiVersion: v1, kind: Service, metadata: {{name: {name}, namespace: shop}}, spec: {spec}}}\n"


HTTP = "{name: http, containerPort: 8080}"
FORWARDS = "{port: 80, targetPort: http}"


def compiled(needs: str, *manifests: str, catalog: str = "Orders: {}", before: bool = False) -> tuple[str, list[str]]:
    """What Web may reach of Orders, and what is reported of it."""
    table = f"| Service | Depends on |\n|---|---|\n| Web | {needs} |\n"
    texts = [Source("services.md", table)], [Source("catalog.yaml", CATALOG + f"destinations: {{{catalog}}}\n")]
    report, found = Report(), Report()
    read = read_manifests([Source("k8s.yaml", "---\n".join((pod("web"), *manifests)))], found, only_workloads=True)
    project = Project(cluster=Cluster(before_translation=before))
    done = compile_sources(project, *texts, report, Workloads(read.workloads, read.services))
    assert found.sorted() == []
    grants = done.policies.services[0].grants if done is not None else ()
    said = [f"{say_ports(it.ports)} at {len(it.destination.peers)}" for it in grants]
    return ", ".join(said), [it.code.id for it in report.sorted()]


@each(
    ("needs", "manifests", "reached", "codes"),
    [
        ("Orders:80", [pod("orders", HTTP), service("a", FORWARDS)], "8080/TCP", ["EG480"]),
        ("Orders:8080", [pod("orders", HTTP), service("a", FORWARDS)], "8080/TCP", []),
        ("Orders:80", [pod("orders", HTTP, "{containerPort: 80}"), service("a", FORWARDS)], "80/TCP", []),
        ("Orders:80/UDP", [pod("orders", HTTP), service("a", FORWARDS)], "80/UDP", ["EG482"]),
        ("Orders:80-90", [pod("orders", HTTP), service("a", FORWARDS)], "80-90/TCP", []),
        ("Orders:80", [pod("orders", HTTP), service("a", FORWARDS, app="other")], "80/TCP", ["EG482"]),
        ("Orders:80", [pod("orders", HTTP), service("a", FORWARDS, more=", clusterIP: None")], "80/TCP", ["EG482"]),
        ("Orders:80", [pod("orders", HTTP), service("a", FORWARDS), service("b", FORWARDS)], "8080/TCP", ["EG480"]),
        ("Orders:80", [pod("orders", HTTP), service("a", FORWARDS), service("b", "{port: 80}")], "", ["EG481"]),
        ("Orders:80", [pod("orders")], "80/TCP", []),
        ("Orders:80", [pod("other", HTTP)], "80/TCP", ["EG485"]),
        ("Orders:http", [pod("orders", HTTP)], "http/TCP", []),
        ("Orders:http/UDP", [pod("orders", HTTP)], "", ["EG483"]),
        ("Orders:grpc", [pod("orders", HTTP)], "", ["EG484"]),
    ],
)
def test_ports_of_rows(needs: str, manifests: list[str], reached: str, codes: list[str]) -> None:
    assert compiled(needs, *manifests) == (f"{reached} at 1" if reached else "", codes)


def test_a_name_that_some_pods_lack_or_number_otherwise() -> None:
    blue, green = (pod(it, HTTP, labels=f"app: orders, color: {it}") for it in ("blue", "green"))
    other, none = pod("red", HTTP.replace("8080", "9090"), labels="app: orders"), pod("old", labels="app: orders")
    front = service("a", FORWARDS)
    assert compiled("Orders:80", blue, green, front)[0] == "8080/TCP at 1"
    assert compiled("Orders:80", blue, none, front)[0] == "8080/TCP at 1"
    assert compiled("Orders:80", blue, other, front)[0] == "http/TCP at 1"


@each(
    ("catalog", "reached", "codes"),
    [
        ("Orders: {ports: [80]}", "8080/TCP", ["EG480"]),
        ("Orders: {ports: [8080]}", "8080/TCP", []),
        ("Orders: {ports: [{port: 8080, servicePort: 80}]}", "8080/TCP", []),
        ("Orders: {ports: [8081]}", "8081/TCP", ["EG482"]),
        ('Orders: {ports: [80], selector: "any pod"}', "80/TCP", ["EG402"]),
        ("Orders: {ports: [80], namespaces: any}", "80/TCP", ["EG403"]),
        ("Orders: {ports: [80], addresses: [192.0.2.1]}", "80/TCP", []),
        ("Orders: {ports: [80], namespace: elsewhere}", "80/TCP", []),
    ],
)
def test_ports_of_the_catalog(catalog: str, reached: str, codes: list[str]) -> None:
    found = compiled("Orders", pod("orders", HTTP), service("a", FORWARDS), catalog=catalog)
    assert found == (f"{reached} at 1", codes)


def test_a_row_with_a_port_that_the_catalog_does_not_list_has_one_finding() -> None:
    manifests = pod("orders", HTTP, "{containerPort: 9090}"), service("a", FORWARDS)
    assert compiled("Orders:9091", *manifests, catalog="Orders: {ports: [8080]}")[1] == ["EG407"]
    assert compiled("Orders:80", *manifests, catalog="Orders: {ports: [8080]}")[1] == ["EG480"]


ADDRESS = ", clusterIP: 10.96.0.7, clusterIPs: [10.96.0.7, 'fd00::7']"


@each(
    ("needs", "front", "reached"),
    [
        ("Orders:80", service("a", FORWARDS, more=ADDRESS), "80/TCP at 3"),
        ("Orders:8080", service("a", FORWARDS, more=ADDRESS), "80/TCP, 8080/TCP at 3"),
        ("Orders:8080", service("a", FORWARDS), "80/TCP, 8080/TCP at 1"),
        ("Orders:8080", service("a", FORWARDS, more=", clusterIP: None"), "8080/TCP at 1"),
    ],
)
def test_before_translation_services_are_reached_at_their_addresses(needs: str, front: str, reached: str) -> None:
    assert compiled(needs, pod("orders", HTTP), front, before=True)[0] == reached


def test_a_preset_may_be_pods_of_the_workloads() -> None:
    dns = pod("coredns", "{containerPort: 53}", labels="k8s-app: kube-dns", namespace="kube-system")
    assert compiled("kube-dns", dns, catalog="") == ("", [])
    assert compiled("kube-dns:9153", dns, catalog="") == ("9153/TCP at 1", ["EG482"])
