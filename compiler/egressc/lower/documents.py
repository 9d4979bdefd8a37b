"""Requirements in YAML: entries to the same rows as those of tables."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from egressc.diagnostics.columns import denying_row
from egressc.diagnostics.core import Report
from egressc.diagnostics.phrases import suspicious_word
from egressc.lower.environments import elsewhere
from egressc.lower.header_words import header_roles, plain_header
from egressc.lower.limits import is_limit
from egressc.lower.models import Path, read_document
from egressc.lower.rows import lower_destination, lower_flow, lower_notes, lower_service
from egressc.lower.selections import as_written, read_selection
from egressc.lower.verdicts import CellVerdict, opening_verdict
from egressc.lower.verdicts import suspicious_word as find_suspicious_word
from egressc.lower.wording import ALLOW, DENY, IGNORE, LEAVE_OUT, Wording
from egressc.model.documents import DestinationRequirement, FlowRequirement, RequirementsDocument, ServiceRequirement
from egressc.model.entries import Selection
from egressc.model.environments import KEY, NO_ENVIRONMENTS, Environments
from egressc.model.policy import Selector
from egressc.model.reading import Use
from egressc.model.records import OF_AUDIT, Kind, Role, TableAccount
from egressc.model.references import Value
from egressc.model.requirements import DestinationRow, FlowRow, Requirements, Row, RowAllowance, ServiceRow
from egressc.source import Located, Source, Span
from egressc.tables.yaml import YamlNode, span_at

_SERVICE: Final[Mapping[str, Role]] = {
    "service": Role.SERVICE,
    "namespace": Role.NAMESPACE,
    "selector": Role.SELECTOR,
    "dependencies": Role.DEPENDENCIES,
    "external": Role.EXTERNAL,
    "listensOn": Role.PORT,
    "calledBy": Role.CALLED_BY,
    "notes": Role.NOTES,
    "environments": Role.ENVIRONMENT,
}
_DESTINATION: Final[Mapping[str, Role]] = {
    "destination": Role.DESTINATION,
    "namespace": Role.NAMESPACE,
    "selector": Role.SELECTOR,
    "address": Role.ADDRESS,
    "port": Role.PORT,
    "protocol": Role.PROTOCOL,
    "purpose": Role.PURPOSE,
    "notes": Role.NOTES,
    "environments": Role.ENVIRONMENT,
    **{str(role): role for role in OF_AUDIT},
}
_FLOW: Final[Mapping[str, Role]] = {
    "from": Role.SOURCE,
    "to": Role.DESTINATION,
    "port": Role.PORT,
    "protocol": Role.PROTOCOL,
    "purpose": Role.PURPOSE,
    "notes": Role.NOTES,
    "environments": Role.ENVIRONMENT,
}
_Requirement = ServiceRequirement | DestinationRequirement | FlowRequirement
# Lists of names keep a cell an item; lists of ports and words are one cell of their items.
_LISTS_OF_NAMES = frozenset({Role.DEPENDENCIES, Role.EXTERNAL, Role.CALLED_BY})


def lower_document(
    source: Source, wording: Wording, report: Report, environments: Environments = NO_ENVIRONMENTS
) -> Requirements:
    """The rows of a requirements document. EG218 for a remark that denies its entry or puts it off, EG226."""
    read = read_document(source, RequirementsDocument, report, _meant)
    if read is None:
        return Requirements(is_partial=True)
    document, node = read
    services: list[ServiceRow] = []
    destinations: list[DestinationRow] = []
    flows: list[FlowRow] = []
    allowances: list[RowAllowance] = []
    records: list[TableAccount] = []
    absent: list[Located[str]] = []
    lists: tuple[tuple[str, Kind, Mapping[str, Role], Sequence[_Requirement]], ...] = (
        ("services", Kind.SERVICES, _SERVICE, document.services),
        ("destinations", Kind.DESTINATIONS, _DESTINATION, document.destinations),
        ("flows", Kind.FLOWS, _FLOW, document.flows),
    )
    for key, kind, roles, entries in lists:
        rows: list[Row] = []
        outcomes: dict[int, tuple[Use, str]] = {}
        for index, entry in enumerate(entries):
            path: Path = (key, index)
            row = _row(source, node, path, entry.model_dump(by_alias=True, exclude_unset=True), roles, wording)
            rows.append(row)
            keys = [KEY] * len(row.cells)
            why = elsewhere(row, keys, source.name, environments, report, absent=absent)
            why = why or _taken_back(row, wording, report)
            if why:
                outcomes[index] = Use.IGNORED, why
                continue
            allowances += lower_notes(row, report)
            match entry:
                case ServiceRequirement():
                    pods = _pods(entry.selector, node, path, report)
                    if service := lower_service(row, report, pods):
                        services.append(service)
                case DestinationRequirement():
                    pods = _pods(entry.selector, node, path, report)
                    owner = Located(entry.service, span_at(node, (*path, "service"))) if entry.service else None
                    if destination := lower_destination(row, report, owner=owner, pods=pods):
                        destinations.append(destination)
                case FlowRequirement():
                    if flow := lower_flow(row, report):
                        flows.append(flow)
        if rows:
            records.append(_record(source, kind, roles, rows, outcomes))
    found = tuple(services), tuple(destinations), tuple(flows)
    return Requirements(*found, allowances=tuple(allowances), records=tuple(records), absent=tuple(absent))


def _record(
    source: Source, kind: Kind, roles: Mapping[str, Role], rows: Sequence[Row], outcomes: Mapping[int, tuple[Use, str]]
) -> TableAccount:
    """The entries of a list as the rows of a table, whose columns are the keys that any of them has."""
    held = {key: role for key, role in roles.items() if any(role in row.columns for row in rows)}
    span = Span(source, rows[0].span.start, rows[0].span.start)
    headers = tuple(Value(key, span.start, span.start) for key in held)
    cells = tuple(tuple(_joined(row, role) for role in held.values()) for row in rows)
    return TableAccount(
        source, (), span, kind, tuple(held.values()), headers, cells, outcomes=outcomes, dropped=outcomes
    )


def _joined(row: Row, role: Role) -> Value:
    """The values of a key as one cell; an empty one at the end of the entry without any."""
    cells = [row.cells[at] for at in row.columns.get(role, ())]
    if not cells:
        return Value("", row.span.end, row.span.end)
    return Value(", ".join(it.text for it in cells), cells[0].start, cells[-1].end)


def _meant(key: str, known: Sequence[str]) -> str:
    """The key that an unknown one means: `calls` is a word of tables for what documents call `dependencies`."""
    if key == "name":
        return next((held for held in ("service", "destination") if held in known), "")
    role = header_roles({}).get(plain_header(re.sub("(?<=[a-z])(?=[A-Z])", " ", key)))
    role = Role.PORT if role is Role.LISTENS_ON else role
    keys = (held for roles in (_SERVICE, _DESTINATION, _FLOW) for held, it in roles.items() if it is role)
    return next((held for held in keys if held in known), "")


def _pods(selection: Selection | str | None, node: YamlNode, path: Path, report: Report) -> Selector | None:
    if selection is None or isinstance(selection, str):
        return None
    return read_selection(selection, node, (*path, "selector"), report)


def _taken_back(row: Row, wording: Wording, report: Report) -> str:
    """Why an entry grants nothing: a phrase leaves it out, or a remark denies it; empty where it holds.

    EG226 for a word that denies in the middle of a remark.
    """
    if any(cell.text == LEAVE_OUT for cell in row.cells):
        return "left out by the project file"
    for role in (Role.NOTES, Role.PURPOSE):
        cell = row.written(role)
        if cell is None:
            continue
        place, judged = Located(cell.text, row.span_of(role)), wording.judged(cell.text)
        if opening_verdict(judged) is not CellVerdict.BLANK or is_limit(judged):
            report.add(denying_row(place, str(role), row.source.name, is_verdict=False))
            return "refused"
        if word := find_suspicious_word(judged):
            report.add(suspicious_word(place, word, str(role)))
    return ""


def _row(
    source: Source, node: YamlNode, path: Path, held: dict[str, object], roles: Mapping[str, Role], wording: Wording
) -> Row:
    """An entry as a row: a cell for every value, a cell an item for lists of names."""

    def _cell(text: str, span: Span) -> Value:
        return _written(wording.read(text), text, span)

    cells: list[tuple[Value, Role]] = []
    for key, role in roles.items():
        value = held.get(key)
        if isinstance(value, list) and role in _LISTS_OF_NAMES:
            listed = [_cell(str(item), span_at(node, (*path, key, at))) for at, item in enumerate(value)]
            cells += [(cell, role) for cell in listed if cell.text != LEAVE_OUT]
        elif isinstance(value, list):
            items = [as_written(item, span_at(node, (*path, key, at))) for at, item in enumerate(value)]
            cells.append((_cell(", ".join(items), span_at(node, (*path, key))), role))
        elif isinstance(value, str | int):
            at = span_at(node, (*path, key))
            cells.append((_cell(as_written(value, at), at), role))
    cells.sort(key=lambda it: it[0].start)
    columns: dict[Role, tuple[int, ...]] = {}
    for index, (_, role) in enumerate(cells):
        columns[role] = (*columns.get(role, ()), index)
    if roles is _SERVICE and Role.PORT in columns:
        columns[Role.LISTENS_ON] = columns[Role.PORT]  # its key says whose ports they are
    return Row(source, columns, tuple(cell for cell, _ in cells))


def _written(text: str, said: str, span: Span) -> Value:
    """A value as a cell, `said` being its text in the source; the quotes around it stay outside."""
    start, end = span.start, span.end
    if span.text[:1] in ("'", '"') and span.text[1:-1] == said:
        start, end = start + 1, end - 1
    if text in (IGNORE, ALLOW):
        text = ""
    elif text == DENY:
        text = LEAVE_OUT
    return Value(" ".join(text.split()) if "\n" not in text else text.strip(), start, end)
