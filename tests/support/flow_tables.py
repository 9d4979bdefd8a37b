"""The examples' flows.csv, and where the pods of their rows run (tests/flows/*.yaml), for whoever checks the rows."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
CLUSTERS: Final = sorted((ROOT / "tests" / "flows").glob("*.yaml"))

Row = dict[str, str]
PodFacts = Mapping[str, Any]


@dataclass(frozen=True)
class FlowTable:
    """One example's rows with the pods they speak of. `pods` have a namespace and labels each, by the rows' names."""

    facts: Mapping[str, Any]
    rows: tuple[Row, ...]
    pods: Mapping[str, PodFacts]

    @property
    def project(self) -> Path:
        return ROOT / str(self.facts["project"])

    def namespaces(self) -> dict[str, dict[str, str]]:
        """The namespaces of the pods, each with the labels that the cluster gives it."""
        labels: Mapping[str, str] = self.facts.get("namespace labels", {})
        own: Mapping[str, Mapping[str, str]] = self.facts.get("namespaces", {})
        names = sorted({str(pod["namespace"]) for pod in self.pods.values()})
        shared = {name: {key: value.format(namespace=name) for key, value in labels.items()} for name in names}
        return {name: {**shared[name], **own.get(name, {})} for name in names}

    def address(self, end: str) -> str | None:
        """The address that one end of a row stands for; None for a pod."""
        if end.startswith("ip:"):
            return end.removeprefix("ip:")
        if end.startswith("host:"):
            return str(self.facts["hosts"][end.removeprefix("host:")])
        return None

    def target(self, row: Row) -> str:
        """The destination of a row. A pod can't block itself: a row from a service to itself means a second pod."""
        return twin(row["source"]) if row["source"] == row["destination"] else row["destination"]


def read_flow_table(path: Path, *, whole: bool = False) -> FlowTable:
    """`whole`: with the rows that no NetworkPolicy can keep."""
    facts: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    rows = tuple(row for row in all_rows(facts) if whole or key_of(row) not in facts["left out"])
    assert rows
    return FlowTable(facts, rows, _pods(facts["pods"], rows))


def all_rows(facts: Mapping[str, Any]) -> list[Row]:
    """Every row, those that are left out too."""
    with (ROOT / facts["flows"]).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def key_of(row: Row) -> str:
    return ",".join(row[field] for field in ("source", "destination", "protocol", "port"))


def say(row: Row) -> str:
    return f"{key_of(row)} should be {row['verdict']}: {row['why']}"


def twin(name: str) -> str:
    return f"{name} (second pod)"


def _pods(named: Mapping[str, PodFacts], rows: tuple[Row, ...]) -> dict[str, PodFacts]:
    """Pods by the name that rows use: those named by hand, and those written as `pod:NAMESPACE/label=value,…`."""
    pods = {**named, **{twin(name): pod for name, pod in named.items()}}
    for end in (row[field] for row in rows for field in ("source", "destination")):
        if end.startswith("pod:"):
            namespace, _, labels = end.removeprefix("pod:").partition("/")
            pairs = (pair.partition("=") for pair in labels.split(","))
            pods[end] = {"namespace": namespace, "labels": {key: value for key, _, value in pairs}}
    return pods
