"""Requirements in YAML: entries to the same rows as those of tables."""

import re
from collections.abc import Sequence

from egressc.diagnostics.columns import denying_row
from egressc.diagnostics.core import Report
from egressc.lower.header_words import header_roles, plain_header
from egressc.lower.models import Path, read_document
from egressc.lower.rows import lower_destination, lower_flow, lower_notes, lower_service
from egressc.lower.selections import as_written, read_selection
from egressc.lower.verdicts import Verdict, opening_verdict
from egressc.lower.wording import ALLOW, DENY, IGNORE, LEAVE_OUT, Wording
from egressc.model.documents import RequirementsDocument
from egressc.model.entries import Selection
from egressc.model.policy import Selector
from egressc.model.requirements import DestinationRow, FlowRow, Requirements, Role, Row, RowAllowance, ServiceRow
from egressc.source import Located, Source, Span
from egressc.tables.core import Cell
from egressc.tables.yaml import YamlNode, span_at

_SERVICE = {
    "service": Role.SERVICE,
    "namespace": Role.NAMESPACE,
    "selector": Role.SELECTOR,
    "dependencies": Role.DEPENDENCIES,
    "external": Role.EXTERNAL,
    "listensOn": Role.PORT,
    "calledBy": Role.CALLED_BY,
    "notes": Role.NOTES,
}
_DESTINATION = {
    "destination": Role.DESTINATION,
    "namespace": Role.NAMESPACE,
    "selector": Role.SELECTOR,
    "address": Role.ADDRESS,
    "port": Role.PORT,
    "protocol": Role.PROTOCOL,
    "purpose": Role.PURPOSE,
    "notes": Role.NOTES,
}
_FLOW = {
    "from": Role.SOURCE,
    "to": Role.DESTINATION,
    "port": Role.PORT,
    "protocol": Role.PROTOCOL,
    "purpose": Role.PURPOSE,
    "notes": Role.NOTES,
}
# Lists of names keep a cell an item; lists of ports and words are one cell of their items.
_LISTS_OF_NAMES = frozenset({Role.DEPENDENCIES, Role.EXTERNAL, Role.CALLED_BY})


def lower_document(source: Source, wording: Wording, report: Report) -> Requirements:
    """The rows of a requirements document. EG218 for a remark that denies its entry or puts it off."""
    read = read_document(source, RequirementsDocument, report, _meant)
    if read is None:
        return Requirements(is_partial=True)
    document, node = read
    services: list[ServiceRow] = []
    destinations: list[DestinationRow] = []
    flows: list[FlowRow] = []
    allowances: list[RowAllowance] = []
    for index, service in enumerate(document.services):
        path: Path = ("services", index)
        row = _row(source, node, path, service.model_dump(by_alias=True, exclude_unset=True), _SERVICE, wording)
        if not _holds(row, wording, report):
            continue
        allowances += lower_notes(row, report)
        pods = _pods(service.selector, node, path, report)
        if lowered := lower_service(row, report, pods):
            services.append(lowered)
    for index, destination in enumerate(document.destinations):
        path = ("destinations", index)
        row = _row(source, node, path, destination.model_dump(by_alias=True, exclude_unset=True), _DESTINATION, wording)
        if not _holds(row, wording, report):
            continue
        allowances += lower_notes(row, report)
        pods = _pods(destination.selector, node, path, report)
        owner = Located(destination.service, span_at(node, (*path, "service"))) if destination.service else None
        if asked := lower_destination(row, report, owner=owner, pods=pods):
            destinations.append(asked)
    for index, flow in enumerate(document.flows):
        path = ("flows", index)
        row = _row(source, node, path, flow.model_dump(by_alias=True, exclude_unset=True), _FLOW, wording)
        if not _holds(row, wording, report):
            continue
        allowances += lower_notes(row, report)
        if connection := lower_flow(row, report):
            flows.append(connection)
    return Requirements(tuple(services), tuple(destinations), tuple(flows), allowances=tuple(allowances))


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


def _holds(row: Row, wording: Wording, report: Report) -> bool:
    """Whether an entry says nothing against itself: a phrase that leaves it out, or a remark that denies it."""
    for role in (Role.NOTES, Role.PURPOSE):
        cell = row.written(role)
        if cell is not None and opening_verdict(wording.judged(cell.text)) is not Verdict.BLANK:
            place = Located(cell.text, row.span_of(role))
            report.add(denying_row(place, str(role), row.source.name, is_verdict=False))
            return False
    return all(cell.text != LEAVE_OUT for cell in row.cells)


def _row(
    source: Source, node: YamlNode, path: Path, held: dict[str, object], roles: dict[str, Role], wording: Wording
) -> Row:
    """An entry as a row: a cell for every value, a cell an item for lists of names."""

    def _cell(text: str, span: Span) -> Cell:
        return _written(wording.read(text), text, span)

    cells: list[tuple[Cell, Role]] = []
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


def _written(text: str, said: str, span: Span) -> Cell:
    """A value as a cell, `said` being its text in the source; the quotes around it stay outside."""
    start, end = span.start, span.end
    if span.text[:1] in ("'", '"') and span.text[1:-1] == said:
        start, end = start + 1, end - 1
    if text in (IGNORE, ALLOW):
        text = ""
    elif text == DENY:
        text = LEAVE_OUT
    return Cell(" ".join(text.split()) if "\n" not in text else text.strip(), start, end)
