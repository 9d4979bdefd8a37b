"""EG225-EG228: what the project file says about texts and columns; and phrases that messages share."""

import re
from dataclasses import replace

from egressc.diagnostics.core import Code, Diagnostic, Label, Lack, Missing, Severity, code
from egressc.source import Located

# Places that one finding points at; the others are counted.
MOST_PLACES = 20
LONGEST_PHRASE = 200
_MOST_PARTS = 10
_ALL = re.compile(r"(?:all|any|each|every|alle|jede|tod[oa]s|tous|toutes)", re.IGNORECASE)
_BUT = re.compile(
    r"(?<![\s,(])[\s,(]++(?:except(?: for)?|excluding|but(?: not)?|other than|apart from|without|au(?:\u00df|ss)er|ohne"
    r"|sauf|hormis|excepto|salvo|menos)\s(?P<named>[^()]++)\)?+$",
    re.IGNORECASE,
)
_OTHERS = re.compile(r"\b(?:above|below|oben|unten|others?)\b", re.IGNORECASE)
_LISTED = re.compile(r"(?:(?<!\s)\s++)?+(?:[/+&]|(?<=\s)(?:and|und|et|y)(?=\s))\s*+")


def quoted(text: str) -> str:
    """A string in double quotes, as YAML reads it back."""
    escaped = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def say_subjects(services: int, namespaces: int, noun: str = "service") -> str:
    """What policies are for: "3 services", "3 services and 1 namespace"."""
    said = [say_count(services, noun)] if services or not namespaces else []
    return " and ".join([*said, *([say_count(namespaces, "namespace")] if namespaces else [])])


def say_count(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 flow", "2 flows"; `many` is the plural that "s" does not make."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def say_read_as(text: str, meaning: str) -> str:
    """How the project file says what a text means, as a help text says it."""
    shown = " ".join(text.split())
    if len(shown) > LONGEST_PHRASE:
        return "add its text to tables.readAs in the project file"
    return f"add to the project file: tables: {{readAs: {{{quoted(shown)}: {quoted(meaning)}}}}}"


def say_allow(code: Code) -> str:
    """How to allow a warning, as a help text says it."""
    return f'add "allow {code.id}: <reason>" to a Notes column, or {code.id} with a reason to allow in the project file'


def group_entry(name: str) -> str:
    """The entry of the catalog for a group of this name: "All services except web"."""
    members = "members: [\u2026]" if _OTHERS.search(name) else "allServices: true"
    if excepted := left_out_of(name):
        members += f", except: [{', '.join(map(quoted, excepted))}]"
    return f"groups: {{{quoted(name)}: {{{members}}}}}"


def left_out_of(name: str) -> tuple[str, ...]:
    """What a name excludes: "all but web and cart"."""
    found = _BUT.search(name) if _ALL.match(name) else None
    items = map(str.strip, found["named"].split(",")) if found else ()
    return tuple(part for item in items for part in (list_parts(item) or (item,)))


def list_parts(name: str) -> tuple[str, ...]:
    """The names that a name may be a list of: `PG + RMQ`, `PostgreSQL and Redis`; none where it holds no separator."""
    parts = tuple(part for part in _LISTED.split(name) if part)
    return parts if 1 < len(parts) <= _MOST_PARTS and "://" not in name and "(" not in name else ()


def ask_read_as(text: str, *choices: str, supposed: str = "ignore") -> tuple[Missing, ...]:
    """The same as data: `choices` are what the text may well mean."""
    return (Missing(Lack.READ_AS, " ".join(text.split()), choices=choices, supposed=supposed),)


def or_read_as(found: Diagnostic, text: str) -> Diagnostic:
    """A finding about a cell or an item, with the way out that leaves the document as it is."""
    missing = found.missing or ask_read_as(text)
    if "readAs" in found.help:
        return replace(found, missing=missing)
    return replace(found, help=f"{found.help}; or {say_read_as(text, '<what it means>')}", missing=missing)


def without_read_as(found: Diagnostic) -> Diagnostic:
    """The same about a text of the project file itself, for which it has nothing else read."""
    offered = [it for it in found.help.split("; or ") if "tables: {readAs:" not in it]
    missing = tuple(it for it in found.missing if it.lack is not Lack.READ_AS)
    return replace(found, help="; or ".join(offered) or "write another name", missing=missing)


@code("EG225", Severity.WARNING, "The project file says how to read a text that no document contains.")
def unused_phrase(code: Code, phrase: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'no cell and no line contains "{phrase.value}"',
        Label(phrase.span, "unused"),
        help="write it exactly as in the document, or remove this line",
    )


@code("EG226", Severity.WARNING, "A word in a row may deny or postpone it, but the row is granted.")
def suspicious_word(code: Code, cell: Located[str], word: str, header: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'row is granted although "{header}" says "{word}"',
        Label(cell.span, "still granted"),
        help=f'{say_read_as(cell.value, "deny")} if it denies the row, or "ignore" if it does not',
    )


@code("EG227", Severity.WARNING, "A row is not yet or no longer valid: it grants nothing.")
def pending_row(code: Code, cell: Located[str], header: str, row: str) -> Diagnostic:
    """`row`: how the project file names the row, where the text of its cell says no more than "no"; or empty."""
    return Diagnostic(
        code,
        f'row grants nothing: "{header}" says "{cell.value}"',
        Label(cell.span, "not granted"),
        help=f'{say_read_as(row or cell.value, "allow")} if the row is valid, or "leave out" to confirm',
    )


@code("EG228", Severity.ERROR, "The project file names a column that the table does not have.")
def unmet_column(code: Code, heading: Located[str], column: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'table under "{heading.value}" has no column "{column}"',
        Label(heading.span, "in this table"),
        help="write the header exactly as in the table, or remove this line",
    )
