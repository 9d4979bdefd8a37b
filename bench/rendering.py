"""Render the first services of a folder of values files one way, in one process.

Usage: python -m bench.rendering WAY VALUES COUNT FOUND
    helm            a process of the helm binary for each service (EGRESSC_HELM, else .tools/helm-4/helm)
    single          the embedded Helm, one service at a time, from what the compiler knows of the files it wrote, which
                    is how `egressc render` calls it
    single-files    the same, each file read with Helm's reader first
    batches         the embedded Helm in batches, from what the compiler knows
    batches-files   the same, each file read with Helm's reader first

The file FOUND gets in its first line the seconds, and the seconds of processor time, start and imports left out; then a
digest for each service.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from bench.process import REPOSITORY
from egressc.helm.choose import open_engine
from egressc.helm.engine import HelmEngine, Rendered, RenderJob, ValuesFile
from egressc.source import Source

NAMESPACE = "apps"


def main(way: str, values: str, count: str, found: str) -> None:
    files = sorted(Path(values).glob("*.yaml"))[: int(count)]
    texts: Iterable[bytes]
    if way == "helm":
        texts = by_binary(files)
    else:
        engine = open_engine("embedded", {})
        jobs: Iterable[RenderJob] = (read_job(file) for file in files)
        if not way.endswith("-files"):
            jobs = [with_document(job) for job in jobs]
        texts = one_by_one(engine, jobs) if way.startswith("single") else in_batches(engine, jobs)
    started, worked = time.perf_counter(), processor_seconds()
    digests = [sha256(text).hexdigest() for text in texts]
    seconds, processor = time.perf_counter() - started, processor_seconds() - worked
    Path(found).write_text("\n".join([f"{seconds} {processor}", *digests]) + "\n")


def processor_seconds() -> float:
    """Of this process, all its threads, and of the processes that it waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def by_binary(files: Sequence[Path]) -> Iterator[bytes]:
    helm = os.environ.get("EGRESSC_HELM") or str(REPOSITORY / ".tools" / "helm-4" / "helm")
    for file in files:
        command = [helm, "template", file.stem, str(REPOSITORY), "--namespace", NAMESPACE, "--values", str(file)]
        yield subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603  our own arguments


def read_job(file: Path) -> RenderJob:
    return RenderJob(file.stem, NAMESPACE, (ValuesFile(Source(str(file), file.read_text("utf-8"))),))


def with_document(job: RenderJob) -> RenderJob:
    from egressc.helm.embedded import read_values

    return RenderJob(job.service, job.namespace, (ValuesFile(job.values[0].source, read_values(job)),))


def one_by_one(engine: HelmEngine, jobs: Iterable[RenderJob]) -> Iterator[bytes]:
    for job in jobs:
        yield engine.render(REPOSITORY, job).encode()


def in_batches(engine: HelmEngine, jobs: Iterable[RenderJob]) -> Iterator[bytes]:
    for outcome in engine.render_fleet(REPOSITORY, jobs):
        if not isinstance(outcome, Rendered):
            raise RuntimeError(outcome.problem.message)
        yield outcome.text.encode()


if __name__ == "__main__":
    main(*sys.argv[1:])
