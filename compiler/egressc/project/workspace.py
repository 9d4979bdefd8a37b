"""A project on disk: its file, and the texts that it names."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from egressc.diagnostics.core import Report, TooManyErrorsError
from egressc.diagnostics.generated import whole_file
from egressc.diagnostics.limits import too_many_errors
from egressc.files.patterns import Bounds
from egressc.files.reading import NOTHING_OPENED, FoundFile, Opened, find_files, read_files
from egressc.model.project import Project
from egressc.pipeline import Compilation, read_project
from egressc.project.usage import UsageProblem
from egressc.source import Located, Source, Span
from egressc.tables.decoding import decode

PROJECT_FILE = "egressc.yaml"
# A hostile or very broken document has one per cell: looking for them all would take minutes and gigabytes.
MOST_ERRORS = 200


def _no_watch(workspace: "Workspace", sources: Sequence[Source], compilation: Compilation | None) -> None:
    del workspace, sources, compilation


class Editor(NamedTuple):
    """Who compiles while somebody writes: what it holds of files that may not be saved yet, read in their place.

    `watch` is given what the sources were read into, even if errors follow; None where too little can be read.
    """

    opened: Opened = NOTHING_OPENED
    watch: Callable[["Workspace", Sequence[Source], Compilation | None], None] = _no_watch


NO_EDITOR: Final = Editor()


_VALUES_FOLDER = re.compile(r"""^values: *["']?([^"'#\s]+)""", re.MULTILINE)
_ENVIRONMENTS = re.compile(r"^environments:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Workspace:
    """A project file, or the defaults where there is none, and the folder that every path in it starts from."""

    folder: Path
    source: Source
    project: Project
    editor: Editor = NO_EDITOR

    @property
    def place(self) -> Span:
        """Where to point when a finding is about the project as a whole."""
        return Span(self.source, 0, 0)

    @property
    def chart(self) -> str:
        """The chart as an install command in this project names it: never a path of this machine."""
        return self.project.chart or ("." if (self.folder / "Chart.yaml").is_file() else "service-policy")

    @property
    def title(self) -> str:
        """The sources, after the environment; not the folder's name, which is another one in every checkout."""
        environment = self.project.environments.current
        named = ", ".join(source.value for source in self.project.sources)
        return f"{environment}: {named}" if environment else named


def find_project_file(folder: Path) -> Path | None:
    """The nearest project file above a folder, as a path from it, as far up as its Git repository reaches."""
    folders = [folder, *folder.parents]
    root = next((number for number, it in enumerate(folders) if (it / ".git").exists()), 0)
    found = next((number for number in range(root + 1) if (folders[number] / PROJECT_FILE).is_file()), 0)
    return Path(*[".."] * found, PROJECT_FILE) if found else None


def compiled_names(project_file: Path) -> list[str]:
    """The ids of services that have a values file, sorted. Reads no more: compiling takes too long for a shell."""
    try:
        text = project_file.read_text("utf-8")
    except (OSError, ValueError):
        return []
    named = _VALUES_FOLDER.search(text)
    # Each environment has a folder of its own.
    pattern = "*/*.yaml" if _ENVIRONMENTS.search(text) else "*.yaml"
    return sorted({path.stem for path in (project_file.parent / (named[1] if named else "values")).glob(pattern)})


def open_workspace(
    project_file: Path | None, report: Report, environment: str = "", editor: Editor | None = None
) -> Workspace | None:
    """Read the project file, as one of its environments has it or as it is for all of them.

    None once its problems are reported. Raises UsageProblem where there is none.
    """
    path, editor = project_file or Path(PROJECT_FILE), editor or NO_EDITOR
    if not path.is_file():
        raise UsageProblem(f"no {PROJECT_FILE} here or above; start a project with `egressc init`, or add --project")

    whole = Span(Source(path.name, ""), 0, 0)
    for file in read_files([FoundFile(path, path.name, whole)], report, opened=editor.opened):
        source = decode(file.data, file.name)
        if isinstance(source, Source):
            project = read_project(source, report, environment)
            return None if report.has_errors else Workspace(path.parent, source, project, editor)
        report.add(source)
    return None


def open_environment(
    project_file: Path | None, report: Report, environment: str, editor: Editor | None = None
) -> Workspace | None:
    """The same for what is compiled: one environment, if there are any. Raises UsageProblem where it is not named."""
    workspace = open_workspace(project_file, report, environment, editor)
    if workspace is not None and (known := workspace.project.environments).names and not known.current:
        raise UsageProblem(f"{workspace.source.name} has the environments {', '.join(known.names)}: add --environment")
    return workspace


@contextmanager
def limited_errors(report: Report) -> Iterator[None]:
    """End the block where there are more errors than anybody reads, with one that says so."""
    report.room = MOST_ERRORS
    try:
        yield
    except TooManyErrorsError:
        report.room = None  # this one has to fit
        report.add(too_many_errors(report.diagnostics[-1].primary.span, MOST_ERRORS))
    finally:
        report.room = None


def read_all(workspace: Workspace, sources: Sequence[Path], report: Report) -> tuple[list[Source], list[Source]]:
    """The sources of the project, or those given in their place, and its catalogs. Problems are reported."""
    requirements = load_sources(workspace, named_sources(workspace, sources), report, is_given=bool(sources))
    return requirements, load_sources(workspace, workspace.project.catalog_files, report)


def named_sources(workspace: Workspace, given: Sequence[Path] = ()) -> Sequence[Located[str]]:
    """The sources that the command line gives, else the project file; UsageProblem where there are none."""
    named = [Located(os.path.relpath(path, workspace.folder), whole_file(str(path))) for path in given]
    if not named and not workspace.project.sources:
        raise UsageProblem(f"{workspace.source.name} has no sources, and the command has none either")
    return named or workspace.project.sources


def load_sources(
    workspace: Workspace, patterns: Sequence[Located[str]], report: Report, *, is_given: bool = False
) -> list[Source]:
    """The texts that patterns name, relative to the project; problems go to the report.

    A project file may come from somebody else's pull request: what it names is read inside the repository only.
    `is_given`: a person names the files on the command line.
    """
    bounds = None if is_given else Bounds(workspace.folder, workspace.project.outside_folders)
    sources: list[Source] = []
    found = find_files(workspace.folder, patterns, report, bounds)
    for file in read_files(found, report, opened=workspace.editor.opened):
        source = decode(file.data, file.name)
        if isinstance(source, Source):
            sources.append(source)
        else:
            report.add(source)
    return sources
