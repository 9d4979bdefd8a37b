"""Catalog files to one catalog."""

from collections.abc import Sequence
from functools import partial
from typing import Final, TypeVar

from egressc.diagnostics.cells import wrong_value
from egressc.diagnostics.core import Report
from egressc.diagnostics.names import taken_name
from egressc.lower.address_lists import add_address_lists, split_lists
from egressc.lower.addresses import sort_hosts
from egressc.lower.audit import as_list
from egressc.lower.locations import read_location
from egressc.lower.models import Path, read_document
from egressc.lower.overlays import catalog_in
from egressc.lower.selections import read_block, read_dns, read_peer, read_port_entries, read_selection, refuse
from egressc.model.audit import AUDIT_KEYS, audit_data
from egressc.model.catalog import Catalog, CatalogDocument, CatalogEntry, DestinationEntry, Group
from egressc.model.entries import Entry, PortEntry
from egressc.model.environments import NO_ENVIRONMENTS, Environments
from egressc.model.gateway import GatewayUse, RateLimit
from egressc.model.policy import DIRECTIONS, Selector
from egressc.model.project import AddressListFile
from egressc.model.requirements import Facts
from egressc.model.scalars import dns_label_problem, dns_subdomain_problem, host_pattern_problem
from egressc.source import Located, Source, Span
from egressc.tables.yaml import YamlNode, key_span_at, span_at

T = TypeVar("T")

# Where an empty list would leave open what the entry is about; other lists may well be empty.
_SAYS_WHERE: Final = frozenset({"to", "addresses", "hosts", "ports"})

_NAMESPACE = "write the name of a namespace"


def lower_catalogs(
    sources: Sequence[Source],
    report: Report,
    lists: Sequence[AddressListFile] = (),
    environments: Environments = NO_ENVIRONMENTS,
) -> Catalog | None:
    """All catalog files as one, None once one is refused as a whole; their order changes nothing.

    EG308 for a name that two of them define. `lists`: which of the sources are address lists.
    """
    is_partial = False
    sources, listed = split_lists(sources, lists)
    namespaces: list[Located[str]] = []
    labels: list[Located[tuple[tuple[str, str], ...]]] = []
    accounts: list[Located[str]] = []
    entries: dict[str, CatalogEntry] = {}
    groups: dict[str, Group] = {}
    for source in sorted(sources, key=lambda it: it.name):
        read = read_document(source, CatalogDocument, report, prepare=partial(catalog_in, environments))
        if read is None:
            is_partial = True
            continue
        document, node = read
        _refuse_empty(document.defaults, node, ("defaults",), report)
        if document.defaults.namespace is not None:
            path: Path = ("defaults", "namespace")
            if problem := dns_label_problem(document.defaults.namespace):
                refuse(node, path, problem, _NAMESPACE, report)
            namespaces.append(Located(document.defaults.namespace, span_at(node, path)))
        if document.defaults.selector is not None:
            path = ("defaults", "selector")
            convention = read_selection(document.defaults.selector, node, path, report)
            labels.append(Located(convention.match_labels, span_at(node, path)))
        if document.defaults.service_account is not None:
            path = ("defaults", "serviceAccount")
            _check_account(document.defaults.service_account.replace("{id}", "id"), node, path, report)
            accounts.append(Located(document.defaults.service_account, span_at(node, path)))
        for name, entry in document.destinations.items():
            place = Located(name, key_span_at(node, ("destinations", name)))
            if name in entries:
                report.add(taken_name(place, entries[name].name))
            else:
                entries[name] = lower_entry(place, entry or DestinationEntry(), node, report)
        for name, group in document.groups.items():
            place = Located(name, key_span_at(node, ("groups", name)))
            if name in groups or name in entries:
                report.add(taken_name(place, groups[name].name if name in groups else entries[name].name))
            else:
                at: Path = ("groups", name)
                members = _located(group.members, node, (*at, "members"))
                excepts = _located(group.excepts, node, (*at, "except"))
                groups[name] = Group(place, members, group.all_services, excepts)
                if not members and not group.all_services:
                    refuse(node, at, "has no members", 'write "members", or "allServices: true"', report)
    _one_default("namespace", namespaces, report)
    _one_default("selector", labels, report)
    _one_default("serviceAccount", accounts, report)
    is_partial |= not add_address_lists(entries, groups, listed, report)
    if is_partial:
        return None
    return Catalog(
        namespaces[0].value if namespaces else "",
        labels[0].value if labels else (),
        accounts[0].value if accounts else "",
        tuple(entries[name] for name in sorted(entries)),
        tuple(groups[name] for name in sorted(groups)),
    )


def lower_entry(name: Located[str], entry: DestinationEntry, node: YamlNode, outer: Report) -> CatalogEntry:
    """One entry; spoiled once EG211, EG212 or EG232 is reported."""
    path: Path = ("destinations", name.value)
    report = Report()
    _refuse_empty(entry, node, path, report)
    if entry.id is not None and (problem := dns_label_problem(entry.id)):
        refuse(node, (*path, "id"), problem, "write a-z, 0-9 and -", report)
    if entry.namespace is not None and (problem := dns_label_problem(entry.namespace)):
        refuse(node, (*path, "namespace"), problem, _NAMESPACE, report)
    if entry.service_account is not None:
        _check_account(entry.service_account, node, (*path, "serviceAccount"), report)
    for index, host in enumerate(entry.hosts):
        if problem := host_pattern_problem(host):
            refuse(node, (*path, "hosts", index), problem, "write a host name such as api.example.com", report)
    keys = sorted(entry.model_dump(by_alias=True, exclude_unset=True))
    entry, placed = read_location(entry, node, path, report)
    facts = _facts(entry, node, path, report)
    _check_whole(entry, node, path, report)
    dns = None if entry.dns is None else read_dns(entry.dns, node, (*path, "dns"), report)
    outer.absorb(report)
    spans = {key: _line_of(span_at(node, (*path, key)), key_span_at(node, (*path, key))) for key in keys}
    return CatalogEntry(
        name,
        None if entry.id is None else Located(entry.id, span_at(node, (*path, "id"))),
        _located(entry.aliases, node, (*path, "aliases")),
        facts,
        entry.purpose or "",
        {**spans, **dict.fromkeys(placed, spans["at"])} if placed else spans,
        report.has_errors,
        dns,
        entry.policy == "none",
        DIRECTIONS[entry.directions] if entry.directions else (),
        None if entry.preset is None else Located(entry.preset, span_at(node, (*path, "preset"))),
    )


def _facts(entry: DestinationEntry, node: YamlNode, path: Path, report: Report) -> Facts:
    namespaces: Selector | None = None
    if entry.namespaces == "any":
        namespaces = Selector()
    elif entry.namespaces is not None:
        namespaces = read_selection(entry.namespaces, node, (*path, "namespaces"), report)
    pods: Selector | None = None
    if entry.selector == "any pod":
        pods = Selector()
    elif entry.selector is not None:
        pods = read_selection(entry.selector, node, (*path, "selector"), report)
        if pods.selects_everything:
            refuse(node, (*path, "selector"), "selects every pod", 'write "any pod" if you mean that', report)
    if namespaces is not None and entry.namespaces != "any" and namespaces.selects_everything:
        refuse(node, (*path, "namespaces"), "selects every namespace", 'write "any" if you mean that', report)
    ports, services = read_port_entries(entry.ports, entry.protocol, node, (*path, "ports"), report)
    addresses = [read_block(item, node, (*path, "addresses", at), report) for at, item in enumerate(entry.addresses)]
    peers = [read_peer(item, node, (*path, "to", at), report) for at, item in enumerate(entry.to)]
    return Facts(
        entry.namespace or "",
        namespaces,
        pods,
        ports,
        services,
        tuple(sorted({it for it in addresses if it}, key=lambda it: (it.cidr, it.excepts))),
        sort_hosts(entry.hosts),
        tuple(peer for peer in peers if peer),
        entry.internet,
        bool(entry.addresses or entry.internet),
        tuple(sorted({it.name for it in entry.ports or () if isinstance(it, PortEntry) and it.name})),
        audit_data((key, as_list(getattr(entry, key))) for key in AUDIT_KEYS),
        _gateway_use(entry, node, path, report),
        entry.service_account or "",
    )


def _check_account(name: str, node: YamlNode, path: Path, report: Report) -> None:
    problem = dns_subdomain_problem(name)
    if name == "default":
        problem = "is what every pod has that names no service account"
    if problem:
        refuse(node, path, problem, "write the name of a service account of its own", report)


def _gateway_use(entry: DestinationEntry, node: YamlNode, path: Path, report: Report) -> GatewayUse | None:
    """EG232 for a limit of requests that the gateway does not see."""
    said = entry.gateway
    if said is None:
        return None
    limit = said.rate_limit
    if limit is not None and said.tls == "passthrough":
        problem = 'needs "tls: originate": the gateway sees no requests inside TLS'
        refuse(node, (*path, "gateway", "rateLimit"), problem, "write `tls: originate`, or remove it", report)
    return GatewayUse(said.tls, None if limit is None else RateLimit(limit.requests, limit.per))


def _check_whole(entry: DestinationEntry, node: YamlNode, path: Path, report: Report) -> None:
    """EG232 for keys that exclude each other: an entry is pods, peers or addresses."""
    pods = [key for key in ("namespace", "namespaces", "selector") if getattr(entry, key) is not None]
    outside = [key for key in ("addresses", "internet") if getattr(entry, key)]
    if entry.namespace is not None and entry.namespaces is not None:
        refuse(node, (*path, "namespaces"), 'cannot be used with "namespace"', "remove one of the two", report)
    if entry.to and (pods or outside):
        refuse(node, (*path, "to"), f'cannot be used with "{(pods + outside)[0]}"', "remove one of the two", report)
    elif pods and outside:
        refuse(node, (*path, outside[0]), f'cannot be used with "{pods[0]}"', "write two destinations", report)


def _located(names: list[str], node: YamlNode, path: Path) -> tuple[Located[str], ...]:
    return tuple(Located(name, span_at(node, (*path, index))) for index, name in enumerate(names))


def _line_of(value: Span, key: Span) -> Span:
    """A value, or the key of one that is longer than a line."""
    return key if "\n" in value.text else value


def _one_default(key: str, said: Sequence[Located[T]], report: Report) -> None:
    for other in said[1:]:
        if other.value != said[0].value:
            problem = f"differs from the one in {said[0].span.source.name}"
            report.add(wrong_value(key, Located(other.span.text, other.span), problem, "write the convention once"))


def _refuse_empty(entry: Entry, node: YamlNode, path: Path, report: Report) -> None:
    """EG232 for each key of an entry, and of the peers in it, that is null, and for lists of places that are empty.

    A key that is written and says nothing never means the default of the platform.
    """
    for name in sorted(entry.model_fields_set):
        value = getattr(entry, name)
        key = type(entry).model_fields[name].alias or name
        if value is None or (value == [] and name in _SAYS_WHERE):
            refuse(node, (*path, key), "is empty", f'write a value, or remove "{key}" for the default', report)
        for index, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, Entry):
                _refuse_empty(item, node, (*path, key, index), report)
