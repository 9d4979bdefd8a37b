"""Every example, installed on a real API server as a user would: install, edit the extra rules, upgrade, back, away."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from support.helm_binaries import MAJORS, helm_binary
from testbed.api import POLICIES, Api
from testbed.cluster import ensure_namespace
from testbed.control_plane import ControlPlane

ROOT: Final = Path(__file__).parents[2]
VALUES: Final = sorted([*(ROOT / "values").glob("*.yaml"), *ROOT.glob("examples/*/values/**/*.yaml")])
EXTRA: Final = "  egress:\n    - to: [{ipBlock: {cidr: 192.0.2.0/24}}]\n      ports: [{port: 8443}]\n"
Policy = dict[str, Any]


@dataclass(frozen=True)
class Helm:
    """One helm binary against one API server."""

    program: str
    kubeconfig: Path
    home: Path

    def run(self, *arguments: str | Path) -> str:
        done = subprocess.run(
            [self.program, *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "HOME": str(self.home), "KUBECONFIG": str(self.kubeconfig)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@dataclass(frozen=True)
class Release:
    """What the first lines of a values file say: the name, the chart and the namespace to install it with."""

    name: str
    chart: str
    namespace: str
    values: Path

    def arguments(self) -> tuple[str | Path, ...]:
        return (self.name, self.chart, "-n", self.namespace, "-f", self.values)


def _release(path: Path) -> Release:
    found = re.search(r"helm install (\S+) (\S+) -n (\S+) -f", path.read_text("utf-8"))
    assert found is not None, path
    return Release(found[1], found[2] if found[1] == "namespace-policy" else ".", found[3], path)


@pytest.fixture(params=MAJORS)
def helm(request: pytest.FixtureRequest, control_plane: ControlPlane, tmp_path: Path) -> Helm:
    return Helm(helm_binary(request.param), control_plane.kubeconfig, tmp_path)


@pytest.fixture
def releases(control_plane: ControlPlane) -> Iterator[list[Release]]:
    found = [_release(path) for path in VALUES]
    for namespace in {release.namespace for release in found}:
        ensure_namespace(control_plane.api, namespace, {})
    yield found
    for namespace in {release.namespace for release in found}:
        control_plane.api.delete(f"{POLICIES}/namespaces/{namespace}/networkpolicies")


def test_every_values_file_lives_its_life(
    helm: Helm, releases: list[Release], control_plane: ControlPlane, tmp_path: Path
) -> None:
    def live(release: Release) -> list[tuple[str, object, object]]:
        return list(_life(helm, release, control_plane.api, tmp_path))

    assert len(releases) >= 14
    with ThreadPoolExecutor(3) as pool:
        steps = [step for found in pool.map(live, releases) for step in found]
    assert [step for step in steps if step[1] != step[2]] == []


def _life(helm: Helm, release: Release, api: Api, folder: Path) -> Iterator[tuple[str, object, object]]:
    """Each step by its name, with what the API server should hold after it and what it holds."""
    edited = replace(release, values=folder / f"{release.namespace}-{release.name}.yaml")
    original = release.values.read_text("utf-8")
    assert original.count("\n  egress: []\n") == 1
    edited.values.write_text(original.replace("\n  egress: []\n", f"\n{EXTRA}"), encoding="utf-8")
    first, second = _rendered(helm, release), _rendered(helm, edited)
    yield f"{release.name}: the edit is rendered", True, first != second
    helm.run("install", *release.arguments())
    yield f"{release.name}: install", first, _stored(api, release)
    helm.run("upgrade", *edited.arguments())
    yield f"{release.name}: upgrade", second, _stored(api, release)
    helm.run("rollback", release.name, "1", "-n", release.namespace)
    yield f"{release.name}: rollback", first, _stored(api, release)
    history = json.loads(helm.run("history", release.name, "-n", release.namespace, "-o", "json"))
    yield f"{release.name}: history", [1, 2, 3], [entry["revision"] for entry in history]
    helm.run("uninstall", release.name, "-n", release.namespace)
    yield f"{release.name}: uninstall", [], _stored(api, release)


def _rendered(helm: Helm, release: Release) -> list[Policy]:
    text = helm.run("template", *release.arguments())
    return [_essence(document, release.name) for document in yaml.safe_load_all(text) if document]


def _stored(api: Api, release: Release) -> list[Policy]:
    items = api.get(f"{POLICIES}/namespaces/{release.namespace}/networkpolicies")["items"]
    mine = [item for item in items if _owner(item) == release.name]
    return [_essence(item, release.name) for item in mine]


def _owner(policy: Policy) -> object:
    return policy["metadata"].get("annotations", {}).get("meta.helm.sh/release-name")


def _essence(policy: Policy, release: str) -> Policy:
    """What of a policy a user wrote or meant: its spec with the server's defaults, without what Helm notes on it."""
    metadata = policy["metadata"]
    annotations = {k: v for k, v in metadata.get("annotations", {}).items() if not k.startswith("meta.helm.sh/")}
    for side in ("ingress", "egress"):
        if not policy["spec"].get(side):
            policy["spec"].pop(side, None)  # the server leaves an empty list out
    for rule in (*policy["spec"].get("ingress", ()), *policy["spec"].get("egress", ())):
        for port in rule.get("ports") or ():
            port.setdefault("protocol", "TCP")
    return {
        "name": metadata["name"],
        "namespace": metadata["namespace"],
        "labels": metadata.get("labels", {}),
        "annotations": annotations,
        "spec": policy["spec"],
        "release": release,
    }
