"""The options that commands share."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from egressc.cli.completion import complete_service
from egressc.cli.reporting import reporting_options
from egressc.cluster.objects import Access
from egressc.model.scalars import dns_label_problem
from egressc.project.manifests import DEFAULT_NAMESPACE, ManifestFiles
from egressc.project.workloads import CLUSTER
from egressc.project.workspace import PROJECT_FILE, find_project_file

P = ParamSpec("P")
R = TypeVar("R")


def project_options(command: Callable[P, R]) -> Callable[P, R]:
    """Add --project; the command takes it as `project`, None for the file of the current folder."""
    return click.option(
        "--project",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        callback=lambda _context, _option, named: named or find_project_file(Path.cwd()),
        help=f"The project file; default: {PROJECT_FILE} here, or in the nearest folder above within the repository.",
    )(command)


def workloads_option(command: Callable[P, R]) -> Callable[P, R]:
    """Add --workloads; the command takes a tuple of texts as `workloads`."""
    return click.option(
        "--workloads",
        metavar="PATH",
        multiple=True,
        callback=_check_workloads,
        help="Also read what runs in the cluster: manifests in a file, a folder, or - for the standard input; "
        f"{CLUSTER} for the cluster of kubectl's current context, {CLUSTER}NAME for that of another. Repeatable.",
    )(command)


def helm_option(command: Callable[P, R]) -> Callable[P, R]:
    """Add --helm; the command takes it as `helm`, None where the environment or the default decides."""
    return click.option(
        "--helm",
        metavar="embedded|binary|PATH",
        help="What renders: the embedded Helm, the helm on PATH, or the binary at PATH; default: EGRESSC_HELM.",
    )(command)


def manifest_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add --manifests, --exclude and --namespace; the command takes all as `manifests`.

    UsageError for options of rendering and of manifests together.
    """

    @wraps(command)
    def run(*args: Any, manifests: tuple[Path, ...], files: ManifestFiles, **options: Any) -> R:
        if manifests and options.get("helm") is not None:
            raise click.UsageError("--helm says what renders, and with --manifests nothing is rendered")
        if not manifests and files.namespace != DEFAULT_NAMESPACE:
            rendered = "what is rendered has the namespaces of its services"
            raise click.UsageError(f"--namespace is for --manifests: {rendered}")
        if not manifests and files.exclude:
            raise click.UsageError("--exclude is for --manifests: it leaves files of these out")
        return command(*args, manifests=replace(files, paths=manifests), **options)

    return click.option(
        "--manifests",
        metavar="PATH",
        multiple=True,
        type=click.Path(allow_dash=True, path_type=Path),
        help="Read these manifests instead of rendering: a file, a folder, or - for the standard input, as "
        "`helm template` or `kubectl get -A -o yaml` print them. Repeatable.",
    )(file_options(run))


def file_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add --exclude and --namespace ("default" unless given, as kubectl has it); the command takes both as `files`."""

    @wraps(command)
    def run(*args: Any, exclude: tuple[str, ...], namespace: str, **options: Any) -> R:
        return command(*args, files=ManifestFiles((), exclude, namespace), **options)

    options = (
        click.option(
            "--exclude",
            metavar="GLOB",
            multiple=True,
            help="Leave out files of a folder of manifests: a path below it, or the name of a file or folder at any "
            "depth, as 'values*.yaml' or 'charts/*/crds'. Repeatable.",
        ),
        click.option(
            "-n",
            "--namespace",
            metavar="NAME",
            default=DEFAULT_NAMESPACE,
            callback=_check_namespace,
            help="Namespace for manifests without one, for example from `helm template`. [default: default]",
        ),
    )
    return _with(options, run)


def cluster_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add --kubeconfig and --context; the command takes them as `access`."""

    @wraps(command)
    def run(*args: Any, kubeconfig: Path | None, context: str | None, **options: Any) -> R:
        return command(*args, access=Access(kubeconfig, context), **options)

    options = (
        click.option(
            "--kubeconfig",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="The kubeconfig file; else KUBECONFIG, ~/.kube/config, or the service account of a pod.",
        ),
        click.option("--context", metavar="NAME", help="The context of the kubeconfig; its current one unless named."),
    )
    return _with(options, run)


def changing_options(command: Callable[P, R]) -> Callable[P, R]:
    """Add what commands that change releases take, besides the options of cluster, project and report."""
    options = (
        click.option("--helm", metavar="PATH", help="The helm binary. Default: EGRESSC_HELM, then helm on PATH."),
        click.option(
            "--parallel",
            type=click.IntRange(1, 64),
            default=4,
            show_default=True,
            metavar="N",
            help="How many releases at once.",
        ),
        click.option(
            "--timeout",
            default="5m",
            show_default=True,
            metavar="DURATION",
            help="How long Helm waits for one operation.",
        ),
        click.option("--dry-run", is_flag=True, help="Let Helm and the API server try it, and change nothing."),
        click.option("--yes", is_flag=True, help="Do not ask; for CI."),
        cluster_options,
        project_options,
        reporting_options,
    )
    return _with(options, command)


def format_option(*forms: str, help: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Add --format, the first unless named; the command takes it as `format`."""
    return click.option("--format", type=click.Choice(forms), default=forms[0], show_default=True, help=help)


def output_option(command: Callable[P, R]) -> Callable[P, R]:
    """Add --output for a result; the command takes it as `output`, None for standard output."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write to this file instead of standard output.",
    )(command)


def services_argument(command: Callable[P, R]) -> Callable[P, R]:
    """Add SERVICES; the command takes a tuple of names as `services`, none for all."""
    return click.argument("services", nargs=-1, shell_complete=complete_service)(command)


def _check_workloads(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    path = click.Path(exists=True, allow_dash=True)
    return tuple(it if it.startswith(CLUSTER) else str(path.convert(it, parameter, context)) for it in given)


def _check_namespace(context: click.Context, parameter: click.Parameter, name: str) -> str:
    if problem := dns_label_problem(name):
        raise click.BadParameter(f'"{name}" {problem}', context, parameter)
    return name


def _with(options: Sequence[Callable[[Callable[P, R]], Callable[P, R]]], command: Callable[P, R]) -> Callable[P, R]:
    """Options in the order in which help lists them."""
    for option in reversed(options):
        command = option(command)
    return command
