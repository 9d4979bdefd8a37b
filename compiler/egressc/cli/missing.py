"""`egressc compile --missing`: what the catalog and the project file need, as YAML to complete."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from egressc.cli.reporting import Reporting, publish, say
from egressc.cli.workspace import compile_project, open_workspace, read_all
from egressc.diagnostics.core import Report

if TYPE_CHECKING:
    from egressc.cli.workspace import Workspace


def list_missing(project: Path | None, sources: Sequence[Path], reporting: Reporting) -> int:
    """Report as `compile` does and write nothing; the text goes to standard output, for it is the result."""
    if reporting.takes_standard_output:
        raise click.UsageError("--missing prints to standard output: name a file for the report with --output")
    report = Report()
    compile_project(project, report, sources=sources, trust_written=True)
    text = _text_of(project, sources) if report.has_errors else ""
    click.echo(text, nl=False)
    status = publish(report, reporting, (project or Path()).parent)
    if not text:
        say(
            "no key of the catalog or the project file settles this: see above"
            if report.has_errors
            else "nothing is missing: the sources compile"
        )
    return status


def _text_of(project: Path | None, sources: Sequence[Path]) -> str:
    from egressc.missing.catalog_text import catalog_text
    from egressc.missing.project_text import project_text
    from egressc.missing.texts import HOW_TO, part
    from egressc.pipeline import find_missing

    workspace: Workspace | None = open_workspace(project, Report())
    if workspace is None:
        return ""
    requirements, catalogs = read_all(workspace, sources, Report())
    names = [catalog.name for catalog in catalogs]
    needs = find_missing(workspace.project, requirements, catalogs)
    into = names[0] if names else f"catalog.yaml, which {workspace.source.name} names under `catalog`"
    text = part(into, catalog_text(needs, names)) + part(workspace.source.name, project_text(needs))
    return HOW_TO + text if text else ""
