"""Columns that nothing reads, and that may say whether a row holds or which ports it means all the same."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from egressc.diagnostics.columns import almost_known_column
from egressc.diagnostics.core import Report
from egressc.diagnostics.unread import foreign_headers, unknown_question
from egressc.lower.header_words import QUESTIONS, plain_header
from egressc.lower.kinds import GUARDS, LISTS
from egressc.lower.ports import read_ports
from egressc.lower.verdicts import is_answer, is_mark
from egressc.lower.vocabulary import LANGUAGE_HEADERS
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
    # Whether a service may leave the cluster is also what an inventory may say, with "no"; a dependency is a name.
    needs = columns.get(Role.EXTERNAL, ()) if Role.DEPENDENCIES not in columns else ()
    asked = [] if kind is Kind.INVENTORY else [index for index in unread if index not in neutral]
    for index in asked:
        if language := _language_of(plain_header(table.headers[index].text)):
            report.add(foreign_headers(place_header(table, index).span, language))
            found = True
    for index in (*asked, *needs):
        said = [row[index].text for row in table.rows if row[index].text]
        bare = [it for it in said if it not in ("-", "\u2013", "\u2014")]
        if index in needs and not (
            any(map(is_answer, bare)) and all(is_answer(it) or it.lower() in ("n/a", "none") for it in bare)
        ):
            continue
        if (
            plain_header(table.headers[index].text) in QUESTIONS
            or not bare
            or not (index in needs or all(map(is_mark, bare)))
        ):
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


def _language_of(plain: str) -> str:
    """The language in which a header says what a row grants, or whether it holds; empty where it is of none."""
    for language, listed in LANGUAGE_HEADERS.items():
        if any(plain in listed.get(role, ()) for role in LISTS | GUARDS):
            return language
    return ""


def _is_port(text: str) -> bool:
    return any(char.isdigit() for char in text) and not isinstance(read_ports(text), Trouble)


def place_header(table: Table, index: int) -> Located[str]:
    header = table.headers[index]
    return Located(header.text, Span(table.source, header.start, header.end))
