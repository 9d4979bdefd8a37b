"""The project and the catalog as they could be once what is missing is there: to find what is missing behind it.

Nothing of it is ever compiled to a policy. A thing is supposed to be pods, whatever it is: that asks for the most.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from egressc.diagnostics.core import Lack, Missing
from egressc.lower.header_words import plain_header
from egressc.lower.headings import plain_heading
from egressc.missing import guesses
from egressc.missing.needs import Need
from egressc.model.catalog import Catalog, CatalogEntry, Group
from egressc.model.policy import AddressPeer, Port, Protocol, Selector
from egressc.model.project import Project, ReadAs, TableRule
from egressc.model.records import Role
from egressc.model.requirements import NO_FACTS, Facts
from egressc.source import NOWHERE, Located

_PLACE: Final = "supposed"
_PODS: Final = Selector((("supposed", "pods"),))
_ADDRESS: Final = "192.0.2.1/32"  # RFC 5737: for documentation


def suppose(project: Project, catalog: Catalog, needs: Iterable[Need]) -> tuple[Project, Catalog]:
    """Both, with all that is needed there."""
    entries: list[CatalogEntry] = []
    for need in needs:
        it = need.missing
        name = Located(it.name, need.place)
        match it.lack:
            case Lack.DESTINATION | Lack.SOURCE:
                entries.append(_entry(name, Facts(_PLACE, pods=_PODS)))
            case Lack.ADDRESSES:
                entries.append(_entry(name, Facts(addresses=(AddressPeer(_ADDRESS),), is_external=True)))
            case Lack.PORTS:
                is_internet = guesses.is_internet(it.name)
                ports = (Port(Protocol.TCP, 1),)
                entries.append(_entry(name, Facts(ports=ports, internet=is_internet, is_external=is_internet)))
            case Lack.ALIAS:
                pods = _entry(Located(_id(catalog, entries), need.place), Facts(_PLACE, pods=_PODS))
                entries.append(replace(pods, aliases=(name,)))
            case Lack.ID:
                entries.append(replace(_entry(name, NO_FACTS), id=Located(_id(catalog, entries), need.place)))
            case Lack.GROUP:
                catalog = replace(catalog, groups=(*catalog.groups, Group(name, (), it.supposed == "all", ())))
            case Lack.NAMESPACE:
                catalog = replace(catalog, namespace=catalog.namespace or _PLACE)
            case Lack.SELECTOR:
                catalog = replace(catalog, labels=catalog.labels or ((_PLACE, "{id}"),))
            case _:
                project = _in_project(project, it)
    return project, replace(catalog, entries=(*catalog.entries, *entries))


def _in_project(project: Project, missing: Missing) -> Project:
    tables = project.tables
    match missing.lack:
        case Lack.API_SERVER:
            return replace(project, cluster=replace(project.cluster, api_server=(_ADDRESS,)))
        case Lack.READ_AS:
            phrase = ReadAs(Located(missing.name, NOWHERE), missing.supposed)
            tables = replace(tables, read_as=(*tables.read_as, phrase))
        case Lack.HEADERS:
            role = Role(missing.supposed)
            words = (*tables.headers.get(role, ()), missing.name)
            tables = replace(tables, headers={**tables.headers, role: words})
        case Lack.BLANK | Lack.COLUMNS:
            tables = replace(tables, at=(*tables.at, _rule(project, missing)))
        case _:
            raise AssertionError(missing.lack)
    return replace(project, tables=tables)


def _rule(project: Project, missing: Missing) -> TableRule:
    """The rule of a table with one thing more; of two rules for a heading the later one holds."""
    heading = plain_heading(missing.heading)
    rules = [rule for rule in project.tables.at if plain_heading(rule.place.value) == heading]
    rule = rules[-1] if rules else TableRule(Located(missing.heading, NOWHERE))
    if missing.lack is Lack.COLUMNS:
        return replace(rule, leave_out=_PLACE)
    if missing.name:
        return replace(rule, blanks={**rule.blanks, plain_header(missing.name): missing.supposed})
    return replace(rule, blank_as_above=True)


def _entry(name: Located[str], facts: Facts) -> CatalogEntry:
    return CatalogEntry(name, None, (), facts, "", {})


def _id(catalog: Catalog, entries: Sequence[CatalogEntry]) -> str:
    """An id that no other entry has."""
    return f"{_PLACE}-{len(catalog.entries) + len(entries)}"
