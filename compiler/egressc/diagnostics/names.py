"""EG3xx: names, and what the catalog says about them."""

import unicodedata
from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Lack, Missing, Severity, code, rewrite
from egressc.diagnostics.phrases import MOST_PLACES, group_entry, left_out_of, list_parts, quoted, say_read_as
from egressc.source import Located, Span


def _near(name: str, near: Sequence[str], where: str) -> str:
    if not near:
        return f'add "{name}" {where}'
    if unlike := _look_alike(name, near[0]):
        return f'write "{near[0]}" again: here it contains {unlike}'
    offered = " or ".join(f'"{it}"' for it in near)
    return f'write {offered}, or add "{name}" {where}'


def _look_alike(name: str, known: str) -> str:
    """How two names differ that look the same: letters of another alphabet, or another Unicode normal form."""
    if unicodedata.normalize("NFC", name) == unicodedata.normalize("NFC", known):
        return "letters and accents as separate characters, another Unicode normal form"
    if len(name) != len(known):
        return ""
    apart = [(a, b) for a, b in zip(name, known, strict=True) if a != b]
    if not all(a.isalpha() and b.isalpha() and _is_latin(a) is not _is_latin(b) for a, b in apart):
        return ""
    return ", ".join(f"U+{ord(a):04X} ({unicodedata.name(a, '?')}) for U+{ord(b):04X}" for a, b in apart[:3])


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")


@code("EG301", Severity.ERROR, "A row names a destination that is not defined.")
def unknown_destination(
    code: Code,
    name: Located[str],
    near: Sequence[str],
    related: Sequence[Label],
    service: str,
    others: Sequence[Span] = (),
    *,
    is_many: bool = False,
    phrase: str = "",
) -> Diagnostic:
    """`others`: the other places that name it. `is_many`: it stands for several, such as "any" or "all databases"."""
    others = [place for place in dict.fromkeys(others) if place != name.span]
    elsewhere = f"{len(others)} other places" if len(others) > 1 else "another place"
    more = f", here and in {elsewhere}" if others else ""
    if left_out_of(name.value):
        is_many = True
        repair = (
            f"add to the catalog: {group_entry(name.value)}, or members: [\u2026] in place of allServices if these are "
            "not services"
        )
    elif is_many:
        repair = (
            f"add to the catalog: groups: {{{quoted(name.value)}: {{members: [\u2026]}}}} "
            f"(allServices: true for each service); or {say_read_as(name.value, 'Internet')} if you mean that"
        )
    elif near and _look_alike(name.value, near[0]):
        repair = _near(name.value, near, "")
    else:
        repair = (
            f"{_meant(name.value, near)}add it to the catalog: {_entry_of(name.value)}; or "
            f'{say_read_as(phrase or name.value, "ignore")} if it is not a destination ("leave out" drops the row)'
        )
    return Diagnostic(
        code,
        f'destination "{name.value}" is not defined{more}',
        Label(name.span, "not defined"),
        (*related, *(Label(place, "and here") for place in others[: MOST_PLACES - 1])),
        repair,
        service=service,
        missing=(
            Missing(Lack.GROUP if is_many else Lack.DESTINATION, name.value, near=tuple(near), places=1 + len(others)),
        ),
        repairs=() if is_many else rewrite(name.value, (name.span, *others), near),
    )


def _meant(name: str, near: Sequence[str]) -> str:
    """What an unknown name may mean: a list of others, or a known name; empty if nothing fits."""
    parts = list_parts(name)
    listed = f"{say_read_as(name, ', '.join(parts))} if it is a list; or " if parts else ""
    if not near or (parts and "/" not in name and set(near) & set(parts)):
        return listed
    offered = " or ".join(f'"{it}"' for it in near)
    return f"write {offered}, or add it as an alias: {near[0]}: {{aliases: [{quoted(name)}]}}; or {listed}"


def _entry_of(name: str) -> str:
    """The entry to paste."""
    if "." in name and " " not in name and not name.startswith("."):
        return (
            f"destinations: {{{quoted(name)}: {{hosts: [{quoted(name)}], addresses: [\u2026], ports: [\u2026]}}}}, "
            "without addresses in a dialect that names hosts, or, if a "
            f"destination has this host, add an alias to it: aliases: [{quoted(name)}]"
        )
    entry = f'{quoted(name)}: {{namespace: "\u2026", ports: [\u2026]}}'
    return f"destinations: {{{entry}}} (addresses: [\u2026] for one outside)"


@code("EG302", Severity.ERROR, "A name matches several destinations.")
def ambiguous_destination(
    code: Code, name: Located[str], choices: Sequence[str], related: Sequence[Label], service: str
) -> Diagnostic:
    offered = " or ".join(f'"{it}"' for it in choices)
    return Diagnostic(
        code,
        f'"{name.value}" matches {len(choices)} destinations',
        Label(name.span, "which one?"),
        tuple(related),
        f"write {offered}; or {say_read_as(name.span.text, choices[0])}, for this text everywhere",
        service=service,
    )


@code("EG303", Severity.ERROR, "A row names a source that is not defined.")
def unknown_service(code: Code, name: Located[str], near: Sequence[str], others: Sequence[Span] = ()) -> Diagnostic:
    """`others`: the other places that name it."""
    others = [place for place in dict.fromkeys(others) if place != name.span]
    related = tuple(Label(place, "and here") for place in others[: MOST_PLACES - 1])
    missing = (Missing(Lack.SOURCE, name.value, near=tuple(near), places=1 + len(others)),)
    repairs = rewrite(name.value, (name.span, *others), near)
    meant = ""
    if near:
        if _look_alike(name.value, near[0]):
            return Diagnostic(
                code,
                f'service "{name.value}" is not defined',
                Label(name.span, "no such service"),
                related,
                help=_near(name.value, near, ""),
                missing=missing,
                repairs=repairs,
            )
        meant = f"write {' or '.join(f'{chr(34)}{it}{chr(34)}' for it in near)}; or "
    return Diagnostic(
        code,
        f'service "{name.value}" is not defined',
        Label(name.span, "no such service"),
        related,
        help=f"{meant}add it to a table of services, or to the catalog: destinations: "
        f'{{{quoted(name.value)}: {{namespace: "\u2026", selector: {{app: "\u2026"}}}}}} for pods (with policy: none '
        "another chart manages them), or "
        f"{{policy: none}} for a person or a system outside; or {say_read_as(name.value, 'leave out')} to drop the row",
        missing=missing,
        repairs=repairs,
    )


@code("EG304", Severity.ERROR, "The heading above a table of destinations names several services.")
def crowded_heading(code: Code, heading: Located[str], services: Sequence[str]) -> Diagnostic:
    named = " and ".join(f'"{it}"' for it in services)
    return Diagnostic(
        code,
        f'heading "{heading.value}" names {named}',
        Label(heading.span, "whose destinations?"),
        help="write a table under its own heading for each service, or a table of flows; or add the one service that "
        "you mean to the project file: tables: "
        f"{{at: {{{quoted(heading.value)}: {{service: {quoted(services[0])}}}}}}}",
    )


@code("EG305", Severity.WARNING, "A table of destinations belongs to no service, but a heading almost names one.")
def distant_heading(code: Code, heading: Located[str], service: str, almost: str = "") -> Diagnostic:
    """`almost`: how the heading right above the table writes the service; empty where one further up names it."""
    why = f'names no service, but "{almost}" is almost "{service}"' if almost else f'does not name "{service}"'
    return Diagnostic(
        code,
        f"table describes destinations but grants nothing, because the heading above it {why}",
        Label(heading.span, "the nearest heading"),
        help=f'write "{service}" in this heading if the rows are what it needs, or add to the project file: '
        f"tables: {{at: {{{quoted(heading.value)}: {{service: {quoted(service)}}}}}}} (kind: inventory if "
        "they only describe)",
    )


@code("EG323", Severity.ERROR, "A table lists callers, but no heading above it names the service that they call.")
def ownerless_callers(code: Code, heading: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        "table lists callers, but the heading above it does not name a service",
        Label(heading.span, "who is called?"),
        help='write the service in this heading; or add a column "To"; or add to the project file: '
        f'tables: {{at: {{{quoted(heading.value)}: {{service: "<name>"}}}}}}',
    )


@code("EG324", Severity.ERROR, "A key of the project file gives the tables of several sections to one service.")
def repeated_heading_key(code: Code, service: Located[str], first: Located[str], other: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'this key gives tables in two sections to "{service.value}"',
        Label(service.span, "of which section?"),
        (Label(first.span, "one of them"), Label(other.span, "another")),
        help="remove the key, and write the service in the heading above each table",
    )


@code("EG306", Severity.ERROR, "A name does not give a valid id.")
def unusable_name(code: Code, name: Located[str], id_: str, problem: str, parts: Sequence[str] = ()) -> Diagnostic:
    """`parts`: the names that it may be a list of."""
    group = ""
    if parts:
        group = f"add a group to the catalog: groups: {{{quoted(name.value)}: {{members: [{', '.join(parts)}]}}}}; or "
    return Diagnostic(
        code,
        f'name "{name.value}" gives the id "{id_}", which {problem}',
        Label(name.span, "not a valid id"),
        help=f"{group}{'if it is one name, ' if parts else ''}add an id to the catalog: destinations: "
        f"{{{quoted(name.value)}: {{id: a-short-name}}}}",
        missing=(Missing(Lack.ID, name.value),),
    )


@code("EG307", Severity.ERROR, "Two names have the same id.")
def shared_id(code: Code, name: Located[str], other: Located[str], id_: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name.value}" and "{other.value}" have the same id "{id_}"',
        Label(name.span, "the second"),
        (Label(other.span, "the first"),),
        _as_alias(name.value, other.value)
        or 'add one of them to the catalog as an alias of the other, or add an "id" to one of them',
    )


def remarks_apart(name: Located[str], other: Located[str], bare: str) -> Diagnostic:
    """EG307 for two rows of destinations that would be one: only the remarks behind the name differ."""
    both = f"[{quoted(name.value)}, {quoted(other.value)}]"
    return Diagnostic(
        shared_id.code,
        f'"{name.value}" and "{other.value}" are both read as "{bare}"',
        Label(name.span, "the second"),
        (Label(other.span, "the first"),),
        f"if both are one, add to the catalog: destinations: {{{quoted(bare)}: {{aliases: {both}}}}}; if not, add each "
        "whole name to the catalog, with its own id and selector",
    )


def _as_alias(one: str, other: str) -> str:
    """The repair for two names of one thing, if the longer is the shorter with a remark in parentheses; else empty."""
    short, long = sorted((one, other), key=len)
    if not long.startswith(f"{short} ("):
        return ""
    return (
        f"if both are one, add to the catalog: destinations: {{{quoted(short)}: {{aliases: [{quoted(long)}]}}}}; "
        'or add an "id" to one of them'
    )


@code("EG308", Severity.ERROR, "The catalog has a name twice.")
def taken_name(code: Code, name: Located[str], other: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'name "{name.value}" is already taken by "{other.value}"',
        Label(name.span, "taken"),
        (Label(other.span, "here"),),
        "rename one of the two, or remove it",
    )


@code("EG315", Severity.ERROR, "A group has a member that it cannot have.")
def unusable_member(code: Code, group: str, member: Located[str], problem: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'member "{member.value}" of "{group}" {problem}',
        Label(member.span, "not a valid member"),
        help="write services and destinations of the tables and the catalog, not groups",
    )


@code("EG316", Severity.ERROR, "The heading that gives a table to a service may also deny it.")
def doubtful_heading(code: Code, heading: Located[str], word: str, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'heading says "{word}", so it is unclear whether "{service}" needs the rows below it',
        Label(heading.span, "granted or not?"),
        help=f'add "{heading.value}" to tables.leaveOut in the project file if they are not; or, if they are, tables: '
        f"{{at: {{{quoted(heading.value)}: {{service: {quoted(service)}}}}}}}",
    )
