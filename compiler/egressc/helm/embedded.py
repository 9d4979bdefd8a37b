"""Helm in this process, through helm-python-sdk: no program to install, and no start of one for every service.

Three ways lead through it, the same bytes by test. The exact one is Helm's own: defaults, schema, templates. The
lean one is for values that the chart's schema accepts, as nearly all do: Helm compiles a schema anew for every render,
so a compiled validator says yes, and the chart that renders carries no schema. The third renders a batch of values that
our own chart accepts (see `batch`). Whatever is doubted goes the exact way, and all errors come from there.
"""

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Literal

import helm_python

from egressc.helm.batch import RENDERED, batch_values, split_batch
from egressc.helm.engine import EngineError, NotRendered, Outcome, Rendered, RenderJob, ValuesFile
from egressc.helm.loaded import LoadedChart, load_chart
from egressc.helm.manifests import lay_out
from egressc.helm.memory import hold_memory
from egressc.helm.messages import (
    SCHEMA_HEADLINE,
    check_release,
    explain_failure,
    explain_second_document,
    explain_unreadable,
)
from egressc.helm.values import Values, merge_files, second_document

# A rule that services share is rendered once a batch; memory grows with the batch.
BATCH = 250
# From here on holding memory saves more than it costs: some 20 ms once, and 0.1 ms or more for each release.
_MANY = 200
# Helm works outside the interpreter's lock, what is Python around it does not.
MOST_THREADS = 4

_Form = Literal["exact", "lean", "batch", "schema"]


class EmbeddedEngine:
    """A HelmEngine; may be shared between threads. A chart is read once: changes to it are not seen afterwards."""

    name = "embedded"

    def __init__(self) -> None:
        self.version = helm_python.helm_sdk_version()
        self._loaded: dict[Path, LoadedChart] = {}
        self._lock = threading.Lock()
        # Helm's charts are not safe to share: rendering works on the loaded chart itself (helm/helm#9906).
        self._own = threading.local()
        self._releases = 0
        self._memory: helm_python.Chart | None = None

    def render(self, chart: Path, job: RenderJob) -> str:
        self._expect_more(1)
        return self._render_one(self._load(chart), job)

    def render_fleet(self, chart: Path, jobs: Iterable[RenderJob]) -> Iterator[Outcome]:
        loaded = self._load(chart)
        remaining = iter(jobs)
        threads = min(MOST_THREADS, os.cpu_count() or 1)
        pending: deque[Future[list[Outcome]]] = deque()
        with ThreadPoolExecutor(threads, thread_name_prefix="egressc-helm") as pool:
            try:
                while batch := list(islice(remaining, BATCH)):
                    pending.append(pool.submit(self._render_batch, loaded, batch))
                    if len(pending) > threads:
                        yield from pending.popleft().result()
                while pending:
                    yield from pending.popleft().result()
            finally:
                pool.shutdown(cancel_futures=True)

    def _render_batch(self, loaded: LoadedChart, jobs: Sequence[RenderJob]) -> list[Outcome]:
        """The outcomes of a batch: together where the lean way may, and one by one what fails or is doubted."""
        self._expect_more(len(jobs))
        outcomes: dict[int, Outcome] = {}
        accepted: dict[int, Values] = {}
        for number, job in enumerate(jobs):
            try:
                laid = loaded.lay(self._read(job))
            except EngineError as error:
                outcomes[number] = NotRendered(job, error.diagnostic)
            else:
                if laid is not None and loaded.accepts(laid, job.release, job.namespace):
                    accepted[number] = laid
        releases = [(jobs[number].release, jobs[number].namespace, values) for number, values in accepted.items()]
        for number, text in zip(accepted, self._render_together(loaded, releases), strict=False):
            outcomes[number] = Rendered(jobs[number], text)
        return [outcomes.get(number) or self._outcome(loaded, job) for number, job in enumerate(jobs)]

    def _render_together(self, loaded: LoadedChart, releases: Sequence[tuple[str, str, Values]]) -> list[str]:
        """The texts of all releases, or none: one failing release fails them all, and says too little of which."""
        if not loaded.batch or not releases:
            return []
        path = f"{loaded.metadata['name']}/templates/networkpolicy.yaml"
        try:
            rendered = self._chart(loaded, "batch").render(batch_values(loaded.metadata, releases))[RENDERED]
            return [lay_out([(path, text)], _read_document) for text in split_batch(rendered)]
        except helm_python.HelmError:
            return []

    def _outcome(self, loaded: LoadedChart, job: RenderJob) -> Outcome:
        try:
            return Rendered(job, self._render_one(loaded, job))
        except EngineError as error:
            return NotRendered(job, error.diagnostic)

    def _render_one(self, loaded: LoadedChart, job: RenderJob) -> str:
        values = self._read(job)
        laid = loaded.lay(values)
        if laid is not None and loaded.accepts(laid, job.release, job.namespace):
            for text in self._render_together(loaded, [(job.release, job.namespace, laid)]):
                return text
            # Where the lean way fails the exact one has the words for it.
            with suppress(helm_python.HelmError):
                return self._render_form(loaded, "lean", values, job)
        elif laid is not None:
            self._refuse(loaded, laid, job)
        try:
            return self._render_form(loaded, "exact", values, job)
        except helm_python.HelmError as error:
            raise EngineError(explain_failure(str(error), job)) from error

    def _refuse(self, loaded: LoadedChart, laid: Values, job: RenderJob) -> None:
        """Raise EngineError with what Helm says about the schema; return where Helm has nothing to say against."""
        try:
            self._chart(loaded, "schema").validate_schema(dict(laid))
        except helm_python.HelmError as error:
            raise EngineError(explain_failure(f"{SCHEMA_HEADLINE}\n{error}", job)) from error

    def _render_form(self, loaded: LoadedChart, form: _Form, values: Values, job: RenderJob) -> str:
        chart = self._chart(loaded, form)
        templates = chart.render(dict(values), name=job.release, namespace=job.namespace)
        return lay_out(templates.items(), _read_document)

    def _read(self, job: RenderJob) -> Values:
        if (problem := check_release(job)) is not None:
            raise EngineError(problem)
        return read_values(job)

    def _expect_more(self, releases: int) -> None:
        """After many releases, prepare for as many again."""
        with self._lock:
            self._releases += releases
            if self._memory is None and self._releases >= _MANY:
                self._memory = hold_memory()

    def _load(self, path: Path) -> LoadedChart:
        key = path.absolute()
        with self._lock:
            if (loaded := self._loaded.get(key)) is None:
                loaded = self._loaded[key] = load_chart(path)
            return loaded

    def _chart(self, loaded: LoadedChart, form: _Form) -> helm_python.Chart:
        """This thread's own Helm chart of one form; a fresh one each time where rendering changes it."""
        if loaded.is_changed_by_rendering:
            return helm_python.Chart.load_archive(getattr(loaded, form))
        charts: dict[tuple[int, _Form], helm_python.Chart] = self._own.__dict__.setdefault("charts", {})
        key = (id(loaded), form)
        if (chart := charts.get(key)) is None:
            chart = charts[key] = helm_python.Chart.load_archive(getattr(loaded, form))
        return chart


def _read_document(text: str) -> Values:
    """A rendered document, read to find its kind. Raises HelmError, which says that it is not YAML."""
    document: Values = helm_python.values_from_yaml(text)
    return document


def read_values(job: RenderJob) -> Values:
    """All values of a job, merged in the order of its files. Raises EngineError."""
    return merge_files([_read_file(file, job) for file in job.values])


def _read_file(file: ValuesFile, job: RenderJob) -> Values:
    if file.document is not None:
        return file.document
    source = file.source
    if (offset := second_document(source)) is not None:
        raise EngineError(explain_second_document(source, offset, job))
    if "\0" in source.text:
        # The library takes a C string: it would read the text up to here and call it the whole.
        raise EngineError(explain_unreadable("yaml: control characters are not allowed", job, source))
    try:
        document: Values = helm_python.values_from_yaml(source.text)
    except helm_python.HelmError as error:
        raise EngineError(explain_failure(str(error), job, source)) from error
    return document
