"""Columns that nothing reads, and that may say whether a row holds or which ports it means all the same."""

from collections.abc import Sequence
from typing import Final

from egressc.diagnostics.columns import almost_known_column, unlimited_rows
from egressc.diagnostics.core import Report
from egressc.diagnostics.unread import unknown_question, unread_urls
from egressc.lower.addresses import URL
from egressc.lower.header_words import ENGLISH_HEADERS, LANGUAGE_HEADERS, QUESTIONS, HeaderBook, plain_header
from egressc.lower.kinds import GUARDS, LISTS, Plan, kind_of
from egressc.lower.ports import names_application, read_ports
from egressc.lower.verdicts import CellVerdict, is_answer, is_mark, is_verdict, read_verdict
from egressc.lower.words import ANY
from egressc.model.records import Kind, Role
from egressc.model.references import Trouble
from egressc.model.texts import says_nothing, split_list
from egressc.source import Located, Span
from egressc.tables.core import Table

_OF_ENVIRONMENTS: Final = frozenset(
    word for listed in (ENGLISH_HEADERS, *LANGUAGE_HEADERS.values()) for word in listed.get(Role.ENVIRONMENT, ())
)
_SILENT: Final = frozenset({"", "-", "\u2013", "\u2014"})


def asks_unknown(table: Table, plan: Plan, report: Report) -> bool:
    """EG253 for a column of answers to an unknown question, EG256 for URLs of connections in a table of services.

    EG223 for unread ports where no other column has any.
    """
    columns, unread = plan.columns, plan.unread
    # Whether a service may leave the cluster is also what an inventory may say, with "no"; a dependency is a name.
    outside = columns.get(Role.EXTERNAL, ()) if Role.DEPENDENCIES not in columns else ()
    asked = [] if plan.kind is Kind.INVENTORY else [index for index in unread if index not in plan.neutral]
    may_mix = not {Role.DECISION, Role.DENIAL} & columns.keys()
    unclear = [it for it in asked if _answers(_said(table, it), may_mix=may_mix) and not _is_question(table, it)]
    unclear += [index for index in outside if _tells_only_whether(_said(table, index))]
    if unclear:
        names = [place_header(table, index) for index in unclear]
        report.add(unknown_question(names, _said(table, unclear[0])[0], table.name))
    needs = columns.get(Role.DEPENDENCIES, ())
    urls: list[Located[str]] = []
    if needs and all(len(split_list(row[needs[0]].text)) == 1 for row in table.rows):
        header = table.headers[needs[0]].text
        telling = (it for it in unread if it > needs[0] and it not in plan.neutral and all_urls(table, it))
        urls = [place_header(table, index) for index in telling]
        report.extend(unread_urls(header, it, table.name) for it in urls)
    ports: list[Located[str]] = []
    if plan.kind is Kind.FLOWS and Role.PORT not in columns:
        ports = [place_header(table, index) for index in unread if all_ports(table, index)]
        report.extend(almost_known_column(it, "port", Role.PORT) for it in ports)
    return bool(unclear or urls or ports)


def _said(table: Table, index: int) -> list[str]:
    return [row[index].text for row in table.rows if row[index].text not in _SILENT]


def _is_question(table: Table, index: int) -> bool:
    return plain_header(table.headers[index].text) in QUESTIONS


def _answers(said: Sequence[str], *, may_mix: bool) -> bool:
    """Whether a column holds nothing but answers or, where it `may_mix`, mostly such as cannot be anything else."""
    plain = sum(is_answer(it) or is_verdict(it) for it in said)
    return bool(said) and ((may_mix and plain * 2 > len(said)) or all(map(is_mark, said)))


def _tells_only_whether(said: Sequence[str]) -> bool:
    return any(map(is_answer, said)) and all(is_answer(it) or it.lower() in ("n/a", "none") for it in said)


def may_be_ports(table: Table, index: int) -> bool:
    """Whether each cell of a column holds a number or says what ports speak: `TCP-443`, `HTTPS`, `any`."""
    said = [row[index].text for row in table.rows if row[index].text]
    return bool(said) and all(
        any(char.isdigit() for char in it) or names_application(it) or it.lower() in {*ANY, "dns", "icmp", "ping"}
        for it in said
    )


def foreign_language(plain: Sequence[str], words: HeaderBook, least: int = 2) -> str:
    """The language whose words make a kind of table of headers that make none; empty where there is none.

    Args:
        least: how many of them are words of the language alone.
    """
    for language, listed in LANGUAGE_HEADERS.items():
        roles = {word: role for role, said in listed.items() for word in said}
        found = {role for it in plain if (role := words.get(it) or roles.get(it))}
        if sum(it in roles for it in plain) >= least and kind_of(found) is not None:
            return language
    return ""


def language_of(plain: str) -> str:
    """The language in which a header says what a row grants, or whether it holds; empty where it is of none."""
    for language, listed in LANGUAGE_HEADERS.items():
        if any(plain in listed.get(role, ()) for role in LISTS | GUARDS):
            return language
    return ""


def all_urls(table: Table, index: int) -> bool:
    """Whether a column holds URLs and nothing else."""
    said = [row[index].text for row in table.rows if row[index].text]
    return bool(said) and all(URL.fullmatch(it) for it in said)


def all_ports(table: Table, index: int) -> bool:
    """Whether a column holds ports and nothing else, "any" beside numbers among them."""
    said = [row[index].text for row in table.rows if row[index].text]
    has_numbers = any(char.isdigit() for it in said for char in it)
    return has_numbers and not any(isinstance(read_ports(it), Trouble) for it in said)


def says_verdicts(table: Table, index: int) -> bool:
    """Whether a column of an unknown header holds verdicts and nothing else, one at least in words: "ALLOWED".

    Where none allows, it may be about something else: `Default policy` with "deny" in each row.
    """
    said = {row[index].text: read_verdict(row[index].text) for row in table.rows if row[index].text}
    answers = (CellVerdict.ALLOW, CellVerdict.DENY)
    is_all = all(is_verdict(text) or verdict in answers for text, verdict in said.items())
    return is_all and CellVerdict.ALLOW in said.values() and any(map(is_verdict, said))


def place_header(table: Table, index: int) -> Located[str]:
    header = table.headers[index]
    return Located(header.text, Span(table.source, header.start, header.end))


def tell_conditions(table: Table, plan: Plan, report: Report) -> None:
    """EG219 for a column that limits its rows, with the first cell of each text."""
    for index in plan.columns.get(Role.CONDITION, ()):
        said: dict[str, Span] = {}
        for row in table.rows:
            text = row[index].text
            if text not in said and not says_nothing(text) and text.lower() not in ANY:
                said[text] = table.cell_span(row[index])
        if said:
            header = place_header(table, index)
            of_environments = plain_header(header.value) in _OF_ENVIRONMENTS
            report.add(unlimited_rows(header, list(said.values()), of_environments=of_environments))
