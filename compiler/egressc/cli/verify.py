"""`egressc verify`: the proof that the policies allow exactly what the sources ask for."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from egressc.cli.extra_rules import extra_rules_of
from egressc.cli.manifests import manifests_option, read_sources
from egressc.cli.packing import packed
from egressc.cli.progress import working
from egressc.cli.rendering import helm_option, render_services
from egressc.cli.reporting import Format, Reporting, publish, reporting_options, say
from egressc.cli.workspace import Compiled, compile_project, no_collection, pick_services, project_options
from egressc.diagnostics.core import Report
from egressc.renderers.proof import ProofCounts, ProofSummary
from egressc.source import Span

if TYPE_CHECKING:
    from egressc.verify.comparison.proof import Proof
    from egressc.verify.manifests.reader import Manifests


@click.command("verify", short_help="Prove that the policies allow exactly the table.")
@click.argument("services", nargs=-1)
@manifests_option
@helm_option
@project_options
@reporting_options
def command(
    services: tuple[str, ...],
    manifests: tuple[Path, ...],
    helm: str | None,
    project: Path | None,
    format: Format,
    output: Path | None,
    strict: bool,
) -> int:
    """Prove that what Helm renders for SERVICES, or for all, allows what their rows ask for and nothing else.

    The proof is exact, for every pod and address there could be. The values files are rendered as they stand; extra
    rules in them are allowed, and what each adds to the table is noted. With --manifests the policies in these are
    held against the sources, and policies of others among them count too.
    """
    if manifests and helm is not None:
        raise click.UsageError("--helm says what renders, and with --manifests nothing is rendered")
    report = Report()
    proof = None
    with no_collection():
        with working("compiling"):
            compiled = compile_project(project, report)
        if compiled is not None:
            # What a compile warns of is for `check` to say.
            report = Report()
            ids = pick_services(compiled, services)
            proof = (
                prove_manifests(compiled, ids, manifests, report)
                if manifests
                else prove_values(compiled, ids, helm, report)
            )
    status = publish(report, Reporting(format, output, strict), (project or Path()).parent, proof=sum_up(proof))
    if compiled is not None:
        say_proof(proof)
    return status


def prove_values(
    compiled: Compiled, ids: Sequence[str], helm: str | None, report: Report, *, planned: bool = False
) -> "Proof | None":
    """Prove what Helm renders from the values files as they stand, or, `planned`, from what a compile would write."""
    from egressc.verify.manifests.reader import read_manifests

    if not planned:
        _report_late(compiled, ids, report)
    read = read_manifests(packed(render_services(compiled, ids, helm, report, planned=planned)), report)
    # A chart of one's own may render policies for ingress too.
    is_foreign = compiled.workspace.project.chart is not None
    return _prove(compiled, ids, read, report, compiled.workspace.place, beside_others=is_foreign)


def prove_manifests(compiled: Compiled, ids: Sequence[str], paths: Sequence[Path], report: Report) -> "Proof | None":
    """Prove manifests from elsewhere."""
    from egressc.diagnostics.generated import whole_file
    from egressc.verify.manifests.reader import read_manifests

    read = read_manifests(packed(read_sources(paths, report)), report)
    return _prove(compiled, ids, read, report, whole_file(str(paths[0])), beside_others=True)


def say_proof(proof: "Proof | None") -> None:
    """The outcome in one sentence, and how much of it depends on the cluster."""
    if proof is None:
        say("nothing is proven")
        return
    sides = f"{_counted(proof.services, 'service')}, {_counted(proof.policies, 'policy', 'policies')}"
    if not proof.holds:
        say(f"not proven: {sides}, {_counted(proof.over + proof.under, 'difference')}")
        return
    adds = "adds" if proof.extras == 1 else "add"
    extras = f"; {_counted(proof.extras, 'extra rule')} {adds} what the notes say" if proof.extras else ""
    say(f"proven: {sides}, exactly the table{extras}")
    for reason, count in proof.approximate.items():
        say(f"approximate: {_counted(count, 'rule')} with {reason}")


def sum_up(proof: "Proof | None") -> ProofSummary:
    """The outcome for programs; None where nothing could be compared."""
    from egressc.model.flows import Approximation

    if proof is None:
        return ProofSummary(False, None)
    words = {
        "privateAddresses": Approximation.POD_ADDRESS,
        "namedPorts": Approximation.NAMED_PORT,
        "hostNetwork": Approximation.HOST_NETWORK,
    }
    approximate = {word: proof.approximate.get(reason, 0) for word, reason in words.items()}
    counts = ProofCounts(proof.services, proof.policies, proof.over, proof.under, proof.extras, approximate)
    return ProofSummary(proof.holds, counts)


def _prove(
    compiled: Compiled, ids: Sequence[str], read: "Manifests", report: Report, place: Span, *, beside_others: bool
) -> "Proof | None":
    from egressc.model.policy import PolicySet
    from egressc.verify.comparison.proof import prove

    wanted = set(ids)
    extras = extra_rules_of(compiled, ids, report)
    policies = PolicySet(tuple(service for service in compiled.policies.services if service.id in wanted))
    return prove(policies, read, extras, report, place=place, beside_others=beside_others)


def _report_late(compiled: Compiled, ids: Sequence[str], report: Report) -> None:
    """EG508 for each missing file; one that is out of date is proven as it stands, and its flows tell."""
    from egressc.diagnostics.generated import missing_values

    files, wanted = compiled.folder.files, set(ids)
    for values in compiled.values:
        if values.file_name not in files and values.service.id in wanted:
            name = f"{compiled.folder.name}/{values.file_name}"
            report.add(missing_values(values.service.origin, name, values.service.id))
    if compiled.plan.changed:
        late = _counted(len(compiled.plan.changed), "file")
        say(f"{compiled.folder.name}: {late} out of date, taken as found; see `egressc check`")


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or f'{one}s'}"
