"""`egressc diff` of folders, manifests and sources: what counts as a change, and what the exit status says."""

from pathlib import Path

import pytest

from egressc.cli import USAGE
from reports.comparing import ROW, compared, edit, told
from reports.test_expected import edited, platform
from support.command import run


def render(project: Path, folder: str) -> None:
    for arguments in (["compile"], ["render", "--output-dir", folder]):
        result = run(arguments, project)
        assert result.exit_code == 0, result.stderr


def test_added_one_way_is_removed_the_other(tmp_path: Path) -> None:
    platform(tmp_path / "a")
    edited(tmp_path / "b")
    there, back = compared(tmp_path, "a", "b"), compared(tmp_path, "b", "a")
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert [(turned[it["kind"]], it["service"], it["destination"]) for it in there["flows"]] == [
        (it["kind"], it["service"], it["destination"]) for it in back["flows"]
    ]
    assert [it["opens"] for it in there["flows"]] == [it["closes"] for it in back["flows"]]
    assert [it["service"] for it in there["newServices"]] == [it["service"] for it in back["goneServices"]] == ["web"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Session cache", "Cache of sessions"),
        ("## AI Service Egress Rules", "## The rules of egress: AI Service"),
        ("| Redis | matih-data-plane | 6379 | TCP |", "| Redis | matih-data-plane | 6379/TCP | |"),
        ("PostgreSQL, Trino, ClickHouse", "ClickHouse, PostgreSQL, Trino, PostgreSQL (5432)"),
    ],
)
def test_other_words_for_the_same_flows_are_no_change(before: str, after: str, tmp_path: Path) -> None:
    platform(tmp_path / "a")
    edit(platform(tmp_path / "b"), before, after)
    assert run(["diff", "a", "b", "--fail-on", "any"], tmp_path).exit_code == 0


def test_an_extra_rule_is_a_change(tmp_path: Path) -> None:
    platform(tmp_path / "a")
    rule = "  egress:\n    - to: [{ipBlock: {cidr: 203.0.113.0/24}}]\n      ports: [{port: 443}]\n"
    edit(platform(tmp_path / "b"), "  egress: []\n", rule, "values/ml-service.yaml")
    document = compared(tmp_path, "a", "b")
    assert told(document) == ["added ml-service 203.0.113.0/24"]
    (flow,) = document["flows"]
    assert flow["askedIn"][0].startswith("values/ml-service.yaml:")


def test_manifests_against_the_sources_they_come_from(tmp_path: Path) -> None:
    project = platform(tmp_path / "platform")
    render(project, "rendered")
    assert run(["diff", "rendered", ".", "--fail-on", "any"], project).exit_code == 0
    manifest = "rendered/ai-service.yaml"
    edit(project, "port: 6379", "port: 6380", manifest)
    document = compared(project, ".", "rendered")
    assert told(document) == ["changed ai-service Redis"]
    assert document["flows"][0]["opens"] == ["6380/TCP"]


def test_manifests_against_manifests(tmp_path: Path) -> None:
    project = platform(tmp_path / "platform")
    for name in ("one", "two"):
        render(project, name)
    edit(project, "port: 6379", "port: 6380", "two/ai-service.yaml")
    assert run(["diff", "one", "one", "--fail-on", "any"], project).exit_code == 0
    (flow,) = compared(project, "one", "two")["flows"]
    assert flow["destination"] == "pods app.kubernetes.io/name=redis in matih-data-plane"
    assert (flow["was"], flow["now"]) == ("6379/TCP", "6380/TCP")


def test_a_lost_manifest_frees_its_pods(tmp_path: Path) -> None:
    project = platform(tmp_path / "platform")
    render(project, "rendered")
    (project / "rendered" / "ai-service.yaml").unlink()
    document = compared(project, ".", "rendered")
    (gone,) = document["goneServices"]
    assert gone["service"] == "ai-service"
    assert "may reach everything" in gone["note"]
    assert document["summary"]["widened"]


def test_a_moved_service_is_said_once(tmp_path: Path) -> None:
    platform(tmp_path / "a")
    edit(
        platform(tmp_path / "b"), "  AI Service: {ports: [8000]}", "  AI Service: {ports: [8000], selector: {app: ai}}",
        "platform/catalog.yaml",
    )  # fmt: skip
    document = compared(tmp_path, "a", "b")
    (moved,) = document["movedServices"]
    assert moved["service"] == "ai-service"
    assert moved["note"].endswith(
        "; pods app not ai, app.kubernetes.io/name=ai-service in matih-data-plane may reach everything"
    )
    assert "name=ai-service in matih-data-plane -> " in moved["nowAllowed"]
    assert "app=ai in matih-data-plane -> " in moved["nowDenied"]
    assert moved["opensInternet"]
    # Who calls it calls other pods now.
    assert told(document) == ["changed api-gateway AI Service"]


POLICY = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: another, namespace: matih-data-plane}}
spec: {}
"""
EVERY_POD = "podSelector: {}, policyTypes: [Egress]"


@pytest.mark.parametrize(
    ("spec", "widened", "internet"),
    [
        (EVERY_POD, 0, 0),
        ("podSelector: {}", 0, 0),
        ("podSelector: {}, policyTypes: [Ingress, Egress]", 0, 0),
        (f"{EVERY_POD}, egress: [{{to: [{{podSelector: {{}}}}]}}]", 1, 0),
        (f"{EVERY_POD}, egress: [{{to: [{{ipBlock: {{cidr: 0.0.0.0/0}}}}]}}]", 1, 1),
    ],
)
def test_a_policy_more_counts_by_what_it_lets_through(spec: str, widened: int, internet: int, tmp_path: Path) -> None:
    project = platform(tmp_path / "platform")
    render(project, "rendered")
    (project / "rendered" / "another.yaml").write_text(POLICY.format(f"{{{spec}}}"), "utf-8")
    assert run(["diff", ".", "rendered", "--fail-on", "widened"], project).exit_code == widened
    assert run(["diff", ".", "rendered", "--fail-on", "any"], project).exit_code == 1
    assert compared(project, ".", "rendered")["summary"]["opensInternet"] == internet


def test_a_policy_less_frees_what_it_alone_isolated(tmp_path: Path) -> None:
    (tmp_path / "before.yaml").write_text(POLICY.format("{podSelector: {}, policyTypes: [Ingress]}"), "utf-8")
    (tmp_path / "after.yaml").write_text("", "utf-8")
    result = run(["diff", "before.yaml", "after.yaml", "--fail-on", "widened"], tmp_path)
    assert result.exit_code == 1
    assert "everything may reach its pods" in result.stdout
    assert "! INTERNET anywhere -> all pods in matih-data-plane any port" in result.stdout
    assert run(["diff", "after.yaml", "before.yaml", "--fail-on", "widened"], tmp_path).exit_code == 0


def test_rows_are_told_of_an_ingress_that_closes(tmp_path: Path) -> None:
    project = platform(tmp_path / "platform")
    render(project, "rendered")
    closed = "{podSelector: {matchLabels: {app.kubernetes.io/name: kafka}}}"
    (project / "rendered" / "another.yaml").write_text(POLICY.format(closed), "utf-8")
    document = compared(project, ".", "rendered")
    assert "changed ai-service Kafka" in told(document)
    (new,) = document["newServices"]
    assert new["note"] == "isolated in ingress from now on"
    assert "kafka" in new["nowDenied"]


def test_policies_of_namespaces_are_no_services(tmp_path: Path) -> None:
    opt_in = "optIns: {debugging: {selector: {debug: 'yes'}}}"
    baselines = {"a": "{}", "b": "{shop: {baseline: {deny: egress}}}"}
    baselines["c"] = f"{{shop: {{baseline: {{deny: egress, {opt_in}}}}}}}"
    for folder, said in baselines.items():
        (tmp_path / folder).mkdir()
        more = "| api | None |\n" if folder != "a" else ""
        texts = {
            "egressc.yaml": f"sources: [services.md]\ncatalog: catalog.yaml\ncluster: {{namespaces: {said}}}\n",
            "catalog.yaml": "defaults: {namespace: shop, selector: {app: '{id}'}}\n",
            "services.md": f"| Service | Depends on |\n|---|---|\n| web | None |\n{more}",
        }
        for name, text in texts.items():
            (tmp_path / folder / name).write_text(text, "utf-8")
    document = compared(tmp_path, "a", "c")
    counts = {key: count for key, count in document["summary"].items() if "Services" in key or "Namespace" in key}
    assert counts == {
        "newServices": 1,
        "goneServices": 0,
        "movedServices": 0,
        "newNamespacePolicies": 2,
        "goneNamespacePolicies": 0,
        "movedNamespacePolicies": 0,
    }
    assert [it["service"] for it in document["newServices"]] == ["api"]
    assert [it["name"] for it in document["newNamespacePolicies"]] == ["Namespace shop", "Namespace shop, debugging"]
    lines = run(["diff", "a", "c"], tmp_path).stdout.splitlines()
    assert lines[0].endswith("; 1 new service; 2 new namespace policies")
    assert [it.split(" (")[0] for it in lines if it.startswith("+ ") and "->" not in it] == [
        *("+ service api", "+ Namespace shop", "+ Namespace shop, debugging")
    ]
    text = run(["diff", "a", "c", "--format", "markdown"], tmp_path).stdout
    assert "<summary>1 new service</summary>" in text
    assert "<summary>2 new namespace policies</summary>" in text
    assert run(["diff", "c", "b"], tmp_path).stdout.splitlines()[0].endswith("; 1 gone namespace policy")


def test_before_translation_a_row_between_services_is_a_change(tmp_path: Path) -> None:
    for folder, needs in (("a", "None"), ("b", "orders")):
        (tmp_path / folder).mkdir()
        texts = {
            "egressc.yaml": "sources: [services.md]\ncatalog: catalog.yaml\ndirections: both\n"
            "cluster: {serviceTranslation: before}\n",
            "catalog.yaml": "defaults: {namespace: shop, selector: {app: '{id}'}}\n"
            "destinations: {orders: {ports: [{port: 8080, servicePort: 80}]}}\n",
            "services.md": f"| Service | Depends on |\n|---|---|\n| web | {needs} |\n| orders | None |\n",
        }
        for name, text in texts.items():
            (tmp_path / folder / name).write_text(text, "utf-8")
    assert told(compared(tmp_path, "a", "b")) == ["added orders from web", "added web orders"]
    render(tmp_path / "a", "rendered")
    assert "removed web orders" in told(compared(tmp_path, "b", "a/rendered"))


def test_a_gone_service_opens_the_internet(tmp_path: Path) -> None:
    project = platform(tmp_path / "platform")
    render(project, "rendered")
    (project / "rendered" / "ai-service.yaml").unlink()
    printed = run(["diff", ".", "rendered", "--format", "markdown"], project).stdout
    assert "- **AI Service → anywhere** on any port" in printed
    assert "<details open><summary>1 gone service</summary>" in printed


@pytest.mark.parametrize(
    ("edits", "widened", "changed"),
    [
        ([], 0, 0),
        ([(ROW, ROW.replace("6379", "6379, 6380"))], 1, 1),
        ([("PostgreSQL, Trino, ClickHouse", "PostgreSQL, Trino")], 0, 1),
    ],
)
def test_the_exit_status(edits: list[tuple[str, str]], widened: int, changed: int, tmp_path: Path) -> None:
    platform(tmp_path / "a")
    for before, after in edits:
        edit(platform(tmp_path / "b"), before, after)
    if not edits:
        platform(tmp_path / "b")
    assert run(["diff", "a", "b"], tmp_path).exit_code == 0
    assert run(["diff", "a", "b", "--fail-on", "widened"], tmp_path).exit_code == widened
    assert run(["diff", "a", "b", "--fail-on", "any", "--format", "json"], tmp_path).exit_code == changed


def test_a_marker_is_for_markdown(tmp_path: Path) -> None:
    result = run(["diff", "a", "b", "--marker", "shop"], tmp_path)
    assert result.exit_code == USAGE
    assert "--marker is for a comment in Markdown; add --format markdown" in result.stderr
