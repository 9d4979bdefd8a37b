"""Answers about a place in a file: what it is, where it is defined and used, and which names fit there."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from egressc.diagnostics.core import Report
from egressc.diagnostics.phrases import say_count
from egressc.files.reading import Opened, read_bounded
from egressc.lsp.analysis import Analysis
from egressc.lsp.index import CellPlace, Index, KnownRule, NamePlace, cell_at
from egressc.model.entities import Entity
from egressc.model.peers import read_peers
from egressc.model.policy import Peer
from egressc.model.ports import say_ports, sort_ports
from egressc.model.reading import Use
from egressc.model.records import NEEDS, Role
from egressc.pipeline import account_sources
from egressc.reports.flows import places
from egressc.resolve.facts import say_selector
from egressc.source import Source, Span
from egressc.tables.nodes import YamlMapping, YamlNode, YamlSequence
from egressc.tables.yaml import Path as YamlPath
from egressc.tables.yaml import key_span_at, read_yaml
from egressc.verify.flows.words import say_addresses, say_peer, say_public

# The columns whose cells name services and destinations.
_NAMING: Final = NEEDS | {Role.DESTINATION, Role.SOURCE, Role.CALLED_BY, Role.INGRESS, Role.SERVICE, Role.CONNECTION}
_SEPARATORS: Final = ",;\n"
MOST_LISTED: Final = 20
MOST_OFFERED: Final = 200
_LIMIT: Final = 8 * 2**20


class Place(NamedTuple):
    """Where the cursor is: the file, by its path without links, and an offset in its text."""

    path: str
    text: str
    offset: int


class Hover(NamedTuple):
    """A text about a stretch of the file."""

    text: str
    start: int
    end: int


class Offered(NamedTuple):
    """A name to insert in place of what is written from `start` on, and what it stands for."""

    name: str
    kind: str
    start: int


def hover(found: Analysis, at: Place) -> Hover | None:
    """What the name at a place is, and the rules that its cell or the entry of a values file comes from or gives."""
    if found.index is None:
        return None
    name, (rules, title) = _name_at(found, at), _rules_at(found, at)
    blocks = [_say_name(found.index, name.name)] if name else []
    cell = _cell_at(found, at)
    if cell is not None and not rules and cell.cell.text:
        blocks.append([f"This cell {_VERBS[cell.cell.use]}{f': {cell.cell.why}' if cell.cell.why else ''}"])
    if rules:
        lines = [f"  {it.said}{_say_origins(it) if cell is None else ''}" for it in rules]
        blocks.append([title, *_listed(lines)])
    if not blocks:
        return None
    start, end = (name.start, name.end) if name else (cell.cell.start, cell.cell.end) if cell else (at.offset,) * 2
    return Hover("\n\n".join("\n".join(block) for block in blocks), start, end)


def _say_origins(rule: KnownRule) -> str:
    return f"  ({', '.join(places(rule.grant.origins))})"


_VERBS: Final = {Use.GRANTS: "grants", Use.DENIES: "denies", Use.DESCRIBES: "describes", Use.IGNORED: "is ignored"}


def definitions(found: Analysis, at: Place, opened: Opened) -> list[Span]:
    """Where the name at a place is defined; at that place itself, the rules of its row in values, or its uses."""
    if found.index is None:
        return []
    name = _name_at(found, at)
    if found.values_name(at.path):
        rules, _ = _rules_at(found, at)
        cells = [it for rule in rules for it in rule.grant.origins]
        if cells:
            return cells
    spans = _defined(found.index, name.name) if name else []
    elsewhere = [it for it in spans if not _holds(found, it, at)]
    if elsewhere or (there := implementations(found, at, opened)):
        return elsewhere or there
    return [it for it in references(found, at) if not _holds(found, it, at)] if spans else []


def implementations(found: Analysis, at: Place, opened: Opened) -> list[Span]:
    """Where the values files have the rules of the cell at a place or, of a cell without rules, those of its row."""
    if found.index is None or found.workspace is None or found.values_name(at.path):
        return []
    rules, _ = _rules_at(found, at)
    spans: list[Span] = []
    folder = found.workspace.project.values
    texts: dict[str, YamlNode | None] = {}
    for home in (home for rule in rules[:MOST_LISTED] for home in rule.homes):
        if home.file not in texts:
            texts[home.file] = _read_values(found, f"{folder}/{home.file}", opened)
        node = texts[home.file]
        if node is not None and (span := key_span_at(node, home.path)).text == str(home.path[-1]):
            spans.append(span)
    return spans


def references(found: Analysis, at: Place) -> list[Span]:
    """Where the sources define the name at a place, and every cell that asks for it."""
    name = _name_at(found, at)
    if found.index is None or name is None:
        return []
    index = found.index
    keys = {it.key for it in index.find(name.name)}
    asking = {span: rule.grant.destination.key in keys for rule in index.rules for span in rule.grant.origins}
    asking |= {span: True for rule in index.rules if rule.grant.destination.key in keys for span in rule.grant.origins}
    spans = _defined(index, name.name)
    for span, is_asked in asking.items():
        if (said := index.name_in(span, {name.name, *keys})) is not None or is_asked:
            spans.append(said or span)
    members = (member for group in index.entities.groups.values() for member in group.members)
    spans += (it.span for it in members if keys & {entity.key for entity in index.find(it.value)})
    return list(dict.fromkeys(spans))


def completions(found: Analysis, at: Place) -> list[Offered]:
    """The names for a cell of services or destinations: the document is read as it is now, names are the last known."""
    source = found.by_path.get(at.path)
    if found.index is None or found.workspace is None or source is None:
        return []
    reading = account_sources(found.workspace.project, [Source(source.name, at.text)])
    place = cell_at(reading.tables, at.offset)
    if place is None or place.table.headers[place.row.index(place.cell)][1] not in _NAMING:
        return []
    start = min(place.cell.start, at.offset)
    start = max([start, *(at.text.rfind(it, start, at.offset) + 1 for it in _SEPARATORS)])
    written = at.text[start : at.offset]
    start += len(written) - len(written.lstrip())
    wanted = written.strip().casefold()
    fitting = [(name, kind) for name, kind in index_names(found.index) if wanted in name.casefold()]
    fitting.sort(key=lambda it: (not it[0].casefold().startswith(wanted), it[1] == "known destination", it[0]))
    return [Offered(name, kind, start) for name, kind in fitting[:MOST_OFFERED]]


def index_names(index: Index) -> Iterator[tuple[str, str]]:
    """The names that cells write: ids are for values files."""
    ids = {it.key for held in index.entities.by_name.values() for it in held} - index.entities.by_name.keys()
    return ((name, kind) for name, kind in index.kinds.items() if name not in ids and kind != "opt-in")


def _name_at(found: Analysis, at: Place) -> NamePlace | None:
    if found.index is None:
        return None
    start = max(at.text.rfind("\n", 0, at.offset), at.text.rfind("\r", 0, at.offset)) + 1
    end = at.text.find("\n", at.offset)
    name = found.index.name_at(at.text[start : end if end >= 0 else None], at.offset - start)
    return name and NamePlace(name.name, name.start + start, name.end + start)


def _cell_at(found: Analysis, at: Place) -> CellPlace | None:
    source = found.by_path.get(at.path)
    if found.index is None or source is None or source.text != at.text:
        return None
    return found.index.cell_at(source.name, at.offset)


def _rules_at(found: Analysis, at: Place) -> tuple[list[KnownRule], str]:
    """The rules that a place of a table gives or an entry of a values file has, and how to call them."""
    index = found.index
    if index is None:
        return [], ""
    if file := found.values_name(at.path):
        node = read_yaml(Source(file, at.text), Report())
        rule = index.rule_at_home(file, path_at(node, at.offset)) if node else None
        return ([rule] if rule else []), "Rule:"
    cell = _cell_at(found, at)
    if cell is None:
        return [], ""
    source = cell.table.source.name
    if rules := index.rules_in(source, cell.cell.start, cell.cell.end):
        name = _name_at(found, at)
        keys = {it.key for it in index.find(name.name)} if name else set()
        own = [it for it in rules if keys & {it.grant.source.key, it.grant.destination.key}]
        return own or rules, "Rules of this cell:"
    return index.rules_in(source, cell.row_start, cell.row_end), "Rules of this row:"


def _defined(index: Index, name: str) -> list[Span]:
    """The entries of the catalog, and the row of a service; of what has neither, the first row that names it."""
    if (group := index.entities.groups.get(name)) is not None:
        return [group.name.span]
    spans = [it.policy.origin for it in index.opt_ins if it.policy_key == name]
    for entity in index.find(name):
        said = [it for it in entity.statements if it.row is not None or it.entry is not None]
        entries = [it.entry.name.span for it in said if it.entry is not None]
        own = [entity.place.span] if said and (entity.is_service or not entries) else []
        spans += dict.fromkeys((*own, *entries))
    return spans


def _holds(found: Analysis, span: Span, at: Place) -> bool:
    return span.start <= at.offset <= span.end and os.path.realpath(found.path_of(span.source)) == at.path


def _read_values(found: Analysis, name: str, opened: Opened) -> YamlNode | None:
    path = os.path.realpath(found.path_of(Source(name, "")))
    try:
        data = opened.get(path) or read_bounded(Path(path), _LIMIT)
        return read_yaml(Source(name, data.decode()), Report())
    except (OSError, ValueError):
        return None


def path_at(node: YamlNode, offset: int) -> YamlPath:
    """The keys and positions that lead to an offset of a YAML document."""
    path: list[str | int] = []
    while True:
        if isinstance(node, YamlMapping):
            entries: list[tuple[str | int, int, YamlNode]] = [
                (name, key.span.start, value) for name, (key, value) in node.entries.items()
            ]
        elif isinstance(node, YamlSequence):
            entries = [(number, item.span.start, item) for number, item in enumerate(node.items)]
        else:
            return tuple(path)
        around = [it for it in entries if it[1] <= offset]
        if not around:
            return tuple(path)
        step, _, node = around[-1]
        path.append(step)


def _say_name(index: Index, name: str) -> list[str]:
    """What a name is, its pods or addresses, its ports, who uses it and what it reaches."""
    if (group := index.entities.groups.get(name)) is not None:
        members = [*(["every service"] if group.all_services else []), *(it.value for it in group.members)]
        lines = [f"{name}: group", f"members: {_joined(members)}"]
        return lines + ([f"except: {_joined([it.value for it in group.excepts])}"] if group.excepts else [])
    opt_ins = [it.policy for it in index.opt_ins if it.policy_key == name]
    lines = [f"{name}: opt-in of namespace {it.namespace}, of pods {say_selector(it.pod_selector)}" for it in opt_ins]
    for entity in index.find(name):
        lines += _say_entity(index, name, entity)
    return lines


def _say_entity(index: Index, name: str, entity: Entity) -> Iterator[str]:
    called = entity.name
    if name != entity.name:
        called = f"{entity.key} (id of {entity.name})" if name == entity.key else f"{name} (alias of {entity.name})"
    of_id = f", id {entity.key}" if entity.key not in (entity.name, name) else ""
    yield f"{called}: {index.kinds.get(entity.name, 'destination')}{of_id}"
    targets = [it for it in index.book.find(entity.name) if it.entity is entity]
    for target in targets:
        yield from _say_peers(target.destination.peers, entity.facts.namespace)
        if target.destination.hosts:
            yield f"hosts: {_joined(target.destination.hosts)}"
    asking = [it.grant for it in index.rules if it.grant.destination.key == entity.key]
    ports = [port for it in targets for port in it.ports] or [port for it in asking for port in it.ports]
    if ports:
        yield f"ports: {say_ports(sort_ports(ports))}"
    if entity.purpose:
        yield f"purpose: {entity.purpose}"
    if asking:
        yield f"used by: {_joined(it.source.name for it in asking)}"
    reached = [it.grant.destination.name for it in index.rules if it.grant.source.key == entity.key]
    if reached:
        yield f"reaches: {_joined(reached)}"


def _say_peers(peers: Iterable[Peer], namespace: str) -> Iterator[str]:
    pods, addresses = read_peers(peers, namespace)
    yield from _listed([say_peer(it) for it in pods])
    if said := say_public(addresses) or say_addresses(addresses):
        yield f"addresses: {said}"


def _joined(names: Iterable[str]) -> str:
    return ", ".join(_listed(sorted(set(names), key=str.casefold)))


def _listed(lines: Sequence[str]) -> list[str]:
    more = len(lines) - MOST_LISTED
    return [*lines[:MOST_LISTED], *([f"and {say_count(more, 'other')}"] if more > 0 else [])]
