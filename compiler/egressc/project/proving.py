"""What a proof is made of: two sides out of a compiled project, the verdict on them, and how it is told."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from egressc.checks.services import services_without_dns
from egressc.checks.shared_pods import count_sharing
from egressc.checks.whole_policies import SwitchedOffPolicy
from egressc.diagnostics.baselines import no_dns
from egressc.diagnostics.core import Diagnostic, Label, Report
from egressc.diagnostics.generated import missing_values, whole_file
from egressc.diagnostics.phrases import say_count, say_subjects
from egressc.diagnostics.proof import missing_isolation, under_permission
from egressc.dialects.reading import NOTHING_KNOWN, KnownFacts
from egressc.helm.engine import RenderJob
from egressc.model.flows import Approximation, Policy
from egressc.model.policy import PolicySet
from egressc.model.release_kinds import GUARDRAILS
from egressc.project.compiling import Compiled
from egressc.project.extra_rules import WrittenExtras, find_extras, read_found
from egressc.project.known import known_of, known_of_own, note_staged, report_staged
from egressc.project.manifests import DEFAULT_NAMESPACE, ManifestFiles, read_sources
from egressc.project.picking import pick_services
from egressc.project.rendering import RENDERED, Watch, jobs_of, render_jobs
from egressc.renderers.proof import ProofCounts, ProofSummary
from egressc.renderers.reading import ReadCounts, say_rows_read
from egressc.source import Source, Span
from egressc.verify.comparison.proof import Proof, prove
from egressc.verify.intent.guardrails import intend_guardrails
from egressc.verify.manifests.reader import Manifests, read_manifests


class Read(NamedTuple):
    """How much was read from the sources, of how many services and namespaces.

    `sharing` services of those that are looked at may share pods.
    """

    services: int
    namespaces: int
    counts: ReadCounts
    sharing: int


@dataclass(frozen=True, slots=True)
class ProofSides:
    """What is asked for and what is rendered from it, and where to point when there is nothing to prove.

    Of the compiled project this holds no more than a proof looks at, and of the values files no more than are still to
    be rendered: who lets go of the project has the memory of a fleet's texts and documents back. Manifests that name no
    namespace go to the one that `homes` has for their source, else to `default_namespace`. `guardrails` are enforced by
    policies among the manifests, or by checks alone. `known` is what the project says about the manifests;
    `staged_note`, that nothing of them is enforced.
    """

    policies: PolicySet
    extras: Sequence[WrittenExtras]
    manifests: Iterator[Source]
    place: Span
    beside_others: bool
    read: Read
    others: Manifests
    to_repeat: Sequence[Diagnostic]
    off: Mapping[str, SwitchedOffPolicy]
    guardrails: Sequence[Policy]
    are_enforced: bool
    default_namespace: str = DEFAULT_NAMESPACE
    homes: Mapping[str, str] = field(default_factory=dict)
    known: KnownFacts = NOTHING_KNOWN
    staged_note: Diagnostic | None = None


def homes_of(compiled: Compiled) -> dict[str, str]:
    """The namespace of rendered manifests without one, by source: the project's own chart can leave it to Helm."""
    if compiled.workspace.project.chart is None:
        return {}
    return {f"{RENDERED}/{service.id}.yaml": service.namespace for service in compiled.policies.services}


def report_late(compiled: Compiled, ids: Sequence[str], report: Report) -> str:
    """EG508 for each missing file; a sentence on those that are out of date, which are proven as they are, or ""."""
    files, wanted = compiled.folder.files, set(ids)
    for values in compiled.values:
        if values.file_name not in files and values.service.id in wanted:
            name = f"{compiled.folder.name}/{values.file_name}"
            report.add(missing_values(values.service.origin, name, values.service.id))
    if not compiled.plan.changed:
        return ""
    late = say_count(len(compiled.plan.changed), "file")
    return f"{compiled.folder.name}: {late} out of date, used anyway; see `egressc check`"


def take_values(
    compiled: Compiled,
    ids: Sequence[str],
    helm: str | None,
    report: Report,
    watch: Watch,
    *,
    planned: bool = False,
) -> ProofSides:
    """For a proof of what Helm renders from the values files as they stand; `planned`: as a compile would write."""
    count, jobs = jobs_of(compiled, ids, planned=planned)
    manifests = render_jobs(compiled.workspace, _let_go(deque(jobs)), count, helm, report, watch)
    # A chart of one's own may render policies for ingress too.
    is_foreign = compiled.workspace.project.chart is not None
    sides = _sides(compiled, ids, manifests, compiled.workspace.place, beside_others=is_foreign)
    known = known_of_own(compiled)
    return replace(sides, homes=homes_of(compiled), known=known)


def take_manifests(
    compiled: Compiled,
    ids: Sequence[str],
    files: ManifestFiles,
    report: Report,
) -> ProofSides:
    """For a proof of manifests from elsewhere."""
    manifests = iter(read_sources(files, report))
    sides = _sides(compiled, ids, manifests, whole_file(str(files.paths[0])), beside_others=True)
    return replace(sides, default_namespace=files.namespace)


def read_rendered(sides: ProofSides, report: Report) -> Manifests:
    """What the manifests say, with EG665 where that is not enforced."""
    report_staged(sides.staged_note, report)
    return read_manifests(
        sides.manifests,
        report,
        default_namespace=sides.default_namespace,
        homes=sides.homes,
        # Elsewhere a row that reaches a gateway of Istio says nothing about where it routes.
        known=sides.known._replace(has_routes=sides.policies.by_server_name),
    )


def prove_sides(sides: ProofSides, report: Report) -> Proof | None:
    """Read the manifests and hold them against what is asked for; None where it can't be asked."""
    read = read_rendered(sides, report)
    read = replace(read, namespaces={**sides.others.namespaces, **read.namespaces})
    extras = read_found(sides.extras, report)
    report.extend(it for it in sides.to_repeat if it not in report.diagnostics)
    # The proof looks at earlier errors too. Only its own findings can be about a policy that is switched off.
    found = Report(list(report.diagnostics))
    proof = prove(
        sides.policies,
        read,
        extras,
        found,
        place=sides.place,
        beside_others=sides.beside_others,
        others=sides.others.policies,
        guardrails=sides.guardrails,
        are_enforced=sides.are_enforced,
        api_server=sides.known.api_server,
    )
    added = found.diagnostics[len(report.diagnostics) :]
    report.absorb(Report([_of_switched_off(it, sides.off) for it in added], surplus=found.surplus))
    return proof


def _of_switched_off(found: Diagnostic, off: Mapping[str, SwitchedOffPolicy]) -> Diagnostic:
    """What a policy lacks because it is switched off, with the place of that and its repair."""
    if found.service not in off or found.code not in (under_permission.code, missing_isolation.code):
        return found
    place = Label(off[found.service].place, "the policy is switched off here")
    return replace(found, related=(*found.related, place), help="remove this line to switch it on again")


def proof_sentences(proof: Proof | None, read: Read) -> Iterator[str]:
    """The outcome in one sentence with both halves, reading and proof, and how much of it depends on the cluster."""
    if proof is None:
        yield "no proof: see the errors above"
        return
    sides = f"{say_subjects(proof.services, proof.namespaces)}, {say_count(proof.policies, 'policy', 'policies')}"
    if not proof.holds:
        yield f"not proven: {sides}, {say_count(proof.findings, 'difference')}"
        return
    adds = "adds" if proof.extras == 1 else "add"
    extras = f"; {say_count(proof.extras, 'extra rule')} {adds} what the notes say" if proof.extras else ""
    of = "" if proof.services == read.services else f"{proof.services} of "
    share = "" if not of else "what it needs of " if proof.services == 1 else "what they need of "
    services = f"{of}{say_subjects(read.services, read.namespaces)}"
    hold = "holds" if proof.guardrails == 1 else "hold"
    guarded = f"; {say_count(proof.guardrails, 'guardrail')} {hold}" if proof.guardrails else ""
    yield f"{services}: policies equal {share}the {say_rows_read(read.counts)}{extras}{guarded}"
    for reason, count in proof.approximate.items():
        yield f"approximate: {say_count(count, 'rule')} with {reason}"
    if read.sharing:
        sharing = say_count(read.sharing, "service")
        yield f"approximate: pods of {sharing} can be those of another, and get its rules too"


def sum_up(proof: Proof | None, read: Read | None) -> ProofSummary:
    """The outcome for programs; None where nothing could be compared."""
    if proof is None or read is None:
        return ProofSummary(False, None)
    words = {
        "hostNames": Approximation.HOST_NAME,
        "learnedNames": Approximation.LEARNED_NAME,
        "serverNames": Approximation.SERVER_NAME,
        "widerNames": Approximation.WIDER_NAME,
        "privateAddresses": Approximation.POD_ADDRESS,
        "namedPorts": Approximation.NAMED_PORT,
        "hostNetwork": Approximation.HOST_NETWORK,
        "ambientTunnel": Approximation.AMBIENT_TUNNEL,
    }
    approximate = {word: proof.approximate.get(reason, 0) for word, reason in words.items()}
    approximate["sharedPods"] = read.sharing
    counts = ProofCounts(
        proof.services,
        proof.namespaces,
        proof.policies,
        proof.over,
        proof.under,
        proof.extras,
        proof.denials,
        proof.guardrails,
        approximate,
        read.counts,
    )
    return ProofSummary(proof.holds, counts)


def _sides(
    compiled: Compiled,
    ids: Sequence[str],
    manifests: Iterator[Source],
    place: Span,
    *,
    beside_others: bool,
) -> ProofSides:
    wanted = set(ids)
    sharing = count_sharing(compiled.policies, wanted)
    read = Read(len(compiled.policies.services), len(compiled.policies.baselines), ReadCounts(*compiled.tally), sharing)
    policies, extras = compiled.policies.only(wanted), find_extras(compiled, ids)
    # EG468 is one finding, at the first of the services that it is about.
    is_about_them = any(it.id in wanted for it in services_without_dns(compiled.policies))
    repeated = compiled.to_repeat
    to_repeat = [it for it in repeated if it.service in wanted or (it.code is no_dns.code and is_about_them)]
    enforcing = compiled.workspace.project.cluster.guardrails
    # Without the release that enforces guardrails, there is nothing of them to be looked for.
    guardrails = () if enforcing and GUARDRAILS.id not in wanted else intend_guardrails(compiled.guardrails, enforcing)
    return ProofSides(
        policies,
        extras,
        manifests,
        place,
        beside_others,
        read,
        compiled.others,
        to_repeat,
        compiled.switched_off,
        guardrails,
        enforcing is not None,
        known=known_of(compiled),
        staged_note=note_staged(compiled.workspace),
    )


def _let_go(jobs: deque[RenderJob]) -> Iterator[RenderJob]:
    while jobs:
        yield jobs.popleft()


def prove_planned(compiled: Compiled | None, report: Report, watch: Watch) -> tuple[ProofSummary, Sequence[str]]:
    """The proof of what is about to be written, and what to say of it; an error in the report holds it back."""
    if compiled is None:
        return sum_up(None, None), ()
    sides = take_values(compiled, pick_services(compiled, ()), None, report, watch, planned=True)
    proof = prove_sides(sides, report)
    return sum_up(proof, sides.read), [*proof_sentences(proof, sides.read)]
