"""Manifests from elsewhere: files, folders, and the standard input, one file in memory at a time."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from egressc.diagnostics.core import Report
from egressc.source import Source

if TYPE_CHECKING:
    from egressc.files.reading import RawFile

P = ParamSpec("P")
R = TypeVar("R")

STANDARD_INPUT = "-"
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


def read_sources(paths: Sequence[Path], report: Report) -> Iterator[Source]:
    """The text of every file that the paths name. Reports EG101, EG102 and EG509."""
    from egressc.tables.decoding import decode

    for file in _read_files(paths, report):
        source = decode(file.data, file.name)
        if isinstance(source, Source):
            yield source
        else:
            report.add(source)


def _read_files(paths: Iterable[Path], report: Report) -> Iterator["RawFile"]:
    from egressc.diagnostics.generated import unreadable_file, whole_file
    from egressc.files.reading import FoundFile, RawFile, read_files, shown_name
    from egressc.tables.decoding import MOST_BYTES

    for path in paths:
        if str(path) == STANDARD_INPUT:
            # One byte too many is what the decoder refuses.
            yield RawFile("standard input", sys.stdin.buffer.read(MOST_BYTES + 1))
            continue
        found = [path]
        if path.is_dir():
            found = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file())
            if not found:
                name = path.as_posix()
                report.add(unreadable_file(whole_file(name), name, f"no {', '.join(SUFFIXES)} file in it"))
        for file in found:
            name = shown_name(str(file), Path())
            yield from read_files([FoundFile(file, name, whole_file(name))], report, limit=MOST_BYTES)
