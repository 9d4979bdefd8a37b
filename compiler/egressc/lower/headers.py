"""Headers to columns: which kind of table this is, and what each of its columns says.

Header words are compared in lower case. A table is of a kind by its telling columns; one that lacks a column of its
kind is refused, one of no kind is left alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from egressc.diagnostics.cells import missing_column, repeated_column, unknown_column, unknown_table
from egressc.diagnostics.core import Report
from egressc.lower.words import without_mark
from egressc.model.requirements import Kind, Role
from egressc.source import Located, Span
from egressc.tables.core import Cell, Table

HEADER_WORDS: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.SERVICE: ("service", "services", "service name", "component", "application", "app", "workload"),
    Role.DEPENDENCIES: (
        "internal dependencies", "internal dependency", "dependencies", "dependency", "depends on", "calls", "needs",
        "requires", "uses", "talks to", "connects to", "upstream", "upstreams", "egress", "egress to", "outbound",
        "internal access", "internal services", "internal",
    ),
    Role.EXTERNAL: (
        "external access", "external dependencies", "external dependency", "external", "external services",
        "external apis", "external destinations", "internet access", "internet", "outside access",
    ),
    Role.NAMESPACE: ("namespace", "namespaces", "ns", "kubernetes namespace", "k8s namespace", "destination namespace"),
    Role.SELECTOR: ("selector", "pod selector", "label selector", "pod labels", "labels", "label"),
    Role.CALLED_BY: ("called by", "callers", "caller services", "clients", "used by", "consumers", "consumed by"),
    Role.DESTINATION: ("destination", "destinations", "to", "target", "destination service", "target service"),
    Role.SOURCE: ("from", "source", "client", "caller", "source service", "from service"),
    Role.ADDRESS: (
        "address", "addresses", "cidr", "cidrs", "ip", "ips", "ip address", "ip addresses", "ip range", "network",
        "host", "hosts", "hostname", "host name", "fqdn", "dns name", "address range",
    ),
    Role.PORT: (
        "port", "ports", "port(s)", "listens on", "listen port", "listening port", "listening ports", "listens",
        "destination port", "destination ports", "pod port", "pod ports", "container port", "container ports",
    ),
    Role.PROTOCOL: ("protocol", "protocols", "protocol(s)", "proto", "transport", "l4 protocol"),
    Role.PURPOSE: ("purpose", "reason", "why", "description", "used for", "use"),
    Role.NOTES: ("notes", "note", "comment", "comments", "remark", "remarks"),
}  # fmt: skip

_KIND_WORDS: Final = {Kind.SERVICES: "services", Kind.DESTINATIONS: "destinations", Kind.FLOWS: "flows"}
_READ: Final = {
    Kind.SERVICES: frozenset(
        {Role.SERVICE, Role.DEPENDENCIES, Role.EXTERNAL, Role.NAMESPACE, Role.SELECTOR, Role.CALLED_BY, Role.PORT}
        | {Role.PROTOCOL, Role.NOTES}
    ),
    Kind.DESTINATIONS: frozenset(
        {Role.DESTINATION, Role.NAMESPACE, Role.SELECTOR, Role.ADDRESS, Role.PORT, Role.PROTOCOL, Role.PURPOSE}
        | {Role.NOTES}
    ),
    Kind.FLOWS: frozenset({Role.SOURCE, Role.DESTINATION, Role.PORT, Role.PROTOCOL, Role.PURPOSE, Role.NOTES}),
}
_NEEDS: Final = frozenset({Role.DEPENDENCIES, Role.EXTERNAL, Role.CALLED_BY})


@dataclass(frozen=True, slots=True)
class Shape:
    """A table's kind and where its columns are. A role may have several cells in documents, one in tables."""

    kind: Kind
    columns: Mapping[Role, tuple[int, ...]]


def header_roles(extra: Mapping[Role, tuple[str, ...]]) -> dict[str, Role]:
    """Header words in lower case to what they say; `extra` comes from the project file."""
    words = {word: role for role, listed in HEADER_WORDS.items() for word in listed}
    for role, listed in extra.items():
        words.update({plain_header(word): role for word in listed})
    return words


def plain_header(text: str) -> str:
    return " ".join(without_mark(text).replace("_", " ").rstrip(":?").lower().split())


def kind_of_headers(headers: Iterable[Cell], words: Mapping[str, Role]) -> Kind | None:
    """The kind of table that headers make, whether or not it lacks a column."""
    return _kind_of({role for header in headers if (role := words.get(plain_header(header.text)))})


def shape_table(table: Table, words: Mapping[str, Role], report: Report) -> Shape | None:
    """What a table is; None once EG201, EG203 or EG204 is reported. Unread columns become EG202."""
    roles = [words.get(plain_header(header.text)) for header in table.headers]
    held = {role for role in roles if role is not None}
    kind = _kind_of(held)
    if kind is None:
        report.add(unknown_table(table.span))
        return None
    if kind is Kind.FLOWS and Role.SOURCE not in held:
        roles = [Role.SOURCE if role is Role.SERVICE else role for role in roles]
    held = {role for role in roles if role is not None}
    missing = _missing(kind, held)
    if missing:
        report.add(missing_column(_KIND_WORDS[kind], missing[0], table.span, missing[1]))
        return None
    columns: dict[Role, tuple[int, ...]] = {}
    for index, (role, header) in enumerate(zip(roles, table.headers, strict=True)):
        place = Located(header.text, Span(table.source, header.start, header.end))
        if role is None or role not in _READ[kind]:
            if header.text:
                report.add(unknown_column(place))
        elif role in columns:
            first = table.headers[columns[role][0]]
            report.add(repeated_column(place, Located(first.text, Span(table.source, first.start, first.end))))
            return None
        else:
            columns[role] = (index,)
    return Shape(kind, columns)


def _kind_of(held: set[Role]) -> Kind | None:
    """The kind that the telling columns name; a table that only might be one is of no kind."""
    if Role.DESTINATION in held:
        return Kind.FLOWS if held & {Role.SOURCE, Role.SERVICE} else _destinations(held)
    if Role.SOURCE in held and held & {Role.PORT, Role.PROTOCOL}:
        return Kind.FLOWS
    if Role.SERVICE in held and held & (_READ[Kind.SERVICES] - {Role.SERVICE, Role.NOTES}):
        return Kind.SERVICES
    if held & {Role.DEPENDENCIES, Role.CALLED_BY}:
        return Kind.SERVICES
    if Role.ADDRESS in held and held & {Role.PORT, Role.PROTOCOL}:
        return Kind.DESTINATIONS
    return None


def _destinations(held: set[Role]) -> Kind | None:
    telling = _READ[Kind.DESTINATIONS] - {Role.DESTINATION, Role.NOTES}
    return Kind.DESTINATIONS if held & telling else None


def _missing(kind: Kind, held: set[Role]) -> tuple[str, str] | None:
    """The header of the column that is missing, and what to write."""
    match kind:
        case Kind.SERVICES:
            if Role.SERVICE not in held:
                return "Service", 'add a column "Service" with the name of each service'
            if not held & _NEEDS:
                return "Dependencies", 'add a column "Dependencies" with what each service needs, or "None"'
        case Kind.DESTINATIONS:
            if Role.DESTINATION not in held:
                return "Destination", 'add a column "Destination" with the name of each destination'
            if Role.PORT not in held:
                return "Port", 'add a column "Port"; a cell may stay empty where the catalog knows the port'
        case Kind.FLOWS:
            if Role.SOURCE not in held:
                return "From", 'add a column "From" with the service that connects'
            if Role.DESTINATION not in held:
                return "To", 'add a column "To" with what each service connects to'
            if Role.PORT not in held:
                return "Port", 'add a column "Port"; a cell may stay empty where the catalog knows the port'
    return None
