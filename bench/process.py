"""Whole processes, measured from outside: time, peak memory, and candidates in turn."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[1]


class Run(NamedTuple):
    """One process: wall time from start to end, the most memory it held, and processor time, that of the system too."""

    seconds: float
    mebibytes: float
    processor_seconds: float


class Series(NamedTuple):
    """Runs of one candidate; what counts are medians."""

    runs: tuple[Run, ...]

    @property
    def seconds(self) -> float:
        return median(run.seconds for run in self.runs)

    @property
    def processor_seconds(self) -> float:
        return median(run.processor_seconds for run in self.runs)

    @property
    def mebibytes(self) -> float:
        return max(run.mebibytes for run in self.runs)


def egressc(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "egressc", *arguments]


def script(name: str, *arguments: str) -> list[str]:
    """A script of this folder, in a Python without site packages: the least that a process may cost."""
    return [sys.executable, "-I", "-S", str(Path(__file__).with_name(name)), *arguments]


def run(command: Sequence[str], folder: Path) -> Run:
    """Run a command to its end; a failure ends the measurement.

    Keep the measuring process small: Linux counts the memory of the parent into the peak of a child.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(REPOSITORY / "compiler"), str(REPOSITORY)))}
    # An installed program has its bytecode; what is compiled anew in each run is no part of the work.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.perf_counter()
    with subprocess.Popen(  # noqa: S603  commands of this folder
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: status {process.returncode}\n{said.decode()[-2000:]}")
    return Run(seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)


def in_turn(candidates: Mapping[str, Callable[[int], Run]], runs: int) -> dict[str, Series]:
    """A B C A B C …: each candidate once a round, so that what disturbs the machine disturbs all alike."""
    found: dict[str, list[Run]] = {name: [] for name in candidates}
    for number in range(runs):
        for name, candidate in candidates.items():
            found[name].append(candidate(number))
    return {name: Series(tuple(each)) for name, each in found.items()}
