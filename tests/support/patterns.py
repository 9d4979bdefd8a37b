"""Every regular expression of the compiler, how the code uses each, and texts that were made to hurt it."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from re import _constants as names  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

import egressc

_METHODS = frozenset({"match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"})
# Scanning functions try every place of a text: those that find one place at most stand for them.
_AT_EVERY_PLACE = _METHODS - {"match", "fullmatch"}
_CALLS = {f"re.{method}" for method in ("compile", *_METHODS)}
_MOST_LETTERS = 12
_SAMPLES: dict[Any, str] = {
    names.CATEGORY_DIGIT: "1",
    names.CATEGORY_NOT_DIGIT: "a",
    names.CATEGORY_SPACE: " \t\n",
    names.CATEGORY_NOT_SPACE: "a",
    names.CATEGORY_WORD: "a1",
    names.CATEGORY_NOT_WORD: "- ",
}


class Used(NamedTuple):
    """A pattern, the module that holds it, and the methods that are called on it."""

    module: str
    pattern: re.Pattern[str]
    methods: frozenset[str]


def used_patterns() -> list[Used]:
    """The patterns that modules of the package hold when they are imported, each once."""
    found: dict[tuple[str, int], Used] = {}
    modules = [
        importlib.import_module(info.name)
        for info in pkgutil.walk_packages(egressc.__path__, "egressc.")
        if not info.name.endswith("__main__")
    ]
    called: dict[str, set[str]] = {}
    for module in modules:
        for name, method in re.findall(r"\b(\w+)\.(\w+)\(", Path(str(module.__file__)).read_text("utf-8")):
            called.setdefault(name, set()).add(method)
    for module in modules:
        for name, pattern, method in _held(vars(module)):
            methods = {method} if method else _METHODS & called.get(name, set())
            key = (pattern.pattern, pattern.flags)
            before = found[key].methods if key in found else frozenset()
            # A pattern that is handed on, or stands in a list, may be used in any way.
            found[key] = Used(
                module.__name__, pattern, before | (frozenset(methods) or frozenset({"search", "fullmatch"}))
            )
    return list(found.values())


def written_in_functions() -> list[Used]:
    """The patterns that functions hand to `re` as plain text, with what they call."""
    found: list[Used] = []
    for path in sorted(Path(egressc.__path__[0]).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(call, ast.Call)
                and ast.unparse(call.func) in _CALLS
                and isinstance(call.args[0], ast.Constant)
            ):
                method = ast.unparse(call.func).removeprefix("re.")
                if method != "compile":
                    found.append(Used(path.stem, re.compile(str(call.args[0].value)), frozenset({method})))
    return found


def hurting_texts(pattern: re.Pattern[str], size: int) -> Iterator[str]:
    """Texts of about a size out of the letters that a pattern speaks of: one or two again and again, with odd ends."""
    letters = "".join(dict.fromkeys(_letters(parser.parse(pattern.pattern, pattern.flags))))[:_MOST_LETTERS] or "a"
    ends = dict.fromkeys(("", "!", "\n", "\0", letters[0], letters[-1]))
    pumps = dict.fromkeys([*letters, *(a + b for a in letters[:6] for b in letters[:6] if a != b)])
    starts = dict.fromkeys(("", letters[0]))
    for pump in pumps:
        for start in starts:
            for end in ends:
                yield start + pump * (size // len(pump)) + end


def work(used: Used) -> Iterator[tuple[str, Any]]:
    """The ways in which the code runs a pattern."""
    for method in ("match", "fullmatch"):
        if method in used.methods:
            yield method, getattr(used.pattern, method)
    if used.methods & _AT_EVERY_PLACE:
        yield "sub", lambda text: used.pattern.subn("", text)


def _held(variables: dict[str, Any]) -> Iterator[tuple[str, re.Pattern[str], str]]:
    """Patterns of texts under the names of a module, and the method where the name is that of one."""
    for name, pattern, method in _named(variables):
        if isinstance(pattern.pattern, str):
            yield name, pattern, method


def _named(variables: dict[str, Any]) -> Iterator[tuple[str, re.Pattern[Any], str]]:
    for name, value in list(variables.items()):
        if isinstance(value, re.Pattern):
            yield name, value, ""
        elif isinstance(getattr(value, "__self__", None), re.Pattern):
            yield name, value.__self__, value.__name__
        elif isinstance(value, tuple | list | dict):
            items = value.values() if isinstance(value, dict) else value
            for item in items:
                for inner in item if isinstance(item, tuple) else (item,):
                    if isinstance(inner, re.Pattern):
                        yield name, inner, ""


def _letters(parsed: Any) -> Iterator[str]:
    for kind, value in parsed:
        if kind in (names.LITERAL, names.NOT_LITERAL):
            yield chr(value) if kind is names.LITERAL else "a" if chr(value) != "a" else "b"
        elif kind is names.RANGE:
            yield chr(value[0])
        elif kind is names.CATEGORY:
            yield from _SAMPLES.get(value, "")
        elif kind is names.ANY:
            yield "a"
        elif kind is names.IN:
            negated = value and value[0][0] is names.NEGATE
            if negated:
                yield "a"
                yield " "
            yield from _letters(value[1:] if negated else value)
        elif kind is names.BRANCH:
            for branch in value[1]:
                yield from _letters(branch)
        elif kind is names.SUBPATTERN:
            yield from _letters(value[3])
        elif kind in (names.MAX_REPEAT, names.MIN_REPEAT, names.POSSESSIVE_REPEAT):
            yield from _letters(value[2])
        elif kind in (names.ASSERT, names.ASSERT_NOT):
            yield from _letters(value[1])
        elif kind is names.ATOMIC_GROUP:
            yield from _letters(value)
