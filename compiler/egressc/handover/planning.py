"""What a folder of exported files should hold, and what it holds: written as values files are, all or none.

Each file of ours begins with the command that writes it and a digest of the rest, so that a change by hand is told from
an older export. The files of a chart, which Helm reads as they are, belong to the export with the chart's folder.
"""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path, PurePath

from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import (
    edited_export,
    foreign_export,
    missing_repository,
    outdated_export,
    whole_file,
)
from egressc.emit.difference import compare
from egressc.files.folder import WritePlan, plan_write, read_folder
from egressc.files.patterns import repository_of
from egressc.files.revisions import origin_of
from egressc.handover.manifests import WAVE
from egressc.handover.marks import held_files, mark_of, with_mark
from egressc.handover.releases import CHARTS_FOLDER, NAMESPACE_CHART, SERVICE_CHART, ExportedRelease, Releases
from egressc.handover.tools import TOOLS
from egressc.helm.chart import namespace_chart, own_chart
from egressc.helm.engine import EngineError, ValuesFile
from egressc.helm.loaded import packaged_files
from egressc.project.compiling import Compiled
from egressc.project.rendering import RENDERED, Watch, jobs_of, render_jobs, renders_dialect, unwatched
from egressc.project.usage import UsageProblem
from egressc.source import Source, Span


def plan_export(
    compiled: Compiled,
    tools: Collection[str],
    folder: str,
    report: Report,
    *,
    discard_edits: bool = False,
    helm: str | None = None,
    watch: Watch = unwatched,
) -> WritePlan | None:
    """What to write for tools, by their keys in TOOLS, and for those that they need; None once errors are reported.

    Of each tool, files of ours that it no longer has are removed. Reports EG510, EG522 to EG524, EG6xx.
    Raises UsageProblem for a chart that a tool cannot read.

    Args:
        folder: where exported files go, from the project.
        discard_edits: overwrite files that were changed by hand, instead of refusing them.
    """
    names = sorted({*tools, *(it for name in tools for it in TOOLS[name].needs)})
    fleet = _releases(compiled, folder, lambda: _render(compiled, helm, report, watch))
    root = compiled.workspace.folder
    place = fleet.settings.place or compiled.workspace.place
    if asking := [it for it in names if TOOLS[it].reads_repository and not fleet.settings.repository]:
        report.add(missing_repository(place, asking[0].partition(" ")[0], origin_of(root)))
        return None
    if not renders_dialect(compiled.workspace, report):
        return None
    if "argocd" in names and not (root / (fleet.own_chart or ".")).is_dir():
        raise UsageProblem(f"Argo CD reads charts from folders: unpack {fleet.own_chart}, or add --per namespace")
    charts = _charts(fleet, names)
    contents = _chart_files(charts, report)
    for name in names:
        contents |= {path: with_mark(name, text) for path, text in TOOLS[name].export(fleet).items()}
    roots = {*(it for name in names for it in TOOLS[name].folders), *charts}
    held = [it.relative_to(root / folder) for it in held_files(root / folder, roots)]
    within = {it.parent.as_posix() for it in (*held, *map(PurePath, contents))} - {"."}
    found = read_folder(
        root / folder, folder, place, report, suffix="", subfolders=within, expected=contents, root=root
    )
    if found is None or report.has_errors:
        return None
    removals: list[str] = []
    for name, file in found.files.items():
        if file.text.replace("\r\n", "\n") == contents.get(name):
            contents[name] = file.text  # only its line ends are others
        elif any(name.startswith(f"{it}/") for it in charts):
            removals += [] if name in contents else [name]
        elif name in contents or mark_of(file.text).tool in names:
            removals += [] if name in contents else [name]
            _check_replaced(file, contents.get(name, ""), report, discard_edits=discard_edits)
    plan = plan_write(found, contents, report, removals=removals)
    return None if report.has_errors else plan


def report_outdated(plan: WritePlan, report: Report) -> None:
    """EG525 for each file that an export would write or remove; of a chart for its folder."""
    states = {"missing": plan.new, "out of date": plan.changed, "of no release any more": plan.removed}
    for state, names in states.items():
        parts = (name.split("/") for name in names)
        places = dict.fromkeys("/".join(it[:2] if it[0] == CHARTS_FOLDER else it) for it in parts)
        report.extend(outdated_export(whole_file(f"{plan.folder.name}/{it}"), state) for it in places)


def _releases(compiled: Compiled, folder: str, render: Callable[[], Mapping[str, str]]) -> Releases:
    workspace = compiled.workspace
    project = workspace.project
    releases = tuple(
        ExportedRelease(
            values.service.id,
            values.service.release,
            values.service.namespace,
            values.service.is_baseline,
            compiled.recompiled.contents[values.file_name],
        )
        for values in compiled.values
    )
    place = os.path.relpath(os.path.realpath(workspace.folder), repository_of(workspace.folder))
    settings = replace(project.handover, folder=folder)
    return Releases(settings, Path(place).as_posix(), project.values, project.chart or "", releases, render)


def _render(compiled: Compiled, helm: str | None, report: Report, watch: Watch) -> dict[str, str]:
    """What Helm makes of each release, a baseline with its wave; what the operator's file says has priority."""
    wave = ValuesFile(Source("wave", WAVE))
    baselines = {it.service.id for it in compiled.values if it.service.is_baseline}
    count, jobs = jobs_of(compiled, [it.service.id for it in compiled.values], planned=True)
    waved = (replace(it, values=(wave, *it.values)) if it.service in baselines else it for it in jobs)
    sources = render_jobs(compiled.workspace, waved, count, helm, report, watch)
    return {it.name.removeprefix(f"{RENDERED}/").removesuffix(".yaml"): it.text for it in sources}


def _charts(fleet: Releases, names: Collection[str]) -> dict[str, Path]:
    """The charts of ours that tools read from the folder of exported files: where in it, and what is to be there."""
    if fleet.settings.charts or not any(TOOLS[it].reads_charts for it in names):
        return {}
    found = {} if fleet.own_chart else {SERVICE_CHART: own_chart()}
    if fleet.baselines:
        found[NAMESPACE_CHART] = namespace_chart()
    return {f"{CHARTS_FOLDER}/{name}": path for name, path in found.items()}


def _chart_files(charts: Mapping[str, Path], report: Report) -> dict[str, str]:
    try:
        return {
            f"{folder}/{name}": data.decode()
            for folder, path in charts.items()
            for name, data in packaged_files(path).items()
        }
    except EngineError as error:
        report.add(error.diagnostic)
        return {}


def _check_replaced(file: Source, new: str, report: Report, *, discard_edits: bool) -> None:
    """EG523 and EG524 for a file that may not be replaced, or removed where there is no new text."""
    mark = mark_of(file.text.replace("\r\n", "\n"))
    if not mark.tool:
        report.add(foreign_export(Span(file, 0, 0)))
    elif not (discard_edits or mark.is_intact):
        difference = compare(file, len(file.text), new)
        place = difference.first if new else Span(file, 0, 0)
        report.add(edited_export(place, difference.text if new else ""))
