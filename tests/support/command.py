"""Calls the command line inside the test's own process, in a folder, as a user would in a shell."""

import os
from pathlib import Path

from click.testing import CliRunner, Result

from egressc.cli import run_command


def run(arguments: list[str], folder: Path, given: str = "") -> Result:
    """Run `egressc ARGUMENTS` with `folder` as the current one; an exit status is not an error here.

    `given`: the standard input.
    """
    before = Path.cwd()
    os.chdir(folder)
    try:
        return CliRunner().invoke(run_command, arguments, prog_name="egressc", catch_exceptions=False, input=given)
    finally:
        os.chdir(before)


_RENDERED: dict[tuple[str, frozenset[tuple[Path, str]]], str] = {}


def rendered(service: str, folder: Path) -> str:
    """What `egressc render SERVICE` prints, asked once for all folders that hold the same files."""
    files = ((it.relative_to(folder), it.read_text("utf-8")) for it in folder.rglob("*") if it.is_file())
    key = service, frozenset(files)
    if key not in _RENDERED:
        _RENDERED[key] = run(["render", service], folder).stdout
    return _RENDERED[key]
