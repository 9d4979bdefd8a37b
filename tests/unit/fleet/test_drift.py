"""`egressc status` on clusters out of objects: each way to drift, and each thing around that matters."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from egressc.cluster.objects import Object, ObjectKind
from egressc.cluster.plugins import HostProblem
from egressc.diagnostics.core import Report
from egressc.fleet.drift import State, report_drift, report_surroundings
from egressc.fleet.fleet import read_fleet
from egressc.fleet.operations import plan_uninstall
from egressc.project.compiling import compile_project
from support.command import run
from support.recorded_cluster import RecordedCluster, daemon_set, installed, namespace, node, release
from support.recorded_shop import AROUND, BEFORE_TRANSLATION, RecordedShop
from support.tables import each

pytestmark = pytest.mark.slow  # each test runs commands on a whole project


def look(
    shop: RecordedShop, objects: Iterable[Object], hidden: tuple[ObjectKind, ...] = ()
) -> tuple[list[State], list[str]]:
    """The states, and the codes that are reported, notes included."""
    report = Report()
    fleet = shop.fleet(objects, report, hidden)
    states = report_drift(fleet, report)
    report_surroundings(fleet, report)
    return states, [found.code.id for found in report.diagnostics]


@pytest.fixture
def shop(tmp_path: Path) -> RecordedShop:
    return RecordedShop(tmp_path)


def test_what_is_right_is_not_reported(shop: RecordedShop) -> None:
    states, found = look(shop, [*AROUND, *shop.everything()])
    assert [(it.installed, it.live) for it in states] == [("current", "as installed")] * 2
    assert found == []


def test_missing(shop: RecordedShop) -> None:
    states, found = look(shop, [*AROUND, *shop.installed("web")])
    assert (states[0].service, states[0].installed, states[0].live) == ("orders", "missing", "missing")
    assert found == ["EG642"]


def test_outdated_and_edited(shop: RecordedShop) -> None:
    wider = shop.manifest("web").replace("port: 8080", "port: 9090")
    older = [release("web", "shop", wider, shop.values("web")), *installed(wider, "web", "shop")]
    assert look(shop, [*AROUND, *shop.installed("orders"), *older])[1] == ["EG643"]
    edited = [release("web", "shop", shop.manifest("web"), shop.values("web")), *installed(wider, "web", "shop")]
    assert look(shop, [*AROUND, *shop.installed("orders"), *edited])[1] == ["EG644"]


def test_without_releases_live_is_held_against_the_sources(shop: RecordedShop) -> None:
    wider = shop.manifest("web").replace("port: 8080", "port: 9090")
    policies = [*installed(wider, "web", "shop"), *shop.installed("orders")]
    assert look(shop, [*AROUND, *policies], (ObjectKind.SECRETS,))[1] == ["EG641", "EG643"]


def test_other_words_are_a_note(shop: RecordedShop) -> None:
    text = f"{shop.manifest('web')}# a comment more\n"
    reworded = [release("web", "shop", text, shop.values("web")), *installed(text, "web", "shop")]
    states, found = look(shop, [*AROUND, *shop.installed("orders"), *reworded])
    assert found == ["EG657"]
    assert states[1].installed == "same flows"


def test_others_widen_what_is_ours(shop: RecordedShop) -> None:
    wide = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "allow-all", "namespace": "shop"},
        "spec": {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Egress"], "egress": [{}]},
    }
    assert look(shop, [*AROUND, *shop.everything(), wide])[1] == ["EG645"]


def test_others_that_the_project_names_are_known_while_they_are_as_it_has_them(tmp_path: Path) -> None:
    wide = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "allow-all", "namespace": "shop"},
        "spec": {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Egress"], "egress": [{}]},
    }
    narrow = {**wide, "spec": {**wide["spec"], "egress": [{"ports": [{"port": 22}]}]}}  # type: ignore[dict-item]
    (tmp_path / "other.yaml").write_text(json.dumps(wide), "utf-8")
    shop = RecordedShop(tmp_path, "otherPolicies: [other.yaml]\n")
    assert look(shop, [*AROUND, *shop.everything(), wide])[1] == []
    (tmp_path / "other.yaml").write_text(json.dumps(narrow), "utf-8")
    assert look(shop, [*AROUND, *shop.everything(), wide])[1] == ["EG645"]


@each(
    ("direction", "rule", "expected"),
    [
        ("Ingress", "{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 8080}]}", []),
        ("Ingress", "{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 9090}]}", ["EG645"]),
        ("Egress", "{to: [{podSelector: {matchLabels: {app: orders}}}], ports: [{port: 80}]}", []),
        ("Egress", "{to: [{podSelector: {matchLabels: {app: orders}}}], ports: [{port: 8080}]}", ["EG645"]),
    ],
)
def test_before_translation_others_widen_either_end(
    direction: str, rule: str, expected: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    shop = RecordedShop(tmp_path_factory.mktemp("before"), *BEFORE_TRANSLATION)
    app = {"Ingress": "orders", "Egress": "web"}[direction]
    wide = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "wide", "namespace": "shop"},
        "spec": {
            "podSelector": {"matchLabels": {"app": app}},
            "policyTypes": [direction],
            direction.lower(): [yaml.safe_load(rule)],
        },
    }
    assert look(shop, [*AROUND, *shop.everything(), wide])[1] == expected


def test_a_policy_and_a_release_of_others(shop: RecordedShop) -> None:
    unowned = list(installed(shop.manifest("web"), "another", "shop"))
    foreign = release("orders", "shop", "", {}, chart="orders")
    assert look(shop, [*AROUND, *unowned, foreign])[1] == ["EG647", "EG646"]


def test_broken_off(shop: RecordedShop) -> None:
    pending = release("web", "shop", shop.manifest("web"), {}, revision=2, status="pending-upgrade")
    assert look(shop, [*AROUND, *shop.everything(), pending])[1] == ["EG648"]


def test_a_failed_operation_is_told_whatever_the_flows(shop: RecordedShop) -> None:
    text = shop.manifest("web")
    failed = release("web", "shop", text, shop.values("web"), revision=2, status="failed")
    states, found = look(shop, [*AROUND, *shop.installed("orders"), *installed(text, "web", "shop"), failed])
    assert (states[1].installed, states[1].live, found) == ("failed", "as installed", ["EG648"])
    wider = list(installed(text.replace("port: 8080", "port: 9090"), "web", "shop"))
    states, found = look(shop, [*AROUND, *shop.installed("orders"), *wider, failed])
    assert (states[1].installed, states[1].live, found) == ("failed", "unknown", ["EG648", "EG643"])
    states, found = look(shop, [*AROUND, *shop.installed("orders"), failed])
    assert (states[1].installed, states[1].live, found) == ("failed", "missing", ["EG648", "EG642"])


def test_a_history_that_was_kept_is_no_installation(shop: RecordedShop) -> None:
    kept = release("web", "shop", shop.manifest("web"), shop.values("web"), status="uninstalled")
    states, found = look(shop, [*AROUND, *shop.installed("orders"), kept])
    assert (states[1].installed, states[1].live, states[1].revision) == ("missing", "missing", 0)
    assert found == ["EG642"]
    gone = release("old", "shop", "", {}, status="uninstalled")
    assert look(shop, [*AROUND, *shop.everything(), gone])[1] == []
    fleet = shop.fleet([*AROUND, *shop.installed("orders"), kept], Report())
    assert [step.service for step in plan_uninstall(fleet, Report()).steps] == ["orders"]


def test_left_over(shop: RecordedShop) -> None:
    assert look(shop, [*AROUND, *shop.everything(), release("old", "shop", "", {})])[1] == ["EG656"]


def test_pods_and_namespaces_that_are_not_there(shop: RecordedShop) -> None:
    lacking = [one for one in AROUND if one["metadata"]["name"] not in ("orders-1", "kube-system", "dns")]
    found = look(shop, [*lacking, *shop.everything()])[1]
    assert sorted(found) == ["EG650", "EG651", "EG651"]  # orders has no pod; web and DNS reach nobody


def test_namespaces_without_the_label_that_names_them(shop: RecordedShop) -> None:
    (shop.folder / "egressc.yaml").write_text(
        "sources: [services.md]\ncatalog: catalog.yaml\ncluster: {namespaceLabel: name}\n", "utf-8"
    )
    run(["compile"], shop.folder)
    assert look(shop, [*AROUND, *shop.everything()])[1] == ["EG649"]


BARE = [one for one in AROUND if one["kind"] != "DaemonSet"]


def test_what_runs_on_the_nodes(shop: RecordedShop) -> None:
    assert look(shop, [*BARE, *shop.everything()])[1] == ["EG652"]
    assert look(shop, [*BARE, *shop.everything(), node("one", "v1.31.4+k3s1", "server")])[1] == []
    assert look(shop, [*BARE, *shop.everything()], (ObjectKind.NODES,))[1] == ["EG641"]


@each(
    ("dialect", "kind"),
    [
        ("EKS", ObjectKind.APPLICATION_POLICIES),
        ("GKE", ObjectKind.FQDN_POLICIES),
        ("Calico", ObjectKind.CALICO_POLICIES),
        ("CalicoStaged", ObjectKind.STAGED_POLICIES),
    ],
)
def test_the_kinds_of_a_dialect_have_to_be_readable(shop: RecordedShop, dialect: str, kind: ObjectKind) -> None:
    compiled = compile_project(shop.folder / "egressc.yaml", Report())
    assert compiled is not None
    project = compiled.workspace.project
    project = replace(project, cluster=replace(project.cluster, dialect=dialect))
    compiled = replace(compiled, workspace=replace(compiled.workspace, project=project))
    report = Report()
    cluster = RecordedCluster((*AROUND, *shop.everything()), hidden=[kind])
    assert read_fleet(compiled, ["orders", "web"], cluster, report) is None
    (found,) = (it.message for it in report.diagnostics if it.code.id == "EG640")
    assert "in shop cannot be listed" in found


def test_policies_of_calico_are_as_installed_and_count(tmp_path: Path) -> None:
    calico = RecordedShop(tmp_path, "cluster: {dialect: Calico}\n")
    states, found = look(calico, [*AROUND, *calico.everything()])
    assert [(it.installed, it.live) for it in states] == [("current", "as installed")] * 2
    assert found == []
    edited = list(map(dict, calico.everything()))
    for one in edited:
        if one["kind"] == "NetworkPolicy" and one["metadata"]["name"] == "web":
            one["spec"] = {**one["spec"], "selector": "app == 'other'"}
    states, found = look(calico, [*AROUND, *edited])
    assert [it.live for it in states] == ["as installed", "edited"]
    other = yaml.safe_load(calico.manifest("web"))
    other["metadata"] = {"name": "other", "namespace": "shop"}
    other["spec"] = {"order": 1, "selector": "all()", "types": ["Egress"], "egress": [{"action": "Allow"}]}
    assert "EG645" in look(calico, [*AROUND, *calico.everything(), other])[1]


def test_staged_policies_are_as_installed_and_enforce_nothing(tmp_path: Path) -> None:
    staged = RecordedShop(tmp_path, "cluster: {dialect: CalicoStaged}\n")
    states, found = look(staged, [*AROUND, *staged.everything()])
    assert [(it.installed, it.live) for it in states] == [("current", "as installed")] * 2
    assert found == ["EG665"]


def test_what_enforces_its_rules_is_not_what_is_staged(shop: RecordedShop, tmp_path: Path) -> None:
    """Either way the flows are the same, but one of the two enforces nothing."""
    enforcing = [*shop.everything()]
    (tmp_path / "staged").mkdir()
    staged = RecordedShop(tmp_path / "staged", "cluster: {dialect: CalicoStaged}\n")
    states, found = look(staged, [*AROUND, *enforcing])
    assert [it.installed for it in states] == ["outdated"] * 2
    assert found == ["EG665", "EG643", "EG643"]
    states, found = look(shop, [*AROUND, *staged.everything()])
    assert [it.installed for it in states] == ["outdated"] * 2
    assert found.count("EG643") == 2


def test_staged_policies_of_others_do_not_count(tmp_path: Path) -> None:
    staged = RecordedShop(tmp_path, "cluster: {dialect: CalicoStaged}\n")
    other = yaml.safe_load(staged.manifest("web"))
    other["metadata"] = {"name": "other", "namespace": "shop"}
    other["spec"] = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{}]}
    assert look(staged, [*AROUND, *staged.everything(), other])[1] == ["EG665", "EG664"]


@each(("needs", "is_told"), [("orders, LLM", True), ("orders", False)])
def test_a_cluster_may_store_rules_for_hosts_that_nothing_enforces(
    shop: RecordedShop, needs: str, is_told: bool
) -> None:
    dns = "{profile: custom, to: [{ipBlock: {cidr: 10.100.0.10/32}}], ports: [53]}"
    for name, text in (
        ("egressc.yaml", f"sources: [services.md]\ncatalog: catalog.yaml\ncluster: {{dialect: EKS, dns: {dns}}}\n"),
        (
            "services.md",
            f"| Service | Listens on | Depends on |\n|---|---|---|\n| web | 80 | {needs} |\n| orders | 8080 | - |\n",
        ),
        (
            "catalog.yaml",
            "defaults: {namespace: shop, selector: {app: '{id}'}}\n"
            "destinations: {LLM: {hosts: [api.llm.example], ports: [443]}}\n",
        ),
    ):
        (shop.folder / name).write_text(text, "utf-8")
    run(["compile"], shop.folder)
    fleet = shop.fleet([*AROUND, *shop.everything()], Report())
    assert fleet.live.plugins is not None
    problem = HostProblem("no node is of EKS Auto Mode", "run the services there")
    plugins = replace(fleet.live.plugins, host_problem=problem)
    report = Report()
    report_surroundings(replace(fleet, live=replace(fleet.live, plugins=plugins)), report)
    found = [it for it in report.diagnostics if it.code.id == "EG663"]
    assert [it.help for it in found] == [problem.repair] * is_told
    assert all(it.message.endswith(problem.found) for it in found)


def test_a_plugin_may_be_where_nobody_may_look(shop: RecordedShop) -> None:
    report = Report()
    fleet = shop.fleet([*BARE, *shop.everything()], report, narrow=(ObjectKind.DAEMON_SETS,))
    report_surroundings(fleet, report)
    assert [found.message for found in report.diagnostics] == ["DaemonSets outside kube-system cannot be read"]


_CACHE = daemon_set("node-local-dns")
_ELSEWHERE = daemon_set("node-local-dns", {"name": "node-cache", "args": ["-localip", "169.254.25.10"]})
_CUSTOM = "{profile: custom, to: [{ipBlock: {cidr: 169.254.25.10/32}}], ports: [{port: 53, protocol: UDP}]}"


@pytest.mark.parametrize(
    ("dns", "cache", "found"),
    [
        ("{profile: kube-dns}", _CACHE, ["EG653"]),
        ("{profile: openshift}", _CACHE, ["EG653"]),
        ("{profile: nodelocal}", _CACHE, []),
        ("{profile: any}", _CACHE, []),
        ("{profile: none}", _CACHE, []),
        (_CUSTOM, _CACHE, ["EG653"]),
        (_CUSTOM, _ELSEWHERE, []),
        ("{profile: nodelocal}", _ELSEWHERE, ["EG653"]),
    ],
)
def test_every_profile_is_held_against_the_cache(dns: str, cache: Object, found: list[str], shop: RecordedShop) -> None:
    text = f"sources: [services.md]\ncatalog: catalog.yaml\ncluster: {{dns: {dns}}}\n"
    (shop.folder / "egressc.yaml").write_text(text, "utf-8")
    assert run(["compile"], shop.folder).exit_code == 0
    around = [*AROUND, namespace("openshift-dns"), *shop.everything(), cache]
    assert [code for code in look(shop, around)[1] if code != "EG651"] == found


def test_the_dns_rule_of_a_baseline_is_held_against_the_cache(tmp_path: Path) -> None:
    def codes(profile: str) -> list[str]:
        baseline = f"{{deny: egress, dns: {{profile: {profile}}}}}"
        project = f"cluster: {{dns: {{profile: none}}, namespaces: {{shop: {{baseline: {baseline}}}}}}}\n"
        shop = RecordedShop(tmp_path, project)
        return look(shop, [*AROUND, *shop.everything(), _CACHE])[1]

    assert "EG653" in codes("kube-dns")
    assert "EG653" not in codes("nodelocal")


def test_namespaces_of_callers_are_read_where_rights_are_narrow(shop: RecordedShop) -> None:
    """With rights in single namespaces, those that the rules name are read, on either side."""
    project = shop.folder / "egressc.yaml"
    project.write_text(f"{project.read_text('utf-8')}directions: both\n", "utf-8")
    catalog = shop.folder / "catalog.yaml"
    catalog.write_text(
        f"{catalog.read_text('utf-8')}destinations: {{Prometheus: {{namespace: monitoring, policy: none}}}}\n", "utf-8"
    )
    with (shop.folder / "services.md").open("a") as file:
        file.write("\n| From | To | Port |\n|---|---|---|\n| Prometheus | orders | 9090 |\n")
    assert run(["compile"], shop.folder).exit_code == 0
    around = (*AROUND, namespace("monitoring"), *shop.everything())
    narrow = (ObjectKind.NAMESPACES, ObjectKind.PODS, ObjectKind.POLICIES)
    read = shop.fleet(around, Report(), narrow=narrow).live.namespaces
    assert read == frozenset(("shop", "kube-system", "monitoring"))
