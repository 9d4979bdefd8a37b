"""The two sides of a comparison: a revision of Git, a project on disk, or manifests."""

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final, NamedTuple

from egressc.diagnostics.core import Report, Severity
from egressc.diagnostics.dialects import staged_dialect
from egressc.dialects.reading import NOTHING_KNOWN, KnownFacts
from egressc.files.revisions import GitError, copy_files, find_commit, list_files, place_in_repository
from egressc.model.flows import Policy
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.model.project import Project
from egressc.project.compiling import compile_project
from egressc.project.environments import environments_of, pick_environments
from egressc.project.extra_rules import read_extras_of
from egressc.project.known import known_of, note_staged, report_staged
from egressc.project.manifests import STANDARD_INPUT, ManifestFiles, read_manifests_at
from egressc.project.usage import UsageProblem
from egressc.project.workspace import PROJECT_FILE, open_workspace
from egressc.verify.changes.guardrails import GuardedSide
from egressc.verify.changes.namespaces import find_moves, moved, named_namespaces
from egressc.verify.intent.extras import add_extras
from egressc.verify.intent.guardrails import intend_guardrails
from egressc.verify.intent.table import intend
from egressc.verify.listing.entries import Names
from egressc.verify.manifests.reader import Manifests

_NOTHING: Final = Manifests((), (), (), {})


@dataclass(frozen=True, slots=True)
class DiffSide:
    """What one side is called, and where it is read from: `path`, or the project file in a `commit`.

    `environment`: of a project that has any.
    """

    name: str
    path: Path
    commit: str = ""
    is_project: bool = True
    environment: str = ""


def recognise(argument: str, project: Path | None, environments: Collection[str] = ()) -> DiffSide:
    """What an argument names: an environment of the project, a path that exists, or a revision.

    Raises UsageProblem where it is none, or a path and a revision.
    """
    path, own = Path(argument), project or Path(PROJECT_FILE)
    if argument in environments:
        return DiffSide(argument, own, environment=argument)
    if argument == STANDARD_INPUT:
        return DiffSide("standard input", path, is_project=False)
    is_plainly_a_path = path.is_absolute() or argument in (".", "..") or argument.startswith(("./", "../"))
    commit = None if is_plainly_a_path else find_commit(own.parent, argument)
    if path.exists():
        if commit is not None:
            raise UsageProblem(
                f'"{argument}" is both a path and a Git revision; write "./{argument}" for the path, '
                f'"{argument}^0" for the revision'
            )
        inside = path / PROJECT_FILE
        if path.is_dir() and inside.is_file():
            return DiffSide(argument, inside)
        return DiffSide(argument, path, is_project=path.name in (PROJECT_FILE, own.name))
    if commit is None:
        raise UsageProblem(f'"{argument}" is neither a path nor a Git revision')
    return DiffSide(argument, own, commit)


def as_it_stands(project: Path | None) -> DiffSide:
    """The project with the changes that are not committed yet. Raises UsageProblem."""
    path = project or Path(PROJECT_FILE)
    if not path.is_file():
        raise UsageProblem(f"no {PROJECT_FILE} here to compare with; write NEW, or the project file with --project")
    return DiffSide("the project as it is now", path)


def in_environments(old: DiffSide, new: DiffSide, named: Sequence[str]) -> list[tuple[DiffSide, DiffSide]]:
    """Both sides in each environment that a command line names, or that one of them has. Raises UsageProblem."""
    if given := old.environment or new.environment:
        if named:
            raise UsageProblem("--environment picks environments of both sides, but a side is one already")
        return [(old if old.environment else _in(old, given), new if new.environment else _in(new, given))]
    projects = [it for it in (new, old) if it.is_project]
    known = tuple(dict.fromkeys(name for it in projects for name in _environments_in(it)))
    if len(known) > 1 and len(projects) < 2 and len(named) != 1:
        raise UsageProblem(f"manifests are those of one environment: add --environment with one of {', '.join(known)}")
    picked = pick_environments(known, named) or ("",)
    return [(_in(old, name), _in(new, name)) for name in picked]


def _environments_in(side: DiffSide) -> tuple[str, ...]:
    with _git_for(side), _checked_out(side, Report()) if side.commit else nullcontext(side.path) as project:
        return environments_of(project) if project is not None else ()


def _in(side: DiffSide, environment: str) -> DiffSide:
    name = f"{side.name} in {environment}" if environment else side.name
    return replace(side, name=name, environment=environment) if side.is_project else side


def absent_project(side: DiffSide) -> str:
    """A sentence for a commit that has no project file; "" for any other side. Raises UsageProblem."""
    if not side.commit:
        return ""
    with _git_for(side):
        project, files = _files_of(side)
    return "" if project in files else f"{side.name} has no {project}: it allowed nothing and isolated nothing"


class ComparedSide(NamedTuple):
    """What one side says; `others` are the policies of other owners that a project names, None for manifests.

    `intended` are the policies of a project without extra rules, and `moves` the names of its namespaces on the other
    side. `guardrails` are those of a project; `are_enforced`: by policies of the cluster, which are in force as well.
    `known` is what a project says about manifests on the other side. `is_staged`: its own policies enforce nothing.
    """

    read: Manifests
    others: Manifests | None = None
    guardrails: tuple[Policy, ...] = ()
    are_enforced: bool = False
    known: KnownFacts = NOTHING_KNOWN
    is_staged: bool = False
    intended: Sequence[Policy] = ()
    moves: Mapping[str, str] = MappingProxyType({})

    def against(self, other: "ComparedSide") -> Manifests:
        """Everything in force: manifests may leave out policies of other owners that the other side has.

        Of two sides that are staged it is what they would enforce.
        """
        others = self.others or other.others or _NOTHING
        known = {it.key for it in self.read.policies} if self.others is None else set()
        policies = (it for it in others.policies if it.key not in known)
        enforcing = self.guardrails if self.are_enforced else ()
        own = () if self.is_staged and not other.is_staged else self.read.policies
        every = (*own, *policies, *enforcing)
        return replace(self.read, policies=every).with_namespaces(others.namespaces)

    def guarded(self, in_force: Manifests, *, with_checks: bool) -> GuardedSide:
        """Its guardrails; `with_checks`: also those that nothing but checks enforces, which manifests cannot have."""
        checked = () if self.are_enforced or not with_checks else self.guardrails
        return GuardedSide(in_force.policies, checked, in_force.namespaces)


def read_compared(
    side: DiffSide,
    names: Names,
    report: Report,
    files: ManifestFiles,
    *,
    other: ComparedSide | None = None,
    is_moved: bool = False,
) -> ComparedSide | None:
    """One side, its names learnt; None once its problems are reported. A project gives policies alone.

    Args:
        files: how manifests are read; its paths are not used.
        other: what was read of the other side.
        is_moved: this side is another environment than the other one, where namespaces may have other names.
    """
    known = other.known if other is not None else NOTHING_KNOWN
    if not side.is_project:
        read = read_manifests_at(replace(files, paths=(side.path,)), report, known=known)
        is_staged = bool(read.policies) and all(it.is_staged for it in read.policies)
        return None if report.has_errors else ComparedSide(read, is_staged=is_staged)
    # What a compile warns of is for `check` to say.
    found = ComparedSide(_NOTHING)
    errors = Report()
    with _git_for(side), _checked_out(side, errors) if side.commit else nullcontext(side.path) as project:
        if project is not None:
            found = _read_project(
                project, side.environment, names, errors, other.intended if other and is_moved else ()
            )
    report.extend(it for it in errors.sorted() if it.code.severity is Severity.ERROR or it.code is staged_dialect.code)
    return None if report.has_errors else found


def _read_project(
    path: Path, environment: str, names: Names, report: Report, elsewhere: Sequence[Policy]
) -> ComparedSide:
    # A project without environments is the same in all of them; one that lacks this one opens nothing in it.
    held = environments_of(path)
    if environment and held and environment not in held:
        return ComparedSide(_NOTHING)
    # What was edited by hand in the generated part is for `check` to say; here only the extra rules count.
    compiled = compile_project(path, report, discard_edits=True, environment=environment if held else "")
    if compiled is None:
        return ComparedSide(_NOTHING)
    intended = intend(compiled.policies)
    keys = {NAMESPACE_NAME, compiled.workspace.project.cluster.namespace_key}
    whole = [*add_extras((it for it in intended if not compiled.is_off(it.name)), read_extras_of(compiled, report))]
    moves: Mapping[str, str] = {}
    if elsewhere:
        named = named_namespaces((*whole, *compiled.others.policies), keys) - named_namespaces(intended, keys)
        moves = find_moves(intended, elsewhere, named)
    names.learn(compiled.policies, [moved(it, moves, keys) for it in intended])
    policies = tuple(moved(it, moves, keys) for it in whole)
    read = Manifests(policies, (), (), {}, before_translation=compiled.policies.before_translation)
    enforcing = compiled.workspace.project.cluster.guardrails
    guardrails = intend_guardrails(compiled.guardrails, enforcing)
    note = note_staged(compiled.workspace)
    report_staged(note, report)
    return ComparedSide(
        read,
        _moved_manifests(compiled.others, moves, keys),
        tuple(moved(it, moves, keys) for it in guardrails),
        enforcing is not None,
        known_of(compiled),
        is_staged=note is not None,
        intended=intended,
        moves=moves,
    )


def _moved_manifests(others: Manifests, moves: Mapping[str, str], keys: Collection[str]) -> Manifests:
    if not moves:
        return others
    namespaces = {moves.get(name, name): labels for name, labels in others.namespaces.items()}
    return replace(others, policies=tuple(moved(it, moves, keys) for it in others.policies), namespaces=namespaces)


@contextmanager
def _git_for(side: DiffSide) -> Iterator[None]:
    try:
        yield
    except GitError as error:
        raise UsageProblem(f"git cannot read {side.name}: {error}") from error


def _files_of(side: DiffSide) -> tuple[str, list[str]]:
    """The project file of a commit, and all its files, from the root of the repository."""
    here = side.path.parent
    return place_in_repository(here) + side.path.name, list_files(here, side.commit)


@contextmanager
def _checked_out(side: DiffSide, report: Report) -> Iterator[Path | None]:
    """The project of a commit in a folder of its own: no more files than it names. None where it has none."""
    here = side.path.parent
    project, files = _files_of(side)
    with TemporaryDirectory(prefix="egressc-") as folder:
        target = Path(folder)
        (target / ".git").touch()  # the copy is a repository of its own: nothing around it is read
        if project not in files:
            yield None
            return
        copy_files(here, side.commit, [project], target)
        workspace = open_workspace(target / project, report, side.environment)
        if workspace is None:
            yield None
            return
        wanted = _named_in(workspace.project, posixpath.dirname(project))
        copy_files(here, side.commit, [path for path in files if _is_below(path, wanted)], target)
        yield target / project


def _named_in(project: Project, prefix: str) -> Sequence[str]:
    """The files and folders that a project file names, from the root of the repository; of a pattern its fixed part."""
    files = (*project.sources, *project.catalog_files, *project.other_policies, *(it.files for it in project.workloads))
    patterns = [it.value for it in files]
    heads = [
        pattern[: min((pattern.find(sign) for sign in "*?[" if sign in pattern), default=len(pattern))]
        for pattern in patterns
    ]
    fixed = [
        head if head == pattern else posixpath.dirname(head) for head, pattern in zip(heads, patterns, strict=True)
    ]
    return [posixpath.normpath(posixpath.join(prefix, path)) for path in (*fixed, project.values)]


def _is_below(path: str, named: Sequence[str]) -> bool:
    return any(it in (".", path) or path.startswith(f"{it}/") for it in named)
