"""Manifests from elsewhere: files, folders, and the standard input, one file in memory at a time."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from egressc.cli.rendering import RENDERED
from egressc.cli.workspace import PROJECT_FILE
from egressc.diagnostics.core import Report
from egressc.source import Source

if TYPE_CHECKING:
    from egressc.cli.workspace import Compiled
    from egressc.files.reading import RawFile
    from egressc.verify.manifests.reader import Manifests

P = ParamSpec("P")
R = TypeVar("R")

STANDARD_INPUT = "-"
DEFAULT_NAMESPACE = "default"
SUFFIXES = (".yaml", ".yml", ".json")


def manifests_option(command: Callable[P, R]) -> Callable[P, R]:
    """Add --manifests, which may be given several times; the command takes a tuple of paths as `manifests`."""
    return click.option(
        "--manifests",
        metavar="PATH",
        multiple=True,
        type=click.Path(allow_dash=True, path_type=Path),
        help="Look at these manifests in place of rendering: a file, a folder, or - for the standard input, as "
        "`helm template` or `kubectl get -A -o yaml` print them. May be given again.",
    )(command)


def exclude_option(command: Callable[P, R]) -> Callable[P, R]:
    """Add --exclude, which may be given several times; the command takes a tuple of globs as `exclude`."""
    return click.option(
        "--exclude",
        metavar="GLOB",
        multiple=True,
        help="Leave out files of a folder of manifests: a path below it, or the name of a file or folder at any depth, "
        "as 'values*.yaml' or 'charts/*/crds'. May be given again.",
    )(command)


def namespace_option(command: Callable[P, R]) -> Callable[P, R]:
    """Add --namespace; the command takes it as `namespace`: "default" where it is not given, as kubectl has it."""
    return click.option(
        "-n",
        "--namespace",
        metavar="NAME",
        default=DEFAULT_NAMESPACE,
        callback=_check_namespace,
        help="The namespace of manifests that name none, as those of `helm template` may; without it: default.",
    )(command)


def check_manifest_options(
    manifests: Sequence[Path], namespace: str, helm: str | None, exclude: Sequence[str] = ()
) -> None:
    """Raise UsageError where options of rendering and of manifests from elsewhere are given together."""
    if manifests and helm is not None:
        raise click.UsageError("--helm says what renders, and with --manifests nothing is rendered")
    if not manifests and namespace != DEFAULT_NAMESPACE:
        raise click.UsageError("--namespace is for --manifests: what is rendered has the namespaces of its services")
    if not manifests and exclude:
        raise click.UsageError("--exclude is for --manifests: it leaves files of these out")


def has_project(project: Path | None) -> bool:
    """Whether there is a project, named or found, for a command that can do without one."""
    return project is not None or Path(PROJECT_FILE).is_file()


def require_project(project: Path | None) -> None:
    """Raise UsageError where there is no project, and no manifests were given in its place."""
    if not has_project(project):
        raise click.UsageError(
            f"no {PROJECT_FILE} here or above; name manifests with --manifests, or a project with --project"
        )


def homes_of(compiled: "Compiled") -> dict[str, str]:
    """Where rendered manifests go that name no namespace, by source: a chart of one's own may leave it to Helm."""
    if compiled.workspace.project.chart is None:
        return {}
    return {f"{RENDERED}/{service.id}.yaml": service.namespace for service in compiled.policies.services}


def _check_namespace(context: click.Context, parameter: click.Parameter, name: str) -> str:
    from egressc.model.scalars import dns_label_problem

    if problem := dns_label_problem(name):
        raise click.BadParameter(f'"{name}" {problem}', context, parameter)
    return name


def read_sources(paths: Sequence[Path], report: Report, *, exclude: Sequence[str] = ()) -> Iterator[Source]:
    """The text of every file that the paths name. Reports EG101, EG102, EG509 and EG634.

    `exclude`: globs of files in folders that are left out, without a word; a file that is named itself is read.
    """
    from egressc.tables.decoding import decode

    for file in _read_files(paths, report, exclude):
        source = decode(file.data, file.name)
        if isinstance(source, Source):
            yield source
        else:
            report.add(source)


def read_manifests_at(
    paths: Sequence[Path], report: Report, *, namespace: str, exclude: Sequence[str] = ()
) -> "Manifests":
    """What the manifests of these paths say; `namespace`: of those that name none."""
    from egressc.verify.manifests.reader import read_manifests

    return read_manifests(read_sources(paths, report, exclude=exclude), report, default_namespace=namespace)


def _is_excluded(file: PurePath, globs: Sequence[str]) -> bool:
    """Whether a glob is about a file or a folder that it is in; `file` is a path below the folder that is read."""
    around = [file, *file.parents][:-1]
    return any(
        fnmatchcase(text, glob.rstrip("/")) for glob in globs for it in around for text in (it.as_posix(), it.name)
    )


def _read_files(paths: Iterable[Path], report: Report, exclude: Sequence[str]) -> Iterator["RawFile"]:
    from egressc.diagnostics.generated import unreadable_file, whole_file
    from egressc.diagnostics.manifests import unread_files
    from egressc.files.listing import MOST_ENTRIES, list_folder
    from egressc.files.reading import FoundFile, RawFile, read_files, shown_name
    from egressc.tables.decoding import MOST_BYTES

    seen: set[str] = set()
    for path in paths:
        if str(path) == STANDARD_INPUT:
            # One byte too many is what the decoder refuses.
            yield RawFile("standard input", sys.stdin.buffer.read(MOST_BYTES + 1))
            continue
        found = [path]
        if path.is_dir():
            name = path.as_posix()
            listed = list_folder(path)
            wanted = [file for file in listed.files if not _is_excluded(file.relative_to(path), exclude)]
            found = [file for file in wanted if file.suffix.lower() in SUFFIXES]
            if listed.is_cut:
                report.add(unreadable_file(whole_file(name), name, f"it holds more than {MOST_ENTRIES} entries"))
                continue
            if not found:
                report.add(unreadable_file(whole_file(name), name, f"no {', '.join(SUFFIXES)} file in it"))
            others = [file for file in listed.others if not _is_excluded(file.relative_to(path), exclude)]
            unread = sorted({*wanted, *others} - {*found})
            if unread:
                names = [file.relative_to(path).as_posix() for file in unread]
                report.add(unread_files(whole_file(name), names))
        for file in found:
            if (real := os.path.realpath(file)) in seen:
                continue  # named twice, by its folder and itself
            seen.add(real)
            name = shown_name(str(file), Path())
            yield from read_files([FoundFile(file, name, whole_file(name))], report, limit=MOST_BYTES)
