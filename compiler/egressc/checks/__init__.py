"""Checks over the whole set: one function a check, none of them changes what is enforced."""

from collections.abc import Mapping, Sequence

from egressc.checks.allowances import ids_allowed, without_allowed
from egressc.checks.ambient import check_tunnels
from egressc.checks.audit import check_audit_data, check_audit_values
from egressc.checks.denials import check_denials
from egressc.checks.dialect import check_dialect, check_rule_counts, check_service_ports, check_staged
from egressc.checks.gateways import check_gateways
from egressc.checks.host_names import check_host_names
from egressc.checks.labels import check_labels
from egressc.checks.names import (
    check_families,
    check_ineffective_keys,
    check_namespace_labels,
    check_nodelocal,
    check_repeated_rows,
    check_reserved_names,
    check_unused,
)
from egressc.checks.port_names import check_port_names
from egressc.checks.ports import check_ports
from egressc.checks.prose import check_prose
from egressc.checks.services import (
    check_absent,
    check_callers,
    check_created,
    check_groups,
    check_ingress,
    check_way_to_dns,
)
from egressc.checks.shared_pods import check_selected_pods, check_shared_pods
from egressc.checks.unread import check_unread_columns, check_unread_tables
from egressc.checks.width import check_separate_peers, check_width
from egressc.checks.workloads import check_workloads
from egressc.diagnostics.callers import address_callers
from egressc.diagnostics.core import Diagnostic, Family, Report
from egressc.diagnostics.ports import unlisted_port
from egressc.diagnostics.rows import no_services
from egressc.dialects.limits import EXACT, limits_of
from egressc.model.catalog import Catalog
from egressc.model.project import Project
from egressc.model.requirements import Requirements
from egressc.resolve.resolution import Resolution
from egressc.source import Source, Span


def check_services(
    requirements: Requirements, resolution: Resolution, sources: Sequence[Source], report: Report
) -> None:
    """EG418 where no source holds a service, and neither what could not be read nor what is left out explains it."""
    first = min(sources, key=lambda it: it.name, default=None)
    is_explained = report.has_errors or any(record.why for record in requirements.records)
    if first is not None and not resolution.policies.services and not is_explained:
        report.add(no_services(Span(first, 0, 0)))


def check_policies(
    project: Project, catalog: Catalog, requirements: Requirements, resolution: Resolution, report: Report
) -> Report:
    """All checks, added to what is reported; gives the findings that nothing allows and that follow from no other."""
    check_reserved_names(catalog, report)
    check_repeated_rows(requirements, report)
    check_unread_tables(requirements, resolution.names, report)
    check_unread_columns(requirements, lambda name: bool(resolution.find(name)), report)
    if not report.has_errors:  # what no row grants is known once every row is read
        check_prose(requirements, resolution, report)
        check_created(resolution, report)
        check_absent(requirements, resolution, project.environments.current, report)
        check_groups(requirements, resolution, report)
        check_ingress(requirements, resolution, report)
        by_address = ids_allowed(address_callers.code, project, resolution)
        check_callers(project, catalog, requirements, resolution, by_address, report)
        check_way_to_dns(requirements, resolution, report)
    check_denials(requirements, resolution, report)
    check_ports(
        resolution.mentions,
        before_translation=project.cluster.before_translation,
        singled_out=ids_allowed(unlisted_port.code, project, resolution),
        report=report,
    )
    check_port_names(resolution, report)
    limits = limits_of(project.cluster.dialect, project.cluster)
    check_dialect(resolution.policies, project.cluster.dialect, limits, report)
    check_rule_counts(resolution.policies, project.cluster.dialect, report)
    check_staged(project.cluster, report)
    check_labels(resolution, project.cluster, report)
    check_service_ports(resolution.policies, project.cluster, report)
    check_host_names(project.cluster, resolution, report)
    check_gateways(project.cluster, resolution, report)
    check_tunnels(resolution.policies, project.cluster, resolution.pods.known.namespaces, report)
    check_width(resolution, EXACT if project.cluster.names_hosts else limits.host_names, report)
    check_separate_peers(resolution.entities, report)
    check_selected_pods(resolution.policies, resolution.entities, report)
    check_shared_pods(resolution.policies, resolution.entities, report)
    if not report.has_errors:  # a row that is wrong may name what else seems unused
        check_unused(resolution, report)
        check_ineffective_keys(resolution, report)
    check_audit_data(resolution.entities, report)
    if project.audit_rules and not report.has_errors:
        check_audit_values(project.audit_rules, resolution.outside, report)
    check_nodelocal(project.cluster, resolution.policies, report)
    check_families(project.cluster, resolution.policies, report)
    check_namespace_labels(project.cluster, catalog, report)
    check_workloads(resolution, report)
    left = without_allowed(project, requirements, resolution, report)
    return Report(list(_without_consequences(left.diagnostics)), surplus=left.surplus)


def _without_consequences(findings: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    """Without what only follows: what a cell means (EG2xx, EG3xx) where its text cannot be read (EG1xx)."""
    unread: dict[str, list[Span]] = {}
    for found in findings:
        if found.code.family is Family.TEXT:
            unread.setdefault(found.primary.span.source.name, []).append(found.primary.span)
    return [it for it in findings if not _follows(it, unread)] if unread else findings


def _follows(found: Diagnostic, unread: Mapping[str, Sequence[Span]]) -> bool:
    at = found.primary.span
    return found.code.family in (Family.VALUE, Family.NAME) and any(
        at.start < span.end and span.start < at.end for span in unread.get(at.source.name, ())
    )
