"""Items of list cells: `name`, `name:port`, `name (port)`, `name (HTTPS 443)`, `name (namespace)`, an address."""

import re
from functools import lru_cache

from egressc.diagnostics.cells import unreadable_item
from egressc.diagnostics.core import Diagnostic
from egressc.diagnostics.phrases import say_read_as
from egressc.diagnostics.references import limited_item
from egressc.lower.addresses import SCHEME_PORTS, URL, network_trouble, read_network
from egressc.lower.limits import narrows
from egressc.lower.ports import protocols_of, read_ports
from egressc.lower.verdicts import limiting_word
from egressc.lower.words import INTERNET, OVER_TCP, OVER_UDP, PLACEHOLDERS, without_mark
from egressc.model.policy import Port
from egressc.model.references import Forms, Reference, Trouble
from egressc.model.scalars import is_dns_label
from egressc.model.texts import says_nothing, split_list
from egressc.model.vocabulary import ENGLISH
from egressc.source import Located, Span

# What can only be ports in parentheses: a number that stands alone, a range, or "any port".
_SAYS_PORTS = re.compile(
    r"(?<![\w./-])[0-9]+(?![\w.:-]|/[0-9]+\.)|^[0-9]+\s*[-\u2013\u2014]\s*[0-9]+$|^(?:any|all) ports?$", re.I
)
# A number alone that may be a version of what is named, "Postgres (15)"; no software of this kind is at 53 or 80.
_MAY_BE_VERSION = re.compile(r"(?!53|80)[0-9]{1,2}|20[0-2][0-9]").fullmatch
_PARENTHESES = re.compile(r"(.*[^\s(])\s*\(((?:[^()]++|\([^()]*+\))*+)\)")
# What ends an IPv6 address or network before a port.
_BEFORE_PORT = re.compile(r"[\]/][0-9]*:")
_COLON = re.compile(r"(.*[^\s:])\s*:\s*([^\s:()][^:()]*)")
# Addresses and host names: facts that belong in the catalog.
_LOOKS_TECHNICAL = re.compile(r"[0-9A-Za-z-]\.[A-Za-z]{2}|[0-9]\.[0-9]++\.[0-9]++\.|[0-9]/[0-9]|::")
# The DNS name of a Service: kubernetes.io/docs, "DNS for Services and Pods".
_IN_CLUSTER = re.compile(
    r"(?P<name>[a-z0-9-]+)\.(?P<space>[a-z0-9-]+)\.svc(?:\.[a-z0-9.-]+)?(?::(?P<port>[0-9]+))?", re.I
)
# Names between which an item may stand for each, and the word that an item may be without.
_BETWEEN = re.compile(r"(?:(?<!\s)\s++)?+(?:[/+&]|(?<=\s)and(?=\s))\s*+|[()]", re.IGNORECASE)
_ONLY = re.compile(r"(?:only\s++)?(?P<name>\S.*?)(?:(?<!\s)\s++only)?", re.IGNORECASE)
_MAY_HAVE_FORMS = re.compile(r"[/+&]|and|only", re.IGNORECASE)
_MOST_PARTS = 50
_PLAIN = re.compile("[A-Za-z0-9_-]+(?: [A-Za-z0-9_-]+)*").fullmatch
_LONGEST_FORM = 1000
# Names of every public address, and words next to them that do not limit it.
_PUBLIC = frozenset({*INTERNET, *ENGLISH["public"]})
_UNLIMITING = frozenset(
    {*OVER_TCP, *OVER_UDP, *ENGLISH["ofProtocols"], *ENGLISH["outward"], *ENGLISH["inward"], "public", "access"}
)
_PROTOCOL_ALONE = re.compile("(?:tcp|udp|sctp)(?:/(?:tcp|udp|sctp))*", re.I)


def read_references(text: str) -> tuple[Reference, ...]:
    """The items of a cell, in order; none for a cell that says "None"."""
    items = split_list(text)
    if len(items) > 1:
        return tuple(map(_read_item, items, ("", *items)))
    return tuple(map(read_reference, items)) if items and not says_nothing(without_mark(items[0])) else ()


def _read_item(text: str, before: str) -> Reference:
    """An item of several; `before` is the one to its left. EG210 for one that is a port, or says that there is none."""
    ref = read_reference(text)
    if says_nothing(text):
        return ref._replace(
            trouble=_unreadable(
                text,
                0,
                len(text),
                'means "none", but the cell has other items',
                f"remove it, or {say_read_as(text, 'ignore')}",
            )
        )
    is_port = text[0].isdigit() and ref.address is None and before
    if is_port and (text.isdecimal() or not isinstance(read_ports(text), Trouble)):
        joined = f"{before}/{text}" if ":" in before else f"{before} ({text})"
        if re.search(":[1-9]$", before) and len(text) == 3:
            joined = f"{before}{text}"  # 8,080 in place of 8080
        return ref._replace(
            trouble=_unreadable(text, 0, len(text), "is a port without a destination", f'write "{joined}"')
        )
    return ref


@lru_cache(maxsize=1 << 16)
def read_reference(text: str) -> Reference:
    """What one item says. Its `trouble` holds what cannot be read, unless the whole text turns out to be a name."""
    if _PLAIN(text) and text.lower() not in PLACEHOLDERS and not _MAY_HAVE_FORMS.search(text):
        return Reference(text, text)  # words are a name: the usual case
    read = _read(without_mark(text))
    speaks = bool(protocols_of((read.namespace or read.remark).casefold()))
    return read._replace(text=text, name=without_mark(read.name), speaks=speaks, forms=_read_forms(text))


def _read_forms(text: str) -> Forms:
    """The forms that an item has where it is no name: each is read as an item of its own."""
    if len(text) > _LONGEST_FORM or not _MAY_HAVE_FORMS.search(text):
        return Forms()
    if (only := _ONLY.fullmatch(text)) and only["name"] != text:
        return Forms(read_reference(only["name"]))
    parts = _parts_of(text)
    if not 2 <= len(parts) <= _MOST_PARTS:
        return Forms()
    refs = tuple(map(read_reference, parts))
    is_placed = len(parts) == 2 and "/" in text and is_dns_label(parts[0])
    placed = Reference(text, refs[1].name, parts[0], refs[1].ports) if is_placed else None
    return Forms(None, placed, refs)


def _parts_of(text: str) -> list[str]:
    """What stands between separators that no closing parenthesis follows before an opening one."""
    parts: list[str] = []
    waiting: list[re.Match[str]] = []
    start = 0
    for found in (*_BETWEEN.finditer(text), None):
        if found is not None and found[0] not in ("(", ")"):
            waiting.append(found)
            continue
        for separator in waiting if found is None or found[0] == "(" else ():
            parts.append(text[start : separator.start()])
            start = separator.end()
        waiting.clear()
    parts.append(text[start:])
    return [part for part in parts if part]


def _read(text: str) -> Reference:
    if text.lower() in PLACEHOLDERS:
        return Reference(text, text, trouble=_placeholder(text))
    if not text.isascii() or not text.isalnum():
        if address := read_network(text):
            return Reference(text, text, address=address)
        if "::" in text and not _BEFORE_PORT.search(text) and (trouble := network_trouble(text, 0)):
            return Reference(text, text, trouble=trouble)
        if url := URL.fullmatch(text):
            port = url["port"] or str(SCHEME_PORTS.get(url["scheme"].lower(), ""))
            if inner := _IN_CLUSTER.fullmatch(url["host"]):
                return _with_host(text, inner["name"], inner["space"], port)
            return _with_host(text, url["host"].strip("[]"), "", port)
        if inner := _IN_CLUSTER.fullmatch(text):
            return _with_host(text, inner["name"], inner["space"], inner["port"] or "")
        if colon := _COLON.fullmatch(text):
            return _with_ports(text, colon)
        if parentheses := _PARENTHESES.fullmatch(text):
            return _with_parentheses(text, parentheses)
        return Reference(text, text, trouble=network_trouble(text, 0))
    return Reference(text, text)


def _with_host(text: str, name: str, namespace: str, port: str) -> Reference:
    """A URL, or the DNS name of a Service in the cluster."""
    ports = read_ports(port)
    if isinstance(ports, Trouble):
        return Reference(text, text, trouble=_whole(ports, 0, len(text)))
    return Reference(text, name, namespace, ports, read_network(name))


def _placeholder(text: str) -> Trouble:
    repair = f'write "None" or leave it empty; or {say_read_as(text, "ignore")}'
    return _unreadable(text, 0, len(text), "looks like a placeholder", repair)


def _with_ports(text: str, colon: re.Match[str]) -> Reference:
    ports = read_ports(colon[2])
    if isinstance(ports, Trouble):
        return Reference(text, text, trouble=_shift(ports, colon.start(2)))
    if not ports:  # `cart: no` is no grant of the cart
        return Reference(text, text, trouble=_limited(text, colon.start(2), colon.end(2), colon[1], colon[1]))
    before = colon[1].removeprefix("[").removesuffix("]") if colon[1].startswith("[") else colon[1]
    inner = Reference(before, before, address=read_network(before), trouble=network_trouble(before, text.index(before)))
    if parentheses := _PARENTHESES.fullmatch(before):
        inner = _with_parentheses(before, parentheses, after=text[len(before) :] if text.startswith(before) else "")
    if inner.trouble or inner.ports:
        return Reference(text, text, trouble=inner.trouble or _unreadable(text, 0, len(text), "has ports twice"))
    return Reference(text, inner.name, inner.namespace, ports, inner.address, limit=inner.limit)


def _with_parentheses(text: str, match: re.Match[str], after: str = "") -> Reference:
    """A name with text in parentheses: ports, a namespace, or a remark. EG318 for one that limits the name.

    `after`: the rest of the item, which is its ports.
    """
    name, inside = match[1], match[2]
    if _MAY_BE_VERSION(inside):
        repair = f'write "{name}:{inside}" if it is a port; if it is a version, {say_read_as(text, name)}'
        return Reference(
            text, text, trouble=_unreadable(text, match.start(2), match.end(2), "may be a port or a version", repair)
        )
    namespace = ""
    limit: Trouble | None = None
    ports: list[str] = []
    remarks: list[str] = []
    parts = [it for part in inside.split(",") if (it := part.strip())]
    said = ", ".join(filter(_SAYS_PORTS.search, parts))
    unlimited = f"{name} ({said})" if said else f"{name}{after}"
    for part in parts:
        at = text.index(part, match.start(2))
        is_place = is_dns_label(part) and not namespace
        if _SAYS_PORTS.search(part) and not read_network(part):
            ports.append(part)
        elif limiting_word(part) or (narrows(part) and not is_place):
            return Reference(text, text, trouble=_limited(text + after, at, at + len(part), name, unlimited))
        elif _PROTOCOL_ALONE.fullmatch(part) or _LOOKS_TECHNICAL.search(part):
            problem = "is neither a port nor a namespace"
            repair = _in_catalog(text, name, part)
            return Reference(text, text, trouble=_unreadable(text, at, at + len(part), problem, repair))
        else:
            if is_place:
                namespace = part
            else:
                remarks.append(part)
            if narrows(part) or _limits_public(name, part):
                limit = _limited(text + after, at, at + len(part), name, unlimited)
    said = ", ".join(ports) if namespace or remarks else inside
    read: tuple[Port, ...] | Trouble = read_ports(said) if ports else ()
    if isinstance(read, Trouble):
        return Reference(text, text, trouble=_whole(read, match.start(2), match.end(2)))
    if not namespace and not read and not remarks:
        return Reference(text, text, trouble=_unreadable(text, match.start(2) - 1, match.end(2) + 1, "says nothing"))
    address, trouble = read_network(name), network_trouble(name, 0)
    return Reference(text, name, namespace, read, address, trouble, ", ".join(remarks), limit=limit)


def _limits_public(name: str, remark: str) -> bool:
    """Whether a remark makes less than every public address of the name before it: `End users (office)`."""
    return name.casefold() in _PUBLIC and not _UNLIMITING.issuperset(re.split(r"[\s/]+", remark.casefold()))


def _limited(text: str, start: int, end: int, name: str, unlimited: str) -> Trouble:
    """`unlimited`: the item without its limit."""
    said = text[start:end]

    def build(span: Span) -> Diagnostic:
        return limited_item(Located(said, span), text, name, unlimited, is_public=name.casefold() in _PUBLIC)

    return Trouble(start, end, build)


def _in_catalog(text: str, name: str, part: str) -> str:
    """Where hosts and networks of a destination belong; empty where nothing better than the usual is known."""
    if network := read_network(part):
        said = f'addresses: ["{network.cidr}"]'
    elif "." in part:
        said = f'hosts: ["{part}"], addresses: ["\u2026"]'
    else:
        return ""
    known = f'{{"{name}": {{aliases: ["{text}"], {said}, ports: [\u2026]}}}}'
    return f"add this to the catalog, with the whole text as an alias: destinations: {known}"


def _shift(trouble: Trouble, by: int) -> Trouble:
    return Trouble(trouble.start + by, trouble.end + by, trouble.build)


def _whole(trouble: Trouble, start: int, end: int) -> Trouble:
    return Trouble(start, end, trouble.build)


def _unreadable(text: str, start: int, end: int, problem: str, repair: str = "") -> Trouble:
    said = text[start:end]

    def build(span: Span) -> Diagnostic:
        return unreadable_item(Located(said, span), problem, repair)

    return Trouble(start, end, build)
