"""`egressc explain`: the repair of a denial is the right one, and once it is made the connection is allowed."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from egressc.cli import ERRORS, OK, USAGE
from support.command import run

PROJECT = {
    "egressc.yaml": "sources: [services.md]\ncatalog: catalog.yaml\nallow: [{code: EG414, reason: by address}]\n",
    "catalog.yaml": """\
defaults:
  namespace: shop
  selector: {app: "{id}"}
groups:
  Backends: {members: [Users, Search]}
destinations:
  Redis: {namespace: data, ports: [6379]}
  Mail API: {hosts: [mail.example.com], internet: true, ports: [443]}
  Partner: {addresses: [203.0.113.0/24, "2001:db8::/32"], ports: [8443]}
""",
    "services.md": "| Service | Listens on | Depends on |\n|---|---|---|\n"
    "| Orders | - | Redis, Mail API, Partner, Backends |\n| Users | 8080 | Redis |\n| Search | 9090 | Users |\n",
}
SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "redis", "namespace": "data"},
    "spec": {
        "clusterIP": "10.96.7.7",
        "selector": {"app": "redis"},
        "ports": [{"port": 6379, "targetPort": 16379}, {"name": "old", "port": 80, "targetPort": 6379}],
    },
}
GUARD = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "redis-in", "namespace": "data"},
    "spec": {
        "podSelector": {"matchLabels": {"app": "redis"}},
        "policyTypes": ["Ingress"],
        "ingress": [
            {
                "from": [
                    {
                        "namespaceSelector": {
                            "matchLabels": {"team": "shop"},
                            "matchExpressions": [{"key": "env", "operator": "Exists"}],
                        },
                        "podSelector": {"matchLabels": {"app": "orders"}},
                    }
                ],
                "ports": [{"port": 6379}],
            }
        ],
    },
}
HOME: dict[str, Any] = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"a": "b"}}}

Document = dict[str, Any]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in PROJECT.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert run(["compile"], tmp_path).exit_code == OK
    return tmp_path


def ask(project: Path, question: str, *more: str) -> Document:
    result = run(["explain", question, "--format", "json", *more], project)
    found: Document = json.loads(result.stdout)
    assert result.exit_code == (OK if found["allowed"] else ERRORS), result.output
    return found


def kinds(answer: Document) -> list[str]:
    return [cause["kind"] for cause in answer["causes"]]


def edit(project: Path, name: str, before: str, after: str) -> None:
    text = (project / name).read_text("utf-8")
    assert before in text
    (project / name).write_text(text.replace(before, after), "utf-8")


def dump(project: Path, *more: Document, change: Callable[[Document], object] = lambda policy: None) -> tuple[str, str]:
    """The policies as a dump beside other manifests, that of Orders changed; the options that name it."""
    policies = [it for it in yaml.safe_load_all(run(["render"], project).stdout) if it]
    change(next(it for it in policies if it["metadata"]["name"] == "orders"))
    (project / "dump.yaml").write_text(yaml.safe_dump_all([*policies, *more]), "utf-8")
    return "--manifests", "dump.yaml"


def without_port(port: int, protocol: str = "TCP") -> Callable[[Document], object]:
    """Takes a port out of every rule."""

    def change(policy: Document) -> None:
        for rule in policy["spec"]["egress"]:
            rule["ports"] = [it for it in rule["ports"] if (it["port"], it["protocol"]) != (port, protocol)]
        policy["spec"]["egress"] = [rule for rule in policy["spec"]["egress"] if rule["ports"]]

    return change


def test_values_that_are_older_than_the_row_are_compiled(project: Path) -> None:
    edit(project, "services.md", "| Users | 8080 | Redis |", "| Users | 8080 | Redis, Search |")
    (answer,) = ask(project, "users -> search")["answers"]
    assert kinds(answer) == ["stale-policy"]
    assert "services.md:4" in answer["causes"][0]["text"]
    assert answer["repair"] == "update the values: `egressc compile`"
    assert run(["compile"], project).exit_code == OK
    assert ask(project, "users -> search")["allowed"]


@pytest.mark.parametrize(
    ("question", "lost"),
    [
        ("orders -> redis", (6379, "TCP")),
        ("orders -> kube-dns:53/udp", (53, "UDP")),
        ("orders -> partner", (8443, "TCP")),
    ],
)
def test_manifests_that_lack_what_a_row_asks_for_are_installed_again(
    question: str, lost: tuple[int, str], project: Path
) -> None:
    (answer,) = ask(project, question, *dump(project, change=without_port(*lost)))["answers"]
    assert kinds(answer) == ["stale-policy"]
    assert "`egressc install`" in answer["repair"]
    assert ask(project, question, *dump(project))["allowed"]


def test_another_port_in_a_manifest_is_no_row_to_be_written(project: Path) -> None:
    def change(policy: Document) -> None:
        (port,) = (it for rule in policy["spec"]["egress"] for it in rule["ports"] if it["port"] == 6379)
        port["port"] = 6380

    (answer,) = ask(project, "orders -> redis", *dump(project, change=change))["answers"]
    assert "opens 6380/TCP, not 6379/TCP" in answer["nearest"]["text"]
    assert kinds(answer) == ["stale-policy"]


def test_a_host_that_cannot_be_looked_up_is_told(project: Path) -> None:
    closed = ask(project, "orders -> host:mail.example.com", *dump(project, change=without_port(53, "UDP")))
    assert closed["allowed"]
    assert kinds(closed["answers"][0]) == ["dns-closed"]
    assert "`egressc install`" in closed["answers"][0]["repair"]
    assert kinds(ask(project, "orders -> host:mail.example.com", *dump(project))["answers"][0]) == []


def test_without_dns_no_host_can_be_looked_up(project: Path) -> None:
    entry = "  Orders: {dns: {profile: none}}\n"
    edit(project, "catalog.yaml", "destinations:\n", f"destinations:\n{entry}")
    assert run(["compile"], project).exit_code == OK
    (looked_up,) = ask(project, "orders -> host:mail.example.com")["answers"]
    assert kinds(looked_up) == ["dns-closed"]
    (answer,) = ask(project, "orders -> kube-dns:53/udp")["answers"]
    assert kinds(answer) == ["dns-profile"]
    assert 'the DNS profile is "none"' in answer["causes"][0]["text"]
    assert "`dns: {profile: kube-dns}` in place of none" in answer["repair"]
    edit(project, "services.md", "| Redis, Mail API,", "| Redis, kube-dns, Mail API,")
    assert run(["compile"], project).exit_code == OK
    (answer,) = ask(project, "orders -> kube-dns:53/udp")["answers"]
    assert answer["allowed"]
    assert kinds(ask(project, "orders -> host:mail.example.com")["answers"][0]) == []
    edit(project, "services.md", "kube-dns, ", "")
    edit(project, "catalog.yaml", "none", "kube-dns")
    assert run(["compile"], project).exit_code == OK
    assert ask(project, "orders -> kube-dns:53/udp")["allowed"]


def test_a_policy_in_the_wrong_namespace_is_named(project: Path) -> None:
    more = dump(project, change=lambda policy: policy["metadata"].pop("namespace"))
    found = ask(project, "orders -> 198.51.100.9:25", *more)
    assert found["allowed"]
    told = [step["text"] for step in found["answers"][0]["chain"]]
    assert "default/orders selects such pods, but only in default" in told


def test_another_dns_profile_lets_the_lookup_through(project: Path) -> None:
    (answer,) = ask(project, "orders -> 169.254.20.10:53/udp")["answers"]
    assert kinds(answer) == ["dns-profile"]
    written = re.search(r"`(.*)`", answer["repair"])
    assert written is not None
    (project / "egressc.yaml").write_text(f"{PROJECT['egressc.yaml']}{written[1]}\n", "utf-8")
    assert run(["compile"], project).exit_code == OK
    assert ask(project, "orders -> 169.254.20.10:53/udp")["allowed"]


def test_a_namespace_gets_every_label_that_the_rule_asks_for(project: Path) -> None:
    (answer,) = ask(project, "orders -> redis", *dump(project, GUARD, HOME))["answers"]
    assert kinds(answer) == ["ingress-closed", "namespace-label"]
    command = answer["repair"].removeprefix("label the namespace: kubectl label namespace shop ")
    labels = dict(pair.split("=") for pair in command.split())
    assert labels == {"team": "shop", "env": "true"}
    labelled = {**HOME, "metadata": {"name": "shop", "labels": {"a": "b", **labels}}}
    assert ask(project, "orders -> redis", *dump(project, GUARD, labelled))["allowed"]


def test_a_wrong_label_is_overwritten(project: Path) -> None:
    wrong = {**HOME, "metadata": {"name": "shop", "labels": {"team": "toys", "env": "x"}}}
    (answer,) = ask(project, "orders -> redis", *dump(project, GUARD, wrong))["answers"]
    assert answer["repair"] == "label the namespace: kubectl label namespace shop team=shop --overwrite"


def test_both_ends_are_told_where_both_deny(project: Path) -> None:
    (answer,) = ask(project, "users -> redis:6380", *dump(project, GUARD))["answers"]
    assert answer["repair"] == (
        "connect to 6379/TCP, or add 6380/TCP in the row that asks; and allow it in a rule of data/redis-in"
    )


@pytest.mark.parametrize(
    ("question", "before", "after"),
    [
        ("users -> partner", "| Redis |\n| Search", "| Redis, Partner |\n| Search"),
        ("users -> redis:6380", "| Redis |\n| Search", "| Redis (6379, 6380) |\n| Search"),
        ("users -> 169.254.169.254:80", "| Redis |\n| Search", "| Redis, node metadata |\n| Search"),
    ],
)
def test_a_row_that_asks_lets_it_through(question: str, before: str, after: str, project: Path) -> None:
    (answer,) = [it for it in ask(project, question)["answers"] if not it["allowed"]]
    assert "row" in answer["repair"]
    edit(project, "services.md", before, after)
    result = run(["compile"], project)
    assert result.exit_code == OK, result.stderr
    assert ask(project, question)["allowed"]


def test_each_member_of_a_group_on_its_own_ports(project: Path) -> None:
    found = ask(project, "orders -> Backends")
    assert found["allowed"]
    assert [it["port"] for it in found["answers"]] == [8080, 9090]
    assert [it["port"] for it in ask(project, "orders -> Backends:9090")["answers"]] == [9090]
    assert "allowed: orders -> Search on 9090/TCP" in run(["explain", "orders -> Backends"], project).stdout


def test_the_nearest_rule_is_the_one_that_means_the_address_most(project: Path) -> None:
    (answer,) = ask(project, "orders -> 203.0.113.9:80")["answers"]
    assert answer["nearest"]["text"] == 'the rule for "partner" opens 8443/TCP, not 80/TCP'


def test_the_hint_for_an_address_is_written_as_it_is_read(project: Path) -> None:
    assert "[2001:db8::1]:443" in run(["explain", "orders -> 2001:db8::1"], project).stderr


class TestServices:
    """Policy sees the pod behind a Service, on the port that the Service sends it to."""

    def test_a_port_that_the_service_sends_elsewhere_is_told_with_its_verdict(self, project: Path) -> None:
        found = ask(project, "orders -> redis:6379", *dump(project, SERVICE))
        assert found["allowed"]
        (told,) = [step["text"] for step in found["answers"][0]["chain"] if step["kind"] == "service"]
        assert told == (
            "6379/TCP is a port of Service data/redis: policy sees the pod behind it, on 16379/TCP, which is denied"
        )

    def test_a_port_of_the_service_alone_needs_no_repair(self, project: Path) -> None:
        (answer,) = ask(project, "orders -> redis:80", *dump(project, SERVICE))["answers"]
        assert not answer["allowed"]
        assert kinds(answer) == ["service-port"]
        assert answer["repair"] == "nothing: clients keep using the Service's 80/TCP"

    @pytest.mark.parametrize("end", ["10.96.7.7", "host:redis.data.svc"])
    def test_the_address_of_a_service_and_its_name_lead_to_its_pods(self, end: str, project: Path) -> None:
        more = dump(project, SERVICE)
        open_one = ask(project, f"orders -> {end}:80", *more)
        assert open_one["allowed"]
        assert (open_one["answers"][0]["askedPort"], open_one["answers"][0]["port"]) == (80, 6379)
        (closed,) = ask(project, f"orders -> {end}:6379", *more)["answers"]
        assert (closed["allowed"], closed["port"]) == (False, 16379)
        assert "16379/TCP in the row that asks" in closed["repair"]
        assert [it["allowed"] for it in ask(project, f"orders -> {end}", *more)["answers"]] == [False, True]

    def test_a_port_that_the_service_does_not_have(self, project: Path) -> None:
        result = run(["explain", "orders -> 10.96.7.7:81", *dump(project, SERVICE)], project)
        assert (result.exit_code, "Service data/redis has no port 81/TCP" in result.stderr) == (USAGE, True)

    def test_a_headless_service_changes_no_port(self, project: Path) -> None:
        headless = {**SERVICE, "spec": {**SERVICE["spec"], "clusterIP": "None"}}  # type: ignore[dict-item]
        (answer,) = ask(project, "orders -> redis:6379", *dump(project, headless))["answers"]
        assert [step for step in answer["chain"] if step["kind"] == "service"] == []

    def test_another_denial_is_repaired_before_the_port(self, project: Path) -> None:
        (answer,) = ask(project, "orders -> redis:6379", *dump(project, SERVICE, GUARD, HOME))["answers"]
        assert answer["repair"].startswith("label the namespace")
