"""`egressc compile` as processes: killed at any moment, several at once, and without room on the disk.

EGRESSC_KILLS is the number of kills (4), over EGRESSC_KILLED_SERVICES services (60): 200 over 2,000 take about an hour
on a busy machine.
"""

import fcntl
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.fleet_projects import FleetProject, rows_of

KILLS = int(os.environ.get("EGRESSC_KILLS", "4"))
SERVICES = int(os.environ.get("EGRESSC_KILLED_SERVICES", "60"))
COMMAND = [sys.executable, "-m", "egressc"]
MINE = {"values/README.md": "mine", "values/.hidden": "mine", ".values.egressc-new/a.yaml": "mine"}


def run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, *arguments], cwd=folder, capture_output=True, text=True, check=False)


def start(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*COMMAND, "compile"], cwd=folder, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def staged(folder: Path) -> bool:
    """Whether a folder of ours is there, beside the one of a person."""
    return any(path.name != ".values.egressc-new" for path in folder.glob(".values.egressc-*"))


def kill_at_random(folder: Path, chance: random.Random, takes: float) -> bool:
    """Kill a compile, half of the time while it writes; whether it was still running."""
    process = start(folder)
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0, takes))
    else:
        while process.poll() is None and not staged(folder):
            time.sleep(0.0005)
        time.sleep(chance.uniform(0, takes / 3))
    process.kill()
    process.communicate()
    return process.returncode == -9


def test_a_kill_leaves_the_old_state_or_the_new(tmp_path: Path) -> None:
    project = FleetProject(tmp_path, rows_of(SERVICES))
    states: list[dict[str, str]] = []
    takes = 0.0
    for port in (5000, 7000):
        project.ports = {name: port + number for number, name in enumerate(project.ports)}
        project.write()
        began = time.monotonic()
        assert run(tmp_path, "compile").returncode == 0
        takes = time.monotonic() - began
        states.append(project.values())
    for name, text in MINE.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    chance = random.Random(KILLS)  # noqa: S311  the same kills every time, as far as a machine lets them be
    killed, seen = 0, [0, 0]
    now = 1
    while killed < KILLS:
        old, now = states[now], 1 - now
        port = (5000, 7000)[now]
        project.ports = {name: port + number for number, name in enumerate(project.ports)}
        project.write()
        began = time.monotonic()
        if kill_at_random(tmp_path, chance, takes):
            killed += 1
        else:
            takes = time.monotonic() - began
        found = project.values()
        assert found in (old, states[now]), "half of one state and half of the other"
        seen[found == states[now]] += 1
        assert {name: (tmp_path / name).read_text() for name in MINE} == MINE
        if killed % 20 == 1:
            assert run(tmp_path, "check").returncode == (0 if found == states[now] else 3)
        assert run(tmp_path, "compile").returncode == 0
        assert project.values() == states[now]
        assert not staged(tmp_path)
    print(f"{killed} kills: {seen[0]} left the old state, {seen[1]} the new one")


def test_four_first_compiles_at_once_agree(tmp_path: Path) -> None:
    FleetProject(tmp_path, rows_of(SERVICES)).write()
    processes = [start(tmp_path) for _ in range(4)]
    for process in processes:
        _, told = process.communicate()
        assert process.returncode == 0, told
    assert run(tmp_path, "check").returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["catalog.yaml", "egressc.yaml", "services.md", "values"]


def test_waiting_for_another_run_is_told(tmp_path: Path) -> None:
    FleetProject(tmp_path, rows_of(3)).write()
    holder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    process = start(tmp_path)
    assert process.stderr is not None
    told = ""
    while "waiting" not in told:
        told = process.stderr.readline()
        assert told, "it ended without waiting"
    assert told == "waiting for another run of egressc, which writes values\n"
    os.close(holder)
    process.communicate()
    assert process.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here: a full disk cannot be tried")
def test_no_room_is_no_defect(tmp_path: Path) -> None:
    FleetProject(tmp_path, rows_of(3)).write()
    assert run(tmp_path, "compile").returncode == 0
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, "render"], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert b"error[EG511]" in done.stderr
    assert b"no space left on device" in done.stderr
