"""`egressc compile`: the values of every service, all files or none."""

from collections.abc import Sequence
from pathlib import Path

import click

from egressc.cli.environments import environments_option
from egressc.cli.options import project_options, workloads_option
from egressc.cli.progress import with_progress, working
from egressc.cli.reporting import Reporting, carry_out, publish, reporting_options, say
from egressc.diagnostics.core import Report
from egressc.project.compiling import Compiled, compile_project
from egressc.project.environments import environments_of, merge_reports, pick_environments
from egressc.project.missing import missing_text
from egressc.project.proving import prove_planned
from egressc.renderers.proof import ProofSummary, join_proofs
from egressc.renderers.reading import ReadCounts, say_counts


@click.command("compile")
@click.argument("sources", nargs=-1, type=click.Path(path_type=Path))
@click.option("--prune", is_flag=True, help="Remove the files of services that are no longer in the sources.")
@click.option("--discard-edits", is_flag=True, help="Overwrite generated parts that were edited by hand.")
@click.option(
    "--verify", is_flag=True, help="Write only what is proven: render in memory and compare with the sources."
)
@click.option(
    "--missing",
    is_flag=True,
    help="Write nothing; print the missing entries and keys of the catalog and the project file, to fill in.",
)
@environments_option
@workloads_option
@project_options
@reporting_options
def command(
    sources: tuple[Path, ...],
    prune: bool,
    discard_edits: bool,
    verify: bool,
    missing: bool,
    workloads: tuple[str, ...],
    project: Path | None,
    environments: tuple[str, ...],
    reporting: Reporting,
) -> int:
    """Compile the project's sources, or SOURCES in their place, into the values folder.

    After an error nothing is written. The extra rules in each file stay as they are, byte for byte.
    """
    picked = pick_environments(environments_of(project), environments) or ("",)
    if missing:
        return _print_missing(project, sources, picked, reporting)
    reports = {name: Report() for name in picked}
    runs: list[Compiled | None] = []
    proofs: list[ProofSummary | None] = []
    for name, report in reports.items():
        with working(f"compiling {name}".rstrip()):
            compiled = compile_project(
                project,
                report,
                sources=sources,
                discard_edits=discard_edits,
                prune=prune,
                workloads=workloads,
                environment=name,
            )
        runs.append(compiled)
        if verify:
            summary, sentences = prove_planned(compiled, report, with_progress)
            proofs.append(summary)
            for sentence in sentences:
                say(sentence)
    # All files of all environments, or none.
    plans = [] if any(it.has_errors for it in reports.values()) else [it.plan for it in runs if it is not None]
    for plan in plans:
        carry_out(plan)
    report = merge_reports(reports, environments_of(project) or picked)
    status = publish(report, project, reporting, proof=join_proofs(proofs))
    for compiled in runs if plans else ():
        assert compiled is not None, "what has a plan is compiled"
        say(f"{compiled.folder.name}: {compiled.plan.say() or 'no services'}")
        say(f"read: {say_counts(ReadCounts(*compiled.tally))}")
    return status


def _print_missing(
    project: Path | None, sources: tuple[Path, ...], environments: Sequence[str], reporting: Reporting
) -> int:
    """Report as `compile` does and write nothing; the text goes to standard output, for it is the result."""
    if reporting.takes_standard_output:
        raise click.UsageError("--missing prints to standard output; write the report to a file with --output")
    report = Report()
    text = missing_text(project, sources, environments, report)
    click.echo(text, nl=False)
    status = publish(report, project, reporting)
    unresolved = "no key of the catalog or the project file resolves this: see above"
    if not text:
        say(unresolved if report.has_errors else "nothing is missing: the sources compile")
    return status
