"""Manifests as Python data, read by the engine under test."""

import json
from typing import Any

from egressc.diagnostics.core import Report
from egressc.model.flows import Policy
from egressc.source import Source
from egressc.verify.manifests.reader import Manifests, read_manifests


def read(manifests: list[dict[str, Any]]) -> Manifests:
    """Read manifests that have nothing to complain about. JSON is YAML."""
    report = Report()
    stream = "".join(f"---\n{json.dumps(manifest)}\n" for manifest in manifests)
    found = read_manifests([Source("manifests.yaml", stream)], report)
    assert report.sorted() == []
    return found


def read_policies(manifests: list[dict[str, Any]]) -> tuple[Policy, ...]:
    return read(manifests).policies
