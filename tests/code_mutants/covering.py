"""Which tests call which function of the compiler, and how long each test takes."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parents[2] / "compiler" / "egressc"


class Covering(NamedTuple):
    """The seconds of each test, and the tests of each function by file and first line."""

    seconds: dict[str, float]
    tests: dict[str, list[str]]

    def tests_of(self, path: Path, function: int | None) -> list[str]:
        """The tests that call a function, the quickest first; all tests for what runs while modules are imported."""
        found = self.tests.get(f"{path}:{function}") or list(self.seconds)
        return sorted(found, key=lambda test: (self.seconds[test], test))


class Recorder:
    """What pytest reports to: notes the functions that are called while a test runs."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.tests: dict[str, list[str]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        called: set[tuple[str, int]] = set()

        def note(frame: FrameType, event: str, argument: object) -> None:
            called.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

        started = time.perf_counter()
        sys.settrace(note)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            self.seconds[item.nodeid] = time.perf_counter() - started
            for file, line in called:
                if file.startswith(str(PACKAGE)):
                    self.tests.setdefault(f"{file}:{line}", []).append(item.nodeid)


def find_covering(selection: list[str], notes: Path) -> Covering:
    """Run a selection of tests once, in a process of their own."""
    command = [sys.executable, "-m", "code_mutants.covering", str(notes), *selection]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the tests fail without a change:\n{done.stdout[-5000:]}{done.stderr[-5000:]}")
    return Covering(**json.loads(notes.read_text("utf-8")))


if __name__ == "__main__":
    recorder = Recorder()
    status = pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[2:]], plugins=[recorder])
    Path(sys.argv[1]).write_text(json.dumps({"seconds": recorder.seconds, "tests": recorder.tests}), "utf-8")
    sys.exit(status)
