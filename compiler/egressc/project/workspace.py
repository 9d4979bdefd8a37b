"""The project that a command works on: read from disk, compiled, and compared with its values folder."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from egressc.diagnostics.core import Report, TooManyErrorsError
from egressc.diagnostics.generated import switched_off, whole_file
from egressc.diagnostics.limits import too_many_errors
from egressc.emit.existing import Recompiled, recompile, report_outdated
from egressc.emit.provenance import Provenance
from egressc.emit.values import ServiceValues, emit_values
from egressc.files.folder import Folder, WritePlan, plan_write, read_folder
from egressc.files.patterns import Bounds
from egressc.files.reading import FoundFile, find_files, read_files
from egressc.model.policy import PolicySet
from egressc.model.project import Project
from egressc.model.reading import Tally
from egressc.pipeline import Compilation, compile_wholly, read_project
from egressc.project.checking import check_files
from egressc.project.usage import UsageProblem
from egressc.resolve.resolution import NameBook
from egressc.source import Located, Source, Span
from egressc.tables.decoding import decode

PROJECT_FILE = "egressc.yaml"
# A hostile or very broken document has one per cell: looking for them all would take minutes and gigabytes.
MOST_ERRORS = 200
VALUES_SCHEMA = "schemas/service-values.schema.json"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A project file, or the defaults where there is none, and the folder that every path in it starts from."""

    folder: Path
    source: Source
    project: Project

    @property
    def place(self) -> Span:
        """Where to point when a finding is about the project as a whole."""
        return Span(self.source, 0, 0)

    @property
    def chart(self) -> str:
        """The chart as an install command in this project names it: never a path of this machine."""
        return self.project.chart or ("." if (self.folder / "Chart.yaml").is_file() else "service-policy")


@dataclass(frozen=True, slots=True)
class Compiled:
    """Policies, their values, and what the values folder holds and should hold.

    `tally`: how much of the sources was read; `kept`: what they were read into. `switched_off`: where the files of
    services switch their policies off, by id.
    """

    workspace: Workspace
    policies: PolicySet
    tally: Tally
    values: Sequence[ServiceValues]
    folder: Folder
    recompiled: Recompiled
    plan: WritePlan
    kept: Compilation | None
    switched_off: Mapping[str, Span]

    @property
    def names(self) -> NameBook:
        """What names stand for, in sources that were kept."""
        assert self.kept is not None, "a command that asks for names keeps the sources"
        return NameBook(self.kept.resolution)

    def warn_of_switched_off(self, ids: Sequence[str], report: Report) -> None:
        """EG515 once more, for commands that leave what a compile warns of to `check`: this is not to be forgotten."""
        report.extend(switched_off(self.switched_off[it], it) for it in ids if it in self.switched_off)


def find_project_file(folder: Path) -> Path | None:
    """The nearest project file above a folder, as a path from it, as far up as its Git repository reaches."""
    folders = [folder, *folder.parents]
    root = next((number for number, it in enumerate(folders) if (it / ".git").exists()), 0)
    found = next((number for number in range(root + 1) if (folders[number] / PROJECT_FILE).is_file()), 0)
    return Path(*[".."] * found, PROJECT_FILE) if found else None


def open_workspace(project_file: Path | None, report: Report) -> Workspace | None:
    """Read the project file; None once its problems are reported. Raises UsageProblem where there is none."""
    path = project_file or Path(PROJECT_FILE)
    if not path.is_file():
        raise UsageProblem(f"no {PROJECT_FILE} here or above; start a project with `egressc init`, or add --project")

    whole = Span(Source(path.name, ""), 0, 0)
    for file in read_files([FoundFile(path, path.name, whole)], report):
        source = decode(file.data, file.name)
        if isinstance(source, Source):
            project = read_project(source, report)
            return None if report.has_errors else Workspace(path.parent, source, project)
        report.add(source)
    return None


def compile_project(
    project_file: Path | None,
    report: Report,
    *,
    sources: Sequence[Path] = (),
    discard_edits: bool = False,
    prune: bool = False,
    trust_written: bool = False,
    keep_sources: bool = False,
) -> Compiled | None:
    """Compile a project's sources, or those given in their place; None once errors are reported. Writes nothing.

    Args:
        trust_written: hold only what is about to be written against the schema of values, not again what stands there.
        keep_sources: do not take apart what the sources were read into. Of 10,000 services that takes 50 ms and gives
            back 20 MiB: for commands that end here.
    """
    compiled: Compiled | None = None
    with limited_errors(report):
        if workspace := open_workspace(project_file, report):
            compiled = _compile(
                workspace,
                report,
                sources,
                discard_edits=discard_edits,
                prune=prune,
                trust_written=trust_written,
                keep_sources=keep_sources,
            )
    return compiled


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


def _compile(
    workspace: Workspace,
    report: Report,
    sources: Sequence[Path],
    *,
    discard_edits: bool,
    prune: bool,
    trust_written: bool,
    keep_sources: bool,
) -> Compiled | None:
    project = workspace.project
    requirements, catalogs = read_all(workspace, sources, report)
    if report.has_errors:
        return None
    compilation = compile_wholly(project, requirements, catalogs, report)
    if compilation is None:
        return None
    policies, tally, kept = compilation.policies, compilation.tally, compilation if keep_sources else None
    provenance = Provenance(compilation.requirements.records)
    del compilation
    schema = Path(os.path.relpath(VALUES_SCHEMA, project.values)).as_posix()
    values = emit_values(
        policies,
        schema_path=schema,
        values_folder=project.values,
        chart=workspace.chart,
        provenance=provenance,
        dialect=project.cluster.dialect,
    )
    place = project.values_place or workspace.place
    expected = {service.file_name: service.new_text for service in values}
    folder = read_folder(
        workspace.folder / project.values, project.values, place, report, expected=expected, root=workspace.folder
    )
    if folder is None:
        return None
    recompiled = recompile(values, folder.files, report, discard_edits=discard_edits, prune=prune)
    plan = plan_write(folder, recompiled.contents, report, removals=recompiled.removals, stale=recompiled.stale)
    off: Mapping[str, Span] = {}
    if not report.has_errors:
        written_before = frozenset(plan.unchanged) if trust_written else frozenset()
        off = check_files(project, values, recompiled.contents, report, written_before=written_before)
    compiled = Compiled(workspace, policies, tally, values, folder, recompiled, plan, kept, off)
    return None if report.has_errors else compiled


def read_all(workspace: Workspace, sources: Sequence[Path], report: Report) -> tuple[list[Source], list[Source]]:
    """The sources of the project, or those given in their place, and its catalogs. Problems are reported."""
    requirements = load_sources(workspace, named_sources(workspace, sources), report, is_given=bool(sources))
    return requirements, load_sources(workspace, workspace.project.catalogs, report)


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
    for file in read_files(find_files(workspace.folder, patterns, report, bounds), report):
        source = decode(file.data, file.name)
        if isinstance(source, Source):
            sources.append(source)
        else:
            report.add(source)
    return sources


def pick_services(compiled: Compiled, names: Sequence[str]) -> list[str]:
    """The ids of the services that a command line names by id or by name; all of them where it names none."""
    services = compiled.policies.services
    known = {service.name: service.id for service in services} | {service.id: service.id for service in services}
    unknown = [name for name in names if name not in known]
    if unknown:
        near = get_close_matches(unknown[0], known, 1)
        meant = f', did you mean "{near[0]}"?' if near else ""
        raise UsageProblem(f'no service "{unknown[0]}"{meant}')
    return sorted({known[name] for name in names}) or [service.id for service in services]


def is_fresh(compiled: Compiled, report: Report) -> bool:
    """Whether the values files of all services are what the sources give; those that are not are reported."""
    report_outdated(compiled.values, compiled.recompiled, compiled.folder.files, compiled.folder.name, report)
    return not (compiled.plan.new or compiled.plan.changed)
