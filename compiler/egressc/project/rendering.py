"""Rendering the services of a compiled project, one at a time as the engine gives them."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.dialects import unrendered_dialect
from egressc.diagnostics.generated import foreign_manifest, unusable_folder, whole_file
from egressc.dialects.limits import limits_of
from egressc.emit.values import ServiceValues
from egressc.files.folder import WritePlan, plan_write, read_folder
from egressc.helm.chart import own_chart
from egressc.helm.choose import open_engine
from egressc.helm.engine import EngineError, NotRendered, Outcome, Rendered, RenderJob, ValuesFile
from egressc.model.dialects import DIALECTS
from egressc.model.release_kinds import RELEASE_KINDS, SERVICES, ReleaseKind
from egressc.project.compiling import Compiled
from egressc.project.refusals import point_at_values
from egressc.project.workspace import Workspace
from egressc.source import Source

# What reports call manifests that stand in no file: as `egressc render --output-dir rendered` would write them.
RENDERED = "rendered"
# The separator that Helm's output begins with: a mark on its line moves no other.
_START: Final = "---\n"
# How every file begins that `egressc render` writes, and no other.
_WRITTEN: Final = "--- # Rendered by `egressc render`"

Watch = Callable[[Iterable[Outcome], int, str], Iterable[Outcome]]
"""Passes outcomes on, told how many there will be and what they are: the shell shows progress with it."""


def unwatched(outcomes: Iterable[Outcome], count: int, sentence: str) -> Iterable[Outcome]:
    del count, sentence
    return outcomes


def render_services(
    compiled: Compiled, ids: Sequence[str], helm: str | None, report: Report, watch: Watch = unwatched
) -> Iterator[Source]:
    """The manifests of services that have a values file, named by it; ends early once the engine fails as a whole.

    Args:
        report: receives EG6xx. A service that is reported is left out.
        watch: sees each outcome go by.
    """
    count, jobs = jobs_of(compiled, ids)
    return render_jobs(compiled.workspace, jobs, count, helm, report, watch)


def jobs_of(compiled: Compiled, ids: Sequence[str], *, planned: bool = False) -> tuple[int, Iterator[RenderJob]]:
    """What there is to render, and how much; `planned`: what a compile would write, not the values files as they are.

    Each is made when its turn comes: a fleet of them, with their documents, would be held at once.
    """
    wanted = set(ids)
    texts = _planned(compiled) if planned else compiled.folder.files
    chosen = [it for it in compiled.values if it.service.id in wanted and it.file_name in texts]
    # Looked for once: to ask where they are takes a while, for 10,000 services.
    charts = charts_of(compiled.workspace)
    return len(chosen), (_job(values, texts[values.file_name], charts[values.service.kind]) for values in chosen)


def render_jobs(
    workspace: Workspace,
    jobs: Iterable[RenderJob],
    count: int,
    helm: str | None,
    report: Report,
    watch: Watch = unwatched,
) -> Iterator[Source]:
    """The manifests of `count` jobs, as `render_services` has them."""
    if not renders_dialect(workspace, report):
        return
    try:
        engine = open_engine(helm)
        outcomes = (
            outcome for chart, held in groupby(jobs, key=_chart_of_job) for outcome in engine.render_fleet(chart, held)
        )
        for outcome in watch(outcomes, count, f"rendering with Helm {engine.version}"):
            match outcome:
                case Rendered(job, text):
                    yield Source(f"{RENDERED}/{job.service}.yaml", text)
                case NotRendered(_, problem):
                    report.add(point_at_values(problem))
    except EngineError as error:
        report.add(error.diagnostic)


def _planned(compiled: Compiled) -> Mapping[str, Source]:
    folder = compiled.folder.name
    return {name: Source(f"{folder}/{name}", text) for name, text in compiled.recompiled.contents.items()}


def renders_dialect(workspace: Workspace, report: Report) -> bool:
    """Whether the chart of a project renders its dialect; EG608 where it does not. Of its own chart nobody knows."""
    project = workspace.project
    dialect = project.cluster.dialect
    if project.chart or limits_of(dialect, project.cluster).is_rendered:
        return True
    rendered = next(name for name in DIALECTS if limits_of(name, project.cluster).is_rendered)
    report.add(unrendered_dialect(project.cluster.dialect_place or workspace.place, dialect, rendered))
    return False


def chart_of(workspace: Workspace) -> Path:
    """The chart of a project: its own, or the one that belongs to this compiler."""
    chart = workspace.project.chart
    return workspace.folder / chart if chart else own_chart()


def charts_of(workspace: Workspace) -> dict[ReleaseKind, Path]:
    """Where the charts of a project are, for each kind of release."""
    return {**{it: own_chart(it.chart) for it in RELEASE_KINDS}, SERVICES: chart_of(workspace)}


def _chart_of_job(job: RenderJob) -> Path:
    assert job.chart is not None, "each job here has its chart"
    return job.chart


def _job(values: ServiceValues, source: Source, chart: Path) -> RenderJob:
    # What the compiler wrote, and nobody added to, need not be read again.
    document = values.document() if source.text == values.new_text else None
    service = values.service
    return RenderJob(service.id, service.namespace, (ValuesFile(source, document),), service.release, chart)


def plan_manifests(written: Mapping[str, str], path: Path, compiled: Compiled, report: Report) -> WritePlan | None:
    """One file per service in a folder. EG510 and EG521 where the folder or a file in it is for something else."""
    name = path.as_posix()
    if Path(os.path.realpath(path)).is_relative_to(os.path.realpath(compiled.folder.path)):
        report.add(unusable_folder(whole_file(name), name, "it has the values files"))
        return None
    within = {file.rpartition("/")[0] for file in written} - {""}
    folder = read_folder(path, name, whole_file(name), report, subfolders=within)
    if folder is None:
        return None
    contents = {
        file: f"{_WRITTEN} from {compiled.folder.name}/{file}\n{text.removeprefix(_START)}"
        for file, text in written.items()
    }
    plan = plan_write(folder, contents, report)
    for file in plan.changed:
        if not folder.files[file].text.startswith(_WRITTEN):
            report.add(foreign_manifest(whole_file(f"{name}/{file}")))
    return None if report.has_errors else plan
