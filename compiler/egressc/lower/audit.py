"""What is stated for audits, and the rules of the project file about it."""

from collections.abc import Iterator

from egressc.diagnostics.core import Report
from egressc.lower.models import Path
from egressc.lower.selections import refuse
from egressc.model.audit import AUDIT_KEYS, AuditCondition, AuditData, AuditRule, audit_data
from egressc.model.catalog import AuditValues
from egressc.model.project_file import AuditEntry, ProjectDocument
from egressc.model.records import OF_AUDIT, Role
from egressc.model.requirements import Row
from egressc.model.texts import split_list
from egressc.source import Located
from egressc.tables.yaml import YamlNode, key_span_at, span_at


def as_list(values: AuditValues | None) -> list[str]:
    """A text with commas as in a cell of a table, or a list of texts, as a list."""
    return [*split_list(values)] if isinstance(values, str) else values or []


def read_audit(row: Row) -> AuditData:
    """What a row states; `audit_data` leaves out words that say nothing."""
    if not any(role in row.columns for role in OF_AUDIT):
        return ()
    return audit_data((key, [*_items(row, role)]) for key, role in zip(AUDIT_KEYS, OF_AUDIT, strict=True))


def _items(row: Row, role: Role) -> Iterator[str]:
    for index in row.columns.get(role, ()):
        yield from split_list(row.cells[index].text)


def lower_audit_rules(document: ProjectDocument, node: YamlNode, report: Report) -> tuple[AuditRule, ...]:
    """The rules, in the order of the file. EG232 for one that requires nothing, and for a reason of several lines."""
    found: list[AuditRule] = []
    for index, entry in enumerate(document.audit):
        at: Path = ("audit", index)
        if not entry.reason.isprintable():
            refuse(node, (*at, "reason"), "contains a line break or control character", "write one line", report)
        when = tuple(_conditions(entry.when, node, (*at, "when"), report))
        if isinstance(entry.require, list):
            places = ((key, span_at(node, (*at, "require", number))) for number, key in enumerate(entry.require))
            require = tuple(AuditCondition(key, (), place) for key, place in places)
        else:
            require = tuple(_conditions(entry.require, node, (*at, "require"), report))
        found.append(AuditRule(when, require, entry.reason))
    return tuple(found)


def _conditions(entry: AuditEntry | None, node: YamlNode, at: Path, report: Report) -> Iterator[AuditCondition]:
    """EG232 for a map without a value."""
    if entry is None:
        return
    said = [(key, as_list(getattr(entry, key))) for key in AUDIT_KEYS if getattr(entry, key) is not None]
    if not said:
        refuse(node, at, "names nothing", f"write one of {', '.join(AUDIT_KEYS)}, with values", report)
    for key, values in said:
        is_list = isinstance(getattr(entry, key), list)
        places = [span_at(node, (*at, key, index) if is_list else (*at, key)) for index in range(len(values))]
        patterns = (Located(value, place) for value, place in zip(values, places, strict=True))
        yield AuditCondition(key, tuple(patterns), key_span_at(node, (*at, key)))
