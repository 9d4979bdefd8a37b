"""Columns that nothing reads, and that may say whether a row holds or which ports it means all the same."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from egressc.diagnostics.columns import almost_known_column
from egressc.diagnostics.core import Report
from egressc.diagnostics.unread import unknown_question
from egressc.lower.header_words import QUESTIONS, plain_header
from egressc.lower.kinds import NEEDS
from egressc.lower.ports import read_ports
from egressc.lower.verdicts import is_answer, is_mark
from egressc.model.requirements import Kind, Role, Trouble
from egressc.source import Located, Span
from egressc.tables.core import Table


def asks_unknown(
    table: Table,
    kind: Kind,
    columns: Mapping[Role, tuple[int, ...]],
    unread: Sequence[int],
    neutral: AbstractSet[int],
    roles: Sequence[Role | None],
    report: Report,
) -> bool:
    """EG253 for a column of answers to an unknown question, EG223 for unread ports where no other column has any."""
    found = False
    needs = [index for role in NEEDS for index in columns.get(role, ())]
    asked = [] if kind is Kind.INVENTORY else [index for index in unread if index not in neutral]
    for index in (*asked, *needs):
        said = [row[index].text for row in table.rows if row[index].text]
        bare = [it for it in said if it not in ("-", "\u2013", "\u2014")]
        if index in needs and not (bare and all(is_answer(it) or it.lower() == "n/a" for it in bare)):
            continue
        if plain_header(table.headers[index].text) in QUESTIONS or not bare or not all(map(is_mark, bare)):
            continue
        report.add(unknown_question(place_header(table, index), bare[0]))
        found = True
    if kind is Kind.FLOWS and Role.PORT not in columns:
        for index in unread:
            said = [row[index].text for row in table.rows if row[index].text]
            if roles[index] is not Role.PROTOCOL and said and all(_is_port(it) for it in said):
                report.add(almost_known_column(place_header(table, index), "port", Role.PORT))
                found = True
    return found


def _is_port(text: str) -> bool:
    return any(char.isdigit() for char in text) and not isinstance(read_ports(text), Trouble)


def place_header(table: Table, index: int) -> Located[str]:
    header = table.headers[index]
    return Located(header.text, Span(table.source, header.start, header.end))
