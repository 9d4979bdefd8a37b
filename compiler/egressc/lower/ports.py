"""Port and protocol cells: numbers, ranges, names, `53/UDP`, `HTTPS 443`, `any`.

A cell is a list of groups. A group is ports beside protocols, such as `80/443/TCP`: its ports take its protocols, so
it may hold protocols on one side only. Nothing is guessed: a word that is none of these refuses the cell.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from egressc.diagnostics.cells import port_out_of_range, protocol_contradiction, unknown_protocol, unreadable_port
from egressc.diagnostics.core import Diagnostic
from egressc.diagnostics.phrases import say_read_as
from egressc.lower.limits import narrows_port
from egressc.lower.verdicts import CellVerdict, limiting_word, opening_verdict, suspicious_word
from egressc.lower.words import ANY, OVER_TCP, OVER_UDP, VAGUE, blank_marks
from egressc.model.policy import Port, Protocol
from egressc.model.ports import EVERY_PROTOCOL, sort_ports
from egressc.model.references import Trouble
from egressc.model.scalars import PORT_MAX, port_name_problem
from egressc.model.texts import says_nothing
from egressc.model.vocabulary import ENGLISH
from egressc.source import Located, Span

_PROTOCOLS: Final = {"tcp": Protocol.TCP, "udp": Protocol.UDP, "sctp": Protocol.SCTP}
_TOKEN = re.compile(
    r"(?P<lead>(?<![\w.-])(?:[Tt][Cc][Pp]|[Uu][Dd][Pp]|[Ss][Cc][Tt][Pp])\s*:(?!:))"
    r"|(?P<http>[Hh][Tt][Tt][Pp]/[0-9](?:\.[0-9])?(?![0-9]))"
    r"|(?P<range>[0-9]+(?:\s*[-\u2013\u2014]\s*| to )[0-9]+(?![\w.-]))"
    r"|(?P<split>[,;&+\n]|(?<![\w.-])(?:and|or|et|und|y)(?![\w.-]))"
    r"|(?P<slash>/)"
    r"|(?P<word>[^\s,;&+/()]+)"
)
_OPEN_ENDED = re.compile(r"(?<![\w.-])[0-9]+\s*(?:\+(?!\s*\w)|(?:and|or)\s+(?:above|higher|up|more)\b)", re.I)
_MAPPED = re.compile(r"(?<![0-9])[0-9]++(?:/\w++)?+\s*+(?:(?<!-)-++>|=>|[\u2192\u21d2]|:)\s*+(?P<pod>[0-9]++)")
_EITHER = re.compile(r"[0-9]\s+(?:or|oder|ou|o)\s+[0-9]+", re.I)
_IN_PARENTHESES = re.compile(r"\(([^()]*)\)")
_WHAT_FOR = re.compile(r"(?<=[0-9])\s+for\s([^,;\n()]*)")
_WITH_PROTOCOL = re.compile(r"([0-9]+)[-_]?(tcp|udp|sctp)", re.I)
_THOUSANDS = re.compile(r"(?<![\w.,-])[1-9],[0-9]{3}(?![\w.,-])")
_NUMBER = re.compile("[1-9][0-9]*|0").fullmatch
_SAY_WHICH: Final = (
    'add the cell to tables.readAs in the project file, as the port that you mean, or as "ignore" and its ports to '
    "the catalog"
)


@lru_cache(maxsize=1 << 14)
def read_ports(text: str, protocols: tuple[Protocol, ...] = ()) -> tuple[Port, ...] | Trouble:
    """The ports of a cell, sorted; none where it says nothing. `protocols`: those next to it, if any.

    Without a protocol a number or a name is TCP, and `any` is every port of TCP, UDP and SCTP.
    """
    if says_nothing(text):
        return ()
    if thousands := _THOUSANDS.search(text):
        number = thousands[0].replace(",", "")
        repair = f'write "{number}" if it is one number, or add a space after the comma'
        return _trouble(*_at(text, thousands), lambda it: unreadable_port(it, "may be one number or two", repair))
    if found := _EITHER.search(text):
        return _trouble(*_at(text, found), lambda it: unreadable_port(it, "offers a choice of ports"))
    if found := _MAPPED.search(text):
        repair = f"for the port that the pods listen on, {say_read_as(text, found['pod'])}"
        return _trouble(*_at(text, found), lambda it: unreadable_port(it, "has a Service port and a pod port", repair))
    if found := _OPEN_ENDED.search(text):
        first = found[0].split("+")[0].split()[0]
        repair = f'write the range, such as "{first}-{PORT_MAX}"'
        return _trouble(*_at(text, found), lambda it: unreadable_port(it, "has no upper end", repair))
    unmarked = blank_marks(text)
    for purpose in _WHAT_FOR.finditer(unmarked):
        if limiting_word(purpose[1]) or narrows_port(purpose[1]):
            return _trouble(*_at(text, purpose), lambda it: unreadable_port(it, "limits the port next to it"))
    plain = _without_labels(_WHAT_FOR.sub(lambda it: " " * len(it[0]), unmarked), text)
    if isinstance(plain, Trouble):
        return plain
    ports: list[Port] = []
    lead: Protocol | None = None
    for group in _groups(plain):
        if group[0].lastgroup == "lead":
            lead = _PROTOCOLS[group.pop(0).group().rstrip(": \t").lower()]
            if not group:
                continue
        read = _read_group(text, group, protocols, lead)
        if isinstance(read, Trouble):
            return read
        ports += read
    if not ports:
        return _trouble(text, 0, len(text), lambda it: unreadable_port(it, "contains no port"))
    if len({port.port is None for port in ports}) > 1:
        return _trouble(text, 0, len(text), lambda it: unreadable_port(it, 'has "any" next to other ports'))
    return sort_ports(ports)


def read_ports_apart(text: str, protocols: tuple[Protocol, ...] = ()) -> tuple[tuple[Port, ...], ...]:
    """The ports of a cell as its separators group them: `5432 / 27017` are two; () where one part cannot be read."""
    found = [read_ports(part.strip(), protocols) for part in re.split(r"[/,;\n]", text) if part.strip()]
    return (
        () if any(isinstance(it, Trouble) for it in found) else tuple(it for it in found if not isinstance(it, Trouble))
    )


def _without_labels(plain: str, text: str) -> str | Trouble:
    """Spaces in place of labels in parentheses, `9092 (plain)`; one may also be an alternative or a condition."""
    for found in _IN_PARENTHESES.finditer(plain) if "(" in plain else ():
        words = found[1].lower().replace("/", " ").split()
        if all(word in _PROTOCOLS or word in OVER_TCP or word in OVER_UDP or word in ANY for word in words):
            continue
        if re.search("[0-9]", found[1]):
            if _NUMBER(found[1].strip()) or plain[: found.start()].strip().isalpha():
                continue  # `HTTPS (443)`
            return _trouble(
                *_at(text, found), lambda it: unreadable_port(it, "may be an alternative to the first port")
            )
        if limiting_word(found[1]) or narrows_port(found[1]):
            return _trouble(*_at(text, found), lambda it: unreadable_port(it, "limits the port next to it"))
        plain = plain[: found.start()] + " " * len(found[0]) + plain[found.end() :]
    return plain


def names_application(text: str) -> bool:
    """Whether a cell says what ports speak and not which they are: `HTTPS (mTLS)`."""
    words = re.findall(r"[^\s/(),]+", text.lower())
    return bool(words) and all(it in OVER_TCP or it in OVER_UDP for it in words)


@lru_cache(maxsize=1 << 10)
def read_protocols(text: str) -> tuple[Protocol, ...] | Trouble:
    """The protocols of a cell; none where it says nothing. Application words of TCP, such as HTTPS, are TCP.

    Behind one that is known, what is in parentheses and what only qualifies it is passed over.
    """
    if says_nothing(text):
        return ()
    found: set[Protocol] = set()
    plain = blank_marks(text)
    remarks = list(_IN_PARENTHESES.finditer(plain))
    for remark in remarks:
        if narrows_port(remark[1]) or suspicious_word(remark[1]) or opening_verdict(remark[1]) is not CellVerdict.BLANK:
            return _trouble(*_at(text, remark), lambda it: unknown_protocol(it, "limits the protocol next to it"))
    inside = [it.span() for it in remarks]
    for token in _TOKEN.finditer(re.sub("(?i)opc ua", "opc-ua", plain)):
        word = token.group().lower()
        if token.lastgroup in ("split", "slash"):
            continue
        if read := protocols_of(word):
            found.update(read)
        elif word in ANY:
            found.update(EVERY_PROTOCOL)
        elif found and (word in _QUALIFIERS or any(start <= token.start() < end for start, end in inside)):
            continue
        else:
            return _trouble(text, token.start(), token.end(), unknown_protocol)
    return tuple(sorted(found))


_QUALIFIERS: Final = ENGLISH["qualifiers"]


def protocols_of(word: str) -> tuple[Protocol, ...]:
    """The protocols of a word in lower case; none for one that is no protocol."""
    if word in _PROTOCOLS:
        return (_PROTOCOLS[word],)
    if word in OVER_TCP:
        return (Protocol.TCP,)
    if word in OVER_UDP:
        return (Protocol.UDP,)
    return (Protocol.TCP, Protocol.UDP) if word == "dns" else ()


def _groups(text: str) -> list[list[re.Match[str]]]:
    groups: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "split":
            groups.append([])
        elif token.group().lower() not in ("port", "ports"):
            groups[-1].append(token)
    return [group for group in groups if group]


def _read_group(
    text: str, group: list[re.Match[str]], beside: tuple[Protocol, ...], lead: Protocol | None
) -> list[Port] | Trouble:
    start, end = group[0].start(), group[-1].end()
    has_number = any(token.lastgroup == "range" or _NUMBER(token.group()) for token in group)
    ports: list[tuple[int | str | None, int | None]] = []
    protocols: set[Protocol] = set()
    sides = ""  # "p" a protocol, "n" a port: protocols may stand on one side of the ports
    after_slash = True
    for token in group:
        if token.lastgroup == "slash":
            after_slash = True
            continue
        word = token.group()
        lowered = word.lower()
        if token.lastgroup == "lead":
            return _trouble(text, start, end, lambda it: unreadable_port(it, "mixes ports and protocols"))
        if lowered in _PROTOCOLS or token.lastgroup == "http" or (has_number and protocols_of(lowered)):
            if not protocols_of(lowered):
                return _trouble(text, token.start(), token.end(), unknown_protocol)
            protocols.update(protocols_of(lowered))
            sides += "p" if not sides.endswith("p") else ""
            continue
        if glued := _WITH_PROTOCOL.fullmatch(word):
            protocols.add(_PROTOCOLS[glued[2].lower()])
            word = str(glued[1])
        port = _read_port(text, token, word)
        if isinstance(port, Trouble):
            return port
        if has_number and isinstance(port[0], str):
            return _trouble(
                text,
                token.start(),
                token.end(),
                lambda it: unreadable_port(it, "is not a known word next to a port number"),
            )
        if sides.endswith("n") and not after_slash:
            return _trouble(text, start, end, lambda it: unreadable_port(it, "has no separator between its ports"))
        sides += "n" if not sides.endswith("n") else ""
        ports.append(port)
        after_slash = False
    if not ports:
        return _trouble(text, start, end, lambda it: unreadable_port(it, "has a protocol but no port"))
    if len(sides) > 2:
        return _trouble(text, start, end, lambda it: unreadable_port(it, "mixes ports and protocols"))
    if lead is not None and not protocols:
        protocols = {lead}
    if beside and not protocols.issubset(beside):
        says, other = _say(protocols), _say(beside)
        return _trouble(text, start, end, lambda it: protocol_contradiction(it, says, other))
    return [
        Port(protocol, number, last)
        for number, last in ports
        for protocol in (protocols or beside or (EVERY_PROTOCOL if number is None else (Protocol.TCP,)))
    ]


def _read_port(text: str, token: re.Match[str], word: str) -> tuple[int | str | None, int | None] | Trouble:
    if token.lastgroup == "range":
        first, last = (int(number[:6]) for number in re.findall("[0-9]+", word))
        if first == 0 and last == PORT_MAX:
            return 1, PORT_MAX
        if not 1 <= first <= last <= PORT_MAX:
            return _trouble(
                text, token.start(), token.end(), lambda it: port_out_of_range(it, "is not a range of ports")
            )
        return first, last if last > first else None
    if _NUMBER(word):
        number = int(word[:6])
        if not 1 <= number <= PORT_MAX:
            return _trouble(
                text, token.start(), token.end(), lambda it: port_out_of_range(it, f"is not in 1..{PORT_MAX}")
            )
        return number, None
    if word.isdecimal() and word.isascii():
        repair = f'write "{word.lstrip("0")}"'
        return _trouble(text, token.start(), token.end(), lambda it: unreadable_port(it, "begins with 0", repair))
    if word.lower() in ANY:
        return None, None
    if word.lower() in VAGUE or opening_verdict(word) in (CellVerdict.DENY, CellVerdict.PENDING):
        return _trouble(text, token.start(), token.end(), lambda it: unreadable_port(it, "is not a port", _SAY_WHICH))
    if word[0].isdigit():
        return _trouble(
            text, token.start(), token.end(), lambda it: unreadable_port(it, "is neither a number nor a name")
        )
    if problem := port_name_problem(word):
        return _trouble(text, token.start(), token.end(), lambda it: unreadable_port(it, problem))
    return word, None


def _say(protocols: Iterable[Protocol]) -> str:
    return "/".join(sorted(protocols))


def _at(text: str, found: re.Match[str]) -> tuple[str, int, int]:
    return text, found.start(), found.end()


def _trouble(text: str, start: int, end: int, build: Callable[[Located[str]], Diagnostic]) -> Trouble:
    said = text[start:end]

    def at(span: Span) -> Diagnostic:
        return build(Located(said, span))

    return Trouble(start, end, at)
