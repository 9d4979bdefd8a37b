"""`egressc verify`: the proof that the policies allow exactly what the sources ask for."""

from pathlib import Path
from typing import Any

import click

from egressc.cli.environments import in_each_environment
from egressc.cli.options import helm_option, manifest_options, project_options, services_argument, workloads_option
from egressc.cli.progress import with_progress, working
from egressc.cli.reporting import Reporting, publish, reporting_options, say
from egressc.diagnostics.core import Report
from egressc.project.compiling import compile_quietly
from egressc.project.manifests import ManifestFiles
from egressc.project.picking import pick_services, with_shared
from egressc.project.proving import proof_sentences, prove_sides, report_late, sum_up, take_manifests, take_values


def _needs_one(options: dict[str, Any]) -> str:
    return "--manifests are those of one environment" if options["manifests"] else ""


@click.command("verify")
@in_each_environment(_needs_one)
@services_argument
@manifest_options
@helm_option
@workloads_option
@project_options
@reporting_options
def command(
    services: tuple[str, ...],
    manifests: ManifestFiles,
    helm: str | None,
    workloads: tuple[str, ...],
    project: Path | None,
    environment: str,
    reporting: Reporting,
) -> int:
    """Prove that what Helm renders for SERVICES, or for all, allows what their rows ask for and nothing else.

    The proof is exact, for every possible pod and address. It renders the current values files. Extra rules in them are
    allowed; a note says what each adds to the table. With --manifests, compares those policies with the sources.
    Policies of other owners count too.
    """
    report = Report()
    sides = proof = None
    with working("compiling"):
        compiled = compile_quietly(
            project, report, strict=reporting.strict, workloads=workloads, environment=environment
        )
    if compiled is not None:
        ids = with_shared(compiled, pick_services(compiled, services))
        if not manifests.paths and (late := report_late(compiled, ids, report)):
            say(late)
        sides = (
            take_manifests(compiled, ids, manifests, report)
            if manifests.paths
            else take_values(compiled, ids, helm, report, with_progress)
        )
        compiled.warn_of_switched_off(ids, report)
        del compiled
        proof = prove_sides(sides, report)
    summary = sum_up(proof, None if sides is None else sides.read)
    status = publish(report, project, reporting, proof=summary)
    if sides is not None:
        for sentence in proof_sentences(proof, sides.read):
            say(sentence)
    return status
