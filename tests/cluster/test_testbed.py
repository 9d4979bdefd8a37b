"""The testbed cleans up after itself, also when whoever started it is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from testbed.control_plane import ControlPlane

TESTS = Path(__file__).parents[1]
FOREVER = """
import time
from testbed.control_plane import ControlPlane
with ControlPlane() as running:
    print(running.folder, flush=True)
    time.sleep(600)
"""


def test_nothing_outlives_a_killed_process(control_plane: ControlPlane) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", FOREVER], env={**os.environ, "PYTHONPATH": str(TESTS)}, stdout=subprocess.PIPE, text=True
    ) as victim:
        assert victim.stdout is not None
        folder = Path(victim.stdout.readline().strip())
        assert len(_programs(folder)) == 2
        victim.send_signal(signal.SIGKILL)
    end = time.monotonic() + 60
    while _programs(folder) and time.monotonic() < end:
        time.sleep(0.05)
    assert _programs(folder) == []
    # No process can remove its folder after its end; the next testbed does.
    with ControlPlane():
        assert not folder.exists()
        assert control_plane.folder.exists()


def _programs(folder: Path) -> list[str]:
    """The command lines of running programs that speak of a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_text("utf-8", errors="replace")
        except OSError:
            continue
        if str(folder) in words:
            found.append(words)
    return found
