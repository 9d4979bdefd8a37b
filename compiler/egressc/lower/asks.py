"""Items of list cells: `name`, `name:port`, `name (port)`, `name (HTTPS 443)`, `name (namespace)`, an address."""

import re
from functools import lru_cache

from egressc.diagnostics.cells import unreadable_item
from egressc.diagnostics.core import Diagnostic
from egressc.lower.addresses import network_trouble, read_network
from egressc.lower.ports import read_ports
from egressc.lower.words import says_nothing, split_list, without_mark
from egressc.model.policy import Port
from egressc.model.requirements import Ask, Trouble
from egressc.model.scalars import is_dns_label
from egressc.source import Located, Span

# What can only be ports in parentheses: a number that stands alone, a range, or "any port".
_SAYS_PORTS = re.compile(r"(?<![\w.-])[0-9]+(?![\w.-])|^[0-9]+\s*[-\u2013\u2014]\s*[0-9]+$|^(?:any|all) ports?$", re.I)
_PARENTHESES = re.compile(r"(.*\S)\s*\(([^()]*)\)")
_COLON = re.compile(r"(.*[^\s:])\s*:\s*([^\s:()][^:()]*)")
_PROTOCOL_ALONE = re.compile("(?:tcp|udp|sctp)(?:/(?:tcp|udp|sctp))*", re.I)


def read_asks(text: str) -> tuple[Ask, ...]:
    """The items of a cell, in order; none for a cell that says "None"."""
    items = split_list(text)
    if len(items) > 1:
        return tuple(map(_read_item, items, ("", *items)))
    return tuple(map(read_ask, items)) if items and not says_nothing(without_mark(items[0])) else ()


def _read_item(text: str, before: str) -> Ask:
    """An item of several; `before` is the one to its left. EG210 for one that is a port, or says that there is none."""
    ask = read_ask(text)
    if says_nothing(text):
        return ask._replace(trouble=_unreadable(text, 0, len(text), "says nothing, beside other things", "remove it"))
    is_port = text[0].isdigit() and ask.address is None and before
    if is_port and (text.isdecimal() or not isinstance(read_ports(text), Trouble)):
        joined = f"{before}/{text}" if ":" in before else f"{before} ({text})"
        if re.search(":[1-9]$", before) and len(text) == 3:
            joined = f"{before}{text}"  # 8,080 in place of 8080
        return ask._replace(
            trouble=_unreadable(text, 0, len(text), "is a port without a destination", f'write "{joined}"')
        )
    return ask


@lru_cache(maxsize=1 << 16)
def read_ask(text: str) -> Ask:
    """What one item says. Its `trouble` holds what cannot be read, unless the whole text turns out to be a name."""
    if text.isascii() and text.isalnum():  # a plain word is a name: the usual case
        return Ask(text, text)
    read = _read(without_mark(text))
    name = without_mark(read.name)
    return read if name == text else Ask(text, name, *read[2:])


def _read(text: str) -> Ask:
    if not text.isascii() or not text.isalnum():
        if address := read_network(text):
            return Ask(text, text, address=address)
        if colon := _COLON.fullmatch(text):
            return _with_ports(text, colon)
        if parentheses := _PARENTHESES.fullmatch(text):
            return _with_parentheses(text, parentheses)
        return Ask(text, text, trouble=network_trouble(text, 0))
    return Ask(text, text)


def _with_ports(text: str, colon: re.Match[str]) -> Ask:
    ports = read_ports(colon[2])
    if isinstance(ports, Trouble):
        return Ask(text, text, trouble=_shift(ports, colon.start(2)))
    before = colon[1].removeprefix("[").removesuffix("]") if colon[1].startswith("[") else colon[1]
    inner = Ask(before, before, address=read_network(before), trouble=network_trouble(before, text.index(before)))
    if parentheses := _PARENTHESES.fullmatch(before):
        inner = _with_parentheses(before, parentheses)
    if inner.trouble or inner.ports:
        return Ask(text, text, trouble=inner.trouble or _unreadable(text, 0, len(text), "names ports twice"))
    return Ask(text, inner.name, inner.namespace, ports, inner.address)


def _with_parentheses(text: str, match: re.Match[str]) -> Ask:
    name, inside = match[1], match[2]
    namespace = ""
    ports: list[str] = []
    for part in filter(None, map(str.strip, inside.split(","))):
        if _SAYS_PORTS.search(part):
            ports.append(part)
        elif is_dns_label(part) and not _PROTOCOL_ALONE.fullmatch(part) and not namespace:
            namespace = part
        else:
            at = text.index(part, match.start(2))
            return Ask(text, text, trouble=_unreadable(text, at, at + len(part), "is neither ports nor a namespace"))
    said = ", ".join(ports) if namespace else inside
    read: tuple[Port, ...] | Trouble = read_ports(said) if ports else ()
    if isinstance(read, Trouble):
        return Ask(text, text, trouble=_whole(read, match.start(2), match.end(2)))
    if not namespace and not read:
        return Ask(text, text, trouble=_unreadable(text, match.start(2) - 1, match.end(2) + 1, "says nothing"))
    return Ask(text, name, namespace, read, read_network(name), network_trouble(name, 0))


def _shift(trouble: Trouble, by: int) -> Trouble:
    return Trouble(trouble.start + by, trouble.end + by, trouble.build)


def _whole(trouble: Trouble, start: int, end: int) -> Trouble:
    return Trouble(start, end, trouble.build)


def _unreadable(text: str, start: int, end: int, problem: str, repair: str = "") -> Trouble:
    said = text[start:end]

    def build(span: Span) -> Diagnostic:
        return unreadable_item(Located(said, span), problem, repair)

    return Trouble(start, end, build)
