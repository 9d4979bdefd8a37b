"""Rendered policies are what the API server stores: tools that compare again and again find nothing to change."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.exported import PROJECTS, export
from support.helm_binaries import kubectl_binary
from testbed.api import POLICIES
from testbed.cluster import ensure_namespace
from testbed.control_plane import ControlPlane


@pytest.fixture(params=PROJECTS, ids=lambda project: Path(project).name or "root")
def manifests(request: pytest.FixtureRequest, control_plane: ControlPlane, tmp_path: Path) -> Iterator[Path]:
    """The rendered manifests of a project, each in the folder of a namespace that is on the API server."""
    folder = export(request.param, tmp_path, "manifests") / "gitops" / "manifests"
    namespaces = [it.name for it in folder.iterdir()]
    for namespace in namespaces:
        ensure_namespace(control_plane.api, namespace, {})
    yield folder
    for namespace in namespaces:
        control_plane.api.delete(f"{POLICIES}/namespaces/{namespace}/networkpolicies")


Kubectl = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def kubectl(manifests: Path, control_plane: ControlPlane) -> Kubectl:
    """`kubectl COMMAND` on the manifests, with server-side apply."""

    def ask(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "KUBECONFIG": str(control_plane.kubeconfig)}
        command = [kubectl_binary(), *arguments, "--server-side", "-R", "-f", str(manifests)]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    return ask


def test_a_second_server_side_apply_finds_nothing_to_change(kubectl: Kubectl) -> None:
    """But for the generation of policies without rules: the API server counts it up each time that an empty list is
    applied, which it does not store. Argo CD and Flux compare no field that they do not write.
    """
    assert kubectl("diff").returncode == 1, "what is not there yet differs"
    applied = kubectl("apply")
    assert applied.returncode == 0, applied.stderr
    second = kubectl("diff")
    assert second.stderr == ""
    changed = [line for line in second.stdout.splitlines() if re.match(r"[+-](?![+-]{2} )", line)]
    assert {line[1:].strip().partition(":")[0] for line in changed} <= {"generation"}


def test_rules_that_somebody_else_wrote_go_with_the_next_apply(
    manifests: Path, kubectl: Kubectl, control_plane: ControlPlane
) -> None:
    """Also of policies without rules: that they list none is what takes the others away."""
    assert kubectl("apply").returncode == 0
    everything: dict[str, Any] = {"egress": [{}], "ingress": [{}]}
    policies = [it for path in manifests.rglob("*.yaml") for it in yaml.safe_load_all(path.read_text("utf-8")) if it]

    def live(policy: dict[str, Any]) -> dict[str, Any]:
        metadata = policy["metadata"]
        path = f"{POLICIES}/namespaces/{metadata['namespace']}/networkpolicies/{metadata['name']}"
        return dict(control_plane.api.get(path))

    before = [live(it)["spec"] for it in policies]
    for policy in policies:
        limited = {key: rules for key, rules in everything.items() if key.title() in policy["spec"]["policyTypes"]}
        opened = live(policy)
        opened["spec"] |= limited
        metadata = opened["metadata"]
        path = f"{POLICIES}/namespaces/{metadata['namespace']}/networkpolicies/{metadata['name']}"
        control_plane.api.put(path, opened)
    assert kubectl("apply", "--force-conflicts").returncode == 0
    assert [live(it)["spec"] for it in policies] == before
