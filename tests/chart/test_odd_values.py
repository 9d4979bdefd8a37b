"""Values of a wrong type anywhere, given to the library without any schema: refused, or they open nothing."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from egressc.contract.validation import is_valid
from egressc.diagnostics.core import Report, Severity
from egressc.model.flows import DifferenceKind, Policy
from egressc.source import Source
from egressc.verify.comparison.compare import compare
from egressc.verify.manifests.reader import read_manifests
from support.chart_samples import BOTH, PODS
from support.helm_engines import Embedded, HelmFailed
from support.odd_values import odd_values


def whole() -> dict[str, Any]:
    """Every key of the contract, and no rule that lets everything through: nothing could open more than that."""
    values: dict[str, Any] = deepcopy(BOTH)
    settings = values["networkPolicy"]
    settings["dependencies"]["a-named"]["to"][0] = {"podSelector": {"matchLabels": {"app": "api"}}}
    settings["dependencies"]["b-range"]["to"] = [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}]
    settings["egress"] = [{"to": [PODS], "ports": [{"port": 9000, "endPort": 9001}, {"port": "metrics"}]}]
    settings["ingress"] = [{"from": [PODS], "ports": [{"port": 9000, "endPort": 9001}, {"port": "metrics"}]}]
    return values


def read(manifests: str) -> tuple[Policy, ...] | None:
    """The policies of a release; None where the API server would refuse one, as our reader does with its words."""
    report = Report()
    for it in yaml.safe_load_all(manifests):
        maps = [it["metadata"].get("labels") or {}, it["metadata"].get("annotations") or {}]
        if not all(isinstance(text, str) for held in maps for text in held.values()):
            return None  # the API server decodes no label or annotation that is no string
    found = read_manifests([Source("manifests.yaml", manifests)], report)
    return None if any(it.code.severity is Severity.ERROR for it in report.diagnostics) else found.policies


def opened(chart: Path, values: object, before: tuple[Policy, ...]) -> bool:
    """Whether values, which the schema refuses, render a policy that allows what the sound ones do not."""
    if not isinstance(values, dict) or is_valid(values):
        return False
    try:
        policies = read(Embedded().template(chart, values))
    except HelmFailed:
        return False
    return policies is not None and any(it.kind is DifferenceKind.OVER for it in compare(before, policies))


def test_an_odd_value_is_refused_or_opens_nothing(unchecked_chart: Path) -> None:
    before = read(Embedded().template(unchecked_chart, whole()))
    assert before
    settings = whole()["networkPolicy"]
    # Without a profile DNS is at its default.
    odd = ({**whole(), "networkPolicy": it} for it in odd_values(settings) if not isinstance(it, dict) or it.get("dns"))
    assert [it for it in odd if opened(unchecked_chart, it, before)] == []


@pytest.mark.parametrize("key", ["matchLabels", "matchExpressions"])
def test_the_comparison_sees_a_selector_that_lost_its_labels(unchecked_chart: Path, key: str) -> None:
    """The test above can fail."""
    values = whole()
    before = read(Embedded().template(unchecked_chart, values))
    assert before
    del values["networkPolicy"]["podSelector"][key]
    after = read(Embedded().template(unchecked_chart, values))
    assert after
    values["networkPolicy"]["dependencies"]["c-all"]["to"] = [{"podSelector": {}}]
    wider = read(Embedded().template(unchecked_chart, values))
    assert wider
    values["networkPolicy"]["callers"]["shop-front"]["from"] = [{"podSelector": {}}]
    widest = read(Embedded().template(unchecked_chart, values))
    assert widest
    for one, other in ((after, wider), (wider, widest)):
        assert any(it.kind is DifferenceKind.OVER for it in compare(one, other))
