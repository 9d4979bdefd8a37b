"""Text in, files out: read, lower, resolve, check (see `pipeline`), emit, merge with the files in the folder, plan.

Nothing is written: `files.writing` carries a plan out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from egressc.checks.allowances import allowing_others
from egressc.checks.whole_policies import SwitchedOffPolicy
from egressc.diagnostics.baselines import no_dns
from egressc.diagnostics.core import Diagnostic, Report
from egressc.diagnostics.generated import switched_off
from egressc.diagnostics.manifests import unread_policy_kind
from egressc.diagnostics.proof import cut_off_row
from egressc.dialects.reading import KnownFacts
from egressc.dialects.shapes.places import find_field
from egressc.emit.existing import Recompiled, recompile, report_outdated
from egressc.emit.provenance import Provenance
from egressc.emit.values import ServiceValues
from egressc.files.folder import Folder, WritePlan, plan_write, read_folder
from egressc.model.audit import Outside
from egressc.model.dialects import DIALECTS
from egressc.model.flows import PodClass
from egressc.model.gateway import GatewayUse
from egressc.model.guardrails import Guardrail
from egressc.model.policy import PolicySet
from egressc.model.project import Project
from egressc.model.reading import Tally
from egressc.model.release_kinds import NAMESPACES, RELEASE_KINDS
from egressc.pipeline import Compilation, try_compile
from egressc.project.audit import check_audit
from egressc.project.checking import check_files, names_of
from egressc.project.environments import report_left_behind
from egressc.project.guardrails import check_guardrails
from egressc.project.releases import emit_releases
from egressc.project.workloads import workloads_of
from egressc.project.workspace import (
    Editor,
    Workspace,
    limited_errors,
    load_sources,
    open_environment,
    read_all,
)
from egressc.resolve.resolution import NameBook
from egressc.verify.comparison.others import check_others, check_way_out
from egressc.verify.manifests.reader import Manifests, read_manifests

# Objects of a mesh say something only together with those of the charts, which are not among policies of others.
_TOGETHER: Final = (
    "leave it out of otherPolicies, and give it to `egressc verify --manifests` with what Helm renders: objects of "
    "Istio count only together"
)


@dataclass(frozen=True, slots=True)
class Compiled:
    """Policies, their values, and what the values folder holds and should hold.

    `tally`: how much of the sources was read; `kept`: what they were read into. `switched_off`: where the files of
    services switch their policies off, by id. `others`: policies of other owners. `to_repeat`: findings that `verify`
    reports too.
    """

    workspace: Workspace
    policies: PolicySet
    tally: Tally
    values: Sequence[ServiceValues]
    folder: Folder
    recompiled: Recompiled
    plan: WritePlan
    kept: Compilation | None
    switched_off: Mapping[str, SwitchedOffPolicy]
    others: Manifests
    to_repeat: Sequence[Diagnostic]
    guardrails: Sequence[Guardrail] = ()
    known_pods: Sequence[PodClass] = ()
    outside: Sequence[Outside] = ()
    gateway_uses: Mapping[str, GatewayUse] = field(default_factory=dict)

    @property
    def destinations(self) -> dict[str, str]:
        """The keys of those that extra rules alone may reach, by name."""
        return {it.name: it.key for it in self.outside}

    @property
    def names(self) -> NameBook:
        """What names stand for, in sources that were kept."""
        assert self.kept is not None, "a command that asks for names keeps the sources"
        return NameBook(self.kept.resolution)

    def is_off(self, id: str) -> bool:
        """Whether a policy is switched off; those of opt-ins go with their namespace."""
        of_namespace = id.startswith(f"{NAMESPACES.folder}/") and id.rpartition("/")[0] in self.switched_off
        return of_namespace or id in self.switched_off

    def warn_of_switched_off(self, ids: Sequence[str], report: Report) -> None:
        """EG515, for commands that leave what a compile warns of to `check`: this is not to be forgotten."""
        found = [switched_off(*self.switched_off[it], it) for it in ids if it in self.switched_off]
        report.extend(it for it in found if it not in report.diagnostics)


def compile_project(
    project_file: Path | None,
    report: Report,
    *,
    sources: Sequence[Path] = (),
    discard_edits: bool = False,
    prune: bool = False,
    keep_sources: bool = False,
    workloads: Sequence[str] = (),
    is_audited: bool = True,
    environment: str = "",
    editor: Editor | None = None,
) -> Compiled | None:
    """Compile a project's sources, or those given in their place; None once errors are reported. Writes nothing.

    Args:
        keep_sources: do not take apart what the sources were read into. Of 10,000 services that takes 50 ms and gives
            back 20 MiB: for commands that end here.
        workloads: paths to manifests besides those that the project names, or "cluster:" (see `project.workloads`).
        is_audited: whether what leaves the cluster has to meet the rules of the project file for audits.
        environment: which of its environments, for a project that has any; UsageProblem where that is not said.
    """
    compiled: Compiled | None = None
    with limited_errors(report):
        if workspace := open_environment(project_file, report, environment, editor):
            compiled = _compile(
                workspace,
                report,
                sources,
                discard_edits=discard_edits,
                prune=prune,
                keep_sources=keep_sources,
                workloads=workloads,
                is_audited=is_audited,
            )
    return compiled


def compile_quietly(
    project_file: Path | None,
    report: Report,
    *,
    keep_sources: bool = False,
    strict: bool = False,
    workloads: Sequence[str] = (),
    is_audited: bool = True,
    environment: str = "",
) -> Compiled | None:
    """The same for commands that leave what a compile warns of to `check`; not if `strict`, where a warning decides."""
    found = Report()
    compiled = compile_project(
        project_file,
        found,
        keep_sources=keep_sources,
        workloads=workloads,
        is_audited=is_audited,
        environment=environment,
    )
    if compiled is None or strict:
        report.absorb(found)
    return compiled


def _compile(
    workspace: Workspace,
    report: Report,
    sources: Sequence[Path],
    *,
    discard_edits: bool,
    prune: bool,
    keep_sources: bool,
    workloads: Sequence[str],
    is_audited: bool,
) -> Compiled | None:
    project = workspace.project
    requirements, catalogs = read_all(workspace, sources, report)
    if report.has_errors:
        return None
    running = workloads_of(workspace, workloads)
    cluster = project.cluster
    known = KnownFacts(api_server_port=cluster.api_server_port, has_routes=DIALECTS[cluster.dialect].by_server_name)
    others = read_manifests(load_sources(workspace, project.other_policies, report), report, known=known)
    for part in others.parts.values():
        report.add(unread_policy_kind(find_field(part.origin, f"{part.path}kind"), part.kind, _TOGETHER))
    project = _with_labels(project, others.namespaces)
    compilation = try_compile(project, requirements, catalogs, report, running)
    workspace.editor.watch(workspace, requirements, compilation)
    if compilation is None or report.has_errors:
        return None
    policies, tally, kept = compilation.policies, compilation.tally, compilation if keep_sources else None
    resolution = compilation.resolution
    outside, guardrails, known_pods = resolution.outside, resolution.guardrails, resolution.known_pods
    gateway_uses, namespaces = resolution.gateway_uses, resolution.pods.known.namespaces
    provenance = Provenance(compilation.requirements.records)
    del compilation
    others = replace(others, namespaces={**namespaces, **others.namespaces, **project.cluster.namespace_labels})
    values = emit_releases(workspace, project, resolution, provenance, others.namespaces)
    del resolution
    place = project.values_place or workspace.place
    expected = {service.file_name: service.new_text for service in values}
    folder = read_folder(
        workspace.folder / project.values,
        project.values,
        place,
        report,
        subfolders={it.folder for it in RELEASE_KINDS} - {""},
        expected=expected,
        root=workspace.folder,
        opened=workspace.editor.opened,
    )
    if folder is None:
        return None
    report_left_behind(workspace, expected, report)
    recompiled = recompile(values, folder.files, report, discard_edits=discard_edits, prune=prune)
    plan = plan_write(folder, recompiled.contents, report, removals=recompiled.removals, stale=recompiled.stale)
    compiled = Compiled(
        workspace,
        policies,
        tally,
        values,
        folder,
        recompiled,
        plan,
        kept,
        {},
        others,
        (),
        guardrails,
        known_pods,
        outside,
        gateway_uses,
    )
    return None if report.has_errors else _check(compiled, report, is_audited=is_audited)


def _with_labels(project: Project, namespaces: Mapping[str, Mapping[str, str]]) -> Project:
    """The project with labels of namespaces from manifests, where it has none itself."""
    labels = {**namespaces, **project.cluster.namespace_labels}
    return replace(project, cluster=replace(project.cluster, namespace_labels=labels))


def _check(compiled: Compiled, report: Report, *, is_audited: bool) -> Compiled | None:
    """The same project with what its values files switch off; None once findings about these files are errors."""
    project, values, contents = compiled.workspace.project, compiled.values, compiled.recompiled.contents
    found = Report()
    if compiled.others.policies:
        check_others(
            compiled.policies,
            compiled.others,
            found,
            dialect=DIALECTS[project.cluster.dialect],
            renamed=_renamed(project, values, contents),
            allowing=allowing_others(project, names_of(values, compiled.destinations)),
        )
        check_way_out(compiled.policies, compiled.gateway_uses, project.cluster, compiled.others, found)
    check_guardrails(compiled, found)
    if is_audited:
        check_audit(compiled, found)
    off = check_files(project, values, contents, found, report, compiled.destinations)
    to_repeat = tuple(it for it in report.diagnostics if it.code in (cut_off_row.code, no_dns.code))
    return None if report.has_errors else replace(compiled, switched_off=off, to_repeat=to_repeat)


def _renamed(project: Project, values: Sequence[ServiceValues], contents: Mapping[str, str]) -> frozenset[str]:
    """The ids of those whose policies may have another name than our charts give them."""
    is_renamed = (project.chart is not None or "fullnameOverride" in contents[it.file_name] for it in values)
    return frozenset(it.service.id for it, other in zip(values, is_renamed, strict=True) if other)


def is_fresh(compiled: Compiled, report: Report) -> bool:
    """Whether the values files of all services are what the sources give; those that are not are reported."""
    report_outdated(compiled.values, compiled.recompiled, compiled.folder.files, compiled.folder.name, report)
    return not (compiled.plan.new or compiled.plan.changed)
