"""`egressc compile`: the values of every service, all files or none."""

from collections.abc import Sequence
from pathlib import Path

import click

from egressc.cli.environments import environment_names, environments_option
from egressc.cli.options import project_options, workloads_option
from egressc.cli.progress import with_progress, working
from egressc.cli.reporting import Reporting, publish, reporting_options, say, say_waiting
from egressc.diagnostics.core import Report
from egressc.files.writing import apply
from egressc.project.compiling import Compiled, compile_project
from egressc.project.environments import environments_of, merge_reports
from egressc.project.missing import missing_text
from egressc.project.picking import pick_services
from egressc.project.proving import proof_sentences, prove_sides, sum_up, take_values
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
    picked = environment_names(project, environments)
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
        proofs.append(_verify(compiled, report) if verify else None)
    # All files of all environments, or none.
    plans = [] if any(it.has_errors for it in reports.values()) else [it.plan for it in runs if it is not None]
    for plan in plans:
        apply(plan, on_wait=say_waiting(plan.folder.name))
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
    reports = {name: Report() for name in environments}
    for name, found in reports.items():
        compile_project(project, found, sources=sources, environment=name)
    report = merge_reports(reports, environments_of(project) or environments)
    # Of several environments, what the rows of all of them ask for.
    environment = environments[0] if len(environments) == 1 else ""
    text = missing_text(project, sources, environment) if report.has_errors else ""
    click.echo(text, nl=False)
    status = publish(report, project, reporting)
    if not text:
        say(
            "no key of the catalog or the project file resolves this: see above"
            if report.has_errors
            else "nothing is missing: the sources compile"
        )
    return status


def _verify(compiled: Compiled | None, report: Report) -> ProofSummary:
    """The proof of what is about to be written; an error in the report holds it back."""
    if compiled is None:
        return sum_up(None, None)
    ids = pick_services(compiled, ())
    sides = take_values(compiled, ids, None, report, with_progress, planned=True)
    proof = prove_sides(sides, report)
    for sentence in proof_sentences(proof, sides.read):
        say(sentence)
    return sum_up(proof, sides.read)
