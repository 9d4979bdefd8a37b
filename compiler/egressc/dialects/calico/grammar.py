"""Calico's selectors: their grammar, and what they match.

Source: projectcalico/calico libcalico-go/lib/selector (tokenizer, parser, ast). Spaces and tabs separate; a string has
single or double quotes and no escapes; && binds more than ||, and ! more than both. `k != 'v'` and `k not in {…}` also
match what has no label k.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from egressc.model.label_classes import Values

LONGEST: Final = 1024
_DEEPEST: Final = 50
_SPACE: Final = re.compile(r"[ \t]*")
_KEY: Final = r"[a-zA-Z0-9_./-]{1,512}"
_TOKEN: Final = re.compile(
    rf"""(?P<has>has\([ \t]*(?P<label>{_KEY})[ \t]*\)) | (?P<word>(?:all|global)\([ \t]*\))
    | (?P<key>{_KEY}) | (?P<text>"[^"]*"|'[^']*') | (?P<sign>==|!=|&&|\|\||[!(){{}},])""",
    re.VERBOSE,
)
_OPERATOR: Final = re.compile(r"contains|starts[ \t]*with|ends[ \t]*with|not[ \t]*in|in")


class Atom(NamedTuple):
    """A label, and the values of it that are met; None among them stands for its absence."""

    key: str
    values: Values


class PartOfText(NamedTuple):
    """A test of a label that no set of values says: it is met by values that contain some text, or start or end so."""

    key: str
    operator: str
    text: str


class Global(NamedTuple):
    """What is in no namespace."""


class Not(NamedTuple):
    node: "Node"


class All(NamedTuple):
    """What meets every node; without any, everything."""

    nodes: "tuple[Node, ...]" = ()


class Any(NamedTuple):
    """What meets one of the nodes."""

    nodes: "tuple[Node, ...]"


Node = Atom | PartOfText | Global | Not | All | Any
EVERYTHING: Final = All()
_ABSENT: Final[frozenset[str | None]] = frozenset((None,))


class BadSelectorError(Exception):
    """A selector that Calico refuses, or that is not read; the text says why."""


def parse(text: str) -> Node:
    """What a selector says; an empty one is everything. Raises BadSelectorError."""
    if len(text) > LONGEST:
        raise BadSelectorError(f"has more than {LONGEST} characters")
    return _Parser(text).read()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def read(self) -> Node:
        if self._is_at_end():
            return EVERYTHING
        node = self._any()
        if not self._is_at_end():
            raise self._unexpected()
        return node

    def _any(self) -> Node:
        nodes = [self._all()]
        while self._takes("||"):
            nodes.append(self._all())
        return nodes[0] if len(nodes) == 1 else Any(tuple(nodes))

    def _all(self) -> Node:
        nodes = [self._one()]
        while self._takes("&&"):
            nodes.append(self._one())
        return nodes[0] if len(nodes) == 1 else All(tuple(nodes))

    def _one(self) -> Node:
        is_negated = False
        while self._takes("!"):
            is_negated = not is_negated
        node = self._plain()
        return Not(node) if is_negated else node

    def _plain(self) -> Node:
        if self._takes("("):
            self._depth += 1
            if self._depth > _DEEPEST:
                raise BadSelectorError("has too many parentheses inside each other to be read")
            node = self._any()
            self._expect(")")
            self._depth -= 1
            return node
        found = self._next()
        if found is not None and found["has"]:
            return Atom(found["label"], Values(True, _ABSENT))
        if found is not None and found["word"]:
            return EVERYTHING if found["word"].startswith("all") else Global()
        if found is None or not found["key"]:
            raise self._unexpected(found)
        return self._test(found["key"])

    def _test(self, key: str) -> Node:
        if self._takes("=="):
            return Atom(key, Values(False, frozenset((self._string(),))))
        if self._takes("!="):
            return Atom(key, Values(True, frozenset((self._string(),))))
        self._skip()
        found = _OPERATOR.match(self._text, self._at)
        if found is None:
            raise self._unexpected()
        self._at = found.end()
        operator = re.sub(r"[ \t]", "", found[0])
        if operator in ("in", "notin"):
            return Atom(key, Values(operator == "notin", frozenset(self._set())))
        return PartOfText(key, operator, self._string())

    def _set(self) -> Iterator[str]:
        self._expect("{")
        while not self._takes("}"):
            yield self._string()
            if not self._takes(","):
                self._expect("}")
                return

    def _string(self) -> str:
        found = self._next()
        if found is None or not found["text"]:
            raise self._unexpected(found)
        return found["text"][1:-1]

    def _next(self) -> "re.Match[str] | None":
        self._skip()
        found = _TOKEN.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def _takes(self, sign: str) -> bool:
        self._skip()
        found = _TOKEN.match(self._text, self._at)
        if found is None or found["sign"] != sign:
            return False
        self._at = found.end()
        return True

    def _expect(self, sign: str) -> None:
        if not self._takes(sign):
            raise self._unexpected()

    def _skip(self) -> None:
        found = _SPACE.match(self._text, self._at)
        assert found is not None, "no space is a space too"
        self._at = found.end()

    def _is_at_end(self) -> bool:
        self._skip()
        return self._at == len(self._text)

    def _unexpected(self, found: "re.Match[str] | None" = None) -> BadSelectorError:
        at = self._at if found is None else found.start()
        if at == len(self._text):
            return BadSelectorError("ends too early")
        return BadSelectorError(f"cannot be read from {self._text[at:][:20]!r} on")


def meets(node: Node, labels: Mapping[str, str], *, is_global: bool = False) -> bool:
    """Whether an object with these labels is selected; `is_global`: it is in no namespace."""
    match node:
        case Atom(key, values):
            return values.admits(labels.get(key))
        case PartOfText(key, operator, text):
            value = labels.get(key)
            tests = {"contains": str.__contains__, "startswith": str.startswith, "endswith": str.endswith}
            return value is not None and bool(tests[operator](value, text))
        case Global():
            return is_global
        case Not(inner):
            return not meets(inner, labels, is_global=is_global)
        case All(nodes):
            return all(meets(it, labels, is_global=is_global) for it in nodes)
        case Any(nodes):
            return any(meets(it, labels, is_global=is_global) for it in nodes)


def in_namespaces(node: Node) -> Node:
    """A selector of namespaces, in which all() is whatever is in one."""
    match node:
        case All(()):
            return Not(Global())
        case Not(inner):
            return Not(in_namespaces(inner))
        case All(nodes):
            return All(tuple(map(in_namespaces, nodes)))
        case Any(nodes):
            return Any(tuple(map(in_namespaces, nodes)))
        case Atom() | PartOfText() | Global():
            return node


def keys_of(node: Node) -> Iterator[str]:
    """The labels that a selector looks at."""
    for it in _leaves(node):
        if isinstance(it, Atom | PartOfText):
            yield it.key


def holds_global(node: Node) -> bool:
    return any(isinstance(it, Global) for it in _leaves(node))


def _leaves(node: Node) -> Iterator[Node]:
    match node:
        case Atom() | PartOfText() | Global():
            yield node
        case Not(inner):
            yield from _leaves(inner)
        case All(nodes) | Any(nodes):
            for it in nodes:
                yield from _leaves(it)
