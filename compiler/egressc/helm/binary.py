"""The helm binary, through pyhelm3: the reference, and the engine wherever the embedded Helm does not run."""

import asyncio
import logging
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from pyhelm3 import Command, Error  # type: ignore[import-untyped]

from egressc.diagnostics.rendered import helm_unusable
from egressc.helm.chart import check_chart
from egressc.helm.engine import EngineError, NotRendered, Outcome, Rendered, RenderJob
from egressc.helm.messages import check_release, explain_failure, explain_second_document
from egressc.helm.values import second_document
from egressc.source import Located, Source

# The oldest Helm whose output is compared with the newest's.
OLDEST = (3, 17)
# Helm says its version in some 40 ms; what takes this long is another program.
_PATIENCE_SECONDS = 20
_VERSION = re.compile(r"v(\d+)\.(\d+)\.\d+\S*")
_VALUES_FILE = re.compile(r"failed to parse \S*?/(?P<number>\d+)\.yaml: ")


class BinaryEngine:
    """A HelmEngine that starts one process a release. Raises EngineError (EG602) for what is not a usable Helm."""

    def __init__(self, program: Located[str]) -> None:
        # Every failure that pyhelm3 logs is raised as well; without a handler Python prints it on stderr.
        logging.getLogger("pyhelm3").addHandler(logging.NullHandler())
        self.name = program.value
        self._command = Command(executable=program.value)
        self.version = _ask_version(self._command, program)

    def render(self, chart: Path, job: RenderJob) -> str:
        check_chart(chart)
        return asyncio.run(self._render(chart, job))

    def render_fleet(self, chart: Path, jobs: Iterable[RenderJob]) -> Iterator[Outcome]:
        check_chart(chart)
        remaining = iter(jobs)
        width = os.cpu_count() or 1
        while batch := list(islice(remaining, width)):
            yield from asyncio.run(self._render_batch(chart, batch))

    async def _render_batch(self, chart: Path, jobs: list[RenderJob]) -> list[Outcome]:
        return list(await asyncio.gather(*(self._outcome(chart, job) for job in jobs)))

    async def _outcome(self, chart: Path, job: RenderJob) -> Outcome:
        try:
            return Rendered(job, await self._render(chart, job))
        except EngineError as error:
            return NotRendered(job, error.diagnostic)

    async def _render(self, chart: Path, job: RenderJob) -> str:
        if (problem := check_release(job)) is not None:
            raise EngineError(problem)
        for file in job.values:
            if (offset := second_document(file.source)) is not None:
                raise EngineError(explain_second_document(file.source, offset, job))
        with tempfile.TemporaryDirectory(prefix="egressc-") as folder:
            arguments = ["template", job.release, str(chart.resolve()), f"--namespace={job.namespace}"]
            for number, file in enumerate(job.values):
                path = Path(folder, f"{number}.yaml")
                path.write_bytes(file.source.text.encode())
                arguments += ["--values", str(path)]
            try:
                printed: bytes = await self._command.run(arguments)
            except Error as error:
                words = error.stderr.decode(errors="replace")
                raise EngineError(explain_failure(words, job, _file_of(words, job))) from error
        return printed.decode()


def _ask_version(command: Command, program: Located[str]) -> str:
    async def ask() -> bytes:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            answer: bytes = await command.run(["version", "--template", "{{.Version}}"])
            return answer

    try:
        answer = asyncio.run(ask()).decode(errors="replace").strip()
    except Error as error:
        answer = error.stderr.decode(errors="replace").strip()
    except TimeoutError:
        answer = ""
    version = _VERSION.fullmatch(answer)
    if version is None or (int(version[1]), int(version[2])) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise EngineError(helm_unusable(program, oldest, answer.splitlines()[0][:80] if answer else ""))
    return answer


def _file_of(words: str, job: RenderJob) -> Source | None:
    """The values file that Helm could not read, from its name in the message."""
    file = _VALUES_FILE.search(words)
    return None if file is None else job.values[int(file["number"])].source
