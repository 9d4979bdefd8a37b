"""What the compiler asks of Helm, and what it gets back; the two engines are in `embedded` and `binary`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from egressc.diagnostics.core import Diagnostic
from egressc.source import Source, Span


class EngineError(Exception):
    """Helm cannot do what it was asked; the diagnostic says why and where."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


@dataclass(frozen=True, slots=True)
class ValuesFile:
    """One `-f` file. `document` is what the text says, where the caller knows it already: reading is then spared.

    Only the compiler's own text comes with a document: a test compares the two through Helm's reader.
    """

    source: Source
    document: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class RenderJob:
    """One release: the service's id, its namespace, its values files in the order of `-f`: later over earlier.

    `release_name` is given where it is not the id, and `chart` where jobs have different ones.
    """

    service: str
    namespace: str
    values: tuple[ValuesFile, ...]
    release_name: str = ""
    chart: Path | None = None

    @property
    def release(self) -> str:
        return self.release_name or self.service

    @property
    def place(self) -> Span:
        """Where to point when Helm names no file: the values that were given last."""
        source = self.values[-1].source if self.values else Source(f"release {self.service}", "")
        return Span(source, 0, 0)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text that `helm template` prints for a job; a lone line feed where the chart renders nothing."""

    job: RenderJob
    text: str


@dataclass(frozen=True, slots=True)
class NotRendered:
    job: RenderJob
    problem: Diagnostic


Outcome = Rendered | NotRendered


class HelmEngine(Protocol):
    """Renders charts as `helm template NAME CHART --namespace NS -f FILE...` does, byte for byte."""

    @property
    def name(self) -> str:
        """How reports call it: "embedded" or the path of the binary."""
        ...

    @property
    def version(self) -> str:
        """The version of Helm, such as "v4.1.4"."""
        ...

    def render(self, chart: Path, job: RenderJob) -> str:
        """The text of one release. Raises EngineError."""
        ...

    def render_fleet(self, chart: Path, jobs: Iterable[RenderJob]) -> Iterator[Outcome]:
        """The outcome of each job, in the order of the jobs and as it comes: a fleet is never in memory whole.

        A failing job spoils no other. Raises EngineError where no job can be rendered: the chart does not load.
        """
        ...
