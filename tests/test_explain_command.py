"""`egressc explain`: the verdict, the chain down to the row, the nearest miss and the usual causes."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from egressc.cli import ERRORS, OK, USAGE
from egressc.project.questions import read_question
from support.command import run
from support.tables import each

ROOT = Path(__file__).parent.parent
FLOWS = sorted(ROOT.glob("tests/flows/*.yaml"))

PROJECT = {
    "egressc.yaml": "sources: [services.md]\ncatalog: catalog.yaml\ncluster: {namespaceLabel: name}\n"
    "allow: [{code: EG412, reason: the platform labels namespaces}, {code: EG414, reason: by address}]\n",
    "catalog.yaml": """\
defaults:
  namespace: shop
  selector: {app: "{id}"}
destinations:
  Redis: {namespace: data, ports: [6379]}
  Users: {ports: [{port: 8080, servicePort: 80}]}
  Payment API: {hosts: [pay.example.com], addresses: [203.0.113.0/24], ports: [443]}
  Idle: {ports: [{port: 9999, protocol: UDP}]}
""",
    "services.md": "| Service | Depends on |\n|---|---|\n| Orders | Redis, Users, Payment API |\n| Users | Redis |\n",
}
SERVICES = """\
---
apiVersion: v1
kind: Service
metadata: {name: redis, namespace: data}
spec:
  selector: {app: redis}
  ports: [{port: 80, targetPort: redis}, {port: 6379}]
---
apiVersion: v1
kind: Service
metadata: {name: elsewhere, namespace: data}
spec: {type: ExternalName, externalName: example.com}
---
apiVersion: v1
kind: Pod
metadata: {name: redis-0, namespace: data, labels: {app: redis}}
spec: {containers: [{name: main, image: redis, ports: [{name: redis, containerPort: 6379}]}]}
"""
CLOSED = """\
---
apiVersion: v1
kind: Namespace
metadata: {name: data}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop}
spec: {podSelector: {matchLabels: {app: users}}, policyTypes: [Ingress]}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explain")
    for name, text in PROJECT.items():
        (folder / name).write_text(text, "utf-8")
    assert run(["compile"], folder).exit_code == OK
    (folder / "manifests.yaml").write_text(run(["render"], folder).stdout + CLOSED, "utf-8")
    return folder


def ask(project: Path, question: str, *more: str) -> dict[str, Any]:
    result = run(["explain", question, "--format", "json", *more], project)
    found: dict[str, Any] = json.loads(result.stdout)
    assert result.exit_code == (OK if found["allowed"] else ERRORS), result.output
    return found


def chain(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (step["kind"], step["location"]["path"] if step["location"] else "") for step in answer["answers"][0]["chain"]
    ]


def causes(answer: dict[str, Any]) -> list[str]:
    return [cause["kind"] for cause in answer["answers"][0]["causes"]]


@pytest.mark.parametrize("ends", ["orders -> redis", "Orders -> Redis:6379", "orders → Redis 6379/tcp"])
def test_an_allowed_connection_leads_to_its_row(ends: str, project: Path) -> None:
    answer = ask(project, ends)
    assert answer["allowed"]
    assert chain(answer) == [
        ("policy", "rendered/orders.yaml"),
        ("rule", "rendered/orders.yaml"),
        ("values", "values/orders.yaml"),
        ("row", "services.md"),
        ("ingress", ""),
    ]
    values = answer["answers"][0]["chain"][2]
    assert values["text"] == "networkPolicy.dependencies.redis"
    line = (project / "values" / "orders.yaml").read_text("utf-8").splitlines()[values["location"]["line"] - 1]
    assert line.strip() == "redis:"


def test_the_ends_may_be_two_words(project: Path) -> None:
    two = run(["explain", "orders", "redis:6379"], project)
    assert (two.exit_code, two.stdout) == (OK, run(["explain", "orders -> redis:6379"], project).stdout)
    assert run(["explain", "orders"], project).exit_code == USAGE
    assert run(["explain", "orders", "redis", "users"], project).exit_code == USAGE


@pytest.mark.parametrize(
    ("ends", "allowed"),
    [
        ("pod:shop/app=orders -> pod:data/app=redis,tier=x:6379", True),
        ("pod:shop/app=orders -> pod:data/app=redis:6379/udp", False),
        ("pod:shop/app=nobody -> 198.51.100.7:25", True),  # nothing isolates it
        ("orders -> 203.0.113.9:443", True),
        ("orders -> [2001:db8::1]:443", False),
        ("orders -> host:pay.example.com", True),
        ("orders -> host:Pay.Example.COM.:443", True),
        ("orders -> host:eu.pay.example.com:443", False),
        ("orders -> host:evil.example.com:443", False),
        ("orders -> kube-dns:53/udp", True),
        ("198.51.100.7 -> users:8080", True),
        ("users -> orders:1", False),
    ],
)
def test_ends_are_written_in_many_ways(ends: str, allowed: bool, project: Path) -> None:
    assert ask(project, ends)["allowed"] is allowed


def test_the_nearest_miss_names_the_port_that_is_open(project: Path) -> None:
    found = ask(project, "orders -> redis:6380")["answers"][0]
    assert found["nearest"]["text"] == 'the rule for "redis" opens 6379/TCP, not 6380/TCP'
    assert found["nearest"]["location"]["path"] == "services.md"
    assert "6379/TCP" in found["repair"]


def test_a_row_is_offered_where_nothing_is_near(project: Path) -> None:
    found = ask(project, "users -> Payment API")["answers"][0]
    assert found["nearest"] is None
    assert found["repair"] == "add it to a row of users (services.md:4)"


def test_the_protocol_is_that_of_the_destination(project: Path) -> None:
    assert ask(project, "orders -> Idle:9999")["answers"][0]["protocol"] == "UDP"


@pytest.mark.parametrize(
    ("ends", "kind", "words"),
    [
        ("orders -> users:80", "service-port", "8080/TCP"),
        ("orders -> 169.254.20.10:53/udp", "dns-profile", "nodelocal"),
        (
            "orders -> pod:openshift-dns/dns.operator.openshift.io/daemonset-dns=default:5353",
            "dns-profile",
            "openshift",
        ),
        ("orders -> 10.96.0.10:6379", "cluster-address", "Service"),
    ],
)
def test_usual_causes_are_told(ends: str, kind: str, words: str, project: Path) -> None:
    answer = ask(project, ends)
    assert kind in causes(answer)
    assert words in json.dumps(answer["answers"][0]["causes"])


def test_manifests_tell_of_closed_ingress_and_of_labels(project: Path) -> None:
    more = ("--manifests", "manifests.yaml")
    closed = ask(project, "orders -> users:8080", *more)
    assert causes(closed) == ["ingress-closed"]
    assert "shop/closed" in closed["answers"][0]["repair"]
    unlabelled = ask(project, "orders -> redis:6379", *more)
    assert causes(unlabelled) == ["namespace-label"]
    assert unlabelled["answers"][0]["repair"] == "label the namespace: kubectl label namespace data name=data"


def test_manifests_tell_of_services(project: Path) -> None:
    (project / "services.yaml").write_text((project / "manifests.yaml").read_text("utf-8") + SERVICES, "utf-8")
    answer = ask(project, "orders -> redis:80", "--manifests", "services.yaml")
    assert "service-port" in causes(answer)
    assert "6379/TCP" in json.dumps(answer["answers"][0]["causes"])


def test_pods_of_manifests_have_named_ports(project: Path) -> None:
    policy = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: redis, namespace: data}
spec: {podSelector: {matchLabels: {app: redis}}, ingress: [{ports: [{port: redis}]}]}
"""
    (project / "named.yaml").write_text(run(["render"], project).stdout + SERVICES + policy, "utf-8")
    for destination in ("pod:data/app=redis", "Redis", "data/redis-0"):
        assert ask(project, f"orders -> {destination}:6379", "--manifests", "named.yaml")["allowed"]
    assert not ask(project, "orders -> pod:data/app=redis,role=x:6379", "--manifests", "named.yaml")["allowed"]


def test_flows_beyond_the_policies_are_called_approximate(project: Path) -> None:
    assert "ipBlock" in ask(project, "orders -> 10.0.0.1:6379")["answers"][0]["approximate"][0]


def test_the_text_form_says_the_same(project: Path) -> None:
    result = run(["explain", "orders -> redis:6380"], project)
    assert result.exit_code == ERRORS
    assert re.findall(r"^ *(\w+)  ", result.stdout, re.MULTILINE) == [
        "from", "to", "policy", "ingress", "nearest", "repair",
    ]  # fmt: skip
    assert result.stdout.startswith("denied: orders -> redis on 6380/TCP\n")


@pytest.mark.parametrize(
    "question",
    ["orders", "orders -> ", "orders -> nobody:1", "orders -> redis:0", "orders -> 203.0.113.9", "host:x -> redis:1",
     "orders -> pod:data/app:1", "orders -> host:*.example.com:443", "orders -> host:https://pay.example.com:443"],
)  # fmt: skip
def test_what_is_no_question_is_bad_usage(question: str, project: Path) -> None:
    assert run(["explain", question], project).exit_code == USAGE


def test_a_near_name_is_offered(project: Path) -> None:
    assert 'did you mean "Redis"' in run(["explain", "orders -> Rediss:6379"], project).stderr


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("other.example.com:443", 'write a host name as "host:other.example.com"'),
        ("host:*.example.com:443", '"host:*.example.com" has a wildcard; write one name, as in "host:api.example.com"'),
        ("host:redis.data.svc:6379", 'add it with --manifests, or "Redis" if you mean that'),
        ("host:mail.ops.svc.cluster.local:25", "the Service mail of the namespace ops, whose pods are in no manifest"),
    ],
)
def test_a_name_that_is_no_one_host_is_told_what_to_write(asked: str, said: str, project: Path) -> None:
    result = run(["explain", f"orders -> {asked}"], project)
    assert result.exit_code == USAGE
    assert said in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    "host", ["redis.data.svc", "redis.data.svc.cluster.local.", "redis-0.redis.data.svc.corp.example"]
)
def test_the_name_of_a_service_stands_for_the_pods_behind_it(host: str, project: Path) -> None:
    (project / "all.yaml").write_text(run(["render"], project).stdout + SERVICES, "utf-8")
    more = ("--manifests", "all.yaml")
    by_host, by_name = (ask(project, f"orders -> {it}:6379", *more) for it in (f"host:{host}", "redis"))
    assert by_host["allowed"]
    assert chain(by_host) == chain(by_name)
    by_port = ask(project, f"orders -> host:{host}:80", *more)
    assert by_port["allowed"]
    assert by_port["answers"][0]["chain"][0]["text"] == "Service data/redis sends 80/TCP on to 6379/TCP of the pod"
    missing = run(["explain", "orders -> host:elsewhere.data.svc:80", "--manifests", "all.yaml"], project)
    assert missing.exit_code == USAGE


@each(
    ("port", "pods", "behind"),
    [
        ("{port: 8080, servicePort: 80}", "", "8080/TCP"),
        ("{port: 80}", "", ""),
        ("{port: http, servicePort: 80}", "", "http/TCP"),
        ("{port: http, servicePort: 80}", "{name: http, containerPort: 8080}", "8080/TCP"),
        ("{port: 8080, servicePort: 80}", "{name: http, containerPort: 9090}", "8080/TCP"),
    ],
)
def test_before_translation_egress_sees_the_port_of_the_service_and_ingress_that_of_the_pod(
    port: str, pods: str, behind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("before")
    texts = {
        "egressc.yaml": "sources: [services.md]\ncatalog: catalog.yaml\ndirections: both\n"
        "cluster: {serviceTranslation: before}\n",
        "catalog.yaml": f"defaults: {{namespace: shop, selector: {{app: '{{id}}'}}}}\n"
        f"destinations: {{api: {{ports: [{port}]}}}}\n",
        "services.md": "| Service | Depends on |\n|---|---|\n| web | api |\n| api | None |\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    assert run(["compile"], folder).exit_code == OK
    pod = (
        "---\napiVersion: v1\nkind: Pod\nmetadata: {name: api, namespace: shop, labels: {app: api}}\n"
        f"spec: {{containers: [{{name: main, image: api, ports: [{pods}]}}]}}\n"
    )
    rendered = run(["render"], folder).stdout + pod * bool(pods)
    (folder / "all.yaml").write_text(rendered, "utf-8")
    for question in ("web -> api", "web -> api:80"):
        answer = ask(folder, question, "--manifests", "all.yaml")
        assert answer["allowed"]
        said = [it["text"] for it in answer["answers"][0]["chain"] if it["kind"] == "service"]
        assert said == ([f"the Service sends 80/TCP on to {behind} of the pod"] if behind else [])
    (folder / "all.yaml").write_text(rendered.replace("port: 80\n", "port: 81\n"), "utf-8")
    assert not ask(folder, "web -> api", "--manifests", "all.yaml")["allowed"]


def test_questions_are_taken_apart() -> None:
    assert read_question("a -> 2001:db8::1").destination == "2001:db8::1"
    assert read_question("a -> pod:ns/x.io/app=b:80/SCTP") == read_question("a->pod:ns/x.io/app=b 80/sctp")


@each("table", FLOWS)
def test_flows_written_by_hand_are_explained_alike(table: Path) -> None:
    """The flows of each example, decided by people from its document."""
    said = yaml.safe_load(table.read_text("utf-8"))
    project = ROOT / said["project"]
    pods = said["pods"]

    def end(name: str) -> str | None:
        if name in pods:
            labels = ",".join(f"{key}={value}" for key, value in pods[name]["labels"].items())
            return f"pod:{pods[name]['namespace']}/{labels}"
        if name.startswith("host:"):
            found: str | None = said["hosts"].get(name.removeprefix("host:"))
            return found
        return name.removeprefix("ip:") if name.startswith(("ip:", "pod:")) else None

    with (ROOT / said["flows"]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    asked = 0
    for row in rows[:: max(1, len(rows) // 30)]:
        source, destination = end(row["source"]), end(row["destination"])
        key = ",".join((row["source"], row["destination"], row["protocol"], row["port"]))
        if source is None or destination is None or key in said.get("left out", {}) or not row["port"].isdigit():
            continue
        port = f"[{destination}]" if ":" in destination and not destination.startswith("pod:") else destination
        result = run(["explain", f"{source} -> {port}:{row['port']}/{row['protocol'].lower()}"], project)
        assert result.exit_code == (OK if row["verdict"] == "allow" else ERRORS), f"{row}\n{result.output}"
        asked += 1
    assert asked


def test_before_translation_a_service_without_the_port_is_no_end(tmp_path: Path) -> None:
    """Of the Services in front of a destination a rule opens those that have its ports."""
    front = (
        "---\napiVersion: v1\nkind: Service\nmetadata: {{name: {0}, namespace: shop}}\nspec: {{selector: {{app: api}}, "
    )
    front += "clusterIP: {1}, ports: [{{port: {2}}}]}}\n"
    texts = {
        "egressc.yaml": "sources: [services.md]\ncatalog: catalog.yaml\nworkloads: [k8s.yaml]\n"
        "cluster: {serviceTranslation: before}\n",
        "catalog.yaml": "defaults: {namespace: shop, selector: {app: '{id}'}}\ndestinations: {api: {ports: [80]}}\n",
        "services.md": "| Service | Depends on |\n|---|---|\n| web | api |\n",
        "k8s.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: api, namespace: shop, labels: {app: api}}\n"
        "spec: {containers: [{name: main, image: api}]}\n"
        + front.format("api", "10.96.0.7", 80)
        + front.format("api-v2", "10.96.0.8", 8443),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert run(["compile"], tmp_path).exit_code == OK
    assert ask(tmp_path, "web -> api")["allowed"]
    assert ask(tmp_path, "web -> 10.96.0.7:80")["allowed"]
    assert not ask(tmp_path, "web -> 10.96.0.8:80")["allowed"]
