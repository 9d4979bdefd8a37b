"""What a folder of exported files should hold, compared with what it holds; `files.writing` carries the plan out."""

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Final

import yaml

from egressc.diagnostics.core import Report
from egressc.diagnostics.environments import unnamed_cluster
from egressc.diagnostics.generated import (
    edited_export,
    foreign_export,
    manifest_without_namespace,
    missing_repository,
    outdated_export,
    whole_file,
)
from egressc.emit.difference import compare
from egressc.exports.manifests import FOLDER as MANIFESTS
from egressc.exports.manifests import WAVES
from egressc.exports.marks import (
    CHART_FOLDERS,
    find_tools,
    has_conflict,
    held_files,
    is_intact_chart,
    mark_of,
    with_chart_mark,
    with_mark,
)
from egressc.exports.project import CHARTS_FOLDER, ChartFolder, ExportedProject, ExportedRelease
from egressc.exports.sharing import report_sharing
from egressc.exports.tools import TOOLS
from egressc.files.folder import Folder, WritePlan, plan_write, read_folder
from egressc.files.listing import list_folder
from egressc.files.patterns import repository_of
from egressc.helm.chart import own_chart_files
from egressc.helm.engine import ValuesFile
from egressc.model.scalars import do_folders_overlap
from egressc.project.compiling import Compiled
from egressc.project.rendering import RENDERED, Watch, jobs_of, render_jobs, renders_dialect, unwatched
from egressc.project.repository import find_repository
from egressc.project.usage import UsageProblem
from egressc.source import Source, Span

# What Argo CD takes for a pattern in a path, and folders that it skips.
_PATTERN: Final = re.compile(r"[*?\[\]:\\]|(?:^|/)\.(?!$)")


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

    Files of these tools that are no longer needed are removed, and charts of ours that no tool in the folder reads.
    Reports EG510, EG522 to EG524, EG6xx. Raises UsageProblem for a folder or a chart that cannot be used.

    Args:
        folder: where exported files go, from the project.
        discard_edits: overwrite files that were edited by hand, instead of refusing them.
    """
    names = sorted({*tools, *(it for name in tools for it in TOOLS[name].needs)})
    project = _exported(compiled, folder, lambda: _render(compiled, helm, report, watch))
    if not _can_export(compiled, project, names, report):
        return None
    contents = {path: with_mark(name, text) for name in names for path, text in TOOLS[name].export(project).items()}
    _check_namespaces(compiled, project, contents, report)
    # Both ways for Argo CD write the same file: the one replaces the other.
    replaced = {name.split()[0] for name in names}
    kept = (it for it in find_tools(compiled.workspace.folder / folder) if it.split()[0] not in replaced)
    charts = _charts(project, {*names, *kept})
    for place, files in charts.items():
        contents |= {f"{place}/{name}": text for name, text in with_chart_mark(files).items()}
    found = _read(compiled, folder, {it for name in names for it in TOOLS[name].folders}, contents, report)
    if found is None or report.has_errors:
        return None
    for name, file in found.files.items():
        if file.text.replace("\r\n", "\n") == contents.get(name):
            contents[name] = file.text  # only its line ends are others
    removals = list(_find_unneeded(found, contents, names))
    touched = {*removals, *(it for it in contents if it in found.files and found.files[it].text != contents[it])}
    _check_touched(found, contents, touched, report, discard_edits=discard_edits)
    plan = plan_write(found, contents, report, removals=removals)
    return None if report.has_errors else plan


def report_outdated(plan: WritePlan, report: Report) -> None:
    """EG525 for each file that an export would write or remove; of a chart for its folder."""
    states = {"missing": plan.new, "out of date": plan.changed, "no longer needed": plan.removed}
    for state, names in states.items():
        parts = (name.split("/") for name in names)
        places = dict.fromkeys("/".join(it[:2] if it[0] == CHARTS_FOLDER else it) for it in parts)
        report.extend(outdated_export(whole_file(f"{plan.folder.name}/{it}"), state) for it in places)


def _exported(compiled: Compiled, folder: str, render: Callable[[], Mapping[str, str]]) -> ExportedProject:
    workspace = compiled.workspace
    project = workspace.project
    releases = tuple(
        ExportedRelease(
            values.service.id,
            values.service.release,
            values.service.namespace,
            values.service.kind,
            values.file_name,
            compiled.recompiled.contents[values.file_name],
        )
        for values in compiled.values
    )
    root = Path(os.path.realpath(workspace.folder))
    place = os.path.relpath(root, repository_of(workspace.folder))
    return ExportedProject(
        replace(project.export, folder=folder),
        Path(place).as_posix(),
        root.as_posix(),
        project.values,
        project.chart or "",
        releases,
        render,
    )


def _can_export(compiled: Compiled, project: ExportedProject, names: Collection[str], report: Report) -> bool:
    workspace, settings = compiled.workspace, project.settings
    if do_folders_overlap(settings.folder, project.values):
        raise UsageProblem(
            f"{settings.folder} overlaps the folder of the values files; write another one, in the project file as "
            "export: {folder: …}"
        )
    tools = {name: TOOLS[name] for name in names}
    if any(it.unpacked for it in tools.values()) and not (workspace.folder / (project.own_chart or ".")).is_dir():
        raise UsageProblem(f"Argo CD reads charts from folders: unpack {project.own_chart}, or add --per namespace")
    for path in (project.values, settings.folder):
        if any(it.reads_patterns for it in tools.values()) and _PATTERN.search(project.in_repository(path)):
            raise UsageProblem(
                f"Argo CD does not read {project.in_repository(path)} as a path: rename its folders, so that none "
                "begins with a dot or contains one of * ? [ ] : \\"
            )
    is_argocd = any(name.partition(" ")[0] == "argocd" for name in tools)
    if is_argocd and not settings.argocd_cluster:
        environment = workspace.project.environments.current
        report.add(unnamed_cluster(settings.place or workspace.place, environment))
        return False
    report_sharing(workspace, project, by_cluster=is_argocd, report=report)
    asking = [name for name, tool in tools.items() if tool.reads_repository]
    if asking and not settings.repository:
        known = find_repository(workspace.folder)
        place = settings.place or workspace.place
        report.add(missing_repository(place, asking[0].partition(" ")[0], *(known or ("", ""))))
        return False
    return renders_dialect(workspace, report) and not report.has_errors


def _check_namespaces(
    compiled: Compiled, project: ExportedProject, contents: Mapping[str, str], report: Report
) -> None:
    """EG526 for manifests of a chart that leaves the namespace to Helm: they would land in the default one."""
    if not project.own_chart:
        return
    for release in project.releases:
        text = contents.get(f"{MANIFESTS}/{release.path}", "")
        for document in yaml.load_all(text, yaml.CSafeLoader):
            metadata = document.get("metadata") if isinstance(document, dict) else None
            if isinstance(metadata, dict) and not metadata.get("namespace"):
                place = compiled.workspace.project.chart_place or compiled.workspace.place
                kind, name = str(document.get("kind")), str(metadata.get("name"))
                report.add(manifest_without_namespace(place, project.own_chart, kind, name, release.id))


def _render(compiled: Compiled, helm: str | None, report: Report, watch: Watch) -> dict[str, str]:
    """What Helm makes of each release, with its wave; what the operator's file says has priority."""
    waves = {kind: ValuesFile(Source("wave", text)) for kind, text in WAVES.items()}
    waved = {it.service.id: waves[kind] for it in compiled.values if (kind := it.service.kind) in waves}
    count, jobs = jobs_of(compiled, [it.service.id for it in compiled.values], planned=True)
    ordered = (replace(it, values=(waved[it.service], *it.values)) if it.service in waved else it for it in jobs)
    sources = render_jobs(compiled.workspace, ordered, count, helm, report, watch)
    return {it.name.removeprefix(f"{RENDERED}/").removesuffix(".yaml"): it.text for it in sources}


def _charts(project: ExportedProject, tools: Collection[str]) -> dict[str, dict[str, str]]:
    """The charts of ours that tools read from the folder of exported files: by where they are in it, their files."""
    if not any(TOOLS[it].reads_charts for it in tools):
        return {}
    found: dict[str, dict[str, str]] = {}
    for chart in project.charts:
        if isinstance(chart, ChartFolder) and chart.folder != project.own_chart:
            files = {name: data.decode() for name, data in own_chart_files(chart.name).items()}
            found[f"{CHARTS_FOLDER}/{chart.name}"] = files
    return found


def _read(
    compiled: Compiled, folder: str, roots: Collection[str], contents: Mapping[str, str], report: Report
) -> Folder | None:
    workspace = compiled.workspace
    path = workspace.folder / folder
    held = (PurePath(it.relative_to(path)) for it in held_files(path, {*roots, *CHART_FOLDERS}))
    within = {it.parent.as_posix() for it in (*held, *map(PurePath, contents))} - {"."}
    place = workspace.project.export.place or workspace.place
    return read_folder(
        path, folder, place, report, suffix="", subfolders=within, expected=contents, root=workspace.folder
    )


def _find_unneeded(found: Folder, contents: Mapping[str, str], names: Collection[str]) -> Iterator[str]:
    charts = [it for it in CHART_FOLDERS if is_intact_chart(_files_below(found, it)) is not None]
    for name, file in found.files.items():
        if name not in contents:
            mark = mark_of(file.text)
            if (mark is not None and mark.tool in names) or any(name.startswith(f"{it}/") for it in charts):
                yield name


def _check_touched(
    found: Folder, contents: Mapping[str, str], touched: Collection[str], report: Report, *, discard_edits: bool
) -> None:
    """EG523 and EG524 for files that an export must not replace or remove, and for whole charts."""
    for chart in CHART_FOLDERS:
        files = _files_below(found, chart)
        if f"{chart}/Chart.yaml" in contents:
            report.extend(foreign_export(whole_file(f"{found.name}/{it}")) for it in _find_strays(found, chart))
        if changed := sorted(it for it in touched if it.startswith(f"{chart}/")):
            is_intact = is_intact_chart(files)
            first = Span(found.files[changed[0]], 0, 0)
            if is_intact is None:
                report.add(foreign_export(first))
            elif not (is_intact or discard_edits):
                report.add(edited_export(first, f"which replaces the chart {found.name}/{chart}"))
    for name in sorted(touched):
        if not name.startswith(tuple(f"{it}/" for it in CHART_FOLDERS)):
            _check_file(found.files[name], contents.get(name), report, discard_edits=discard_edits)


def _check_file(file: Source, new: str | None, report: Report, *, discard_edits: bool) -> None:
    mark = mark_of(file.text)
    if mark is None:
        report.add(foreign_export(Span(file, 0, 0)))
    elif mark.is_intact or discard_edits or has_conflict(file.text):
        return
    elif new is None:
        report.add(edited_export(Span(file, 0, 0), "which removes it, since no release needs it"))
    else:
        difference = compare(file, len(file.text), new)
        report.add(edited_export(difference.first, f"which changes it as follows:\n{difference.text}"))


def _find_strays(found: Folder, chart: str) -> list[str]:
    """Files of an exported chart that Helm reads and egressc does not: links, hidden templates, and files without text.

    Other hidden files, such as those of a file manager, render nothing.
    """
    if not (found.path / chart).is_dir():
        return []
    listing = list_folder(found.path / chart)
    held = (it.relative_to(found.path).as_posix() for it in (*listing.files, *listing.others))
    return [it for it in held if it not in found.files and ("/templates/" in it or "/." not in it)]


def _files_below(found: Folder, folder: str) -> dict[str, str]:
    start = f"{folder}/"
    return {name.removeprefix(start): file.text for name, file in found.files.items() if name.startswith(start)}


def export_folder(compiled: Compiled, given: Path | None) -> str:
    """The folder for exported files, from the project. Raises UsageProblem for one that is not inside it."""
    if given is None:
        return compiled.workspace.project.export.folder
    folder = Path(os.path.relpath(given, compiled.workspace.folder)).as_posix()
    parts = folder.split("/")
    if folder == "." or ".." in parts or ".git" in parts:
        raise UsageProblem(f"{given} is not inside the project's folder; write a folder inside it")
    return folder
