"""Releases are changed phase by phase, and a namespace in which one failed is left as it is."""

from pathlib import Path

import pytest

from egressc.cluster.changing import Action, Changer, Options, Outcome, Phase, ReleaseStep
from egressc.cluster.objects import Access
from egressc.diagnostics.generated import whole_file
from egressc.source import Located

HELM = """#!/bin/sh
test "$1" = version && {{ echo v3.17.2; exit; }}
echo "$2" >> {log}
test "$2" != "{failing}" || {{ echo 'Error: no room' >&2; exit 1; }}
"""
RELEASES = {
    "deny": Phase.DENY,
    "web": Phase.ALLOW,
    "guardrails": Phase.CLUSTER,
    "orders": Phase.INGRESS,
    "open": Phase.OPEN,
}


def run(folder: Path, *, failing: str = "", removes: bool = False) -> tuple[list[str], list[Outcome]]:
    """The releases in the order in which a helm was called for them, and the outcomes."""
    program, log = folder / "helm", folder / "log"
    program.write_text(HELM.format(log=log, failing=failing), "utf-8")
    program.chmod(0o755)
    place, action = whole_file("services.md"), Action.UNINSTALL if removes else Action.INSTALL
    steps = [
        ReleaseStep(name, name, "shop", place, (action,), phase, folder, folder / "values.yaml")
        for name, phase in RELEASES.items()
    ]
    changer = Changer(Located(str(program), place), Access(None, None))
    outcomes = changer.run(steps, Options("1m", 4), lambda: None, removes=removes)
    return log.read_text("utf-8").split(), outcomes


@pytest.mark.slow
def test_what_closes_comes_last_and_goes_first(tmp_path: Path) -> None:
    order, outcomes = run(tmp_path)
    assert order == ["guardrails", "open", "orders", "web", "deny"]
    assert [it.problem for it in outcomes] == [None] * 5
    (tmp_path / "log").unlink()
    assert run(tmp_path, removes=True)[0] == ["deny", "web", "orders", "open", "guardrails"]


@pytest.mark.slow
def test_a_namespace_in_which_a_service_failed_is_not_closed(tmp_path: Path) -> None:
    order, outcomes = run(tmp_path, failing="orders")
    assert order == ["guardrails", "open", "orders", "web"]
    problems = {it.step.release: it.problem.help for it in outcomes if it.problem is not None}
    assert problems.keys() == {"orders", "deny"}
    assert problems["deny"] == 'not tried, because release "orders" in its namespace failed'
    (tmp_path / "log").unlink()
    order, _ = run(tmp_path, failing="deny", removes=True)
    assert order == ["deny", "guardrails"], "what the namespace denies stays allowed"


@pytest.mark.slow
def test_guardrails_fail_alone(tmp_path: Path) -> None:
    order, outcomes = run(tmp_path, failing="guardrails")
    assert order == ["guardrails", "open", "orders", "web", "deny"]
    assert [it.step.release for it in outcomes if it.problem is not None] == ["guardrails"]
