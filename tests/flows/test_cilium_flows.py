"""Every row of every example's flows.csv holds in all dialects, as Cilium's own policy engine decides.

In dialects with rules by name the rows about host names hold too, which no NetworkPolicy can keep. Policies of EKS and
GKE for hosts are translated for the engine. Policies of the whole cluster hold for pods that no service's policy
selects.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from egressc.model.dialects import CILIUM, DIALECTS
from support.command import run
from support.dialect_projects import RenderedProject, in_dialect, render_project
from support.flow_tables import CLUSTERS, FlowTable, key_of, read_flow_table, say
from support.host_policies import as_cilium
from testbed.policy_engine import Flow, Place, Pod, PolicyEngine, World

BY_NAME = Path(__file__).parent / "by-name" / "cluster.yaml"
BY_SERVICE = Path(__file__).parent / "by-service" / "cluster.yaml"
GUARDED = Path(__file__).parent / "guarded" / "cluster.yaml"
ASKED = [
    *((path, dialect) for path in CLUSTERS for dialect in DIALECTS),
    # The names of this one would need an allowance in a NetworkPolicy, and most of its rows are about names.
    *((BY_NAME, dialect) for dialect in DIALECTS if DIALECTS[dialect].names_hosts),
    *((GUARDED, dialect) for dialect in DIALECTS),
    *((BY_SERVICE, dialect) for dialect in DIALECTS if DIALECTS[dialect].entities),
]


@pytest.fixture(params=ASKED, ids=lambda it: f"{it[0].parent.name}-{it[0].stem}-{it[1]}")
def asked(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[FlowTable, Path]:
    path, dialect = request.param
    table = read_flow_table(path)
    if DIALECTS[dialect].names_hosts:
        table = _by_name(read_flow_table(path, whole=True), dialect)
    return table, in_dialect(table.project / "egressc.yaml", dialect, tmp_path)


def test_cilium_takes_every_policy_and_keeps_every_row(
    asked: tuple[FlowTable, Path], policy_engine: PolicyEngine
) -> None:
    table, project = asked
    assert wrong_rows(table, render_project(project), policy_engine) == []


def test_the_proof_holds(asked: tuple[FlowTable, Path]) -> None:
    _, project = asked
    compiled, proven = (run([command], project.parent) for command in ("compile", "verify"))
    assert (compiled.exit_code, proven.exit_code) == (0, 0), compiled.output + proven.output
    assert "policies equal the" in proven.output
    assert "EG639" not in proven.output


def test_rows_about_names_need_the_rules_by_name(tmp_path: Path, policy_engine: PolicyEngine) -> None:
    table = read_flow_table(BY_NAME, whole=True)
    rendered = render_project(in_dialect(table.project / "egressc.yaml", CILIUM, tmp_path))
    for rule in (rule for policy in rendered.manifests for rule in policy["spec"]["egress"]):
        for host in rule.get("toFQDNs", ()):
            host.update(matchName="other.example", matchPattern="")
    wrong = [it.partition(": ")[2] for it in wrong_rows(table, rendered, policy_engine)]
    assert wrong == [row["why"] for row in table.rows if "host:" in row["destination"] and row["verdict"] == "allow"]


def _by_name(table: FlowTable, dialect: str) -> FlowTable:
    """The rows as they are where no address stands in for a name, in a dialect."""
    otherwise = dict.fromkeys(table.facts.get("narrowed", ()), "deny")
    otherwise |= table.facts.get("otherwise", {}).get(dialect, {})
    assert not otherwise.keys() - set(map(key_of, table.rows))
    return replace(
        table, rows=tuple({**row, "verdict": otherwise.get(key_of(row), row["verdict"])} for row in table.rows)
    )


def wrong_rows(table: FlowTable, rendered: RenderedProject, engine: PolicyEngine) -> list[str]:
    flows = [Flow(row["source"], table.target(row), row["protocol"], int(row["port"])) for row in table.rows]
    answer = engine.ask(as_cilium(rendered.manifests), _world(table), flows)
    assert answer.refused == {}
    assert answer.warnings == ()
    verdicts = zip(table.rows, answer.verdicts, strict=True)
    return [say(row) for row, is_allowed in verdicts if is_allowed != (row["verdict"] == "allow")]


def _world(table: FlowTable) -> World:
    pods = {name: Pod(it["namespace"], it["labels"]) for name, it in table.pods.items()}
    ends = {row[field] for row in table.rows for field in ("source", "destination")} - pods.keys()
    return World(table.namespaces(), pods, {end: _place(table, end) for end in ends})


def _place(table: FlowTable, end: str) -> Place:
    kind, _, name = end.partition(":")
    if kind == "entity":
        return Place(table.facts["entities"][name], entity=name)
    address = table.address(end)
    assert address is not None, f"{end} is neither a pod nor a place"
    return Place(address, (name,) if kind == "host" else ())
