"""`helm test` of the chart's probing pods, on a real API server with real packets, by both majors of Helm."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest

from cluster.probe_scene import (
    API,
    DATA,
    METADATA,
    REDIS,
    RIVAL,
    Kubectl,
    keep_rules,
    listeners,
    make_home,
    open_everything,
    points,
)
from support.chart_samples import released
from support.helm_binaries import MAJORS, helm_binary
from testbed.api import POLICIES, Api
from testbed.cluster import Cluster
from testbed.control_plane import ControlPlane
from testbed.dns import OUTSIDE_HOST
from testbed.node import Node

ROOT: Final = Path(__file__).parents[2]
DNS: Final = "DNS: kubernetes.default.svc.cluster.local"
CONNECTIONS: Final = {
    "api": {"expect": "allow", "host": API, "port": 443},
    "cache": {"expect": "allow", "host": REDIS, "port": 6379},
    "cache-udp": {"expect": "allow", "host": REDIS, "port": 6379, "protocol": "UDP"},
    "metadata": {"expect": "deny", "host": METADATA, "port": 80},
    "rival": {"expect": "deny", "host": RIVAL, "port": 5432},
    "rival-udp": {"expect": "deny", "host": RIVAL, "port": 5432, "protocol": "UDP"},
}
AS_IT_SHOULD: Final = [
    f"ok - {DNS} resolves",
    f"ok - allow api: {API} 443/TCP: answered",
    f"ok - allow cache: {REDIS} 6379/TCP: answered",
    f"ok - allow cache-udp: {REDIS} 6379/UDP: answered",
    f"ok - deny metadata: {METADATA} 80/TCP: silent",
    f"ok - deny rival: {RIVAL} 5432/TCP: silent",
    f"ok - deny rival-udp: {RIVAL} 5432/UDP: silent # SKIP silence over UDP proves nothing",
]
CONTROL: Final = [
    f"ok - {DNS} resolves",
    *(line.partition(" #")[0].replace("silent", "answered") for line in AS_IT_SHOULD[1:]),
]


@dataclass(frozen=True)
class Case:
    """One thing that may be the matter.

    Attributes:
        disturb: what happens to the namespace once the release is installed.
        subject: the lines of the service's own pod, or None where Helm does not come to start it.
        connections: further ones.
    """

    passes: bool
    disturb: Callable[[Api, str], None]
    control: list[str]
    subject: list[str] | None
    connections: Mapping[str, Mapping[str, object]] | None = None


def _nothing(api: Api, namespace: str) -> None:
    """The policy is as Helm installed it."""


def _remove(api: Api, namespace: str) -> None:
    api.delete(f"{POLICIES}/namespaces/{namespace}/networkpolicies")


def _block_all_but_dns(api: Api, namespace: str) -> None:
    keep_rules(api, namespace, {"dns": True, "others": False})


def _block_dns(api: Api, namespace: str) -> None:
    keep_rules(api, namespace, {"dns": False, "others": True})


def _changed(old: list[str], changes: Mapping[str, str]) -> list[str]:
    """Lines of which those with a word in them are others."""
    return [next((new for word, new in changes.items() if f" {word}:" in line), line) for line in old]


_OPEN: Final = _changed(
    AS_IT_SHOULD,
    {
        "metadata": f"not ok - deny metadata: {METADATA} 80/TCP: answered",
        "rival": f"not ok - deny rival: {RIVAL} 5432/TCP: answered",
        "rival-udp": f"not ok - deny rival-udp: {RIVAL} 5432/UDP: answered",
    },
)
_BLOCKED: Final = _changed(
    AS_IT_SHOULD,
    {
        "api": f"not ok - allow api: {API} 443/TCP: silent",
        "cache": f"not ok - allow cache: {REDIS} 6379/TCP: silent",
        "cache-udp": f"ok - allow cache-udp: {REDIS} 6379/UDP: silent # SKIP silence over UDP proves nothing",
    },
)
_NO_NAMES: Final = _changed(
    AS_IT_SHOULD,
    {
        "DNS": f"not ok - {DNS} does not resolve",
        "api": f"not ok - allow api: {API} 443/TCP: unresolved",
        "cache": f"not ok - allow cache: {REDIS} 6379/TCP: unresolved",
        "cache-udp": f"not ok - allow cache-udp: {REDIS} 6379/UDP: unresolved",
        "rival": f"not ok - deny rival: {RIVAL} 5432/TCP: unresolved",
        "rival-udp": f"not ok - deny rival-udp: {RIVAL} 5432/UDP: unresolved",
    },
)
# Port 81 has no listener: the outside refuses.
_SILENT: Final = {"nobody": {"expect": "deny", "host": OUTSIDE_HOST, "port": 81}}
_UNPROVEN: Final = [*CONTROL[:5], f"not ok - deny nobody: {OUTSIDE_HOST} 81/TCP: refused", *CONTROL[5:]]
CASES: Final = {
    "as-installed": Case(True, _nothing, CONTROL, AS_IT_SHOULD),
    "policy-removed": Case(False, _remove, CONTROL, _OPEN),
    "another-opens": Case(False, open_everything, CONTROL, _OPEN),
    "all-but-dns-blocked": Case(False, _block_all_but_dns, CONTROL, _BLOCKED),
    "dns-blocked": Case(False, _block_dns, CONTROL, _NO_NAMES),
    "nobody-answers": Case(False, _nothing, _UNPROVEN, None, _SILENT),
}


@dataclass(frozen=True)
class Outcome:
    """What Helm and the pods said; `logs` by pod."""

    status: int
    printed: str
    logs: dict[str, str]


@pytest.fixture(scope="module")
def outcomes(
    cluster: Cluster, node: Node, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[tuple[str, str], Outcome]]:
    """Every case with every Helm, each in a namespace of its own; they wait most of the time, so they wait together."""
    folder = tmp_path_factory.mktemp("helm")
    helms = {major: Helm(helm_binary(major), cluster.control_plane, folder) for major in MAJORS}
    runs = list(product(MAJORS, CASES))
    with listeners(cluster):
        for major, name in runs:
            helms[major].install(_home(major, name), CASES[name])
        cluster.settle()
        with ThreadPoolExecutor(len(runs)) as pool:
            found = pool.map(lambda run: helms[run[0]].test(_home(*run)), runs)
            yield dict(zip(runs, found, strict=True))
        for major, name in runs:
            helms[major].uninstall(_home(major, name))


def _home(major: str, case: str) -> str:
    return f"hook-{major}-{case}"


@dataclass(frozen=True)
class Helm:
    program: str
    control_plane: ControlPlane
    folder: Path

    def install(self, namespace: str, case: Case) -> None:
        make_home(self.control_plane.api, namespace)
        values = self.folder / f"{namespace}.yaml"
        values.write_text(
            json.dumps(released(_values({**CONNECTIONS, **(case.connections or {})}), "web", namespace)), "utf-8"
        )
        done = self._run("install", "web", ".", "-n", namespace, "-f", str(values))
        assert done.returncode == 0, done.stderr
        case.disturb(self.control_plane.api, namespace)

    def test(self, namespace: str) -> Outcome:
        done = self._run("test", "web", "-n", namespace, "--logs", "--timeout", "10m")
        kubectl = Kubectl(self.control_plane.kubeconfig, namespace)
        pods = kubectl("get", "pods", "-o", "jsonpath={.items[*].metadata.name}").split()
        return Outcome(done.returncode, done.stdout + done.stderr, {pod: kubectl("logs", pod) for pod in pods})

    def uninstall(self, namespace: str) -> None:
        done = self._run("uninstall", "web", "-n", namespace)
        assert done.returncode == 0, done.stderr
        Kubectl(self.control_plane.kubeconfig, namespace)("delete", "pods,networkpolicies", "--all", "--now")

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "HOME": str(self.folder), "KUBECONFIG": str(self.control_plane.kubeconfig)}
        command = [self.program, *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def _values(connections: Mapping[str, object]) -> dict[str, Any]:
    redis = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": DATA}},
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "redis"}},
    }
    dependencies = {
        "redis": {"to": [redis], "ports": [{"port": 6379, "protocol": kind} for kind in ("TCP", "UDP")]},
        "api": {"to": [{"ipBlock": {"cidr": f"{OUTSIDE_HOST}/32"}}], "ports": [{"port": 443, "protocol": "TCP"}]},
    }
    probe = {"enabled": True, "attempts": 2, "settleSeconds": 1, "connections": connections}
    selector = {"matchLabels": {"app": "web"}}
    return {"networkPolicy": {"podSelector": selector, "dependencies": dependencies, "probe": probe}}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("major", MAJORS)
def test_helm_test_tells(outcomes: dict[tuple[str, str], Outcome], major: str, name: str) -> None:
    case, outcome = CASES[name], outcomes[major, name]
    found = {_role(pod): points(log) for pod, log in outcome.logs.items()}
    assert found == {"control": case.control, **({"subject": case.subject} if case.subject else {})}
    assert (outcome.status == 0) is case.passes, outcome.printed


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("major", MAJORS)
def test_helm_prints_the_logs(outcomes: dict[tuple[str, str], Outcome], major: str, name: str) -> None:
    for log in outcomes[major, name].logs.values():
        assert log in outcomes[major, name].printed


def _role(pod: str) -> str:
    return "control" if pod.endswith("-control") else "subject"
