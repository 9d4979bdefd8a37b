"""EG225-EG229, EG317-EG321, EG431-EG434: phrases, and names that rows limit or give no part."""

import re
from collections.abc import Sequence
from dataclasses import replace

from egressc.diagnostics.core import Code, Diagnostic, Label, Lack, Missing, Severity, code
from egressc.source import Located, Span

# Places that one finding points at; the others are counted.
MOST_PLACES = 20
_LONGEST_PHRASE = 200
_MOST_PARTS = 10
_LISTED = re.compile(r"\s*(?:[/+&]|(?<=\s)(?:and|und|et|y)(?=\s))\s*")


def say_read_as(text: str, meaning: str) -> str:
    """How the project file says what a text means, as a help text says it."""
    shown = " ".join(text.split())
    if len(shown) > _LONGEST_PHRASE:
        return "add its text to tables.readAs of the project file"
    quoted = shown.replace("\\", "\\\\").replace('"', '\\"')
    return f'add to the project file: tables: {{readAs: {{"{quoted}": "{meaning}"}}}}'


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


@code("EG225", Severity.WARNING, "The project file says what a phrase means that no document has.")
def idle_phrase(code: Code, phrase: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'no cell and no line says "{phrase.value}"',
        Label(phrase.span, "read nowhere"),
        help="write it as the document does, or remove this line",
    )


@code("EG226", Severity.WARNING, "A word in a sentence of a row may deny it or put it off, and the row is granted.")
def suspicious_word(code: Code, cell: Located[str], word: str, header: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'row is granted, although "{header}" says "{word}"',
        Label(cell.span, "granted all the same"),
        help=f'{say_read_as(cell.value, "deny")} where it denies the row, or "ignore" where it does not',
    )


@code("EG227", Severity.WARNING, "A row says that it does not hold yet or no longer: it grants nothing.")
def pending_row(code: Code, cell: Located[str], header: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'row grants nothing: "{header}" says "{cell.value}"',
        Label(cell.span, "not granted"),
        help=f'{say_read_as(cell.value, "allow")} where it holds, or "leave out" to agree',
    )


@code("EG228", Severity.ERROR, "The project file gives a column a role that the table does not have.")
def unmet_column(code: Code, heading: Located[str], column: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'table under "{heading.value}" has no column "{column}"',
        Label(heading.span, "in this table"),
        help="write the header as it stands in the table, or remove the line",
    )


@code("EG229", Severity.ERROR, "A table that is not read names services or destinations.")
def unread_names(code: Code, headers: Span, names: Sequence[str], places: Sequence[Span], heading: str) -> Diagnostic:
    shown = ", ".join(f'"{name}"' for name in names[:3])
    more = ", \u2026" if len(names) > 3 else ""
    return Diagnostic(
        code,
        f"table is not read, and it names {shown}{more}",
        Label(headers, "what its columns say is not clear"),
        tuple(Label(place, "named here") for place in places[:3]),
        "say in the project file what its columns are: "
        f'tables: {{at: {{"{heading}": {{columns: {{"<header>": source, "<header>": destination}}}}}}}} '
        "(or service, dependencies, port, \u2026; grid: {rows: source} for a grid; kind: inventory where it only "
        f'describes), or leave it out: tables: {{at: {{"{heading}": {{leaveOut: "<reason>"}}}}}}',
        missing=(Missing(Lack.COLUMNS, "", heading),),
    )


@code("EG317", Severity.ERROR, "What a row names as its source is no service and no group of services.")
def unusable_source(code: Code, name: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name.value}" cannot be the source of a rule: it names no service',
        Label(name.span, "which services"),
        help='write "All services" where each service is meant, or define it in the catalog: '
        f'groups: {{"{name.value}": {{allServices: true}}}}',
        missing=(Missing(Lack.GROUP, name.value, supposed="all"),),
    )


@code("EG318", Severity.ERROR, "Words in parentheses limit the name before them.")
def limited_item(code: Code, words: Located[str], item: str, name: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{words.value}" limits "{name}", and a rule cannot say so',
        Label(words.span, "not granted without a decision"),
        help=f'{say_read_as(item, "ignore")} where nothing is granted for it now, or "{name}" where it is',
        missing=ask_read_as(item, "ignore", name, supposed=name),
    )


@code("EG319", Severity.ERROR, "Words in parentheses may be a remark or a namespace.")
def unclear_remark(code: Code, words: Located[str], item: str, name: str, known: str) -> Diagnostic:
    where = f' in the namespace "{known}"' if known else ""
    return Diagnostic(
        code,
        f'"{words.value}" is neither a port nor a known namespace of "{name}"',
        Label(words.span, "a remark?"),
        help=f'{say_read_as(item, name)} where it is a remark on "{name}"{where}; where it is a namespace, define a '
        "destination of another name there",
        missing=ask_read_as(item, name, supposed=name),
    )


@code("EG320", Severity.ERROR, "Words in parentheses name a protocol, and the destination has several ports.")
def unported_remark(code: Code, words: Located[str], item: str, name: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{words.value}" names a protocol, and "{name}" has several ports',
        Label(words.span, "which port"),
        help=f'write the port, such as "{name} (443)", or {say_read_as(item, f"{name} (443)")}',
        missing=ask_read_as(item, f"{name} (<port>)", supposed=name),
    )


@code("EG431", Severity.ERROR, "Lines beside the tables connect services, and no row does.")
def unread_connections(code: Code, line: Located[str], others: Sequence[Span]) -> Diagnostic:
    more = f", and {len(others)} more" if others else ""
    return Diagnostic(
        code,
        f'no row says what the line "{_short(line.value)}"{more} says',
        Label(line.span, "not read: it is no row of a table"),
        tuple(Label(place, "not read") for place in others[: MOST_PLACES - 1]),
        "give what they grant in rows of a further source, a table with From, To and Port; then "
        f"{say_read_as(line.value, 'leave out')}, for each line",
        missing=ask_read_as(line.value, "leave out", supposed="leave out"),
    )


@code("EG432", Severity.WARNING, "A sentence beside the tables may allow, deny or limit something, and is not read.")
def unread_text(code: Code, line: Located[str], word: str, name: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'text says "{word}" of "{name}", and is not read',
        Label(line.span, "not read"),
        help=f"say it in a row where it changes anything; {say_read_as(line.value, 'leave out')} to agree",
    )


@code("EG434", Severity.WARNING, "A column that is not read names services or destinations.")
def unread_column(code: Code, header: Located[str], name: str, cell: Span) -> Diagnostic:
    return Diagnostic(
        code,
        f'column "{header.value}" is not read, and it names "{name}"',
        Label(header.span, "grants nothing"),
        (Label(cell, "named here"),),
        f'add to the project file, under tables, headers: {{dependencies: ["{header.value}"]}} where it says what '
        f'services need, or ignoreColumns: ["{header.value}"] where it does not',
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_PHRASE else f"{text[:_LONGEST_PHRASE]}\u2026"


@code("EG321", Severity.ERROR, "A row names as its source an address that a pod may have.")
def address_source(code: Code, address: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'source "{address.value}" is an address, and addresses of pods change',
        Label(address.span, "which workload"),
        help="give the workload this alias in the catalog: destinations: "
        f'{{"<name>": {{aliases: ["{address.value}"], namespace: "\u2026"}}}}; or '
        f'addresses: ["{address.value}"] to one '
        f"outside the cluster; or {say_read_as(address.value, 'leave out')}",
        missing=(Missing(Lack.ALIAS, address.value),),
    )


@code("EG252", Severity.ERROR, "A table has headers of another language, and nothing reads it.")
def foreign_headers(code: Code, headers: Span, language: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'table is not read: its headers are words of the language "{language}"',
        Label(headers, "not read"),
        help=f"add to the project file: tables: {{language: [{language}]}}; headers and words of your own go to "
        "tables.headers and tables.words",
        missing=(Missing(Lack.LANGUAGE, language),),
    )
