"""EG3xx: names, and what the catalog says of them."""

import unicodedata
from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Lack, Missing, Severity, code
from egressc.diagnostics.phrases import MOST_PLACES, group_entry, left_out_of, list_parts, quoted, say_read_as
from egressc.source import Located, Span


def _near(name: str, near: Sequence[str], where: str) -> str:
    if not near:
        return f'add "{name}" {where}'
    if unlike := _look_alike(name, near[0]):
        return f'write "{near[0]}" anew: here it holds {unlike}'
    offered = " or ".join(f'"{it}"' for it in near)
    return f'write {offered}, or add "{name}" {where}'


def _look_alike(name: str, known: str) -> str:
    """What tells two names apart that look the same: letters of another alphabet, or another form of Unicode."""
    if unicodedata.normalize("NFC", name) == unicodedata.normalize("NFC", known):
        return "letters and accents apart, in another form of Unicode"
    if len(name) != len(known):
        return ""
    apart = [(a, b) for a, b in zip(name, known, strict=True) if a != b]
    if not all(a.isalpha() and b.isalpha() and _is_latin(a) is not _is_latin(b) for a, b in apart):
        return ""
    return ", ".join(f"U+{ord(a):04X} ({unicodedata.name(a, '?')}) for U+{ord(b):04X}" for a, b in apart[:3])


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")


@code("EG301", Severity.ERROR, "A row names a destination that nothing defines.")
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
            f"say in the catalog what it stands for: {group_entry(name.value)}, or members: [\u2026] in place of "
            "allServices where these are not services"
        )
    elif is_many:
        repair = (
            f"say in the catalog what it stands for: groups: {{{quoted(name.value)}: {{members: [\u2026]}}}} "
            f"(allServices: true for each service); or {say_read_as(name.value, 'Internet')} where that is meant"
        )
    elif near and _look_alike(name.value, near[0]):
        repair = _near(name.value, near, "")
    else:
        repair = (
            f"{_meant(name.value, near)}add it to the catalog: {_entry_of(name.value)}; or "
            f'{say_read_as(phrase or name.value, "ignore")} where it is no destination ("leave out" drops the row)'
        )
    return Diagnostic(
        code,
        f'destination "{name.value}" is not defined{more}',
        Label(name.span, "no such destination"),
        (*related, *(Label(place, "and here") for place in others[: MOST_PLACES - 1])),
        repair,
        service=service,
        missing=(
            Missing(Lack.GROUP if is_many else Lack.DESTINATION, name.value, near=tuple(near), places=1 + len(others)),
        ),
    )


def _meant(name: str, near: Sequence[str]) -> str:
    """What an unknown name may stand for: a list of others, or a known name; empty where nothing tells."""
    parts = list_parts(name)
    listed = f"{say_read_as(name, ', '.join(parts))} where it is a list; or " if parts else ""
    if not near or (parts and "/" not in name and set(near) & set(parts)):
        return listed
    offered = " or ".join(f'"{it}"' for it in near)
    return f"write {offered}, or make it an alias: {near[0]}: {{aliases: [{quoted(name)}]}}; or {listed}"


def _entry_of(name: str) -> str:
    """The entry to paste."""
    if "." in name and " " not in name and not name.startswith("."):
        return (
            f"destinations: {{{quoted(name)}: {{hosts: [{quoted(name)}], addresses: [\u2026], ports: [\u2026]}}}}, "
            "or as an alias of "
            f"the destination that has this host: aliases: [{quoted(name)}]"
        )
    entry = f'{quoted(name)}: {{namespace: "\u2026", ports: [\u2026]}}'
    return f"destinations: {{{entry}}} (addresses: [\u2026] for one outside)"


@code("EG302", Severity.ERROR, "A name stands for several destinations.")
def ambiguous_destination(
    code: Code, name: Located[str], choices: Sequence[str], related: Sequence[Label], service: str
) -> Diagnostic:
    offered = " or ".join(f'"{it}"' for it in choices)
    return Diagnostic(
        code,
        f'"{name.value}" stands for {len(choices)} destinations',
        Label(name.span, "which one"),
        tuple(related),
        f"write {offered}; or {say_read_as(name.span.text, choices[0])}, for this text wherever it stands",
        service=service,
    )


@code("EG303", Severity.ERROR, "A row names a source that nothing defines.")
def unknown_service(code: Code, name: Located[str], near: Sequence[str], others: Sequence[Span] = ()) -> Diagnostic:
    """`others`: the other places that name it."""
    others = [place for place in dict.fromkeys(others) if place != name.span]
    related = tuple(Label(place, "and here") for place in others[: MOST_PLACES - 1])
    missing = (Missing(Lack.SOURCE, name.value, near=tuple(near), places=1 + len(others)),)
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
            )
        meant = f"write {' or '.join(f'{chr(34)}{it}{chr(34)}' for it in near)}; or "
    return Diagnostic(
        code,
        f'service "{name.value}" is not defined',
        Label(name.span, "no such service"),
        related,
        help=f"{meant}add it to a table of services, or to the catalog: destinations: "
        f'{{{quoted(name.value)}: {{namespace: "\u2026", selector: {{app: "\u2026"}}}}}} for pods (with policy: none '
        "where another chart manages them), or "
        f"{{policy: none}} for a person or a system outside; or {say_read_as(name.value, 'leave out')} to drop the row",
        missing=missing,
    )


@code("EG304", Severity.ERROR, "The heading above a table of destinations names several services.")
def crowded_heading(code: Code, heading: Located[str], services: Sequence[str]) -> Diagnostic:
    named = " and ".join(f'"{it}"' for it in services)
    return Diagnostic(
        code,
        f'heading "{heading.value}" names {named}',
        Label(heading.span, "whose destinations are these"),
        help="give each service a table under a heading of its own, use a table of flows, or name the one service "
        f"that is meant: tables: {{at: {{{quoted(heading.value)}: {{service: {quoted(services[0])}}}}}}} in "
        "the project file",
    )


@code("EG305", Severity.WARNING, "A table of destinations belongs to no service, though a heading almost names one.")
def distant_heading(code: Code, heading: Located[str], service: str, almost: str = "") -> Diagnostic:
    """`almost`: how the heading right above the table writes the service; empty where one further up names it."""
    why = f'names no service, and "{almost}" is almost "{service}"' if almost else f'does not name "{service}"'
    return Diagnostic(
        code,
        f"the table describes destinations but grants nothing: the heading right above it {why}",
        Label(heading.span, "the nearest heading"),
        help=f'write "{service}" in this heading where the rows are what it needs, or add to the project file: '
        f"tables: {{at: {{{quoted(heading.value)}: {{service: {quoted(service)}}}}}}} (kind: inventory where "
        "they only describe)",
    )


@code("EG306", Severity.ERROR, "A name makes no usable id.")
def unusable_name(code: Code, name: Located[str], id_: str, problem: str, parts: Sequence[str] = ()) -> Diagnostic:
    """`parts`: the names that it may be a list of."""
    group = ""
    if parts:
        group = f"add a group to the catalog: groups: {{{quoted(name.value)}: {{members: [{', '.join(parts)}]}}}}; or "
    return Diagnostic(
        code,
        f'name "{name.value}" makes the id "{id_}", which {problem}',
        Label(name.span, "no usable id"),
        help=f"{group}{'where it is one name, ' if parts else ''}give it one in the catalog: destinations: "
        f"{{{quoted(name.value)}: {{id: a-short-name}}}}",
        missing=(Missing(Lack.ID, name.value),),
    )


@code("EG307", Severity.ERROR, "Two things have one id.")
def shared_id(code: Code, name: Located[str], other: Located[str], id_: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name.value}" and "{other.value}" have one id, "{id_}"',
        Label(name.span, "second of this id"),
        (Label(other.span, "first"),),
        _as_alias(name.value, other.value)
        or 'make one of them an alias of the other in the catalog, or give one an "id"',
    )


def _as_alias(one: str, other: str) -> str:
    """How two names are one, of which the longer has a remark in parentheses behind the shorter; empty for others."""
    short, long = sorted((one, other), key=len)
    if not long.startswith(f"{short} ("):
        return ""
    return (
        f"where both are one, say so in the catalog: destinations: {{{quoted(short)}: {{aliases: [{quoted(long)}]}}}}, "
        "else give one "
        'an "id"'
    )


@code("EG308", Severity.ERROR, "A name of the catalog is given twice.")
def taken_name(code: Code, name: Located[str], other: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'name "{name.value}" is already taken by "{other.value}"',
        Label(name.span, "taken"),
        (Label(other.span, "by this"),),
        "choose another name, or remove one of the two",
    )


@code("EG309", Severity.ERROR, "A row places a destination in a namespace where it is not.")
def other_namespace(
    code: Code, name: Located[str], said: str, known: str, related: Sequence[Label], *, is_port: bool = False
) -> Diagnostic:
    """`is_port`: what stands in the place of the namespace may be the name of a port."""
    port = f'write "{name.value}:{said}" where "{said}" is a port; else ' if is_port else ""
    return Diagnostic(
        code,
        f'"{name.value}" is in the namespace "{known}", not in "{said}"',
        Label(name.span, "placed elsewhere"),
        tuple(related),
        f'{port}define a destination of another name for "{said}" where it is meant; where "{known}" is right, '
        f"{say_read_as(said, known)}",
    )


@code("EG315", Severity.ERROR, "A group has members that it cannot have.")
def unusable_member(code: Code, group: str, member: Located[str], problem: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'member "{member.value}" of "{group}" {problem}',
        Label(member.span, "no member"),
        help="list services and destinations of the tables and the catalog, not groups",
    )


@code("EG316", Severity.ERROR, "The heading that gives a table to a service may also take it away.")
def doubtful_heading(code: Code, heading: Located[str], word: str, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'heading says "{word}": are the rows below it what "{service}" may reach',
        Label(heading.span, "granted or not"),
        help=f'add "{heading.value}" to tables.leaveOut of the project file where not; where they are: tables: {{at: '
        f"{{{quoted(heading.value)}: {{service: {quoted(service)}}}}}}}",
    )
