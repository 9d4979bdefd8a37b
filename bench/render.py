"""Rendering in this process against `helm template` for each service: the same bytes first, then the time it takes.

The binary takes the same time for every service (flat from 100 to 1,000): the clock runs for some of them, and a whole
run compares the bytes of all. Processor time stands beside the time that counts: where other work disturbs the machine,
it is the steadier witness.
"""

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bench.process import Run, Series, egressc, in_turn, run
from bench.table import Measurement

SMALL, LARGE = 1_000, 10_000
MOST_MEBIBYTES = 300


class Way(NamedTuple):
    """A way to render, as bench.rendering calls it, for the first services of a fleet."""

    name: str
    services: int
    words: str = ""

    def render(self, folder: Path, _: int = 0) -> Run:
        values = f"{SMALL if self.services <= SMALL else LARGE}/values"
        command = [sys.executable, "-m", "bench.rendering", self.name, values, str(self.services), self._found]
        process = run(command, folder)
        return process._replace(seconds=float(self._lines(folder)[0].split()[0]))

    def processor_seconds(self, folder: Path) -> float:
        """Of the last run."""
        return float(self._lines(folder)[0].split()[1])

    def digests(self, folder: Path) -> list[str]:
        return self._lines(folder)[1:]

    def told(self, series: Series, processor_seconds: float) -> str:
        each = 1000 / self.services
        return f"{series.seconds * each:.2f} ms a service ({processor_seconds * each:.2f} ms of processor time)"

    @property
    def _found(self) -> str:
        return f"{self.name}-{self.services}.found"

    def _lines(self, folder: Path) -> list[str]:
        return (folder / self._found).read_text().splitlines()


SINGLE = Way("single", SMALL, "one at a time in process")
SINGLE_FILES = Way("single-files", SMALL, "one at a time in process, from files alone")
BATCHES = Way("batches", SMALL, "in batches")
BATCHES_FILES = Way("batches-files", SMALL, "in batches, from files alone")
MANY = Way("batches-files", LARGE)
TARGETS = {SINGLE: ">= 50", SINGLE_FILES: "", BATCHES: ">= 200", BATCHES_FILES: ""}


def measure(parent: Path, *, quick: bool) -> Iterator[Measurement]:
    """Every comparison with its ratio; `parent` is an empty folder on the disk to measure."""
    for size in (SMALL,) if quick else (SMALL, LARGE):
        run([sys.executable, "-m", "bench.fleet", str(size), str(size)], parent)
        run(egressc("compile", "--project", f"{size}/egressc.yaml"), parent)
    binary = Way("helm", 50 if quick else 200)
    found = _in_turn(parent, (binary, *TARGETS), 3 if quick else 5)
    _expect_equal(parent, binary, *TARGETS)
    for way, target in TARGETS.items():
        yield Measurement(
            f"render {SMALL:,} services {way.words}",
            way.told(found[way], way.processor_seconds(parent)),
            f"helm template: {binary.told(found[binary], binary.processor_seconds(parent))}",
            (found[binary].seconds / binary.services) / (found[way].seconds / way.services),
            target,
        )
    if not quick:
        every = Way("helm", SMALL)
        every.render(parent)
        _expect_equal(parent, every, *TARGETS)
        yield from _growth(_in_turn(parent, (BATCHES_FILES, MANY), 3))


def _growth(found: dict[Way, Series]) -> Iterator[Measurement]:
    yield Measurement(
        "growth of rendering in batches",
        f"{LARGE:,} services: {found[MANY].seconds:.3f} s",
        f"{SMALL:,}: {found[BATCHES_FILES].seconds:.3f} s",
        found[MANY].seconds / found[BATCHES_FILES].seconds,
        "<= 11",
    )
    most = found[MANY].mebibytes
    yield Measurement(
        f"peak memory of rendering {LARGE:,} services",
        f"{most:.0f} MiB",
        f"{MOST_MEBIBYTES} MiB",
        most / MOST_MEBIBYTES,
        "<= 1",
    )


def _in_turn(folder: Path, ways: Sequence[Way], runs: int) -> dict[Way, Series]:
    found = in_turn({f"{way.name}-{way.services}": partial(way.render, folder) for way in ways}, runs)
    return {way: found[f"{way.name}-{way.services}"] for way in ways}


def _expect_equal(folder: Path, reference: Way, *others: Way) -> None:
    """Refuse to measure where one service renders to other bytes than helm's."""
    expected = reference.digests(folder)
    for other in others:
        if other.digests(folder)[: len(expected)] != expected:
            raise RuntimeError(f"{other.name} and {reference.name} render different bytes")
