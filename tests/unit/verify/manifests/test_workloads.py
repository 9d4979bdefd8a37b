"""Workloads as manifests describe them: where the pod is, what it listens on, and who made it."""

from textwrap import dedent

from egressc.diagnostics.core import Report
from egressc.model.label_classes import matches
from egressc.model.policy import Port, Protocol
from egressc.model.workloads import Workload
from egressc.source import Source
from egressc.verify.manifests.reader import read_manifests
from support.tables import each

OF_JOB = {"batch.kubernetes.io/job-name": "x", "job-name": "x"}


def read_one(text: str) -> Workload:
    report = Report()
    found = read_manifests([Source("workloads.yaml", dedent(text))], report)
    assert not report.sorted()
    (workload,) = found.workloads
    return workload


def deployment(spec: str = "", template: str = "") -> str:
    return f"""\
        apiVersion: apps/v1
        kind: Deployment
        metadata: {{name: web, namespace: shop}}
        spec:
          selector: {{matchLabels: {{app: web}}}}
          {spec or "replicas: 1"}
          template:
            metadata: {{labels: {{app: web, tier: front}}}}
            spec:
              {template or "containers: []"}
        """


def test_a_controller_gives_its_pods_its_name() -> None:
    found = read_one(deployment())
    assert found.pod.title == "Deployment shop/web"
    assert found.pod.labels == {"app": "web", "tier": "front"}
    assert found.owner is None
    assert not found.is_idle


def test_the_selector_is_less_than_the_labels() -> None:
    found = read_one(deployment())
    assert matches(found.selector, {"app": "web"})
    assert not matches(found.selector, {"tier": "front"})


def test_ports_count_with_and_without_a_name() -> None:
    ports = "containers: [{name: a, ports: [{name: http, containerPort: 8080}, {containerPort: 53, protocol: UDP}]}]"
    found = read_one(deployment(template=ports))
    assert found.ports == (Port(Protocol.TCP, 8080), Port(Protocol.UDP, 53))
    assert found.pod.ports == (("http", Protocol.TCP, 8080),)


@each(
    ("kind", "spec", "labels"),
    [
        ("Pod", "{containers: []}", {"app": "x"}),
        ("Job", "{template: {metadata: {labels: {app: x}}, spec: {containers: []}}}", {"app": "x", **OF_JOB}),
    ],
)
def test_what_selects_no_pods_stands_for_its_labels(kind: str, spec: str, labels: dict[str, str]) -> None:
    api = "v1" if kind == "Pod" else "batch/v1"
    own = ", labels: {app: x}" if kind == "Pod" else ""
    found = read_one(f"{{apiVersion: {api}, kind: {kind}, metadata: {{name: x, namespace: a{own}}}, spec: {spec}}}")
    assert found.pod.labels == labels
    assert matches(found.selector, labels)
    assert not matches(found.selector, {})


def test_the_controller_is_one_of_the_owners() -> None:
    owners = "[{kind: Node, name: n, uid: a}, {kind: Deployment, name: web, controller: true, uid: b}]"
    found = read_one(f"""\
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata: {{name: web-5d, namespace: shop, ownerReferences: {owners}}}
        spec: {{replicas: 0, selector: {{matchLabels: {{app: web}}}}, template: {{metadata: {{labels: {{app: web}}}}}}}}
        """)
    assert found.owner == ("Deployment", "shop", "web")
    assert found.is_idle


@each(
    ("entry", "ports", "named"),
    [
        ("{containerPort: 80}", [Port(Protocol.TCP, 80)], ()),
        ("{containerPort: 80, name: http}", [Port(Protocol.TCP, 80)], (("http", Protocol.TCP, 80),)),
        ("{containerPort: 53, name: dns, protocol: UDP}", [Port(Protocol.UDP, 53)], (("dns", Protocol.UDP, 53),)),
        ("{containerPort: 80, name: http, protocol: ICMP}", [], ()),
        ("{containerPort: http, name: http}", [], ()),
        ("{name: http}", [], ()),
    ],
)
def test_ports_of_containers(entry: str, ports: list[Port], named: tuple[tuple[str, Protocol, int], ...]) -> None:
    found = read_one(deployment(template=f"containers: [{{name: main, ports: [{entry}]}}]"))
    assert list(found.ports) == ports
    assert found.pod.ports == named
