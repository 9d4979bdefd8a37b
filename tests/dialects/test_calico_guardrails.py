"""Guardrails that Calico enforces in a tier: the proof, and each change of them that it has to find."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from egressc.cli import ERRORS, OK
from support.command import run
from support.dialect_projects import GUARDED, guarded_by
from support.guardrail_samples import CALICO
from support.tables import each

Manifest = dict[str, Any]
FILE = "cluster/guardrails.yaml"
TIER, PORTS, METADATA, TENANT = range(4)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose policies are rendered to the folder `out`."""
    folder = guarded_by(GUARDED[0], CALICO, tmp_path_factory.mktemp("guarded")).parent
    for command in (["compile"], ["render", "--output-dir", "out"]):
        assert run(command, folder).exit_code == OK
    return folder


def objects_of(project: Path) -> list[Manifest]:
    lists = yaml.safe_load_all((project / "out" / FILE).read_text("utf-8"))
    return [held for it in lists for held in it["items"]]


def verify(project: Path, objects: list[Manifest]) -> tuple[int, str]:
    """What the proof says where these objects are those of the cluster."""
    text = "".join((project / "out" / name).read_text("utf-8") for name in ("web.yaml", "orders.yaml"))
    (project / "all.yaml").write_text(f"{text}---\n{yaml.safe_dump_all(objects)}", "utf-8")
    result = run(["verify", "--manifests", "all.yaml"], project)
    return result.exit_code, result.stdout + result.stderr


def test_the_proof_holds(project: Path) -> None:
    result = run(["verify"], project)
    assert result.exit_code == OK, result.stderr
    assert "3 guardrails hold" in result.stdout + result.stderr
    assert "warning" not in result.stdout + result.stderr
    assert verify(project, objects_of(project))[0] == OK
    tier, *policies = objects_of(project)
    assert (tier["kind"], tier["metadata"]["name"]) == ("Tier", "guardrail-policy")
    names = [it["metadata"]["name"] for it in policies]
    assert names == [f"guardrail-policy.{key}" for key in ("admin-ports", "metadata", "tenant-a")]


def rule_of(objects: list[Manifest], at: int) -> Manifest:
    found: Manifest = objects[at]["spec"]["egress"][0]
    return found


def change(at: int, **members: object) -> Callable[[list[Manifest]], object]:
    return lambda objects: objects[at]["spec"].update(members)


def change_rule(at: int, **members: object) -> Callable[[list[Manifest]], object]:
    return lambda objects: rule_of(objects, at).update(members)


def change_end(at: int, **members: object) -> Callable[[list[Manifest]], object]:
    return lambda objects: rule_of(objects, at)["destination"].update(members)


@each(
    "broken",
    [
        lambda objects: objects.pop(TIER),
        lambda objects: objects.pop(METADATA),
        lambda objects: objects[METADATA]["spec"]["egress"].pop(),
        lambda objects: objects[METADATA]["spec"]["egress"].insert(0, {"action": "Allow"}),
        lambda objects: objects[METADATA]["spec"]["egress"].insert(0, {"action": "Pass"}),
        lambda objects: objects[TENANT]["spec"]["ingress"].clear(),
        change(TIER, order=2_000_000),
        change(TIER, order=1000),
        change(TIER, defaultAction="Deny"),
        change(METADATA, tier="default"),
        change(METADATA, tier="kube-admin"),
        change(METADATA, selector="app == 'other'"),
        change(METADATA, namespaceSelector="tenant == 'a'"),
        change(TENANT, namespaceSelector="all()"),
        change(METADATA, types=["Ingress"]),
        change(METADATA, doNotTrack=True, applyOnForward=True),
        change_rule(METADATA, action="Allow"),
        change_rule(METADATA, action="Pass"),
        change_rule(METADATA, action="Log"),
        change_rule(METADATA, protocol="TCP"),
        change_rule(METADATA, notProtocol="TCP"),
        change_end(METADATA, nets=["169.254.169.253/32"]),
        change_end(METADATA, nets=["169.254.0.0/16"]),
        change_end(METADATA, notNets=["169.254.169.254/32"]),
        change_end(TENANT, namespaceSelector="tenant == 'b'"),
        change_end(TENANT, selector="app == 'db'"),
        change_end(PORTS, ports=["9000:9098"]),
        change_end(PORTS, notPorts=[22]),
    ],
)
def test_each_change_is_found(project: Path, broken: Callable[[list[Manifest]], object]) -> None:
    objects = objects_of(project)
    broken(objects)
    status, said = verify(project, objects)
    assert status == ERRORS, said


@each(
    "harmless",
    [
        lambda objects: objects.reverse(),
        change(METADATA, order=77),
        change(METADATA, performanceHints=["AssumeNeededOnEveryNode"]),
        change(METADATA, namespaceSelector=""),
        lambda objects: objects[METADATA]["spec"]["egress"].reverse(),
        lambda objects: objects[METADATA]["spec"]["egress"].insert(0, {"action": "Log"}),
        lambda objects: objects[METADATA]["metadata"].update(name="guardrail-policy.other"),
    ],
)
def test_what_changes_nothing_is_no_finding(project: Path, harmless: Callable[[list[Manifest]], object]) -> None:
    objects = objects_of(project)
    harmless(objects)
    status, said = verify(project, objects)
    assert status == OK, said


def test_no_service_can_undo_a_guardrail(project: Path) -> None:
    """Whatever the policies of services allow, and in whatever order, the tier is asked first."""
    opening = {
        "apiVersion": CALICO,
        "kind": "NetworkPolicy",
        "metadata": {"name": "opening", "namespace": "shop"},
        "spec": {"order": -5, "types": ["Egress"], "egress": [{"action": "Allow"}]},
    }
    asked = ["explain", "--manifests", "all.yaml", "pod:shop/app=web", "169.254.169.254:80"]
    verify(project, [*objects_of(project), opening])
    assert "denied" in run(asked, project).stdout
    verify(project, [opening])
    assert "allowed" in run(asked, project).stdout


def test_an_earlier_tier_can_allow_what_a_guardrail_denies(project: Path) -> None:
    first: Manifest = {"apiVersion": CALICO, "kind": "Tier", "metadata": {"name": "first"}, "spec": {"order": 5}}
    opening: Manifest = {
        "apiVersion": CALICO,
        "kind": "GlobalNetworkPolicy",
        "metadata": {"name": "first.open"},
        "spec": {
            "tier": "first",
            "types": ["Egress"],
            "egress": [{"action": "Allow", "destination": {"nets": ["169.254.169.254/32"]}}, {"action": "Pass"}],
        },
    }
    status, said = verify(project, [*objects_of(project), first, opening])
    assert status == ERRORS
    assert "EG495" in said, said
    first["spec"]["order"] = 901
    assert "EG495" not in verify(project, [*objects_of(project), first, opening])[1]


def test_a_label_that_calico_gives_to_something_else(project: Path, tmp_path: Path) -> None:
    file = guarded_by(GUARDED[0], CALICO, tmp_path)
    text = file.read_text("utf-8")
    assert "tenant: a\n" in text
    file.write_text(text.replace("namespaces:\n      tenant: a", "namespaces:\n      pcns.tenant: a", 1), "utf-8")
    result = run(["compile"], tmp_path)
    assert "EG494" in result.stdout + result.stderr, result.stderr


SERVER = """\
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: operator, namespace: other}
spec:
  order: 1000
  types: [Egress]
  egress: [{action: Allow, destination: {services: {name: kubernetes, namespace: default}}}]
"""
ADDRESSES = "  apiServer: {addresses: [10.0.0.1], port: 6443}\n"


@each(
    ("known", "denied", "is_told"),
    [(ADDRESSES, "10.0.0.0/8", True), (ADDRESSES, "10.9.0.0/16", False), ("", "10.0.0.0/8", False)],
)
def test_a_guardrail_for_the_address_of_the_api_server_meets_rules_that_name_it(
    tmp_path: Path, known: str, denied: str, is_told: bool
) -> None:
    (tmp_path / "services.md").write_text("| Service | Depends on |\n|---|---|\n| Web | None |\n", "utf-8")
    (tmp_path / "catalog.yaml").write_text('defaults: {namespace: shop, selector: {app: "{id}"}}\n', "utf-8")
    (tmp_path / "egressc.yaml").write_text(
        f"sources: [services.md]\ncatalog: catalog.yaml\nguardrails: {{corp: {{denyTo: [{denied}]}}}}\n"
        f"cluster:\n  dialect: Calico\n{known}",
        "utf-8",
    )
    (tmp_path / "others.yaml").write_text(SERVER, "utf-8")
    assert run(["compile"], tmp_path).exit_code == OK
    assert run(["render", "--output-dir", "out"], tmp_path).exit_code == OK
    told = run(["verify", "--manifests", "out/web.yaml", "--manifests", "others.yaml"], tmp_path)
    assert ("EG495" in told.stderr) is is_told, told.stderr
