"""Each egress row of every example's flows.csv, as a real connection between pods that Cilium guards."""

import itertools
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.command import run
from support.flow_tables import CLUSTERS, FlowTable, Row, read_flow_table, say
from testbed.cluster import Cluster, PodPlan
from testbed.probing import Attempt, Observed, probe

Key = tuple[str, tuple[tuple[str, str], ...]]


class Examples:
    """All examples in one cluster: a pod for each that their rows speak of, two of a kind where a row needs two."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.tables = [read_flow_table(path) for path in CLUSTERS]
        self.rows = [(table, row) for table in self.tables for row in table.rows]
        numbers = itertools.count()
        self._names = {
            (index, name): f"pod-{next(numbers)}" for index, table in enumerate(self.tables) for name in table.pods
        }

    def start(self) -> None:
        for table in self.tables:
            for name, labels in table.namespaces().items():
                self.cluster.add_namespace(name, labels)
        needed = {name for table, row in self.rows for name in (self._name(table, end) for end in _ends(table, row))}
        self.cluster.add_pods(
            [
                PodPlan(pod["namespace"], self._name(table, name), pod["labels"], self._ports(table, name))
                for table in self.tables
                for name, pod in table.pods.items()
                if self._name(table, name) in needed
            ]
        )
        self.cluster.answer_outside(
            (row["protocol"], int(row["port"])) for table, row in self.rows if table.address(table.target(row))
        )
        self.cluster.settle()

    def _name(self, table: FlowTable, name: str) -> str:
        return self._names.get((self.tables.index(table), name), "")

    def _ports(self, table: FlowTable, name: str) -> frozenset[tuple[str, int]]:
        """Every port that a row asks about, allowed or not: a pod that does not listen there would prove nothing."""
        return frozenset((row["protocol"], int(row["port"])) for row in table.rows if table.target(row) == name)

    def attempt(self, table: FlowTable, row: Row) -> Attempt:
        source = self._pod(table, row["source"])
        target = table.target(row)
        address = table.address(target) or self._pod(table, target).address
        return Attempt(source.network, address, row["protocol"], int(row["port"]))

    def expected_answerer(self, table: FlowTable, row: Row) -> str:
        target = table.target(row)
        if table.address(target):
            return "outside"
        return f"{table.pods[target]['namespace']}/{self._name(table, target)}"

    def _pod(self, table: FlowTable, name: str) -> Any:
        return self.cluster.pods[table.pods[name]["namespace"], self._name(table, name)]

    def observe(self) -> list[Observed]:
        return probe([self.attempt(table, row) for table, row in self.rows])


def _ends(table: FlowTable, row: Row) -> tuple[str, str]:
    return row["source"], table.target(row)


@pytest.fixture(scope="module")
def examples(cluster: Cluster) -> Examples:
    made = Examples(cluster)
    cluster.replace_policies([])
    made.start()
    return made


def test_every_connection_succeeds_without_policies(examples: Examples) -> None:
    """The positive control: what is denied later is denied by a policy, not by a missing server or route."""
    examples.cluster.replace_policies([])
    observed = examples.observe()
    assert [
        f"{say(row)}, without policies {one}"
        for (table, row), one in zip(examples.rows, observed, strict=True)
        if one.answerer != examples.expected_answerer(table, row)
    ] == []


def test_every_row_holds_for_packets(examples: Examples, tmp_path: Path) -> None:
    examples.cluster.replace_policies(_rendered(examples.tables, tmp_path))
    observed = examples.observe()
    assert [
        f"{say(row)}, observed {one}"
        for (_, row), one in zip(examples.rows, observed, strict=True)
        if one.is_allowed != (row["verdict"] == "allow")
    ] == []


def _rendered(tables: list[FlowTable], folder: Path) -> list[dict[str, Any]]:
    """The NetworkPolicies of every example, of the committed values."""
    documents = []
    for index, table in enumerate(tables):
        target = folder / str(index)
        result = run(["render", "--output-dir", str(target)], table.project)
        assert result.exit_code == 0, result.output
        for path in sorted(target.rglob("*.yaml")):
            documents += [one for one in yaml.safe_load_all(path.read_text(encoding="utf-8")) if one]
    return documents
