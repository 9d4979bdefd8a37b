"""Files of published networks: the destinations of their names have these addresses."""

import posixpath
from collections.abc import Sequence
from dataclasses import replace

from egressc.diagnostics.core import Report
from egressc.diagnostics.names import taken_name
from egressc.diagnostics.presets import listed_addresses
from egressc.lower.models import read_document
from egressc.lower.selections import read_block
from egressc.model.catalog import AddressListDocument, CatalogEntry, Group
from egressc.model.project import AddressListFile
from egressc.model.requirements import NO_FACTS
from egressc.source import Source
from egressc.tables.yaml import key_span_at


def split_lists(
    sources: Sequence[Source], lists: Sequence[AddressListFile]
) -> tuple[list[Source], list[tuple[AddressListFile, Source]]]:
    """The catalogs among the sources, and the address lists with their texts."""
    texts = {source.name: source for source in sources}
    found = [(it, texts[path]) for it in lists if (path := posixpath.normpath(it.path.value)) in texts]
    listed = {source.name for _, source in found}
    return [source for source in sources if source.name not in listed], found


def add_address_lists(
    entries: dict[str, CatalogEntry],
    groups: dict[str, Group],
    lists: Sequence[tuple[AddressListFile, Source]],
    report: Report,
) -> bool:
    """Give the entries of the lists' names their addresses; whether every list can be read. EG308, EG327."""
    is_whole = True
    for (name, _), source in lists:
        read = read_document(source, AddressListDocument, report)
        if read is None:
            is_whole = False
            continue
        document, node = read
        place = key_span_at(node, ("addresses",))
        found = [read_block(it, node, ("addresses", at), report) for at, it in enumerate(document.addresses)]
        peers = tuple(sorted({it for it in found if it}, key=lambda it: it.cidr))
        if name.value in groups:
            report.add(taken_name(name, groups[name.value].name))
        entry = entries.get(name.value) or CatalogEntry(name, None, (), NO_FACTS, "", {})
        if entry.facts._replace(ports=(), service_ports=(), port_names=(), hosts=(), audit=()) != NO_FACTS:
            report.add(listed_addresses(entry.name, name))
        facts = entry.facts._replace(addresses=peers, is_external=True)
        entries[name.value] = replace(entry, facts=facts, spans={**entry.spans, "addresses": place})
    return is_whole
