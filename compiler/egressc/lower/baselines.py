"""What holds for a namespace as a whole, from the project file."""

from collections.abc import Sequence

from egressc.diagnostics.core import Report
from egressc.lower.models import Path
from egressc.lower.references import read_reference
from egressc.lower.selections import read_dns, read_port_entries, read_selection, refuse
from egressc.model.baselines import NamespaceSettings, Opening, OptIn
from egressc.model.policy import DIRECTIONS, NO_DNS
from egressc.model.project_file import BaselineEntry, ClusterEntry, NamespaceEntry, OpeningEntry
from egressc.model.scalars import dns_label_problem
from egressc.source import Located
from egressc.tables.yaml import YamlNode, key_span_at, span_at

_AT: Path = ("cluster",)


def lower_baselines(
    entry: ClusterEntry, node: YamlNode, report: Report
) -> tuple[NamespaceSettings | None, dict[str, NamespaceSettings]]:
    """What holds for all namespaces, and what the project file says of single ones."""
    shared = None
    if entry.baseline is not None:
        shared = _lower_baseline(entry.baseline, node, (*_AT, "baseline"), report)
    found = {name: _lower_namespace(name, held, node, report) for name, held in entry.namespaces.items()}
    return shared, found


def _lower_namespace(name: str, entry: NamespaceEntry, node: YamlNode, report: Report) -> NamespaceSettings:
    at: Path = (*_AT, "namespaces", name)
    said = NamespaceSettings(key_span_at(node, at))
    if entry.baseline is not None:
        said = _lower_baseline(entry.baseline, node, (*at, "baseline"), report)
    return said if entry.dns is None else said._replace(service_dns=read_dns(entry.dns, node, (*at, "dns"), report))


def _lower_baseline(entry: BaselineEntry, node: YamlNode, at: Path, report: Report) -> NamespaceSettings:
    dns = None
    if entry.dns is False:
        dns = NO_DNS
    elif entry.dns is not None and entry.dns is not True:
        dns = read_dns(entry.dns, node, (*at, "dns"), report)
    opt_ins: list[OptIn] = []
    for key, it in (entry.opt_ins or {}).items():
        path: Path = (*at, "optIns", key)
        if problem := dns_label_problem(key):
            refuse(node, path, f'of "{key}": the key {problem}', "write a-z, 0-9 and -", report)
        pods = read_selection(it.selector, node, (*path, "selector"), report)
        if pods.selects_everything:
            refuse(node, (*path, "selector"), "selects every pod", "write the label with which pods opt in", report)
        targets = read_openings(it.to, node, (*path, "to"), report)
        opt_ins.append(OptIn(key, key_span_at(node, path), pods, targets))
    return NamespaceSettings(
        key_span_at(node, at),
        None if entry.deny is None else DIRECTIONS.get(entry.deny, ()),
        dns,
        None,
        None if entry.allow_within is None else Located(entry.allow_within, span_at(node, (*at, "allowWithin"))),
        None if entry.allow_from is None else read_openings(entry.allow_from, node, (*at, "allowFrom"), report),
        None if entry.allow_to is None else read_openings(entry.allow_to, node, (*at, "allowTo"), report),
        None if entry.opt_ins is None else tuple(opt_ins),
    )


def read_openings(
    entries: Sequence[str | OpeningEntry], node: YamlNode, path: Path, report: Report
) -> tuple[Opening, ...]:
    """Names with their ports, each with its place. EG211 for ports that cannot be read."""
    found = []
    for index, it in enumerate(entries):
        at: Path = (*path, index)
        if isinstance(it, str):
            # A default of the schema is at no place of its own.
            found.append(Opening(read_reference(it), span_at(node, at)))
        else:
            ports, _ = read_port_entries(it.ports, None, node, (*at, "ports"), report)
            found.append(Opening(read_reference(it.name), span_at(node, (*at, "name")), ports))
    return tuple(found)
