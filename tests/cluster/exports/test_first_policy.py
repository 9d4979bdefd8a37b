"""docs/gitops.md and docs/incident.md: the first policies of a repository, and how to switch them off and on again.

At an API server that knows Argo CD's and Flux's kinds; `syncing.py` does what these tools do.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from cluster.exports.syncing import Synced, sync_argo_cd, sync_flux
from support.helm_binaries import ROOT
from testbed.owners import Generated

BOTH: Final = {"networkpolicy.networking.k8s.io/orders", "networkpolicy.networking.k8s.io/web-shop"}
WITHOUT_ORDERS: Final = {"networkpolicy.networking.k8s.io/web-shop"}


@pytest.fixture(params=["argocd", "flux"])
def tool(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def synced(
    tool: str, type_commands: Callable[[str], Synced], argo: Callable[..., list[Generated]], tmp_path: Path
) -> tuple[Synced, Callable[[], None]]:
    """The state after the documented commands and the first sync, and what syncs again."""
    here = type_commands(tool)

    def sync() -> None:
        here.pull()
        if tool == "argocd":
            sync_argo_cd(here, argo, tmp_path)
        else:
            sync_flux(here, tmp_path)

    sync()
    return here, sync


def blocks(heading: str) -> list[list[str]]:
    """The commands of docs/incident.md under a heading, block by block."""
    text = (ROOT / "docs" / "incident.md").read_text("utf-8")
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0] if heading else text.partition("\n## ")[0]
    return [it.splitlines() for it in re.findall(r"^```sh\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)]


def test_the_first_policies_are_what_the_tables_ask_for(synced: tuple[Synced, Callable[[], None]]) -> None:
    """By the proof over a dump of the cluster."""
    here, _ = synced
    assert here.policies() == BOTH
    dump = here.user.clone / "dump.yaml"
    dump.write_text(here.user.run("kubectl get networkpolicies -A -o yaml"), "utf-8")
    here.user.run("egressc verify --manifests dump.yaml")


def test_one_service_off_and_on_through_git(tool: str, synced: tuple[Synced, Callable[[], None]]) -> None:
    here, sync = synced
    off, everything = blocks({"argocd": "With Argo CD", "flux": "With Flux"}[tool])
    for command in off:
        here.user.run(command)
    sync()
    assert here.policies() == WITHOUT_ORDERS
    for command in ("git revert --no-edit HEAD", "git push", off[-1]):
        here.user.run(command)
    sync()
    assert here.policies() == BOTH
    delete, apply = everything
    here.user.run(delete)
    assert here.user.run(f"kubectl get {delete.split()[2]} -A -o name") == ""
    here.user.run(apply)
    sync()
    assert here.policies() == BOTH


def test_off_and_on_with_egressc_and_helm(type_commands: Callable[[str], Synced]) -> None:
    user = type_commands("flux").user
    user.run("egressc install --yes")
    (ask,) = blocks("")
    for command in ask:
        user.run(command)
    states = []
    for one_or_all in (*blocks("With egressc"), *blocks("With Helm")):
        if one_or_all[0].startswith("helm"):
            user.run("egressc chart")
        for command in one_or_all:
            user.run(command)
            states.append(set(user.run("kubectl get networkpolicies -A -o name").split()))
    assert states == [WITHOUT_ORDERS, BOTH, set(), BOTH, WITHOUT_ORDERS, BOTH]
