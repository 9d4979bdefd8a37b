"""Who may reach whom by a generated document, read off what it was made of: a second opinion, without the compiler."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from reading.generated import MEMBERS
from reading.made import Made, Part, Project

_IDS: Final = {"session cache": "redis", "orders-db": "postgresql", "Billing API": "billing", "DNS Server": "kube-dns"}
_GRANTING: Final = frozenset(
    {"allow", "Allow", "ALLOWED", "allowed", "yes", "\u2705", "permitted", "Accept", "[x]", "live", "active", ""}
)
_OUTWARD: Final = frozenset({"egress", "outbound"})
_INWARD: Final = "ingress"
_ARROW: Final = re.compile(" (?:->|\u2192|=>) ")
_SERVICE_LISTS: Final = frozenset({"Dependencies", "Ben\u00f6tigt", "External access", "Externe Ziele"})
_CALLERS: Final = frozenset({"Called by", "Aufgerufen von"})

Pair = tuple[str, str]


def granted_pairs(project: Project, services: frozenset[str]) -> set[Pair]:
    """The ends of every connection that a row grants, as ids; "All services" are those of `services`."""
    pairs: set[Pair] = set()
    for document in project.documents:
        for table in document.tables:
            for sources, targets in _ends(table, has_heading=document.name.endswith(".md")):
                pairs |= {
                    (one, other)
                    for source in sources
                    for one in _ids(source, services)
                    for target in targets
                    for other in _ids(target, services)
                }
    return pairs


def _ends(table: Made, *, has_heading: bool) -> Iterator[tuple[list[str], list[str]]]:
    above = ""
    for row in table.rows:
        above = row[0] or above
        cells = dict(zip(table.headers, row, strict=True))
        match table.layout:
            case "grid":
                for name, cell in list(cells.items())[1:]:
                    if cell in ("\u2705", "yes") or cell[:1].isdigit():
                        yield ([row[0]], [name]) if table.headers[0].startswith("From") else ([name], [row[0]])
            case "destinations" if has_heading and _holds(table, row):
                yield [table.heading.removesuffix(" egress rules")], _names(row[table.headers.index("Destination")])
            case "flows" if _holds(table, row):
                ends = _ARROW.split(row[0]) if table.parts[0] is Part.CONNECTION else [above, row[1]]
                listed = [_names(it) for it in ends]
                # Columns for both ends say who connects, whichever side tells it.
                is_turned = _INWARD in row and table.parts[0] is Part.CONNECTION
                yield (listed[1], listed[0]) if is_turned else (listed[0], listed[1])
            case "services" if _holds(table, row):
                for header, cell in cells.items():
                    if header in _SERVICE_LISTS:
                        yield [row[0]], _names(cell)
                    elif header in _CALLERS or (header == "Ingress from" and not _SERVICE_LISTS & cells.keys()):
                        yield _names(cell), [row[0]]


def _holds(table: Made, row: Iterable[str]) -> bool:
    for part, cell in zip(table.parts, row, strict=True):
        if part is Part.VERDICT and cell not in _GRANTING | _OUTWARD | {_INWARD}:
            return False
        if part is Part.INVERTED and cell not in ("no", "No", "\u274c"):
            return False
    return True


def _names(cell: str) -> list[str]:
    items = (re.sub(r" \(.*\)$", "", it.strip()) for it in re.split("[,;\n] ?(?![^(]*\\))", cell))
    return [it for it in items if it not in ("", "None", "-")]


def ids_of(cell: str) -> set[str]:
    """The ids of what a cell names, but for "all services"."""
    return {it for name in _names(cell) for it in _ids(name, frozenset())}


def _ids(name: str, services: frozenset[str]) -> list[str]:
    if name in ("All services", "Backend"):
        return sorted(services - ({"web"} if name == "Backend" else set()))
    if name in MEMBERS:
        return [it.casefold() for it in MEMBERS[name]]
    if name[0].isdigit():
        address, _, _ = name.partition(":")
        return ["cidr-" + re.sub(r"\W", "-", address if "/" in address else f"{address}/32")]
    return [_IDS.get(name, name.casefold().replace(" ", "-"))]
