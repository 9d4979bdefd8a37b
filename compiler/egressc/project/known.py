"""What a project says about manifests that these do not say themselves; and whether its policies are enforced."""

from egressc.diagnostics.core import Diagnostic, Report
from egressc.diagnostics.dialects import staged_dialect
from egressc.dialects.reading import ALL_STAGED, NONE_STAGED, KnownFacts
from egressc.model.clients import accounts_of
from egressc.model.dialects import DIALECTS
from egressc.model.gateway import ROOT_NAMESPACE
from egressc.project.compiling import Compiled
from egressc.project.workspace import Workspace
from egressc.verify.comparison.others import name_policies


def known_of(compiled: Compiled) -> KnownFacts:
    """For manifests of anybody: of staged policies, those count that have the names of the project's own."""
    cluster = compiled.workspace.project.cluster
    dialect = DIALECTS[cluster.dialect]
    staged = name_policies(compiled.policies, dialect) if dialect.is_staged else NONE_STAGED
    accounts = accounts_of(compiled.policies.services)
    root = cluster.gateway.control_plane if cluster.gateway is not None else ROOT_NAMESPACE
    return KnownFacts(
        staged,
        cluster.api_server_port,
        accounts=accounts,
        root_namespace=root,
        api_server=cluster.api_server,
    )


def known_of_own(compiled: Compiled) -> KnownFacts:
    """For what the charts make of a project: whatever name a values file gives a staged policy, it counts."""
    known = known_of(compiled)
    return known._replace(staged=ALL_STAGED) if known.staged else known


def note_staged(workspace: Workspace) -> Diagnostic | None:
    """EG665 for a project whose policies are staged."""
    cluster = workspace.project.cluster
    if not DIALECTS[cluster.dialect].is_staged:
        return None
    return staged_dialect(cluster.dialect_place or workspace.place, cluster.dialect)


def report_staged(note: Diagnostic | None, report: Report) -> None:
    """EG665, if there is one, unless a compile has reported it."""
    if note is not None and note not in report.diagnostics:
        report.add(note)
