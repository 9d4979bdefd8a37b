"""`egressc diff` of manifests: labels of namespaces, connections of workloads, and what was not read is said."""

import json
from pathlib import Path
from typing import Any

import pytest

from egressc.cli import ERRORS, OK, USAGE
from manifests.alone import EXPECTED, copied, edited
from support.command import run
from support.screens import hold

LEAVE = ("--exclude", "values.yaml")
EDITS = {
    "labels: {team: data}": "labels: {team: store}",
    "cidr: 0.0.0.0/0, except: [10.0.0.0/8]": "cidr: 0.0.0.0/0",
    "name: backup, namespace": "name: nightly, namespace",
    "ports: [{port: pg}]": "ports: [{port: pg}, {port: 9187}]",
}
CHANGES = {"changes.txt": "text", "changes.md": "markdown", "changes.json": "json"}


def compared(folder: Path, *arguments: str) -> dict[str, Any]:
    result = run(["diff", *arguments, *LEAVE, "--format", "json"], folder)
    assert (result.exit_code, result.stderr) == (OK, "")
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def connections(document: dict[str, Any]) -> list[str]:
    return [
        f"{it['kind']} {it['source']} -> {it['destination']} {it['was'] or 'none'} => {it['now'] or 'none'}"
        for it in document["workloads"]["connections"]
    ]


@pytest.mark.parametrize("name", CHANGES)
def test_whole_reports(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    copied(tmp_path / "before")
    folder = copied(tmp_path / "after")
    for path in (folder / "policies.yaml", folder / "workloads.yaml"):
        text = path.read_text("utf-8")
        for before, after in EDITS.items():
            text = text.replace(before, after)
        path.write_text(text, "utf-8")
    result = run(["diff", "before", "after", *LEAVE, "--format", CHANGES[name]], tmp_path)
    assert (result.exit_code, result.stderr) == (OK, "")
    hold(EXPECTED / name, result.stdout, request)


def test_the_same_is_no_difference(tmp_path: Path) -> None:
    copied(tmp_path / "a")
    copied(tmp_path / "b")
    result = run(["diff", "a", "b", *LEAVE, "--fail-on", "any"], tmp_path)
    assert (result.exit_code, result.stdout) == (OK, "a -> b: no flow changes\n")


def test_a_label_of_a_namespace_opens_and_closes(tmp_path: Path) -> None:
    copied(tmp_path / "a")
    edited(tmp_path / "b", "labels: {team: data}", "labels: {team: store}")
    there, back = compared(tmp_path, "a", "b"), compared(tmp_path, "b", "a")
    (flow,) = there["flows"]
    assert (flow["destination"], flow["closes"], flow["opens"]) == (
        "all pods in namespaces team=data",
        ["pods app not db in data on 5432/TCP", "pods app=db in data on 5432/TCP"],
        [],
    )
    assert connections(there) == [
        "removed Deployment shop/orders -> CronJob data/backup 5432/TCP => none",
        "removed Deployment shop/orders -> StatefulSet data/db 5432/TCP => none",
    ]
    assert not there["summary"]["widened"]
    assert back["summary"]["widened"]


def test_namespaces_that_one_side_shows_hold_for_both(tmp_path: Path) -> None:
    copied(tmp_path / "a")
    edited(tmp_path / "b", "kind: Namespace", "kind: ConfigMap")
    assert run(["diff", "a", "b", *LEAVE, "--fail-on", "any"], tmp_path).exit_code == OK
    assert run(["diff", "a/policies.yaml", "b", *LEAVE, "--fail-on", "any"], tmp_path).exit_code == OK


def test_a_label_of_a_workload_counts_where_no_policy_changes(tmp_path: Path) -> None:
    copied(tmp_path / "a")
    edited(tmp_path / "b", "labels: {app: orders}}", "labels: {app: orders, x: z}}")
    assert connections(compared(tmp_path, "a", "b")) == []
    edited(tmp_path / "b", "labels: {job: backup}", "labels: {job: backup, app: db}")
    document = compared(tmp_path, "a", "b")
    assert document["flows"] == []
    closed = "removed StatefulSet data/db -> CronJob data/backup any port => none"
    assert closed in connections(document)
    assert not document["summary"]["widened"]
    assert run(["diff", "a", "b", *LEAVE, "--fail-on", "any"], tmp_path).exit_code == ERRORS
    assert run(["diff", "b", "a", *LEAVE, "--fail-on", "widened"], tmp_path).exit_code == ERRORS


def test_a_new_workload_is_listed_and_widens_nothing(tmp_path: Path) -> None:
    edited(tmp_path / "a", "apiVersion: batch/v1\nkind: CronJob", "apiVersion: v1\nkind: ConfigMap")
    copied(tmp_path / "b")
    document = compared(tmp_path, "a", "b")
    assert document["workloads"]["new"] == ["CronJob data/backup"]
    assert all(it["wholeWorkload"] for it in document["workloads"]["connections"])
    assert not document["summary"]["widened"]
    gone = compared(tmp_path, "b", "a")["workloads"]
    assert (gone["new"], gone["gone"]) == ([], ["CronJob data/backup"])


def test_addresses_that_change_alike_are_told_together(tmp_path: Path) -> None:
    copied(tmp_path / "a")
    edited(tmp_path / "b", "except: [10.0.0.0/8]", "except: [10.0.0.0/9, 192.0.2.0/24]")
    assert connections(compared(tmp_path, "a", "b")) == [
        "added Deployment shop/web -> 10.128.0.0/9 none => 443/TCP",
        "removed Deployment shop/web -> 192.0.2.0/24 443/TCP => none",
    ]


def test_what_is_not_read_is_warned_of(tmp_path: Path) -> None:
    for name in "ab":
        edited(tmp_path / name, "kind: NetworkPolicy", "kind: Networkpolicy")
    result = run(["diff", "a", "b", *LEAVE], tmp_path)
    assert (result.exit_code, result.stdout) == (OK, "a -> b: no flow changes\n")
    for name in "ab":
        assert f"--> {name}/policies.yaml:2:7" in result.stderr
    assert "Networkpolicy is a kind that is not read" in result.stderr


def test_without_workloads_on_both_sides_none_are_compared(tmp_path: Path) -> None:
    copied(tmp_path / "a")
    assert compared(tmp_path, "a", "a/policies.yaml")["workloads"] is None


def test_globs_are_for_manifests(tmp_path: Path) -> None:
    (tmp_path / "egressc.yaml").write_text("sources: []\n", "utf-8")
    result = run(["diff", ".", "./egressc.yaml", "--exclude", "x"], tmp_path)
    assert result.exit_code == USAGE
    assert "--exclude is for manifests, and neither side is some" in result.stderr


def test_every_expected_file_is_used() -> None:
    found = {path.name for path in EXPECTED.iterdir() if path.name.startswith("changes.")}
    assert found == set(CHANGES)
