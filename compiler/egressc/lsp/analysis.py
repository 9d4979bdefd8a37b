"""A project compiled as its files are in the editor: the findings, and what names and places are looked up in."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from egressc import __version__
from egressc.diagnostics.core import Diagnostic, Report
from egressc.diagnostics.defects import compiler_defect
from egressc.files.patterns import Bounds, match_files
from egressc.files.reading import Opened, find_files, reason_of
from egressc.lsp.index import Index
from egressc.pipeline import Compilation
from egressc.project.compiling import compile_project
from egressc.project.environments import environments_of, merge_reports
from egressc.project.usage import UsageProblem
from egressc.project.workspace import PROJECT_FILE, Editor, Workspace, find_project_file, open_workspace
from egressc.source import Source, Span

_WHOLE: Final = Span(Source(PROJECT_FILE, ""), 0, 0)


@dataclass(frozen=True)
class Analysis:
    """What one compile found. `problem`: why there was none, if no place of a file is the reason.

    `environment` is empty in a project without any. `workspace` and `compilation` are None where the project file, or
    too little of the sources, can be read.
    """

    project_file: Path
    environment: str
    findings: Sequence[Diagnostic]
    problem: str
    workspace: Workspace | None
    sources: Sequence[Source]
    compilation: Compilation | None

    @cached_property
    def index(self) -> Index | None:
        return Index(self.compilation, self.sources, has_errors=self.has_errors) if self.compilation else None

    @property
    def has_errors(self) -> bool:
        return bool(self.problem) or Report([*self.findings]).has_errors

    def path_of(self, source: Source) -> str:
        """The path of a file that findings and rules name."""
        return os.path.normpath(self.project_file.parent / source.name)

    @cached_property
    def by_path(self) -> Mapping[str, Source]:
        """The sources by their paths without links."""
        return {os.path.realpath(self.path_of(it)): it for it in self.sources}

    def values_name(self, path: str) -> str:
        """The name, in the folder of values, of a file there; empty for any other file."""
        if self.workspace is None:
            return ""
        folder = os.path.realpath(self.workspace.folder / self.workspace.project.values)
        return path.removeprefix(f"{folder}/") if path.startswith(f"{folder}/") and path.endswith(".yaml") else ""


def analyze(project_file: Path, opened: Opened) -> list[Analysis]:
    """Compile a project in each of its environments, whatever its files hold; writes nothing and never raises."""
    try:
        environments = environments_of(project_file, Editor(opened))
    except Exception:  # reported by the compile of the project without any
        environments = ()
    return [_analyze(project_file, name, opened) for name in environments or ("",)]


def findings_of(analyses: Sequence[Analysis]) -> Sequence[Diagnostic]:
    """What was found in a project: what all environments share once."""
    reports = {it.environment: Report([*it.findings]) for it in analyses}
    return merge_reports(reports, [*reports]).sorted()


def _analyze(project_file: Path, environment: str, opened: Opened) -> Analysis:
    report = Report()
    held: list[tuple[Workspace, Sequence[Source], Compilation | None]] = []
    problem = ""
    try:
        editor = Editor(opened, lambda *read: held.append(read))
        compile_project(project_file, report, keep_sources=True, environment=environment, editor=editor)
    except UsageProblem as error:
        problem = str(error)
    except OSError as error:
        problem = reason_of(error)
    except Exception as error:
        report.add(compiler_defect(error, __version__, _WHOLE))
    workspace, sources, compilation = held[0] if held else (None, (), None)
    return Analysis(project_file, environment, report.sorted(), problem, workspace, sources, compilation)


def nearest_project(path: str) -> Path | None:
    """The project file in the folder of a file, or in the nearest one above within the repository."""
    folder = Path(path).parent
    found = Path(os.path.normpath(folder / (find_project_file(folder) or PROJECT_FILE)))
    return found if found.is_file() else None


def projects_below(folder: str) -> list[Path]:
    """The project files of a folder that is open in the editor."""
    root = Path(folder)
    return [root / path for path in match_files(root, f"**/{PROJECT_FILE}", Bounds(root)).paths]


def reads(project_file: Path, path: str, opened: Opened) -> bool:
    """Whether a file, named without links, is a project's own: the project file, a source, a catalog, a values file."""
    workspace = open_workspace(project_file, Report(), editor=Editor(opened)) if project_file.is_file() else None
    if workspace is None:
        return os.path.realpath(project_file) == path
    values = os.path.realpath(workspace.folder / workspace.project.values)
    known = {os.path.realpath(project_file)}
    for name in workspace.project.environments.names or ("",):
        if it := open_workspace(project_file, Report(), name, Editor(opened)):
            bounds = Bounds(it.folder, it.project.outside_folders)
            named = find_files(it.folder, (*it.project.sources, *it.project.catalog_files), Report(), bounds)
            known |= {os.path.realpath(file.path) for file in named}
    return path in known or path.startswith(f"{values}/")
