"""The project file, checked."""

from collections.abc import Iterator
from functools import partial

from egressc.diagnostics.core import Report
from egressc.lower.addresses import as_network, canonical, read_network
from egressc.lower.audit import lower_audit_rules
from egressc.lower.baselines import lower_baselines
from egressc.lower.dialects import lower_dialect
from egressc.lower.exports import lower_export
from egressc.lower.guardrails import lower_guardrail_policies, lower_guardrails, lower_namespace_labels
from egressc.lower.models import Path, read_document
from egressc.lower.overlays import environments_of, in_folder, project_in
from egressc.lower.project_tables import lower_table_rules
from egressc.lower.selections import check_spelling, generated_folder, read_dns, refuse
from egressc.model.address_sets import EVERY_ADDRESS, block, join_addresses
from egressc.model.cluster import Cluster
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.model.policy import DIRECTIONS
from egressc.model.project import AddressListFile, Allowance, Project
from egressc.model.project_file import ClusterEntry, ProjectDocument
from egressc.model.scalars import cidr_problem, dns_label_problem, label_key_problem
from egressc.model.workloads import WorkloadFiles
from egressc.source import Located, Source
from egressc.tables.yaml import YamlNode, key_span_at, span_at


def lower_project(source: Source, report: Report, environment: str = "") -> Project:
    """What the project file says, in one of its environments if it has any; the defaults once problems are reported."""
    read = read_document(source, ProjectDocument, report, prepare=partial(project_in, environment))
    if read is None:
        return Project()
    document, node = read
    environments = environments_of(environment, node, report)
    if document.chart is not None and not document.chart.isprintable():
        refuse(node, ("chart",), "contains a control character", "write another path", report)
    if isinstance(document.catalog, str):
        catalogs = [Located(document.catalog, span_at(node, ("catalog",)))]
    else:
        catalogs = _located(document.catalog, node, "catalog")
    return Project(
        tuple(_located(document.sources, node, "sources")),
        tuple(catalogs),
        in_folder(generated_folder(document.values, node, ("values",), report), environments),
        document.chart,
        _cluster(document.cluster, len(document.guardrails), node, report),
        lower_table_rules(document.tables, node, report),
        tuple(
            Allowance(
                Located(item.code, span_at(node, ("allow", index, "code"))),
                item.service or "",
                item.destination or "",
                read_network(item.destination or ""),
            )
            for index, item in enumerate(document.allow)
        ),
        span_at(node, ("values",)) if "values" in document.model_fields_set else None,
        tuple(document.outside_folders),
        DIRECTIONS[document.directions],
        {
            name: DIRECTIONS[held.directions]
            for name, held in document.cluster.namespaces.items()
            if held.directions is not None
        },
        tuple(
            AddressListFile(
                Located(name, key_span_at(node, ("addressLists", name))),
                Located(path, span_at(node, ("addressLists", name))),
            )
            for name, path in sorted(document.address_lists.items())
        ),
        tuple(_located(document.other_policies, node, "otherPolicies")),
        tuple(_workloads(document, node, report)),
        lower_export(document, node, report, environments),
        span_at(node, ("chart",)) if document.chart is not None else None,
        lower_guardrails(document, node, report),
        lower_audit_rules(document, node, report),
        environments,
    )


def _workloads(document: ProjectDocument, node: YamlNode, report: Report) -> Iterator[WorkloadFiles]:
    for index, entry in enumerate(document.workloads):
        at: Path = ("workloads", index)
        if isinstance(entry, str):
            yield WorkloadFiles(Located(entry, span_at(node, at)))
            continue
        if problem := dns_label_problem(entry.namespace):
            refuse(node, (*at, "namespace"), f'"{entry.namespace}" {problem}', "write the name of a namespace", report)
        yield WorkloadFiles(Located(entry.files, span_at(node, (*at, "files"))), entry.namespace)


def _located(texts: list[str], node: YamlNode, key: str) -> list[Located[str]]:
    return [Located(text, span_at(node, (key, index))) for index, text in enumerate(texts)]


def _cluster(entry: ClusterEntry, guardrails: int, node: YamlNode, report: Report) -> Cluster:
    at: Path = ("cluster",)
    label = None
    if entry.namespace_label != NAMESPACE_NAME:
        label = Located(entry.namespace_label, span_at(node, (*at, "namespaceLabel")))
        if problem := label_key_problem(entry.namespace_label):
            refuse(node, (*at, "namespaceLabel"), problem, "write a label key", report)
    for namespace in entry.namespaces:
        if problem := dns_label_problem(namespace):
            refuse(node, (*at, "namespaces", namespace), f'of "{namespace}": the namespace {problem}', "", report)
    server = entry.api_server
    addresses: tuple[str, ...] = ()
    calls_from: tuple[str, ...] | None = None
    port = 6443
    if server is not None:
        path = (*at, "apiServer")
        addresses = _networks(server.addresses, node, (*path, "addresses"), report)
        port = server.port
        if "port" in server.model_fields_set:
            check_spelling(port, node, (*path, "port"), report)
        if isinstance(server.calls_from, list):
            calls_from = _networks(server.calls_from, node, (*path, "callsFrom"), report)
        elif server.calls_from is not None:
            calls_from = ()
    cilium, gateway = lower_dialect(entry, node, report)
    return Cluster(
        read_dns(entry.dns, node, (*at, "dns"), report),
        label,
        _left_out(entry.private_ranges, node, (*at, "privateRanges"), report),
        tuple(sorted(set(entry.ip_families))),
        entry.service_translation == "before",
        addresses,
        port,
        calls_from,
        _left_out(entry.nodes, node, (*at, "nodes"), report),
        entry.dialect,
        span_at(node, (*at, "dialect")) if "dialect" in entry.model_fields_set else None,
        cilium,
        gateway,
        *lower_baselines(entry, node, report),
        lower_guardrail_policies(entry, guardrails, node, report),
        lower_namespace_labels(entry, node, report),
    )


def _left_out(cidrs: list[str], node: YamlNode, path: Path, report: Report) -> tuple[str, ...]:
    """Networks that "internet" leaves out; EG232 where it would have no address of a family."""
    ranges = _networks(cidrs, node, path, report)
    private = join_addresses(block(cidr) for cidr in ranges)
    for family, covered in (("IPv4", private.v4 == EVERY_ADDRESS.v4), ("IPv6", private.v6 == EVERY_ADDRESS.v6)):
        if covered:
            problem = f"covers every {family} address, so none is public"
            refuse(node, path, problem, "write the networks of your clusters and data centers", report)
    return ranges


def _networks(cidrs: list[str], node: YamlNode, path: Path, report: Report) -> tuple[str, ...]:
    found: set[str] = set()
    for index, item in enumerate(cidrs):
        if problem := cidr_problem(as_network(item)):
            refuse(node, (*path, index), problem, 'write a network such as "10.0.0.0/8"', report)
        else:
            found.add(canonical(as_network(item)))
    return tuple(sorted(found))
