"""Compile against the floor of writing the same files, and against the usual parts; growth and memory.

Folders are new for every run and removed when all is measured: creating files right after a mass removal is up to 15
times slower on ext4.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.process import Run, Series, egressc, in_turn, run, script
from bench.table import Measurement

SMALL, LARGE, HUGE = 1_000, 10_000, 100_000
MOST_MEBIBYTES = 300


class Fleet:
    """One fleet on disk: its project, a project file for each run, and the pack of what was compiled first.

    All that is large happens in processes of its own: the measuring one stays small.
    """

    def __init__(self, parent: Path, size: int, directions: str = "egress", dialect: str = "NetworkPolicy") -> None:
        self.size = size
        self.folder = parent / f"{size}-{directions}-{dialect}"
        self._last = 0
        run([sys.executable, "-m", "bench.fleet", self.folder.name, str(size), directions, dialect], parent)
        self.compiled = self.new_values()
        self.compile(self.compiled)
        run(script("pack.py", self.compiled, "pack"), self.folder)
        self.written = self.new_values()
        self.write_only(self.written)

    def new_values(self) -> str:
        self._last += 1
        return f"values-{self._last:03d}"

    def compile(self, values: str, *options: str) -> Run:
        return self._egressc("compile", values, *options)

    def check(self, values: str) -> Run:
        return self._egressc("check", values)

    def write_only(self, values: str) -> Run:
        return run(script("floor.py", "pack", values), self.folder)

    def usual(self, values: str) -> Run:
        return run([sys.executable, "-m", "bench.usual", ".", values], self.folder)

    def expect_equal(self, values: str) -> None:
        """Refuse to measure a comparison whose files say something else than the compiled ones."""
        run([sys.executable, "-m", "bench.equal", self.compiled, values], self.folder)

    def times(self, values: str) -> list[int]:
        return [file.stat().st_mtime_ns for file in sorted((self.folder / values).iterdir())]

    def _egressc(self, command: str, values: str, *options: str) -> Run:
        project = self.folder / f"{values}.project.yaml"
        if not project.exists():
            text = (self.folder / "egressc.yaml").read_text()
            project.write_text(text.replace("values: values", f"values: {values}"))
        return run(egressc(command, "--project", project.name, *options), self.folder)


class Found(NamedTuple):
    compile: Series
    floor: Series
    again: Series
    rewrite: Series
    check: Series
    usual: Series


def measure(parent: Path, *, quick: bool) -> Iterator[Measurement]:
    """Every comparison with its ratio; `parent` is an empty folder on the disk to measure."""
    runs = 3 if quick else 5
    found: dict[int, Found] = {}
    for size in (SMALL,) if quick else (SMALL, LARGE):
        found[size] = _measure_fleet(Fleet(parent, size), runs)
        yield from _ratios(size, found[size])
    if not quick:
        yield from _growth(found[SMALL], found[LARGE])
        yield _growth_to_huge(parent, found[LARGE])


def _measure_fleet(fleet: Fleet, runs: int) -> Found:
    usual_values = fleet.new_values()
    fleet.usual(usual_values)
    fleet.expect_equal(usual_values)
    times = fleet.times(fleet.compiled)
    new = in_turn(
        {
            "compile": lambda _: fleet.compile(fleet.new_values()),
            "floor": lambda _: fleet.write_only(fleet.new_values()),
        },
        runs,
    )
    over = in_turn(
        {
            "again": lambda _: fleet.compile(fleet.compiled),
            "rewrite": lambda _: fleet.write_only(fleet.written),
            "check": lambda _: fleet.check(fleet.compiled),
        },
        runs,
    )
    if fleet.times(fleet.compiled) != times:
        raise RuntimeError("compiling again touched a file")
    usual = in_turn({"usual": lambda _: fleet.usual(fleet.new_values())}, 3 if fleet.size <= SMALL else 1)
    return Found(**new, **over, **usual)


def _ratios(size: int, found: Found) -> Iterator[Measurement]:
    # The ratios to reach are those of a large fleet; in a small one the start of the interpreter outweighs the work.
    def to_reach(target: str) -> str:
        return target if size == LARGE else ""

    def compare(job: str, series: Series, other: str, against: Series, target: str) -> Measurement:
        return Measurement(
            f"{job}, {size:,} services",
            _told(series),
            f"{other}: {_told(against)}",
            series.seconds / against.seconds,
            target,
        )

    yield compare(
        "compile into an empty folder", found.compile, "only writing the same files", found.floor, to_reach("<= 4")
    )
    yield Measurement(
        f"the same job with the usual parts, {size:,} services",
        _told(found.usual),
        f"compile: {_told(found.compile)}",
        found.usual.seconds / found.compile.seconds,
        to_reach(">= 15"),
    )
    yield compare(
        "compile again, nothing changed", found.again, "writing over the old files", found.rewrite, to_reach("<= 0.5")
    )
    yield compare("check", found.check, "compile", found.compile, to_reach("<= 1.5"))
    most = max(found.compile.mebibytes, found.again.mebibytes, found.check.mebibytes)
    yield Measurement(
        f"peak memory, {size:,} services", f"{most:.0f} MiB", f"{MOST_MEBIBYTES} MiB", most / MOST_MEBIBYTES, "<= 1"
    )


def _growth(small: Found, large: Found) -> Iterator[Measurement]:
    for job, one, other in (
        ("compile", small.compile, large.compile),
        ("compile again", small.again, large.again),
        ("check", small.check, large.check),
    ):
        yield Measurement(
            f"growth of {job}",
            f"{LARGE:,} services: {_told(other)}",
            f"{SMALL:,}: {_told(one)}",
            other.seconds / one.seconds,
            "<= 11",
        )


def _growth_to_huge(parent: Path, large: Found) -> Measurement:
    """One run: a minute and a gigabyte."""
    folder = parent / str(HUGE)
    run([sys.executable, "-m", "bench.fleet", folder.name, str(HUGE)], parent)
    series = in_turn({"huge": lambda _: run(egressc("compile"), folder)}, 1)["huge"]
    return Measurement(
        "growth of compile",
        f"{HUGE:,} services: {_told(series)}",
        f"{LARGE:,}: {_told(large.compile)}",
        series.seconds / large.compile.seconds,
        "<= 11",
    )


def _told(series: Series) -> str:
    return f"{series.seconds:.3f} s ({series.processor_seconds:.3f} s of processor time)"
