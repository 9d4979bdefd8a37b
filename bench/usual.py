"""The same job with the usual parts: markdown-it-py, pydantic, jsonschema, PyYAML's C dumper, Path.write_text.

It knows the shape of the measured fleet and no other, reports nothing, and keeps no extras: what it leaves out makes it
faster. Usage: usual.py PROJECT VALUES
"""

import json
import sys
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator
from markdown_it import MarkdownIt

from egressc.contract.values import ValuesDocument
from egressc.model.cluster import PRIVATE_RANGES

Rows = list[list[str]]
SCHEMA = Path(__file__).resolve().parents[1] / "schemas" / "service-values.schema.json"


class Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def read_tables(text: str) -> list[Rows]:
    tables: list[Rows] = []
    inside = False
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "table_open":
            tables.append([])
        elif token.type == "tr_open":
            tables[-1].append([])
        elif token.type in ("th_open", "td_open"):
            inside = True
        elif token.type == "inline" and inside:
            tables[-1][-1].append("".join(child.content for child in token.children or ()))
            inside = False
    return tables


def pods(namespace: str, name: str) -> list[dict[str, Any]]:
    return [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
            "podSelector": {"matchLabels": {"app.kubernetes.io/name": name}},
        }
    ]


def peers_outside(entry: dict[str, Any]) -> list[dict[str, Any]]:
    if "addresses" in entry:
        return [{"ipBlock": {"cidr": cidr}} for cidr in entry["addresses"]]
    return [
        {"ipBlock": {"cidr": cidr, "except": [each for each in PRIVATE_RANGES if (":" in each) == (":" in cidr)]}}
        for cidr in ("0.0.0.0/0", "::/0")
    ]


def compile_project(project: Path, values: Path) -> None:
    services, destinations = read_tables((project / "services.md").read_text())
    catalog = yaml.load((project / "catalog.yaml").read_text(), yaml.CSafeLoader)["destinations"]
    known: dict[str, dict[str, Any]] = {}
    for name, namespace, ports, protocols, purpose in destinations[1:]:
        known[name] = {
            "purpose": purpose,
            "to": pods(namespace, name),
            "ports": [
                {"port": int(port), "protocol": protocol}
                for protocol in sorted(protocols.split("/"))
                for port in ports.split(",")
            ],
        }
    validator = Draft7Validator(json.loads(SCHEMA.read_text()))
    values.mkdir()
    for service, needs, outside in services[1:]:
        dependencies = {name: known[name] for name in needs.split(", ")}
        if outside != "None":
            name, port = outside.rstrip(")").split(" (")
            dependency: dict[str, Any] = {"name": name, "to": peers_outside(catalog[name])}
            if "hosts" in catalog[name]:
                dependency["hosts"] = catalog[name]["hosts"]
            dependency["ports"] = [{"port": int(port.split()[-1]), "protocol": "TCP"}]
            dependencies[name.lower().replace(" ", "-")] = dependency
        document = {
            "networkPolicy": {
                "release": {"name": service, "namespace": "apps"},
                "podSelector": {"matchLabels": {"app.kubernetes.io/name": service}},
                "dns": {"profile": "kube-dns"},
                "dependencies": dict(sorted(dependencies.items())),
                "egress": [],
            }
        }
        model = ValuesDocument.model_validate(document)
        finished = model.model_dump(mode="json", by_alias=True, exclude_unset=True)
        validator.validate(finished)
        (values / f"{service}.yaml").write_text(yaml.dump(finished, Dumper=Dumper, sort_keys=False))


if __name__ == "__main__":
    compile_project(Path(sys.argv[1]), Path(sys.argv[2]))
