"""Manifests from elsewhere: files, folders, and the standard input, one file in memory at a time."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePath

from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import unreadable_file, whole_file
from egressc.diagnostics.manifests import unread_files
from egressc.dialects.reading import NOTHING_KNOWN, KnownFacts
from egressc.files.listing import MOST_ENTRIES, list_folder
from egressc.files.reading import FoundFile, RawFile, read_files, shown_name
from egressc.project.usage import UsageProblem
from egressc.project.workspace import PROJECT_FILE
from egressc.source import Source
from egressc.tables.decoding import MOST_BYTES, decode
from egressc.verify.manifests.reader import Manifests, read_manifests

STANDARD_INPUT = "-"
DEFAULT_NAMESPACE = "default"
SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class ManifestFiles:
    """Which manifests to read: none without `paths`.

    `exclude` are globs of files in folders that are left out, without a word; a file that is named itself is read.
    `namespace` is that of manifests that name none.
    """

    paths: tuple[Path, ...] = ()
    exclude: tuple[str, ...] = ()
    namespace: str = DEFAULT_NAMESPACE


def has_project(project: Path | None) -> bool:
    """Whether there is a project, named or found, for a command that can do without one."""
    return project is not None or Path(PROJECT_FILE).is_file()


def require_project(project: Path | None) -> None:
    """Raise UsageProblem where there is no project, and no manifests were given in its place."""
    if not has_project(project):
        raise UsageProblem(
            f"no {PROJECT_FILE} here or above; add manifests with --manifests, or a project with --project"
        )


def read_sources(files: ManifestFiles, report: Report) -> Iterator[Source]:
    """The text of every file that the paths name. Reports EG101, EG102, EG509 and EG634."""
    for file in _read_files(files.paths, report, files.exclude):
        source = decode(file.data, file.name)
        if isinstance(source, Source):
            yield source
        else:
            report.add(source)


def read_manifests_at(files: ManifestFiles, report: Report, *, known: KnownFacts = NOTHING_KNOWN) -> Manifests:
    """What the manifests of these paths say; `known` as `read_manifests`."""
    return read_manifests(read_sources(files, report), report, default_namespace=files.namespace, known=known)


def _is_excluded(file: PurePath, globs: Sequence[str]) -> bool:
    """Whether a glob is about a file or a folder that it is in; `file` is a path below the folder that is read."""
    around = [file, *file.parents][:-1]
    return any(
        fnmatchcase(text, glob.rstrip("/")) for glob in globs for it in around for text in (it.as_posix(), it.name)
    )


def _read_files(paths: Iterable[Path], report: Report, exclude: Sequence[str]) -> Iterator[RawFile]:
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
                report.add(unreadable_file(whole_file(name), name, f"it has more than {MOST_ENTRIES} entries"))
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
