"""The command `egressc`: one module per command, imported when that command runs or helps.

Exit status, the same for every output format: 0 clean, 1 errors, 2 bad usage, 3 generated files out
of date, 70 a defect.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from functools import wraps
from importlib import import_module
from typing import Any, Final, NoReturn

import click

from egressc import __version__
from egressc.project.usage import UsageProblem

OK, ERRORS, USAGE, OUT_OF_DATE, DEFECT, INTERRUPTED = 0, 1, 2, 3, 70, 130

COMMANDS: Final[Mapping[str, str]] = {
    "init": "Start a project.",
    "read": "Show what became of each cell of the documents.",
    "compile": "Write the values of every service.",
    "check": "Check sources and values files, for CI.",
    "show": "Show what each service can reach, and why.",
    "render": "Render the manifests of some or all services.",
    "export": "Write files for Argo CD, Flux, Helmfile, Terraform or kubectl.",
    "chart": "Write the chart that egressc carries.",
    "verify": "Prove that the policies equal the rows read.",
    "explain": "Explain whether one connection is allowed, and why.",
    "diff": "Show which flows a change opens or closes.",
    "report": "Report every flow: a table, a graph, or a page to browse.",
    "install": "Install or upgrade the releases of services.",
    "status": "Compare what is compiled, installed and live.",
    "probe": "Test connections of a service, both allowed and denied ones.",
    "rollback": "Roll the releases of services back to an earlier revision.",
    "uninstall": "Remove the releases of services.",
    "presets": "List known destinations and callers; refresh address lists.",
    "rule": "Explain a code.",
    "schema": "Write the JSON Schemas.",
    "lsp": "Run the language server, for editors.",
}
"""Each command, with a line for the list of them: no command is imported for the list."""

_OF_RELEASES: Final = ("install", "rollback", "uninstall")


@contextmanager
def no_collection() -> Iterator[None]:
    """Make many objects that all live to the end, without the collector looking through them again and again.

    Of a compile of 10,000 services it is a quarter: 2.4 s of processor time in place of 3.2 s.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.freeze()  # or the first collection afterwards looks through all of them
            gc.enable()


def _once(callback: Callable[..., Any]) -> Callable[..., Any]:
    """A command in a process of its own, which shows what it is asked for and cannot have as wrong usage of itself."""

    @wraps(callback)
    def command(*args: Any, **options: Any) -> Any:
        try:
            with no_collection():
                return callback(*args, **options)
        except UsageProblem as error:
            raise click.UsageError(str(error)) from error

    return command


_QUIET = "egressc.quiet"


def is_quiet() -> bool:
    """Whether the user asked for results and errors alone."""
    context = click.get_current_context(silent=True)
    return context is not None and _QUIET in context.meta


def _be_quiet(context: click.Context, _option: click.Parameter, is_given: bool) -> None:
    if is_given:
        context.meta[_QUIET] = True


_quiet_option = click.option(
    "-q",
    "--quiet",
    is_flag=True,
    expose_value=False,
    callback=_be_quiet,
    help="Print results and errors only: no progress, warnings or notes.",
)


class CommandLine(click.Group):
    """The commands by name; ends the process with a status of ours whatever happens inside."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = ("releases", cmd_name) if cmd_name in _OF_RELEASES else (cmd_name, "command")
        command: click.Command = copy(getattr(import_module(f"egressc.cli.{module}"), name))
        assert command.callback is not None, "every command does something"
        command.callback = _once(command.callback)
        # The group has the option too, so that it is understood before and after the name of a command.
        return command if any(it.opts == ["-q", "--quiet"] for it in command.params) else _quiet_option(command)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(  # type: ignore[override]  # click types this twice, by the value of standalone_mode
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        sys.exit(self.run(args, prog_name, **extra))

    def run(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> int:
        """Run a command line; the status that the process is to end with."""
        try:
            status: int | None = super().main(args, prog_name or "egressc", **{**extra, "standalone_mode": False})
            sys.stdout.flush()
        except click.ClickException as error:
            error.show()
            return USAGE
        except (click.Abort, KeyboardInterrupt):
            return INTERRUPTED
        except BrokenPipeError:
            # Whoever reads our output has seen enough, as in `egressc render | head`.
            _drop_output()
            return OK
        except OSError as error:
            from egressc.cli.reporting import show_failure, show_refusal
            from egressc.files.refusals import is_refusal

            try:
                sys.stdout.flush()
            except OSError:
                _drop_output()  # or Python tries once more when the process ends, and has the last word
            return show_refusal(error) if is_refusal(error) else show_failure(error)
        except Exception as error:
            from egressc.cli.reporting import show_failure

            return show_failure(error)
        return status or OK


def _drop_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=CommandLine, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="egressc %(version)s")
@_quiet_option
def run_command() -> None:
    """Compile a table of service requirements into Helm values and NetworkPolicies.

    Start with `egressc init` in an empty folder.
    """


def main() -> NoReturn:
    """The process of `egressc`."""
    # Python has no stream for what whoever starts the process has closed: `egressc compile >&-`.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: PTH123, SIM115  open until the process ends
    sys.stderr = sys.stderr or sys.stdout
    sys.exit(run_command.run())
