"""Runs of `egressc install` that are killed in the middle, and what the next run makes of them."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cluster.projects import Shop, codes, make_shop, policies, revisions
from support.helm_binaries import helm_binary
from testbed.api import Api
from testbed.cluster import ensure_namespace
from testbed.control_plane import ControlPlane


def test_broken_off_upgrades_go_back_first(shop: Shop, api: Api) -> None:
    """A release in the state that Helm leaves when it is killed between storing a revision and ending it."""
    shop.run("install", "--yes")
    _kill_in_the_middle(shop, api, "pending-upgrade", change=lambda turn: shop.add_extra("web", f"192.0.{turn}.0/24"))
    assert codes(shop.run("status", "web", status=1), "EG648")
    shop.run("install", "--yes")
    assert revisions(api, shop.namespace)["web"][max(revisions(api, shop.namespace)["web"])] == "deployed"
    assert not re.search(r"^error", shop.run("status"), re.MULTILINE)


@pytest.mark.parametrize(("major", "count"), [("3", 50), ("4", 200)])
def test_two_hundred_services_survive_a_kill(
    major: str, count: int, control_plane: ControlPlane, tmp_path: Path
) -> None:
    """With the older Helm fewer of them: each has a program to start several times."""
    services = [(f"svc-{i:03d}", f"svc-{(i * 7 + 1) % count:03d}, svc-{(i * 3 + 2) % count:03d}") for i in range(count)]
    api = control_plane.api
    shop = make_shop(tmp_path, control_plane, helm_binary(major), services)
    ensure_namespace(api, shop.namespace, {})
    _kill_in_the_middle(shop, api, "pending-install", after=count // 4)
    assert count // 4 <= len(policies(api, shop.namespace)) < count
    shop.run("install", "--yes")
    assert set(policies(api, shop.namespace)) == {name for name, _ in services}
    stored = revisions(api, shop.namespace)
    assert set(stored) == {name for name, _ in services}
    assert {tuple(of_one.values()) for of_one in stored.values()} == {("deployed",)}
    assert f"{count} up to date" in shop.run("install", "--yes")
    assert revisions(api, shop.namespace) == stored
    report = json.loads(shop.run("status", "--format", "json").partition("\ncluster ")[0])
    assert report["summary"]["errors"] == 0


def _kill_in_the_middle(
    shop: Shop, api: Api, status: str, *, after: int = 0, change: Callable[[int], None] = lambda turn: None
) -> None:
    """Start an install, and kill it with all its helm processes once a release is in this state, `after` others.

    The moment may pass unseen on a busy machine; `change` then gives the next turn something to do.
    """
    path = f"/api/v1/namespaces/{shop.namespace}/secrets?limit=1&labelSelector=status%3D{status}"
    for turn in range(20):
        change(turn)
        run = subprocess.Popen(
            shop.command("install", "--yes"),
            cwd=shop.folder,
            env=shop.environment(),
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while run.poll() is None:
            if len(policies(api, shop.namespace)) < after:
                time.sleep(0.2)
            elif api.get(path)["items"]:
                os.killpg(run.pid, signal.SIGKILL)
                run.wait()
        if api.get(path)["items"]:
            return
    pytest.fail(f"no release was left {status}")
