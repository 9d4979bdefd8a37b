"""The life of a probe's pods when a run is broken off, and the values that it writes for `helm test`."""

import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from cluster.probe_scene import Kubectl, points
from cluster.probe_shops import probed
from cluster.projects import ROOT, Shop
from testbed.cluster import Cluster
from testbed.node import Node

_LISTENERS = ["orders", "rival"]


@pytest.fixture(scope="module")
def shop(cluster: Cluster, node: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with probed(tmp_path_factory.mktemp("life"), cluster) as made:
        yield made


def _pods(shop: Shop, *selection: str) -> list[str]:
    found = Kubectl(shop.kubeconfig, shop.namespace)(
        "get", "pods", *selection, "-o", "jsonpath={.items[*].metadata.name}"
    )
    return found.split()


def _break_off(shop: Shop, number: int) -> int:
    """Start a probe, and send it a signal once both of its pods run; how it ended."""
    with subprocess.Popen(
        shop.command("probe", "web"),
        cwd=shop.folder,
        env=shop.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as run:
        end = time.monotonic() + 120
        probing = ("-l", "network-policy/probe=web", "--field-selector", "status.phase=Running")
        while len(_pods(shop, *probing)) < 2 and time.monotonic() < end:
            time.sleep(0.2)
        assert run.poll() is None, "it ended before its pods ran"
        run.send_signal(number)
        return run.wait(120)


def test_what_a_killed_run_left_goes_with_the_next(shop: Shop) -> None:
    assert _break_off(shop, signal.SIGKILL) == -signal.SIGKILL
    left = _pods(shop, "-l", "network-policy/probe=web")
    assert len(left) == 2
    done = subprocess.run(
        shop.command("probe", "web", "--denied", "1"),
        cwd=shop.folder,
        env=shop.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "removed 2 pods of an earlier run" in done.stderr
    assert all(line.startswith("ok ") for line in points(done.stdout))
    assert _pods(shop) == _LISTENERS


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_told_to_end_leaves_nothing(shop: Shop, number: signal.Signals) -> None:
    assert _break_off(shop, number) != 0
    assert _pods(shop) == _LISTENERS


def test_values_for_helm_test_try_the_same(shop: Shop) -> None:
    overlay = shop.folder / "probe.yaml"
    written = subprocess.run(
        shop.command("probe", "web", "--values"),
        cwd=shop.folder,
        env=shop.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert written.returncode == 0, written.stderr
    overlay.write_text(written.stdout, "utf-8")
    shop.helm("upgrade", "web", str(ROOT), "-f", str(shop.folder / "values" / "web.yaml"), "-f", str(overlay))
    printed = shop.helm("test", "web", "--logs", "--timeout", "10m")
    for line in ("allow orders-8080", "deny rival-8080", "allow orders-9125-udp"):
        assert f" - {line}: " in printed
    assert "not ok" not in printed
    # What Helm was told of probes is no drift of the policy.
    assert "error[" not in shop.run("status", "web")
