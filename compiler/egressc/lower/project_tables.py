"""The key `tables` of the project file, checked: how documents are to be read."""

from collections.abc import Mapping

from egressc.diagnostics.cells import taken_header
from egressc.diagnostics.core import Report
from egressc.lower.header_words import header_roles, plain_header
from egressc.lower.models import Path
from egressc.model.project import IgnoredColumn, LeftOut, ReadAs, TableRule, TableRules
from egressc.model.project_tables import IgnoredColumnEntry, LeftOutEntry, TableEntry, TablesEntry
from egressc.model.records import Kind, Role
from egressc.source import Located
from egressc.tables.yaml import YamlNode, key_span_at, span_at

_AT: Path = ("tables",)


def lower_table_rules(entry: TablesEntry, node: YamlNode, report: Report) -> TableRules:
    """How documents are read. EG208 for a header word that means something else already."""
    return TableRules(
        _headers(entry, node, report),
        tuple(sorted(set(entry.language))),
        {meaning: tuple(words) for meaning, words in entry.words.model_dump().items() if words},
        _read_as(entry.read_as, node, (*_AT, "readAs")),
        tuple(_left_out(it, node, (*_AT, "leaveOut", at)) for at, it in enumerate(entry.leave_out)),
        tuple(_ignored(it, node, (*_AT, "ignoreColumns", at)) for at, it in enumerate(entry.ignore_columns)),
        tuple(_rule(name, it, node, (*_AT, "at", name)) for name, it in entry.at.items()),
    )


def _rule(name: str, entry: TableEntry, node: YamlNode, path: Path) -> TableRule:
    return TableRule(
        Located(" ".join(name.split()), key_span_at(node, path)),
        None if entry.kind is None else Kind(entry.kind),
        {plain_header(header): None if role == "ignore" else Role(role) for header, role in entry.columns.items()},
        {plain_header(header): header for header in entry.columns},
        entry.blank == "as above",
        {plain_header(it): meaning for it, meaning in entry.blank.items()} if isinstance(entry.blank, dict) else {},
        Located(entry.service, span_at(node, (*path, "service"))) if entry.service else None,
        entry.transposed,
        None if entry.grid is None else Role(entry.grid.rows),
        _read_as(entry.read_as, node, (*path, "readAs")),
        entry.leave_out or "",
    )


def _read_as(phrases: Mapping[str, str], node: YamlNode, path: Path) -> tuple[ReadAs, ...]:
    return tuple(ReadAs(Located(it, key_span_at(node, (*path, it))), meaning) for it, meaning in phrases.items())


def _left_out(entry: str | LeftOutEntry, node: YamlNode, path: Path) -> LeftOut:
    if isinstance(entry, str):
        return LeftOut(Located(" ".join(entry.split()), span_at(node, path)))
    return LeftOut(Located(" ".join(entry.heading.split()), span_at(node, (*path, "heading"))), entry.reason)


def _ignored(entry: str | IgnoredColumnEntry, node: YamlNode, path: Path) -> IgnoredColumn:
    if isinstance(entry, str):
        return IgnoredColumn(Located(entry, span_at(node, path)))
    return IgnoredColumn(Located(entry.column, span_at(node, (*path, "column"))), entry.reason)


def _headers(entry: TablesEntry, node: YamlNode, report: Report) -> dict[Role, tuple[str, ...]]:
    known = header_roles({}, tuple(entry.language))
    held: dict[Role, tuple[str, ...]] = {}
    for role, words in entry.headers.items():
        for index, word in enumerate(words):
            taken = known.setdefault(plain_header(word), Role(role))
            if taken is not None and taken != role:
                place = span_at(node, (*_AT, "headers", str(Role(role)), index))
                report.add(taken_header(Located(word, place), taken))
        held[Role(role)] = tuple(words)
    return held
