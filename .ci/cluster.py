"""The tests against a real cluster, as CI runs them: `make testbed`, then `make test-cluster`.

    PYTHONPATH=tests python .ci/cluster.py

A machine that can't have the testbed, or can't reach what it is built from, is told so, and that is no error. It may be
busy with others: a build that fails is tried once more, and so are tests that fail, those alone. Both are said aloud;
what fails twice has failed.
"""

import os
import signal
import subprocess
import sys
import time

from testbed.programs import go, why_impossible, why_unready

MINUTE = 60
TESTS = [sys.executable, "-m", "pytest", "-rs", "-o", "cache_dir=.pytest_cache/cluster", "tests/cluster"]


def main() -> int:
    if (reason := why_impossible()) is not None:
        return skip(reason)
    if why_unready() is not None and not build():
        if not proxy_answers():
            return skip("its programs are not built, and the Go module proxy can't be reached")
        say("FAILED twice: make testbed")
        return 1
    if (reason := why_unready()) is not None:
        say(f"FAILED: {reason}")
        return 1
    status = run(TESTS, 25 * MINUTE)
    if status == 0:
        return 0
    say("FAILED: make test-cluster. THE FAILED TESTS ALONE RUN ONCE MORE, since others use this machine too")
    again = run([*TESTS, "--last-failed", "--last-failed-no-failures=none"], 15 * MINUTE)
    say("FAILED twice" if again else "what failed at first has passed now: look at both before trusting either")
    return again


def build() -> bool:
    """`make testbed`, and once more where that fails: a registry has its moments."""
    for rest_seconds in (30, 0):
        if run([sys.executable, "-m", "testbed.build"], 60 * MINUTE) == 0:
            return True
        if rest_seconds:
            say(f"FAILED: make testbed. Once more in {rest_seconds} s")
            time.sleep(rest_seconds)
    return False


def proxy_answers() -> bool:
    """Whether Go can ask for the versions of a module, which no cache answers."""
    command = [go() or "go", "list", "-m", "-versions", "golang.org/x/mod"]
    return run(command, MINUTE, cwd="/") == 0


def run(command: list[str], limit_seconds: float, cwd: str | None = None) -> int:
    """The status of a command, which is stopped with all that it started when its time is over."""
    process = subprocess.Popen(command, cwd=cwd, start_new_session=True)
    try:
        return process.wait(limit_seconds)
    except subprocess.TimeoutExpired:
        say(f"STOPPED after {limit_seconds / MINUTE:.0f} minutes: {' '.join(command)}")
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
