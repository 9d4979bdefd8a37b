"""Every row of every example's flows.csv holds for the manifests that Helm renders, as NCA reads them."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from egressc.model.policy import Protocol
from support.command import run
from support.flow_tables import CLUSTERS, FlowTable, Row, all_rows, key_of, read_flow_table, say
from support.nca_oracle import Answer, allows, ask


@pytest.fixture(scope="module", params=CLUSTERS, ids=lambda path: path.stem)
def table(request: pytest.FixtureRequest) -> FlowTable:
    return read_flow_table(request.param)


def test_every_egress_row_holds(table: FlowTable, tmp_path: Path) -> None:
    asked = ask([*_topology(table), *_rendered(table, tmp_path)], tmp_path)
    wrong = [say(row) for row in table.rows if _allowed(row, table, asked) != (row["verdict"] == "allow")]
    assert not wrong


def test_rows_about_callers_need_the_ingress_half(tmp_path: Path) -> None:
    table = read_flow_table(next(path for path in CLUSTERS if path.stem == "prod-shop"))
    rendered = _rendered(table, tmp_path)
    for policy in rendered:
        policy["spec"]["policyTypes"].remove("Ingress")
        del policy["spec"]["ingress"]
    asked = ask([*_topology(table), *rendered], tmp_path)
    wrong = [row["why"] for row in table.rows if _allowed(row, table, asked) != (row["verdict"] == "allow")]
    assert wrong == ["only main-api may call it", "only the ingress controller may call it"]


def test_rows_about_pods_that_opt_in_need_the_policy_of_the_opt_in(tmp_path: Path) -> None:
    table = read_flow_table(next(path for path in CLUSTERS if path.stem == "internet-opt-in"))
    without = [it for it in _rendered(table, tmp_path) if it["metadata"]["name"] != "namespace-policy-internet-access"]
    asked = ask([*_topology(table), *without], tmp_path)
    wrong = [row["why"] for row in table.rows if _allowed(row, table, asked) != (row["verdict"] == "allow")]
    assert wrong == ["the opt-in label", "the opt-in allows every address and port"]


def test_rows_left_out_exist(table: FlowTable) -> None:
    keys = {key_of(row) for row in all_rows(table.facts)}
    assert not {*table.facts["left out"], *table.facts.get("narrowed", ())} - keys


def _topology(table: FlowTable) -> list[dict[str, Any]]:
    namespaces: list[dict[str, Any]] = [
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": name, "labels": {"kubernetes.io/metadata.name": name, **labels}},
        }
        for name, labels in table.namespaces().items()
    ]
    pods: list[dict[str, Any]] = [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": _pod_name(table, name), "namespace": pod["namespace"], "labels": pod["labels"]},
            "spec": {"containers": [{"name": "main", "image": "main"}]},
        }
        for name, pod in table.pods.items()
    ]
    return namespaces + pods


def _pod_name(table: FlowTable, name: str) -> str:
    return f"pod-{list(table.pods).index(name)}"


def _rendered(table: FlowTable, folder: Path) -> list[dict[str, Any]]:
    """The values as committed, rendered by the embedded Helm exactly as a user would; stale values fail."""
    result = run(["render", "--output-dir", str(folder / "rendered")], table.project)
    assert result.exit_code == 0, result.output
    texts = [path.read_text(encoding="utf-8") for path in sorted((folder / "rendered").rglob("*.yaml"))]
    return [document for text in texts for document in yaml.safe_load_all(text) if document]


def _allowed(row: Row, table: FlowTable, asked: Answer) -> bool:
    def end(name: str) -> str:
        return table.address(name) or f"{table.pods[name]['namespace']}/{_pod_name(table, name)}"

    destination = end(table.target(row))
    return allows(asked, end(row["source"]), destination, Protocol(row["protocol"]), int(row["port"]))
