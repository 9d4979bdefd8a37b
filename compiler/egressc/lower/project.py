"""The project file, checked."""

from collections.abc import Iterator

from egressc.diagnostics.core import Report
from egressc.lower.addresses import as_network, canonical, read_network
from egressc.lower.models import Path, read_document
from egressc.lower.project_tables import lower_table_rules
from egressc.lower.selections import check_spelling, read_dns, refuse
from egressc.model.address_sets import EVERY_ADDRESS, block, join_addresses
from egressc.model.dialects import DIALECTS
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.model.policy import DIRECTIONS
from egressc.model.project import Allowance, Cluster, ClusterEntry, Project, ProjectDocument
from egressc.model.scalars import cidr_problem, dns_label_problem, label_key_problem
from egressc.model.workloads import WorkloadFiles
from egressc.source import Located, Source
from egressc.tables.yaml import YamlNode, span_at


def lower_project(source: Source, report: Report) -> Project:
    """What the project file says; the defaults once its problems are reported."""
    read = read_document(source, ProjectDocument, report)
    if read is None:
        return Project()
    document, node = read
    if isinstance(document.catalog, str):
        catalogs = [Located(document.catalog, span_at(node, ("catalog",)))]
    else:
        catalogs = _located(document.catalog, node, "catalog")
    return Project(
        tuple(_located(document.sources, node, "sources")),
        tuple(catalogs),
        _values_folder(document, node, report),
        document.chart,
        _cluster(document.cluster, node, report),
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
        tuple(_workloads(document, node, report)),
    )


def _values_folder(document: ProjectDocument, node: YamlNode, report: Report) -> str:
    """The folder for generated files as written; EG232 where it lies outside the project.

    A project file may come from somebody else's pull request: what it names is read, and written only below it.
    """
    if document.values.startswith("/") or ".." in document.values.split("/"):
        refuse(node, ("values",), "is outside the project file's folder", "write a folder inside it", report)
    return document.values


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


def _cluster(entry: ClusterEntry, node: YamlNode, report: Report) -> Cluster:
    at: Path = ("cluster",)
    label = None
    if entry.namespace_label != NAMESPACE_NAME:
        label = Located(entry.namespace_label, span_at(node, (*at, "namespaceLabel")))
        if problem := label_key_problem(entry.namespace_label):
            refuse(node, (*at, "namespaceLabel"), problem, "write a label key", report)
    for namespace in entry.namespaces:
        if problem := dns_label_problem(namespace):
            refuse(node, (*at, "namespaces", namespace), f'of "{namespace}": the namespace {problem}', "", report)
    addresses: tuple[str, ...] = ()
    port = 6443
    if entry.api_server is not None:
        addresses = _networks(entry.api_server.addresses, node, (*at, "apiServer", "addresses"), report)
        port = entry.api_server.port
        if "port" in entry.api_server.model_fields_set:
            check_spelling(port, node, (*at, "apiServer", "port"), report)
    if entry.dialect not in DIALECTS:
        known = " or ".join(f'"{name}"' for name in DIALECTS)
        refuse(node, (*at, "dialect"), f"is not {known}", "dialect: Kind of policy to make.", report)
    return Cluster(
        read_dns(entry.dns, node, (*at, "dns"), report),
        {
            name: read_dns(held.dns, node, (*at, "namespaces", name, "dns"), report)
            for name, held in entry.namespaces.items()
            if held.dns is not None
        },
        label,
        _private_ranges(entry, node, (*at, "privateRanges"), report),
        tuple(sorted(set(entry.ip_families))),
        entry.service_translation == "before",
        addresses,
        port,
        entry.dialect,
        span_at(node, (*at, "dialect")) if "dialect" in entry.model_fields_set else None,
    )


def _private_ranges(entry: ClusterEntry, node: YamlNode, path: Path, report: Report) -> tuple[str, ...]:
    """EG232 where they leave no public address of a family: "internet" would be an empty rule."""
    ranges = _networks(entry.private_ranges, node, path, report)
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
