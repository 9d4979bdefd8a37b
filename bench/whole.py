"""The whole job (compile, render, prove, write) against `helm template` for each service, and what a start costs.

The binary takes the same time for every service (flat from 100 to 1,000), so some of them, rendered in the same run,
stand for all.
"""

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.compile import Fleet
from bench.process import Run, Series, egressc, in_turn, run
from bench.table import Measurement

SMALL, LARGE = 1_000, 10_000
BOTH_SMALL, BOTH_LARGE = 2_000, 10_000
BOTH_MOST_MEBIBYTES = 400
SAMPLE = 100
PYDANTIC = "python -c 'import pydantic'"


def measure(parent: Path, *, quick: bool) -> Iterator[Measurement]:
    """Every comparison with its ratio; `parent` is an empty folder on the disk to measure."""
    yield _start(parent)
    whole: dict[int, Series] = {}
    for size in (SMALL,) if quick else (SMALL, LARGE):
        fleet = Fleet(parent, size)
        found = in_turn(
            {"whole": partial(_prove_and_write, fleet), "helm": partial(_render_some, fleet.folder / fleet.compiled)}, 3
        )
        whole[size], helm = found["whole"], found["helm"]
        each = helm.seconds / SAMPLE
        yield Measurement(
            f"compile, render, prove and write {size:,} services",
            _told(whole[size]),
            f"helm template alone: {each * size:.0f} s ({SAMPLE} services took {helm.seconds:.2f} s)",
            each * size / whole[size].seconds,
            "" if quick else ">= 60",
        )
    if not quick:
        yield Measurement(
            "growth of the whole job",
            f"{LARGE:,} services: {_told(whole[LARGE])}",
            f"{SMALL:,}: {_told(whole[SMALL])}",
            whole[LARGE].seconds / whole[SMALL].seconds,
            "<= 11",
        )
    yield from _both_directions(parent, BOTH_SMALL if quick else BOTH_LARGE)
    yield _cilium(parent, BOTH_SMALL if quick else BOTH_LARGE)


def _both_directions(parent: Path, size: int) -> Iterator[Measurement]:
    """The whole job where policies limit ingress too: every connection between services is a rule at both ends."""
    folder = parent / "directions"
    folder.mkdir()
    fleets = {directions: Fleet(folder, size, directions) for directions in ("egress", "both")}
    found = in_turn({name: partial(_prove_and_write, fleet) for name, fleet in fleets.items()}, 3)
    both, egress = found["both"], found["egress"]
    yield Measurement(
        f"compile, render, prove and write {size:,} services, both directions",
        _told(both),
        f"egress alone: {_told(egress)}",
        both.seconds / egress.seconds,
        "<= 2",
    )
    yield Measurement(
        f"peak memory of that, {size:,} services",
        f"{both.mebibytes:.0f} MiB (egress alone: {egress.mebibytes:.0f} MiB)",
        f"{BOTH_MOST_MEBIBYTES} MiB",
        both.mebibytes / BOTH_MOST_MEBIBYTES,
        "<= 1",
    )


def _cilium(parent: Path, size: int) -> Measurement:
    """The whole job in the dialect Cilium, where hosts are names."""
    folder = parent / "dialects"
    folder.mkdir()
    fleets = {dialect: Fleet(folder, size, dialect=dialect) for dialect in ("NetworkPolicy", "Cilium")}
    found = in_turn({name: partial(_prove_and_write, fleet) for name, fleet in fleets.items()}, 3)
    return Measurement(
        f"compile, render, prove and write {size:,} services, dialect Cilium",
        _told(found["Cilium"]),
        f"NetworkPolicy: {_told(found['NetworkPolicy'])}",
        found["Cilium"].seconds / found["NetworkPolicy"].seconds,
        "<= 1.5",
    )


def _start(folder: Path) -> Measurement:
    found = in_turn(
        {
            "help": lambda _: run(egressc("--help"), folder),
            "pydantic": lambda _: run([sys.executable, "-c", "import pydantic"], folder),
        },
        11,
    )
    start, pydantic = found["help"], found["pydantic"]
    return Measurement(
        "egressc --help", _told(start), f"{PYDANTIC}: {_told(pydantic)}", start.seconds / pydantic.seconds, "<= 3"
    )


def _prove_and_write(fleet: Fleet, _: int) -> Run:
    return fleet.compile(fleet.new_values(), "--verify")


def _render_some(values: Path, _: int) -> Run:
    """A process of helm for each of the first services; the seconds are those of the processes alone."""
    found = values.with_suffix(".found")
    process = run(
        [sys.executable, "-m", "bench.rendering", "helm", values.name, str(SAMPLE), found.name], values.parent
    )
    return process._replace(seconds=float(found.read_text().split()[0]))


def _told(series: Series) -> str:
    return f"{series.seconds:.3f} s ({series.processor_seconds:.3f} s of processor time)"
