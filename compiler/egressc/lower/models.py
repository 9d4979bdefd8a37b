"""YAML documents through their models: every problem that pydantic finds becomes our code, at its place."""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from egressc.diagnostics.cells import missing_key, unknown_key, wrong_value
from egressc.diagnostics.core import Report
from egressc.source import Located, Source
from egressc.tables.text_flaws import report_merge_marks
from egressc.tables.yaml import YamlNode, key_span_at, read_yaml, span_at, to_plain

M = TypeVar("M", bound=BaseModel)
Path = tuple[str | int, ...]

_IS_NOT = {
    "string_type": ("text",),
    "int_type": ("a whole number",),
    "bool_type": ("true", "false"),
    "list_type": ("a list",),
    "dict_type": ("a map",),
    "model_type": ("a map",),
    "string_pattern_mismatch": ("a code such as EG402",),  # the other pattern is that of names
}
# How pydantic begins to say what a value should have been.
_SHOULD_BE = re.compile(r"(?:Input|String|List|Dictionary) should (be|have) (?:a |an )?(?:valid )?", re.IGNORECASE)
_OF_SPACES = "pattern '\\S'"  # a name without a character
_IS_EMPTY = frozenset({"too_short", "string_too_short"})


def no_other(_key: str, _known: Sequence[str]) -> str:
    """An unknown key means no other one."""
    return ""


def read_document(
    source: Source,
    model: type[M],
    report: Report,
    meant: Callable[[str, Sequence[str]], str] = no_other,
    prepare: Callable[[YamlNode, Report], YamlNode | None] = lambda node, _: node,
) -> tuple[M, YamlNode] | None:
    """A YAML source as its model, with the nodes that know every place; None once its problems are reported.

    Reports EG108 and EG1xx for what is no YAML, EG230 to EG232 for what the model does not take.

    Args:
        meant: which of the known keys an unknown one means in other words; empty where none.
        prepare: what the model is to take of the whole document; None once its problems are reported.
    """
    if report_merge_marks(source, report):
        return None
    whole = read_yaml(source, report)
    node = prepare(whole, report) if whole is not None else None
    if node is None:
        return None
    plain = to_plain(node)
    try:
        return model.model_validate({} if plain is None else plain), node
    except ValidationError as problem:
        _report_problems(problem, model, node, plain, meant, report)
        return None


def _report_problems(
    problem: ValidationError,
    model: type[BaseModel],
    node: YamlNode,
    plain: object,
    meant: Callable[[str, Sequence[str]], str],
    report: Report,
) -> None:
    """One diagnostic a place. Of the alternatives of a union, which all fail, those speak that got furthest."""
    found: dict[Path, dict[str, str]] = {}
    for error in problem.errors(include_url=False, include_context=False, include_input=False):
        loc = tuple(error["loc"])
        path = _existing(plain, loc)
        if error["type"] == "missing":
            report.add(missing_key(str(loc[-1]), span_at(node, path)))
        else:
            found.setdefault(path, {})[error["type"]] = error["msg"]
    for path, kinds in found.items():
        if any(len(other) > len(path) and other[: len(path)] == path for other in found):
            continue
        if set(kinds) == {"extra_forbidden"}:
            known = sorted(alias for alias, _ in _fields(model, path[:-1]))
            name = str(path[-1])
            near = meant(name, known) or next(iter(difflib.get_close_matches(name, known, 1)), "")
            home = "" if near else _home(model, path)
            report.add(unknown_key(Located(name, key_span_at(node, path)), known, near, home))
            continue
        if "enum" in kinds:  # keys that are words of a fixed set
            known = re.findall("'([^']*)'", kinds["enum"])
            near = next(iter(difflib.get_close_matches(str(path[-1]), known, 1)), "")
            report.add(unknown_key(Located(str(path[-1]), key_span_at(node, path)), known, near))
            continue
        kinds.pop("extra_forbidden", None)
        is_null = "list_type" in kinds and _at(plain, path) is None
        says = "is empty" if is_null else _say(kinds)
        keys = [step for step in path if isinstance(step, str)]
        at = span_at(node, path)
        wanted = _description(model, path)
        if (
            "list_type" in kinds
            and says != "is empty"
            and re.fullmatch(r"[\w\"'][^\n]*", at.text)
            and at.text not in ("true", "false")
        ):
            wanted = f"write [{at.text}]" + (f"; {wanted}" if wanted else "")
        if set(kinds) == {"string_type"} and re.fullmatch(r"[\w.+:-]+", at.text):
            wanted = f'YAML reads {at.text} as {_sort_of(_at(plain, path))}: write "{at.text}" in quotes'
        report.add(wrong_value(keys[-1] if keys else "", Located(at.text, at), says, wanted))


def _say(kinds: Mapping[str, str]) -> str:
    """What a value is not, of all that it could be; `kinds` are pydantic's types of errors with their messages."""
    if kinds.keys() & _IS_EMPTY or kinds.get("string_pattern_mismatch", "").endswith(_OF_SPACES):
        return "is empty"
    ways: list[str] = []
    for kind, message in kinds.items():
        if kind == "literal_error":  # "Input should be 'a', 'b' or 'c'"
            ways += [f'"{word}"' for word in re.findall("'([^']*)'", message)]
        elif kind in _IS_NOT:
            ways += _IS_NOT[kind]
        else:
            should = _SHOULD_BE.match(message)
            rest = message[should.end() :] if should else message[0].lower() + message[1:]
            return f"{'is not' if should and should[1] == 'be' else 'does not have'} {rest}" if should else rest
    ways = list(dict.fromkeys(ways))
    match ways:
        case [only]:
            return f"is not {only}"
        case [one, other]:
            return f"is neither {one} nor {other}"
        case _:
            return f"is not one of {', '.join(ways)}"


def _existing(plain: object, loc: Path) -> Path:
    """The steps of a pydantic path that the document has; others name alternatives of unions, or what is missing."""
    held: list[str | int] = []
    for step in loc:
        inner = _inside(plain, step)
        if inner is not None:
            plain = inner[0]
            held.append(step)
    return tuple(held)


def _sort_of(value: object) -> str:
    """What YAML makes of text without quotes, in words."""
    return str(value).lower() if isinstance(value, bool) else "nothing" if value is None else "a number"


def _at(plain: object, path: Path) -> object:
    for step in path:
        inner = _inside(plain, step)
        plain = inner[0] if inner else None
    return plain


def _inside(plain: object, step: str | int) -> tuple[object] | None:
    if isinstance(plain, dict):
        return (plain[step],) if step in plain else None
    if isinstance(plain, list) and isinstance(step, int):
        return (plain[step],) if step < len(plain) else None
    return None


def _description(model: type[BaseModel], path: Path) -> str:
    """What the nearest key around a path is for, by its model; at the root, the keys that there are."""
    if not path:
        return f"write a map with the keys {', '.join(alias for alias, _ in _fields(model, ()))}"
    for end in range(len(path), 0, -1):
        if isinstance(path[end - 1], str):
            for alias, field in _fields(model, path[: end - 1]):
                if alias == path[end - 1]:
                    return f"{alias}: {field.description}" if field.description else ""
    return ""


def _fields(model: type[BaseModel], path: Path) -> Iterator[tuple[str, FieldInfo]]:
    """The keys that models allow at a path, under the names that documents use."""
    for held in _models_at(model, path):
        for name, field in held.model_fields.items():
            yield field.alias or name, field


def _models_at(model: type[BaseModel], path: Path) -> list[type[BaseModel]]:
    annotations: list[object] = [model]
    for step in path:
        inner: list[object] = []
        for held in (it for annotation in annotations for it in _models(annotation)):
            inner += [field.annotation for name, field in held.model_fields.items() if (field.alias or name) == step]
        # A step into a list or a free map stays with what the annotation holds inside.
        annotations = inner or annotations
    return [it for annotation in annotations for it in _models(annotation)]


def _home(model: type[BaseModel], path: Path) -> str:
    """The one place where the last key of a path is known, below its own place or the root; empty for none or many."""
    for start in (path[:-1], ()):
        found = {(*start, *way) for way in _ways(_models_at(model, start), str(path[-1]))}
        if len(found) == 1:
            return ".".join(map(str, found.pop()))
    return ""


def _ways(models: Iterable[type[BaseModel]], name: str) -> Iterator[Path]:
    """The keys that lead to one with this name, through maps whose keys are known."""
    for held in models:
        for key, field in held.model_fields.items():
            alias = field.alias or key
            if alias == name:
                yield ()
            elif not any(get_origin(it) in (dict, list) for it in (field.annotation, *get_args(field.annotation))):
                yield from ((alias, *way) for way in _ways(_models(field.annotation), name))


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
