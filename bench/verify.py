"""The proof against NCA, the analyzer that exists for Python, on the same policies; and alone on larger fleets.

NCA's time grows with about the square of the services (20 to 30 s for the connections of 200, two minutes for whether
two sets of their policies are equivalent), so it is asked once. A quick run asks for the connections of 50.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

from bench.process import REPOSITORY, Run, Series, egressc, in_turn, run
from bench.table import Measurement

SMALL, LARGE = 1_000, 10_000
MOST_MEBIBYTES = 300

_PAIR = re.compile(r"^(\S+?/\S+?)(?:\[Pod\])? => (\S+?/\S+?)(?:\[Pod\])?(?: :.*)?$", re.MULTILINE)


def measure(parent: Path, *, quick: bool) -> Iterator[Measurement]:
    """Every comparison with its ratio; `parent` is an empty folder on the disk to measure."""
    beside = 50 if quick else 200
    sizes = (SMALL,) if quick else (SMALL, LARGE)
    for size in (beside, *sizes):
        _make(parent, size)
    yield from _against_nca(parent, beside, quick=quick)
    jobs: tuple[Callable[..., Run], ...] = (_prove, _render, _verify)
    found = in_turn({f"{job.__name__} {size}": partial(job, parent, size) for size in sizes for job in jobs}, 3)
    for size in sizes:
        proof, rendering = found[f"_prove {size}"], found[f"_render {size}"]
        yield Measurement(
            f"proof of {size:,} services against rendering them in batches",
            _told(proof),
            f"{rendering.seconds:.2f} s",
            proof.seconds / rendering.seconds,
            "<= 4",
        )
    if not quick:
        yield from _growth(found)
        yield _with_extras(parent)


def _growth(found: dict[str, Series]) -> Iterator[Measurement]:
    for job, words, most in (
        ("_prove", "proof", "<= 12"),
        ("_verify", "egressc verify (compile, render, prove)", "<= 11"),
    ):
        small, large = found[f"{job} {SMALL}"], found[f"{job} {LARGE}"]
        yield Measurement(
            f"growth of {words}",
            f"{LARGE:,} services: {_told(large)}",
            f"{SMALL:,}: {_told(small)}",
            large.seconds / small.seconds,
            most,
        )
    proof, whole = found[f"_prove {LARGE}"], found[f"_verify {LARGE}"]
    yield Measurement(f"proof of {LARGE:,} services", _told(proof), "1 s", proof.seconds, "<= 5")
    yield Measurement(
        f"peak memory of egressc verify, {LARGE:,} services",
        f"{whole.mebibytes:.0f} MiB",
        f"{MOST_MEBIBYTES} MiB",
        whole.mebibytes / MOST_MEBIBYTES,
        "<= 1",
    )


def _with_extras(parent: Path) -> Measurement:
    """The most that a proof has to hold: every file has an extra rule, and no two have the same."""
    project = parent / "extras"
    run([sys.executable, "-m", "bench.fleet", project.name, str(LARGE)], parent)
    run(egressc("compile", "--project", f"{project.name}/egressc.yaml"), parent)
    for number, file in enumerate(sorted((project / "values").glob("*.yaml"))):
        network = f"10.{number // 250}.{number % 250}.0/24"
        extra = (
            f"  egress:\n    - to: [{{ipBlock: {{cidr: {network}}}}}]\n      ports: [{{port: 5432, protocol: TCP}}]\n"
        )
        file.write_text(file.read_text("utf-8").removesuffix("  egress: []\n") + extra, "utf-8")
    process = run(egressc("verify", "--project", f"{project.name}/egressc.yaml"), parent)
    return Measurement(
        f"peak memory of egressc verify, {LARGE:,} services with an extra rule each",
        f"{process.mebibytes:.0f} MiB, {process.processor_seconds:.1f} s of processor time",
        f"{MOST_MEBIBYTES} MiB",
        process.mebibytes / MOST_MEBIBYTES,
        "<= 1",
    )


def _told(series: Series) -> str:
    return f"{series.seconds:.2f} s ({series.processor_seconds:.2f} s of processor time with start and sources)"


def _make(parent: Path, size: int) -> None:
    run([sys.executable, "-m", "bench.fleet", str(size), str(size)], parent)
    project = f"{size}/egressc.yaml"
    run(egressc("compile", "--project", project), parent)
    run(egressc("render", "--project", project, "--output-dir", f"{size}/rendered"), parent)


def _prove(parent: Path, size: int, _: int = 0) -> Run:
    """The seconds of the proof alone: compiling the sources comes before it in every command."""
    process = _prove_wholly(parent, size)
    return process._replace(seconds=float((parent / f"{size}.proof").read_text().split()[0]))


def _prove_wholly(parent: Path, size: int, *cluster: str) -> Run:
    found = f"{size}.proof"
    process = run(
        [sys.executable, "-m", "bench.proof", f"{size}/egressc.yaml", f"{size}/rendered", found, *cluster], parent
    )
    differences = (parent / found).read_text().split()[1]
    if differences != "0":
        raise RuntimeError(f"{differences} differences between {size} services and their rendered policies")
    return process


def _render(parent: Path, size: int, _: int = 0) -> Run:
    found = f"{size}.rendering"
    process = run([sys.executable, "-m", "bench.rendering", "batches", f"{size}/values", str(size), found], parent)
    return process._replace(seconds=float((parent / found).read_text().split()[0]))


def _verify(parent: Path, size: int, _: int = 0) -> Run:
    """The command as a person runs it."""
    return run(egressc("verify", "--project", f"{size}/egressc.yaml"), parent)


def _against_nca(parent: Path, size: int, *, quick: bool) -> Iterator[Measurement]:
    """Whole processes on one stream of manifests: which pods may reach which, and whether two sets are equivalent."""
    cluster, other = f"{size}.cluster.yaml", f"{size}.other.yaml"
    _prove_wholly(parent, size, cluster, other)
    ours = [sys.executable, "-m", "bench.connections", cluster]
    theirs = [sys.executable, "-m", "nca", "-r", cluster, "--connectivity", "-o", "txt_no_fw_rules"]
    nca = run([*theirs, "-f", "nca.txt"], parent)
    pairs = {tuple(pair) for pair in _PAIR.findall((parent / "nca.txt").read_text())}
    if pairs != {tuple(pair) for pair in _PAIR.findall(_output(ours, parent))}:
        raise RuntimeError("NCA and egressc name different pairs of pods")
    yield _beside(f"connections of {size} services against NCA's connectivity", ours, nca, parent, quick=quick)
    if not quick:
        ours = [sys.executable, "-m", "bench.equivalence", cluster, other]
        theirs = [sys.executable, "-m", "nca", "--equiv", cluster, "-b", other, "-p", cluster, "-n", cluster]
        nca = run(theirs, parent)
        yield _beside(f"equivalence of {size} services against NCA's", ours, nca, parent, quick=quick)


def _beside(job: str, ours: list[str], nca: Run, parent: Path, *, quick: bool) -> Measurement:
    runs = [run(ours, parent) for _ in range(5)]
    seconds = median(each.seconds for each in runs)
    told = f"{seconds:.3f} s, {max(each.mebibytes for each in runs):.0f} MiB"
    target = "" if quick else ">= 150"
    theirs = f"{nca.seconds:.1f} s, {nca.mebibytes:.0f} MiB"
    return Measurement(f"{job}, whole processes", told, theirs, nca.seconds / seconds, target)


def _output(command: list[str], parent: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(REPOSITORY / "compiler"), str(REPOSITORY)))}
    return subprocess.run(command, cwd=parent, env=environment, check=True, capture_output=True, text=True).stdout  # noqa: S603
