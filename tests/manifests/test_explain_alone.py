"""`egressc explain` on manifests, without a project: ends by workload, named ports, repairs that speak of no row."""

import json
from pathlib import Path
from typing import Any

import pytest

from egressc.cli import ERRORS, OK, USAGE
from manifests.alone import EXPECTED, copied, edited
from support.command import run
from support.screens import hold

QUESTIONS = {
    "a port by its name": ("web", "orders"),
    "the port of a Service": ("web", "orders:80"),
    "a closed egress": ("shop/orders", "shop/deployment/web"),
    "another port": ("orders", "data/db:5433"),
    "a closed ingress": ("cronjob/backup", "db"),
    "an address": ("web", "10.1.1.1:443"),
    "metadata": ("orders", "169.254.169.254:80"),
    "a host": ("web", "host:api.example.com:443"),
    "a Service by its name": ("orders", "pg"),
    "pods by their labels": ("pod:shop/tier=front", "pod:shop/app=orders:9090"),
    "a pod of no workload": ("pod:shop/app=other", "orders:9090"),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("alone"))


def ask(folder: Path, *arguments: str) -> dict[str, Any]:
    result = run(["explain", *arguments, "--format", "json", "--manifests", ".", "--exclude", "values.yaml"], folder)
    found: dict[str, Any] = json.loads(result.stdout)
    assert result.exit_code == (OK if found["allowed"] else ERRORS), result.output
    return found


def test_whole_screens(shop: Path, request: pytest.FixtureRequest) -> None:
    told = []
    for title, ends in QUESTIONS.items():
        result = run(["explain", *ends, "--manifests", ".", "--exclude", "values.yaml"], shop)
        told.append(f"# {title}: exit status {result.exit_code}\n{result.output}")
    hold(EXPECTED / "explain.txt", "\n".join(told), request)


@pytest.mark.parametrize(
    ("ends", "allowed"),
    [
        ("web -> orders:9090", True),
        ("web -> orders:9091", False),
        ("web -> host:orders.shop.svc:80", True),
        ("pod:shop/app=web -> orders", True),
        ("pod:shop/app=web,tier=back -> orders", True),
        ("pod:shop/app=orders -> pod:data/app=db", True),
        ("pod:shop/app=orders -> pod:data/app=db,x=y:5432", False),  # no workload: nobody knows its named ports
        ("8.8.8.8 -> web", True),
        ("8.8.8.8 -> orders", False),
    ],
)
def test_verdicts(ends: str, allowed: bool, shop: Path) -> None:
    assert ask(shop, ends)["allowed"] is allowed


def test_ends_are_told_by_workload(shop: Path) -> None:
    (answer,) = ask(shop, "pod:shop/tier=front", "orders")["answers"]
    assert answer["sourceWorkload"] == {"kind": "Deployment", "namespace": "shop", "name": "web"}
    assert answer["destinationWorkload"] == {"kind": "Deployment", "namespace": "shop", "name": "orders"}
    (answer,) = ask(shop, "pod:shop/app=other", "8.8.8.8:443")["answers"]
    assert (answer["sourceWorkload"], answer["destinationWorkload"]) == (None, None)


def test_a_named_port_of_a_workload_is_a_number(shop: Path) -> None:
    (answer,) = ask(shop, "web", "orders")["answers"]
    assert (answer["port"], answer["approximate"]) == (9090, [])


def test_of_several_pods_a_denied_one_is_told(tmp_path: Path) -> None:
    edited(tmp_path, "{job: backup}", "{job: backup, app: db}")
    (answer,) = ask(tmp_path, "orders", "pod:data/app=db:5432")["answers"]
    assert not answer["allowed"]  # the CronJob names no port pg
    assert answer["destinationWorkload"]["name"] == "backup"


def test_one_name_of_several_workloads_is_refused(tmp_path: Path) -> None:
    edited(tmp_path, "name: backup, namespace: data", "name: web, namespace: data")
    result = run(["explain", "web", "orders", "--manifests", str(tmp_path / "workloads.yaml")], tmp_path)
    assert result.exit_code == USAGE
    assert '"web" may be any of "data/cronjob/web", "shop/deployment/web": write one of these' in result.stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ordres", 'did you mean "orders"? workloads are written NAMESPACE/NAME'),
        ("shop/nobody", "; workloads are written NAMESPACE/NAME, pods pod:NAMESPACE/label=value"),
        ("api.example.com", 'a host name is written "host:api.example.com"'),
        ("host:nobody.shop.svc", "or name a workload"),
    ],
)
def test_who_is_nobody_is_told_what_to_write(name: str, said: str, shop: Path) -> None:
    result = run(["explain", "web", f"{name}:80", "--manifests", "workloads.yaml"], shop)
    assert result.exit_code == USAGE
    assert said in result.stderr


def test_namespaces_that_no_manifest_shows_are_noted(shop: Path) -> None:
    result = run(["explain", "pod:other/app=x", "pod:data/app=db:5432", "--manifests", "policies.yaml"], shop)
    assert "no manifest shows the namespace data: taken to have no label but its name" in result.stdout
    assert "no manifest shows the namespace other" in result.stdout


def test_without_manifests_a_project_is_needed(tmp_path: Path) -> None:
    for arguments in (["explain", "web", "orders"], ["report"]):
        result = run(arguments, tmp_path)
        assert result.exit_code == USAGE
        assert "no egressc.yaml here or above; name manifests with --manifests" in result.stderr


def test_names_out_of_manifests_are_printed_safely(tmp_path: Path) -> None:
    edited(tmp_path, "name: backup, namespace: data", r'name: "back\eup", namespace: data')
    result = run(["explain", "web", "backup:80", "--manifests", str(tmp_path / "workloads.yaml")], tmp_path)
    assert result.exit_code == USAGE
    assert "did you mean" in result.stderr
    assert "\x1b" not in result.stderr


def test_what_cannot_be_read_is_an_error_and_no_answer(shop: Path) -> None:
    result = run(["explain", "web", "orders", "--manifests", "."], shop)
    assert (result.exit_code, result.stdout) == (ERRORS, "")
    assert "values.yaml" in result.stderr
