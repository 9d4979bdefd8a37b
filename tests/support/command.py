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
