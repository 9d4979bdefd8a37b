"""Selector and namespace cells: `app=web`, `app: web, tier=front`, `tier in (a, b)`, `any pod`; `data`, `any`."""

import re
from functools import lru_cache

from egressc.diagnostics.cells import unreadable_namespace, unreadable_selector
from egressc.diagnostics.core import Diagnostic
from egressc.lower.words import ANY_NAMESPACE, ANY_POD, INTERNET, without_mark
from egressc.model.policy import Expression, Operator, Selector
from egressc.model.references import Trouble
from egressc.model.requirements import NO_FACTS, Facts
from egressc.model.scalars import dns_label_problem, label_key_problem, label_value_problem
from egressc.model.texts import item_offsets, says_nothing
from egressc.source import Located, Span

_SET = re.compile(r"(\S+)\s+(in|notin)\s*\(([^()]*)\)")
_EQUALITY = re.compile(r"([^\s=!:]+)\s*(==|=|!=|:)\s*(\S*)")


@lru_cache(maxsize=1 << 14)
def read_selector(text: str) -> Selector | Trouble | None:
    """The selector of a cell; None where it says nothing, an empty one for "any pod".

    Source: Kubernetes, labels and selectors; a bare key (Exists) is refused: it may as well be a name.
    """
    if says_nothing(text):
        return None
    if text.lower() in ANY_POD:
        return Selector()
    labels: dict[str, str] = {}
    expressions: list[Expression] = []
    for start, end in item_offsets(text):
        item = text[start:end]
        if match := _SET.fullmatch(item):
            key, values = match[1], tuple(sorted({value.strip() for value in match[3].split(",")}))
            operator = Operator.IN if match[2] == "in" else Operator.NOT_IN
            expressions.append(Expression(key, operator, values))
        elif match := _EQUALITY.fullmatch(item):
            key, values = match[1], (match[3].strip("\"'"),)
            if match[2] == "!=":
                expressions.append(Expression(key, Operator.NOT_IN, values))
            elif labels.setdefault(key, values[0]) != values[0]:
                return _trouble(text, start, end, f'has two values for "{key}"')
        else:
            return _trouble(text, start, end, "is not a label with a value")
        if problem := _label_problem(key, values):
            return _trouble(text, start, end, problem)
    return make_selector(labels, expressions)


def make_selector(labels: dict[str, str], expressions: list[Expression]) -> Selector:
    """In one order, so that equal selectors are equal values."""
    order = sorted(set(expressions), key=lambda it: (it.key, it.operator.value, it.values))
    return Selector(tuple(sorted(labels.items())), tuple(order))


@lru_cache(maxsize=1 << 12)
def read_namespace(text: str) -> Facts | Trouble:
    """What a namespace cell says: one namespace, any, or "Internet", which is none."""
    if says_nothing(text):
        return NO_FACTS
    text = without_mark(text)
    if text.lower() in ANY_NAMESPACE:
        return Facts(namespaces=Selector())
    if text.lower() in INTERNET:
        return Facts(is_external=True)
    if problem := dns_label_problem(text):

        def build(span: Span) -> Diagnostic:
            return unreadable_namespace(Located(text, span), problem)

        return Trouble(0, len(text), build)
    return Facts(namespace=text)


def _label_problem(key: str, values: tuple[str, ...]) -> str | None:
    if problem := label_key_problem(key):
        return f'has the key "{key}", which {problem}'
    for value in values:
        if problem := label_value_problem(value):
            return f'has the value "{value}", which {problem}'
    return None


def _trouble(text: str, start: int, end: int, problem: str) -> Trouble:
    said = text[start:end]

    def build(span: Span) -> Diagnostic:
        return unreadable_selector(Located(said, span), problem)

    return Trouble(start, end, build)
