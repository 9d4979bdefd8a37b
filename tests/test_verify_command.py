"""`egressc verify` and `compile --verify` on the projects of this repository, and on what stands beside them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from egressc.cli import ERRORS, OK, USAGE, run_command
from support.command import run
from support.tables import each

ROOT = Path(__file__).parent.parent
PROJECTS = [
    path.parent.relative_to(ROOT).as_posix()
    for path in (ROOT / "egressc.yaml", *sorted(ROOT.glob("examples/*/egressc.yaml")))
]

DEFAULT_DENY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
"""
PROJECT = {
    "egressc.yaml": "sources: [services.md]\ncatalog: catalog.yaml\n",
    "catalog.yaml": 'defaults:\n  namespace: shop\n  selector: {app: "{id}"}\ndestinations:\n'
    "  Redis: {ports: [6379]}\n  Users: {ports: [8080]}\n",
    "services.md": "| Service | Depends on |\n|---|---|\n| Orders | Redis, Users |\n| Users | Redis |\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project, compiled."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name, text in PROJECT.items():
        (folder / name).write_text(text, "utf-8")
    assert run(["compile"], folder).exit_code == OK
    return folder


def rendered(project: Path) -> str:
    return run(["render"], project).stdout


@each("name", PROJECTS)
def test_every_project_is_proven(name: str) -> None:
    result = run(["verify"], ROOT / name)
    assert result.exit_code == OK, result.output
    assert "policies equal the " in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("name", PROJECTS)
def test_every_project_is_proven_from_its_manifests(name: str, tmp_path: Path) -> None:
    assert run(["render", "--output-dir", str(tmp_path / "rendered")], ROOT / name).exit_code == OK
    result = run(["verify", "--manifests", str(tmp_path / "rendered")], ROOT / name)
    assert result.exit_code == OK, result.output
    assert "policies equal the " in result.stderr


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (lambda text: text.replace("port: 6379", "port: 6380"), "EG620"),
        (lambda text: text.replace("port: 6379", "port: 6380"), "EG621"),
        (lambda text: text.replace("- Egress", "- Ingress"), "EG622"),
        (lambda text: text.partition("---")[0], "EG617"),
        (lambda text: text.replace("NetworkPolicy", "CiliumNetworkPolicy"), "EG612"),
    ],
)
def test_broken_manifests_are_not_proven(break_it: Callable[[str], str], code: str, project: Path) -> None:
    (project / "manifests.yaml").write_text(break_it(rendered(project)), "utf-8")
    result = run(["verify", "--manifests", "manifests.yaml"], project)
    assert result.exit_code == ERRORS
    assert f"error[{code}]" in result.stderr


def test_a_difference_names_the_rule_and_the_row(project: Path) -> None:
    (project / "m.yaml").write_text(rendered(project).replace("port: 6379", "port: 6380"), "utf-8")
    result = run(["verify", "--manifests", "m.yaml", "--format", "json", "orders"], project)
    found = json.loads(result.stdout)["diagnostics"]
    assert [(it["code"], it["location"]["path"], it["related"][0]["path"]) for it in found] == [
        ("EG620", "m.yaml", "services.md"),
        ("EG621", "services.md", "m.yaml"),
    ]
    assert {it["service"] for it in found} == {"orders"}
    assert "pod app=orders in shop -> pod app=redis in shop on 6379/TCP" in found[1]["message"]
    sarif = json.loads(run(["verify", "--manifests", "m.yaml", "--format", "sarif"], project).stdout)
    assert {it["ruleId"] for it in sarif["runs"][0]["results"]} == {"EG620", "EG621"}


APPROXIMATE = (
    "hostNames",
    "learnedNames",
    "serverNames",
    "widerNames",
    "privateAddresses",
    "namedPorts",
    "hostNetwork",
    "ambientTunnel",
    "sharedPods",
)
PROVEN = {
    "proven": True,
    "services": 2,
    "namespaces": 0,
    "policies": 2,
    "overPermissions": 0,
    "underPermissions": 0,
    "extras": 0,
    "denials": 0,
    "guardrails": 0,
    "approximate": dict.fromkeys(APPROXIMATE, 0),
    "read": {
        "tables": 1,
        "tablesIgnored": 0,
        "rowsGrant": 2,
        "rowsDeny": 0,
        "rowsDescribe": 0,
        "rowsIgnored": 0,
        "rowsRefused": 0,
        "cellsRead": 4,
        "cellsIgnored": 0,
        "cellsRefused": 0,
    },
}
NOTHING_COMPARED = {"proven": False, **{key: None for key in PROVEN if key != "proven"}}


def summary(arguments: list[str], project: Path) -> dict[str, Any]:
    """What the JSON form says of the proof; SARIF says the same."""
    found: dict[str, Any] = json.loads(run([*arguments, "--format", "json"], project).stdout)["proof"]
    sarif = json.loads(run([*arguments, "--format", "sarif"], project).stdout)
    assert sarif["runs"][0]["properties"]["proof"] == found
    return found


def test_programs_read_that_it_is_proven_from_one_field(project: Path) -> None:
    assert summary(["verify"], project) == PROVEN
    assert summary(["verify", "users"], project) == {**PROVEN, "services": 1, "policies": 1}
    extra = (
        "  egress:\n    - {to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 25}]}\n"
        "    - {to: [{podSelector: {matchLabels: {app: mail}}}], ports: [{port: smtp}]}\n"
    )
    values = project / "values" / "orders.yaml"
    values.write_text(values.read_text("utf-8").replace("  egress: []\n", extra), "utf-8")
    approximate = {**dict.fromkeys(APPROXIMATE, 0), "privateAddresses": 1, "namedPorts": 1}
    assert summary(["verify"], project) == {**PROVEN, "extras": 2, "approximate": approximate}


def test_programs_read_what_differs_and_that_nothing_could_be_compared(project: Path) -> None:
    (project / "m.yaml").write_text(rendered(project).replace("port: 6379", "port: 6380", 1), "utf-8")
    differing = {**PROVEN, "proven": False, "overPermissions": 1, "underPermissions": 1}
    assert summary(["verify", "--manifests", "m.yaml"], project) == differing
    (project / "m.yaml").write_text("{", "utf-8")
    assert summary(["verify", "--manifests", "m.yaml"], project) == NOTHING_COMPARED
    (project / "catalog.yaml").write_text("{", "utf-8")
    assert summary(["verify"], project) == NOTHING_COMPARED
    assert summary(["compile", "--verify"], project) == NOTHING_COMPARED


def test_only_who_asks_for_a_proof_reads_of_one(project: Path) -> None:
    assert summary(["compile", "--verify"], project) == PROVEN
    assert "proof" not in json.loads(run(["compile", "--format", "json"], project).stdout)
    assert "properties" not in json.loads(run(["check", "--format", "sarif"], project).stdout)["runs"][0]


def test_manifests_may_come_from_the_standard_input(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = rendered(project)
    monkeypatch.chdir(project)
    arguments = ["verify", "--manifests", "-"]
    assert CliRunner().invoke(run_command, arguments, input=text).exit_code == OK
    assert CliRunner().invoke(run_command, arguments, input=text.replace("6379", "6380")).exit_code == ERRORS


def test_a_cluster_dump_is_a_list(project: Path) -> None:
    documents = rendered(project).replace("\n", "\n    ").split("---")[1:]
    items = "".join(f"  -{document.replace(chr(10), '', 1)[3:].rstrip()}\n" for document in documents)
    text = f"apiVersion: v1\nkind: List\nitems:\n{items}"
    (project / "dump.yaml").write_text(text, "utf-8")
    result = run(["verify", "--manifests", "dump.yaml"], project)
    assert result.exit_code == OK, result.output
    (project / "dump.yaml").write_text(text.replace("6379", "6380"), "utf-8")
    result = run(["verify", "--manifests", "dump.yaml"], project)
    assert "egress[1] of policy shop/orders allows it" in result.stderr


def test_policies_of_others_count(project: Path) -> None:
    (project / "ours.yaml").write_text(rendered(project), "utf-8")
    (project / "theirs.yaml").write_text(DEFAULT_DENY, "utf-8")
    result = run(["verify", "--manifests", "ours.yaml", "--manifests", "theirs.yaml"], project)
    assert result.exit_code == ERRORS
    assert result.stderr.count("error[EG621]") == 1
    assert result.stderr.count("denied too:") == 2
    assert "the destination's policy" in result.stderr
    assert result.stderr.count("note[EG632]") == 2


def test_extra_rules_are_told_apart_and_are_no_errors(project: Path) -> None:
    values = project / "values" / "orders.yaml"
    extra = "  egress:\n    - to: [{podSelector: {matchLabels: {app: mail}}}]\n      ports: [{port: 25}]\n"
    values.write_text(values.read_text("utf-8").replace("  egress: []\n", extra), "utf-8")
    result = run(["verify"], project)
    assert result.exit_code == OK
    assert 'extra rule of "orders" adds to the table: pods app=mail in shop on 25/TCP' in result.stderr
    assert "values/orders.yaml:" in result.stderr
    assert "1 extra rule adds" in result.stderr


def test_a_missing_policy_is_not_made_up_for_by_an_extra_rule_that_opens_everything(project: Path) -> None:
    file = next((project / "values").glob("*.yaml"))
    switched_off = "  egress:\n    - {}\n  enabled: false\n"
    file.write_text(file.read_text("utf-8").replace("  egress: []\n", switched_off), "utf-8")
    result = run(["verify"], project)
    assert result.exit_code == ERRORS
    assert f'error[EG622]: no policy isolates the egress of "{file.stem}"' in result.stderr
    assert result.stderr.splitlines()[-1].startswith("not proven: ")


def test_late_values_are_taken_as_they_stand(project: Path) -> None:
    document = project / "services.md"
    document.write_text(document.read_text("utf-8").replace("Redis, Users", "Users"), "utf-8")
    result = run(["verify"], project)
    assert result.exit_code == ERRORS
    assert "out of date, used anyway" in result.stderr
    assert "error[EG620]: pod app=orders in shop -> pod app=redis in shop on 6379/TCP" in result.stderr


def test_a_missing_values_file_leaves_its_service_open(project: Path) -> None:
    (project / "values" / "users.yaml").unlink()
    result = run(["verify"], project)
    assert result.exit_code == ERRORS
    assert "warning[EG508]" in result.stderr
    assert 'no policy isolates the egress of "users"' in result.stderr


def test_compile_writes_only_what_is_proven(project: Path, tmp_path: Path) -> None:
    """With a chart that forgets a rule's ports, nothing is written; EG620 says why."""
    chart = tmp_path / "chart"
    shutil.copytree(ROOT / "charts", chart / "charts")
    shutil.copytree(ROOT / "templates", chart / "templates")
    for name in ("Chart.yaml", "values.yaml", "values.schema.json"):
        shutil.copy(ROOT / name, chart / name)
    rule = chart / "charts/network-policy/templates/internal/networkpolicy/render/_named-ports.tpl"
    rule.write_text(rule.read_text("utf-8").replace(" .ports ", " .forgotten "), "utf-8")
    settings = project / "egressc.yaml"
    settings.write_text(settings.read_text("utf-8") + f"chart: {chart}\nvalues: fresh\n", "utf-8")
    result = run(["compile", "--verify"], project)
    assert result.exit_code == ERRORS, result.output
    assert "error[EG620]" in result.output
    assert not (project / "fresh").exists()
    assert run(["compile"], project).exit_code == OK


def test_compile_proves_before_it_writes(project: Path) -> None:
    result = run(["compile", "--verify"], project)
    assert result.exit_code == OK
    assert result.stderr.splitlines()[0] == "2 services: policies equal the 2 rows read"


def test_what_renders_is_not_asked_where_nothing_renders(project: Path) -> None:
    assert run(["verify", "--helm", "embedded", "--manifests", "m.yaml"], project).exit_code == USAGE
    assert run(["verify", "nobody"], project).exit_code == USAGE
    missing = run(["verify", "--manifests", "nowhere.yaml"], project)
    assert missing.exit_code == ERRORS
    assert "EG509" in missing.stderr


def test_manifests_that_name_no_namespace(project: Path) -> None:
    """As `helm template` prints many; without the option they are of the namespace default, and the finding says so."""
    bare = rendered(project).replace("  namespace: shop\n", "")
    (project / "bare.yaml").write_text(bare, "utf-8")
    result = run(["verify", "--manifests", "bare.yaml"], project)
    assert result.exit_code == ERRORS
    assert "selects the same labels, in default" in result.stderr
    assert "read as one in default: add the namespace shop to it, or `--namespace shop` to the command" in (
        " ".join(result.stderr.split())
    )
    for option in ("-n", "--namespace"):
        assert run(["verify", "--manifests", "bare.yaml", option, "shop"], project).exit_code == OK
    assert run(["explain", "orders -> redis:6379", "--manifests", "bare.yaml", "-n", "shop"], project).exit_code == OK
    assert run(["diff", "bare.yaml", ".", "-n", "shop", "--fail-on", "any"], project).exit_code == OK
    assert run(["diff", "bare.yaml", ".", "--fail-on", "any"], project).exit_code == ERRORS


def test_a_namespace_without_manifests_to_put_there(project: Path) -> None:
    for command in (["verify"], ["explain", "orders -> redis"], ["diff", ".", "."]):
        assert run([*command, "-n", "shop"], project).exit_code == USAGE
    assert run(["verify", "--manifests", "x.yaml", "-n", "Shop"], project).exit_code == USAGE


def test_a_policy_in_another_namespace_is_named(project: Path) -> None:
    (project / "moved.yaml").write_text(
        rendered(project).replace("namespace: shop\n", "namespace: elsewhere\n"), "utf-8"
    )
    result = run(["verify", "--manifests", "moved.yaml"], project)
    assert result.exit_code == ERRORS
    assert "selects such pods in elsewhere: write its namespace as shop" in result.stderr


def test_a_chart_of_ones_own_may_leave_namespaces_to_helm(project: Path) -> None:
    (project / "chart" / "templates").mkdir(parents=True)
    (project / "chart" / "Chart.yaml").write_text("apiVersion: v2\nname: own\nversion: 1.0.0\n", "utf-8")
    (project / "chart" / "templates" / "policy.yaml").write_text(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: mine-{{ .Release.Name }}}\nspec:\n"
        "  podSelector: {{- toYaml .Values.networkPolicy.podSelector | nindent 4 }}\n  policyTypes: [Egress]\n"
        "  egress: [{}]\n",
        "utf-8",
    )
    with (project / "egressc.yaml").open("a", encoding="utf-8") as file:
        file.write("chart: chart\n")
    result = run(["verify"], project)
    assert result.exit_code == ERRORS
    assert "EG620" in result.stderr
    assert "EG622" not in result.stderr, "the policies are in the namespaces of their services"
    assert "policy shop/mine-orders" in result.stderr


def test_the_sentence_says_what_was_read_and_what_was_not(project: Path) -> None:
    document = project / "services.md"
    document.write_text(document.read_text("utf-8") + "\n| Fruit | Price |\n|---|---|\n| Apple | 3 |\n", "utf-8")
    assert run(["verify"], project).stderr == (
        "2 services: policies equal the 2 rows read; 1 table ignored (see egressc read)\n"
    )
    assert run(["verify", "users"], project).stderr == (
        "1 of 2 services: policies equal what it needs of the 2 rows read; 1 table ignored (see egressc read)\n"
    )
