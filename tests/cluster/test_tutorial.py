"""docs/tutorial.md on a real cluster: its files and commands, step by step, while clients keep connecting."""

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from cluster.projects import ROOT, Shop
from support.helm_binaries import MAJORS, helm_binary
from testbed.cluster import Cluster, PodPlan
from testbed.network import inside
from testbed.probing import Attempt, probe

TEXT: Final = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
# A file that is to be written, or commands to run, in the order of the text.
STEP: Final = re.compile(r"^(?:`(\S+)`:\n\n```\w+|```sh)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SHOP: Final = "corner-shop"
PAYMENT: Final = "203.0.113.10"
# A client may send one packet again, after a second: what a network plugin does while it changes a policy is its own.
_PATIENCE_SECONDS: Final = 2.5
PODS: Final = (
    PodPlan(SHOP, "web", {"app": "web"}, frozenset({("TCP", 8080)})),
    PodPlan(SHOP, "orders", {"app": "orders"}, frozenset({("TCP", 9090)})),
    PodPlan(SHOP, "postgresql", {"app": "postgresql"}, frozenset({("TCP", 5432)})),
    PodPlan(SHOP, "stranger", {"app": "stranger"}, frozenset({("TCP", 8080)})),
    PodPlan(SHOP, "debugger", {"debug": "yes"}, frozenset()),
    PodPlan("ingress-nginx", "nginx", {"app": "nginx"}, frozenset()),
    PodPlan("kube-system", "tutorial-dns", {"k8s-app": "kube-dns"}, frozenset({("UDP", 53)})),
)


@dataclass
class Clients:
    """Threads that open a new connection as soon as the last one has been answered, and note each that fails."""

    attempts: dict[str, Attempt]
    tried: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def __enter__(self) -> "Clients":
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._connect, args=it) for it in self.attempts.items()]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _connect(self, name: str, attempt: Attempt) -> None:
        while not self._end.wait(0.01):
            if reason := inside(attempt.source, lambda: _fail_once(attempt)):
                self.failed.append(f"{name} after {self.tried.get(name, 0)} connections: {reason}")
            self.tried[name] = self.tried.get(name, 0) + 1


def _fail_once(attempt: Attempt) -> str:
    """Why a new connection fails."""
    is_tcp = attempt.protocol == "TCP"
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if is_tcp else socket.SOCK_DGRAM) as made:
        made.settimeout(_PATIENCE_SECONDS)
        try:
            made.connect((attempt.address, attempt.port))
            if not is_tcp:
                made.send(b"0")
                made.recv(64)
        except OSError as error:
            return str(error)
    return ""


@pytest.fixture
def pods(cluster: Cluster) -> Iterator[dict[str, tuple[int, str]]]:
    cluster.replace_policies([])
    cluster.add_pods(PODS)
    cluster.answer_outside([("TCP", 443)])
    cluster.settle()
    found = {plan.name: cluster.pods[plan.namespace, plan.name] for plan in PODS}
    yield {name: (pod.network, pod.address) for name, pod in found.items()}
    for pod in found.values():
        cluster.remove_pod(pod)


@pytest.mark.parametrize("major", MAJORS)
def test_no_allowed_connection_fails_on_the_way(
    major: str, cluster: Cluster, pods: dict[str, tuple[int, str]], tmp_path: Path
) -> None:
    allowed, denied = _attempts(pods)
    control = dict(zip({**allowed, **denied}, probe([*allowed.values(), *denied.values()]), strict=True))
    assert [name for name, one in control.items() if not one.is_allowed] == [], "without policies everything is open"

    shop = Shop(tmp_path, SHOP, helm_binary(major), cluster.control_plane.kubeconfig)
    steps = STEP.findall(TEXT)
    still_open: list[int] = []
    opt_in = Attempt(pods["debugger"][0], pods["orders"][1], "TCP", 9090)
    opted_in: list[bool] = []
    with Clients(allowed) as clients:
        for file, text in steps:
            if file:
                (tmp_path / file).write_text(text, "utf-8")
                continue
            _run(shop, text)
            cluster.settle()
            time.sleep(1)  # for clients to see what is in force now
            if "install" in text:
                still_open.append(sum(one.is_allowed for one in probe(list(denied.values()))))
                opted_in.append(probe([opt_in])[0].is_allowed)
    assert clients.failed == []
    assert all(clients.tried[name] > 100 for name in allowed), clients.tried
    # Each step closes more of what the table does not allow, and the way back opens all of it.
    assert still_open == [4, 2, 0, 6]
    # Closed as soon as Orders has callers, and opened again for the label by the opt-in.
    assert opted_in == [True, False, True, True]


def test_no_allowed_connection_fails_if_everything_comes_at_once(
    cluster: Cluster, pods: dict[str, tuple[int, str]], tmp_path: Path
) -> None:
    """One release after the other, each of them slowly: with the namespace first, clients would wait too long."""
    allowed, denied = _attempts(pods)
    slow = tmp_path / "slow-helm"
    slow.write_text(f'#!/bin/sh\nsleep {_PATIENCE_SECONDS / 2}\nexec {helm_binary(MAJORS[0])} "$@"\n', "utf-8")
    slow.chmod(0o755)
    shop = Shop(tmp_path, SHOP, str(slow), cluster.control_plane.kubeconfig)
    for file, text in STEP.findall(TEXT):
        if file:  # the last one of each name stays
            (tmp_path / file).write_text(text, "utf-8")
    with Clients(allowed) as clients:
        for script, still_open in (
            ("compile", 6),
            ("install --yes --parallel 1", 0),
            ("uninstall --all --yes --parallel 1", 6),
        ):
            _run(shop, f"egressc {script}")
            cluster.settle()
            time.sleep(1)
            assert sum(one.is_allowed for one in probe(list(denied.values()))) == still_open, script
    assert clients.failed == []
    assert all(clients.tried[name] > 100 for name in allowed), clients.tried


def _attempts(pods: dict[str, tuple[int, str]]) -> tuple[dict[str, Attempt], dict[str, Attempt]]:
    """What the table allows and what it does not."""

    def attempt(source: str, target: str, port: int, protocol: str = "TCP") -> Attempt:
        return Attempt(pods[source][0], pods[target][1] if target in pods else target, protocol, port)

    allowed = {
        "nginx -> web": attempt("nginx", "web", 8080),
        "web -> orders": attempt("web", "orders", 9090),
        "orders -> postgresql": attempt("orders", "postgresql", 5432),
        "orders -> Payment API": attempt("orders", PAYMENT, 443),
        "orders -> DNS": attempt("orders", "tutorial-dns", 53, "UDP"),
        "stranger -> DNS": attempt("stranger", "tutorial-dns", 53, "UDP"),
    }
    denied = {
        "web -> postgresql": attempt("web", "postgresql", 5432),
        "web -> Payment API": attempt("web", PAYMENT, 443),
        "nginx -> orders": attempt("nginx", "orders", 9090),
        "stranger -> web": attempt("stranger", "web", 8080),
        "stranger -> Payment API": attempt("stranger", PAYMENT, 443),
        "nginx -> stranger": attempt("nginx", "stranger", 8080),
    }
    return allowed, denied


def _run(shop: Shop, script: str) -> None:
    environment = shop.environment()
    command = shop.folder / "bin" / "egressc"
    command.parent.mkdir(exist_ok=True)
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m egressc "$@"\n', "utf-8")
    command.chmod(0o755)
    environment["PATH"] = f"{command.parent}:{environment['PATH']}"
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", script], cwd=shop.folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
