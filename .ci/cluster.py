"""The tests against a real cluster, as `make test-cluster` and with it CI run them, with `make testbed` before.

    PYTHONPATH=tests python .ci/cluster.py

A machine that can't have the testbed, or can't reach what it is built from, is told so, and that is no error. It may be
busy with others: a build that fails is tried once more, and so are tests that fail, those alone. Both are said aloud;
what fails twice has failed. CI has an end (EGRESSC_CI_ENDS, in seconds since 1970): what would go beyond it is skipped.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

from testbed.build import seconds_for_building
from testbed.processes import die_with_parent
from testbed.programs import go, why_impossible, why_unready

MINUTE = 60
PYTEST = [sys.executable, "-m", "pytest", "-rs"]
# Each half has servers of its own. One works most of the time, the other waits most of it, so they run side by side.
# What waits does so in three processes, each with its own servers: one after the other it took 39 minutes.
HALVES = {
    "packets and probes": ["tests/cluster", "--ignore=tests/cluster/releases", "--ignore=tests/cluster/exports"],
    "releases and exports": ["--numprocesses=3", "--dist=loadfile", "tests/cluster/releases", "tests/cluster/exports"],
}


def main() -> int:
    if (reason := why_impossible()) is not None:
        return skip(reason)
    if not build():
        if seconds_for_building() < MINUTE:
            return skip("its programs are not built in the time that CI has; `make testbed` goes on with them")
        if not proxy_answers():
            return skip("its programs are not built, and the Go module proxy can't be reached")
        say("FAILED twice: make testbed")
        return 1
    if (reason := why_unready()) is not None:
        say(f"FAILED: {reason}")
        return 1
    failed = [name for name, status in run_halves().items() if status]
    return max([run_again(name) for name in failed], default=0)


def build() -> bool:
    """`make testbed`, and once more where that fails: a registry has its moments."""
    for rest_seconds in (30, 0):
        limit_seconds = min(60 * MINUTE, seconds_for_building())
        if limit_seconds < MINUTE:
            return False
        if run([sys.executable, "-m", "testbed.build"], limit_seconds) == 0:
            return True
        if rest_seconds and seconds_for_building() > MINUTE:
            say(f"FAILED: make testbed. Once more in {rest_seconds} s")
            time.sleep(rest_seconds)
    return False


def proxy_answers() -> bool:
    """Whether Go can ask for the versions of a module, which no cache answers."""
    command = [go() or "go", "list", "-m", "-versions", "golang.org/x/mod"]
    return run(command, MINUTE, cwd="/") == 0


def run_halves() -> dict[str, int]:
    """The status of each half, once all have ended; their output comes one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        logs = {name: Path(folder, name) for name in HALVES}
        running = {name: start(tests_of(name), logs[name]) for name in HALVES}
        statuses = {name: end(process, 40 * MINUTE) for name, process in running.items()}
        for name, log in logs.items():
            say(f"tests/cluster: {name}")
            print(log.read_text("utf-8", errors="replace"), end="", flush=True)
    return statuses


def run_again(name: str) -> int:
    say(f"FAILED: {name}. THE FAILED TESTS ALONE RUN ONCE MORE, since others use this machine too")
    status = run([*tests_of(name), "--last-failed", "--last-failed-no-failures=none"], 15 * MINUTE)
    say(f"FAILED twice: {name}" if status else f"PASSED the second time: {name}. Look for what disturbed the first")
    return status


def tests_of(name: str) -> list[str]:
    """What runs one half; each remembers what failed in a place of its own."""
    return [*PYTEST, "-o", f"cache_dir=.pytest_cache/{name.replace(' ', '-')}", *HALVES[name]]


def run(command: list[str], limit_seconds: float, cwd: str | None = None) -> int:
    """The status of a command."""
    return end(start(command, None, cwd), limit_seconds)


def start(command: list[str], log: Path | None, cwd: str | None = None) -> subprocess.Popen[bytes]:
    """A command in a process group of its own, which ends with this one; its output goes to a file, or on."""
    output = None if log is None else log.open("wb")
    with output or nullcontext():
        return subprocess.Popen(
            command,
            cwd=cwd,
            start_new_session=True,
            stdout=output,
            stderr=None if output is None else subprocess.STDOUT,
            preexec_fn=die_with_parent,
        )


def end(process: subprocess.Popen[bytes], limit_seconds: float) -> int:
    """Its status, once it has ended; when its time is over, it is stopped with all that it started."""
    try:
        return process.wait(limit_seconds)
    except subprocess.TimeoutExpired:
        say(f"STOPPED after {limit_seconds / MINUTE:.0f} minutes")
        return 1
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def skip(reason: str) -> int:
    say(f"SKIPPED make test-cluster: {reason}")
    return 0


def say(text: str) -> None:
    print(f"=== {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
