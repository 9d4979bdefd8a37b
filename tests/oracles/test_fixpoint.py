"""Render, read back, render again: a policy that goes back into values as extra rules comes out as it was."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from egressc.diagnostics.core import Report
from egressc.helm.chart import own_chart
from egressc.helm.embedded import EmbeddedEngine
from egressc.helm.engine import RenderJob, ValuesFile
from egressc.project.compiling import compile_project
from egressc.source import Source
from egressc.verify.comparison.compare import compare
from oracles.fuzzing import fuzz
from oracles.reading import read_policies
from oracles.worlds import Manifest, rules
from support.chart_samples import released
from support.command import run
from support.dialect_projects import PROJECTS

Values = dict[str, Any]


@pytest.fixture(scope="module")
def engine() -> EmbeddedEngine:
    return EmbeddedEngine()


def values_of(policy: Manifest, dns: object = None) -> Values:
    """Values whose extra rules are all rules of a rendered policy but the first of egress, which is the one for DNS."""
    spec = policy["spec"]
    values = {"podSelector": spec["podSelector"], "policyTypes": spec["policyTypes"]}
    if "egress" in spec:
        values |= {"dns": dns, "egress": spec["egress"][1:]}
    if "ingress" in spec:
        values |= {"ingress": spec["ingress"]}
    return {"networkPolicy": values}


def render(engine: EmbeddedEngine, service: str, namespace: str, values: Values) -> Manifest:
    text = yaml.safe_dump(released(values, service, namespace), default_style='"')
    job = RenderJob(service, namespace, (ValuesFile(Source(f"{service}.yaml", text)),))
    (policy,) = (document for document in yaml.safe_load_all(engine.render(own_chart(), job)) if document)
    assert isinstance(policy, dict)
    return policy


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS)
def test_every_rendered_policy_is_a_fixpoint(project: Path, tmp_path: Path, engine: EmbeddedEngine) -> None:
    if not (project.parent / "values").is_dir():
        project = shutil.copytree(project.parent, tmp_path / "project") / project.name
        assert run(["compile"], project.parent).exit_code == 0
    result = run(["render", "--output-dir", str(tmp_path / "rendered")], project.parent)
    assert result.exit_code == 0, result.output
    compiled = compile_project(project, Report())
    assert compiled is not None
    for values in compiled.values:
        if values.service.is_baseline:
            continue  # of another chart, which takes no rules for pods by their labels alone
        service, settings = values.service, values.policy
        first = yaml.safe_load((tmp_path / "rendered" / values.file_name).read_text("utf-8"))
        second = render(engine, service.id, service.namespace, values_of(first, settings.get("dns")))
        third = render(engine, service.id, service.namespace, values_of(second, settings.get("dns")))
        assert compare(read_policies([first]), read_policies([second])) == []
        assert third == second


@fuzz(60)
@given(st.data())
def test_any_rules_come_out_as_they_went_in(engine: EmbeddedEngine, data: st.DataObject) -> None:
    given_rules, let_in = data.draw(rules("to")), data.draw(rules("from"))
    wanted = {
        "podSelector": {"matchLabels": {"pod": "a"}},
        "policyTypes": ["Ingress", "Egress"],
        "dns": {"profile": "any"},
        "egress": given_rules,
        "ingress": let_in,
    }
    first = render(engine, "a", "x", {"networkPolicy": wanted})
    egress = [first["spec"]["egress"][0], *given_rules]
    own = {**first, "spec": {**first["spec"], "egress": egress, "ingress": let_in}}
    assert compare(read_policies([own]), read_policies([first])) == []
    again = render(engine, "a", "x", values_of(first, {"profile": "any"}))
    assert again == first
