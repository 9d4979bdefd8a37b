"""`--environment`: commands that run once for each environment of the project, and those that are about one alone."""

import sys
from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

import click

from egressc.cli import ERRORS
from egressc.cli.completion import complete_environment
from egressc.cli.reporting import Published, collecting, publish, say
from egressc.project.environments import environments_of, merge_reports, pick_environments
from egressc.project.usage import UnknownName
from egressc.renderers.proof import join_proofs

P = ParamSpec("P")
R = TypeVar("R")
Command = Callable[..., int]
Reason = Callable[[dict[str, Any]], str | None]
"""Why one run of a command, by its options, is about one environment; "" if it can be about several, None for none."""


def in_each_environment(needs_one: Reason = lambda _: "", *, heads: bool = False) -> Callable[[Command], Command]:
    """Add --environment to a command, which runs once for each that it names, or for all; it takes `environment`.

    What the runs find is reported once, at the end, with the most severe of their statuses. A project without
    environments has one run, with "".

    Args:
        heads: a line with the name comes before what each run prints.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def run(*args: Any, environments: tuple[str, ...], **options: Any) -> int:
            reason = needs_one(options)
            known = environments_of(options["project"]) if reason is not None else ()
            picked = pick_environments(known, environments)
            if not picked:
                return command(*args, environment="", **options)
            if len(picked) > 1 and reason:
                raise click.UsageError(f"{reason}: add --environment with one of {', '.join(picked)}")
            return _run_each(partial(command, *args, **options), picked, known, heads=heads)

        return environments_option(run)

    return decorate


def environments_option(command: Callable[P, R]) -> Callable[P, R]:
    """Add --environment, which can be repeated; the command takes a tuple of names as `environments`."""
    return click.option(
        "--environment",
        "environments",
        metavar="NAME",
        shell_complete=complete_environment,
        multiple=True,
        help="Only this environment of the project; repeatable. Default: all.",
    )(command)


def in_one_environment(command: Command) -> Command:
    """Add --environment to a command that is about one cluster, or one set of files; it takes `environment`."""
    return in_each_environment(lambda _: "this is for one environment")(command)


def with_environment(command: Command) -> Command:
    """Add --environment to a command that reads what all environments share, if none is named."""

    @wraps(command)
    def run(*args: Any, environment: str, **options: Any) -> int:
        if environment:
            pick_environments(environments_of(options["project"]), [environment])
        return command(*args, environment=environment, **options)

    return click.option(
        "--environment",
        metavar="NAME",
        shell_complete=complete_environment,
        default="",
        help="As this environment of the project has it. Default: what all share.",
    )(run)


def _run_each(command: Command, picked: Sequence[str], known: Sequence[str], *, heads: bool) -> int:
    statuses: list[int] = []
    problems: dict[str, UnknownName] = {}
    published: dict[str, Published] = {}
    for name in picked:
        with collecting(published, name, speaks=len(picked) > 1):
            if heads and len(picked) > 1:
                sys.stdout.buffer.write(f"# {name}\n".encode())
            try:
                statuses.append(command(environment=name))
            except UnknownName as problem:  # a service that one of them has and another one has not
                problems[name] = problem
    if not statuses:
        raise next(iter(problems.values()))
    for name, unknown in problems.items():
        say(f"{name}: {unknown}", is_error=True)
    last = next(reversed(published.values()), None)
    if last is not None:
        merged = merge_reports({name: it.report for name, it in published.items()}, known)
        late = merge_reports({name: it.late for name, it in published.items()}, known)
        proof = join_proofs([it.proof for it in published.values()])
        statuses.append(publish(merged, last.project, last.reporting, late=late, proof=proof, status=last.status))
    return ERRORS if ERRORS in statuses else max(statuses)
