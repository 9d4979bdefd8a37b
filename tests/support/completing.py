"""Completes what `init --from` and `compile --missing` prepare, as an operator does who knows the facts."""

from collections.abc import Mapping
from typing import Any

import yaml

from reading.corpus import Document, Entity

REMARKS = "## Lines with ## are remarks.\n"


def proposed(prepared: str) -> dict[str, Any]:
    """What the proposals of a prepared text say once their marks are removed."""
    lines = prepared.partition(REMARKS)[2].splitlines()
    read = yaml.safe_load("\n".join(line.removeprefix("# ") for line in lines if not line.startswith("##")))
    assert read is None or isinstance(read, dict)
    return read or {}


def with_facts(document: Document, prepared: str) -> str:
    """A prepared catalog with the facts in the keys that each entry asks for, and without the defaults."""
    found = {name: _entry(document.by_name[name], keys) for name, keys in proposed(prepared)["destinations"].items()}
    return _joined(prepared, {"destinations": found})


def with_decisions(prepared: str, read_as: Mapping[str, str]) -> str:
    """A prepared project file with all that it proposes, and what each text that it asks for means."""
    proposals = proposed(prepared)
    asked = proposals.get("tables", {}).get("readAs", {})
    assert asked.keys() == read_as.keys()
    asked.update(read_as)
    return _joined(prepared, proposals)


def _joined(prepared: str, known: Mapping[str, Any]) -> str:
    head = prepared.partition(REMARKS)[0]
    return head + yaml.safe_dump(dict(known), allow_unicode=True) if known else prepared


def _entry(entity: Entity, keys: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": keys["id"]} if "id" in keys else {}
    if entity.pod is None:
        found["addresses"] = [entity.address]
    else:
        found |= {"namespace": entity.pod.namespace, "selector": dict(entity.pod.labels)}
    return found | ({"ports": list(entity.ports)} if "ports" in keys else {})
