"""How every command reports: the options they share, where a report goes, and the exit status."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, TextIO, TypeVar, get_args

import click

from egressc import __version__
from egressc.cli import DEFECT, ERRORS, OK, OUT_OF_DATE, is_quiet
from egressc.diagnostics.core import Diagnostic, Report, Severity
from egressc.diagnostics.defects import compiler_defect
from egressc.diagnostics.generated import (
    missing_values,
    outdated_export,
    outdated_values,
    stale_values,
)
from egressc.files.folder import WritePlan
from egressc.files.patterns import repository_of
from egressc.files.reading import was_read
from egressc.files.refusals import refusal_of
from egressc.files.writing import apply
from egressc.renderers.excerpts import printable
from egressc.renderers.findings import shown
from egressc.renderers.formats import Format, lay_out_findings
from egressc.renderers.proof import ProofSummary
from egressc.renderers.status import FleetStatus
from egressc.renderers.text import WIDTH, render_text
from egressc.source import Source, Span

P = ParamSpec("P")
R = TypeVar("R")

# The variables of CI systems whose logs show ANSI colours, as npm's picocolors and supports-color have them.
_SHOW_COLOUR = ("GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "BUILDKITE")


@dataclass(frozen=True, slots=True)
class Reporting:
    """What the user asked of the report.

    `output` None: text to the standard error, other forms to standard output. With a file, a form for programs comes
    beside the text, so that a log says what failed.
    """

    format: Format = "text"
    output: Path | None = None
    strict: bool = False

    @property
    def takes_standard_output(self) -> bool:
        return self.format != "text" and self.output is None


def reporting_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add --format, --output and --strict; the command takes them as `reporting`."""

    @wraps(command)
    def run(*args: Any, format: Format, output: Path | None, strict: bool, **options: Any) -> R:
        return command(*args, reporting=Reporting(format, output, strict), **options)

    for option in reversed(_OPTIONS):
        run = option(run)
    return run


_OPTIONS: Final = (
    click.option(
        "--format",
        type=click.Choice(get_args(Format)),
        default="text",
        show_default=True,
        help="Format of the report.",
    ),
    click.option(
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write the report to this file; in a format other than text, beside the text.",
    ),
    click.option("--strict", is_flag=True, help="Exit with 1 for warnings too."),
)


@dataclass(frozen=True, slots=True)
class Published:
    """What one of several runs of a command reports."""

    report: Report
    late: Report
    project: Path | None
    reporting: Reporting
    proof: ProofSummary | None
    status: FleetStatus | None


_COLLECTED: Final = "egressc.collected"
_SPEAKER: Final = "egressc.speaker"


@contextmanager
def collecting(into: dict[str, Published], name: str, *, speaks: bool) -> Iterator[None]:
    """Keep what `publish` is given, by a name; `speaks`: the name comes before each line that is said."""
    meta = click.get_current_context().meta
    meta[_COLLECTED], meta[_SPEAKER] = (into, name), f"{name}: " if speaks else ""
    try:
        yield
    finally:
        del meta[_COLLECTED], meta[_SPEAKER]


def publish(
    report: Report,
    project: Path | None = None,
    reporting: Reporting = Reporting(),
    *,
    late: Report | None = None,
    is_late: bool = False,
    proof: ProofSummary | None = None,
    status: FleetStatus | None = None,
) -> int:
    """Show or write the report, and give the exit status that it calls for.

    Args:
        is_late: files are out of date, which is the status where no error is.
        late: what is shown too, but has an exit status of its own: files that are out of date.
        proof: what it came to, where the command asked for one; the forms for programs hold it, and `status` likewise.
    """
    late = late or Report()
    context = click.get_current_context(silent=True)
    if context is not None and _COLLECTED in context.meta:
        into, name = context.meta[_COLLECTED]
        into[name] = Published(report, late, project, reporting, proof, status)
        return _status_of(
            report, strict=False, is_late=is_late
        )  # warnings count in the report of all: each may be of no other run
    whole = Report([*report.diagnostics], surplus={**report.surplus})
    whole.absorb(late)
    diagnostics = shown(whole)
    if reporting.format != "text" or reporting.output is not None:
        folder = (project or Path()).parent.resolve()
        inside = folder.relative_to(repository_of(folder)).parts
        fails = partial(_fails, strict=reporting.strict)
        deliver(
            lay_out_findings(diagnostics, reporting.format, "/".join(inside), fails, proof, status),
            reporting.output,
        )
    if (reporting.format == "text") == (reporting.output is None):
        _show([it for it in diagnostics if not is_quiet() or _fails(it, strict=reporting.strict)])
    return _status_of(report, strict=reporting.strict, is_late=is_late)


def deliver(text: str, output: Path | None) -> None:
    """Write what a command gives to a file, else to standard output.

    Never over a file that the command read, or over YAML: no report is YAML, but a values file of somebody's rules is.
    """
    content = text.encode("utf-8", "backslashreplace")
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()  # before the findings, which go to standard error
        return
    if was_read(output) or (output.suffix in (".yaml", ".yml") and output.exists()):
        raise click.BadParameter(
            f'"{output}" is not a report that can be replaced; write another name', param_hint="--output"
        )
    output.write_bytes(content)


def _status_of(report: Report, *, strict: bool, is_late: bool) -> int:
    failing = _failing(strict=strict)
    if any(found.code.severity in failing for found in report.diagnostics):
        return ERRORS
    return OUT_OF_DATE if is_late else OK


def _fails(found: Diagnostic, *, strict: bool) -> bool:
    """Whether a finding is why the exit status is 1, or 3."""
    late = (outdated_values.code, missing_values.code, stale_values.code, outdated_export.code)
    return found.code.severity in _failing(strict=strict) or found.code in late


def _failing(*, strict: bool) -> set[Severity]:
    return {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}


def say(sentence: str, *, is_error: bool = False) -> None:
    """One line for whoever watches; never on standard output, which belongs to results."""
    if is_quiet() and not is_error:
        return
    context = click.get_current_context(silent=True)
    speaker = context.meta.get(_SPEAKER, "") if context is not None else ""
    sys.stderr.buffer.write(f"{printable(speaker + sentence)}\n".encode("utf-8", "backslashreplace"))
    sys.stderr.buffer.flush()  # what is said while something takes long is of no use after it


def carry_out(plan: WritePlan) -> None:
    """Write files; another run is waited for, which may take as long as that one."""
    apply(plan, on_wait=lambda: say(f"waiting for another run of egressc, which writes {plan.folder.name}"))


def shows_colour(stream: TextIO) -> bool:
    """Whether a stream gets colours: no-color.org and bixense.com/clicolors first, then what is known of the stream.

    A log of CI has colours on the standard error alone: the standard output may go into a file.
    """
    given = os.environ
    if given.get("NO_COLOR"):
        return False
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE"):
        if name in given:
            return given[name] not in ("0", "false")
    if "CI" in given and any(name in given for name in _SHOW_COLOUR) and stream is sys.stderr:
        return True
    return stream.isatty() and given.get("TERM") != "dumb"


def show_failure(error: Exception) -> int:
    """Show a defect of the compiler, with the input that brought it out in place of a traceback."""
    _show([compiler_defect(error, __version__, Span(Source("egressc.yaml", ""), 0, 0))])
    return DEFECT


def show_refusal(error: OSError) -> int:
    """Show what the system refuses."""
    _show([refusal_of(error)])
    return ERRORS


def _show(diagnostics: list[Diagnostic]) -> None:
    stream = sys.stderr
    width = max(40, shutil.get_terminal_size().columns - 8) if stream.isatty() else WIDTH
    text = render_text(diagnostics, colour=shows_colour(stream), width=width)
    stream.buffer.write(text.encode("utf-8", "backslashreplace"))
