"""Label selectors of manifests, checked as the API server checks them.

Source: LabelSelector validation (kubernetes apimachinery pkg/apis/meta/v1/validation): an invalid key, value or
operator makes the whole object invalid; null parts read as absent.
"""

import re
from typing import Any

from egressc.dialects.shapes.fields import Object, Problems, item, mapping, only, sequence, shown, text
from egressc.model.label_classes import Labels, select
from egressc.model.policy import Expression, Operator, Selector

_SELECTOR_FIELDS = frozenset(("matchLabels", "matchExpressions"))
_EXPRESSION_FIELDS = frozenset(("key", "operator", "values"))
_OPERATORS = {operator.value: operator for operator in Operator}
_WITH_VALUES = (Operator.IN, Operator.NOT_IN)

_NAME = r"(?=.{1,63}\Z)(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\Z"
_PREFIX = r"(?=[^/]{1,253}/)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*/"
_KEY = re.compile(f"(?:{_PREFIX})?{_NAME}")
_VALUE = re.compile(rf"(?:{_NAME})?\Z")


def read_selector(value: Object, path: str, problems: Problems) -> Selector:
    """A selector as it is written; `path` names it in problems."""
    only(value, _SELECTOR_FIELDS, path, problems)
    labels = read_labels(mapping(value, "matchLabels", path, problems) or {}, f"{path}.matchLabels", problems)
    expressions = sequence(value, "matchExpressions", path, problems) or ()
    return Selector(
        tuple(labels.items()),
        tuple(
            read
            for i, expression in enumerate(expressions)
            if (read := _read_expression(expression, f"{path}.matchExpressions[{i}]", problems)) is not None
        ),
    )


def read_pod_selector(value: Object, path: str, problems: Problems) -> Labels:
    return select(read_selector(value, path, problems))


def read_labels(labels: Object, path: str, problems: Problems) -> dict[str, str]:
    """Labels that are valid; each other one is a problem. A null value reads as empty text, as the server has it."""
    found: dict[str, str] = {}
    for key, value in labels.items():
        if not _KEY.match(key):
            problems.add(path, f"{shown(key)} is not a label key")
        elif not _is_value(value):
            problems.add(f"{path}[{key}]", f"{shown(value)} is not a label value")
        else:
            found[key] = value or ""
    return found


def _read_expression(value: object, path: str, problems: Problems) -> Expression | None:
    expression = item(value, path, problems)
    only(expression, _EXPRESSION_FIELDS, path, problems)
    before = len(problems.found)
    key = text(expression, "key", path, problems)
    if not _KEY.match(key):
        problems.add(f"{path}.key", f"{shown(key)} is not a label key")
    operator = _OPERATORS.get(name := text(expression, "operator", path, problems))
    values = sequence(expression, "values", path, problems) or []
    if operator is None:
        problems.add(f"{path}.operator", f"{shown(name)} is not In, NotIn, Exists or DoesNotExist")
    elif bool(values) != (operator in _WITH_VALUES):
        problems.add(f"{path}.values", f"{operator.value} needs {'values' if not values else 'none'}")
    for entry in values:
        if not _is_value(entry):
            problems.add(f"{path}.values", f"{shown(entry)} is not a label value")
    if operator is None or len(problems.found) > before:
        return None
    return Expression(key, operator, tuple(entry or "" for entry in values))


def _is_value(value: Any) -> bool:
    return value is None or (isinstance(value, str) and _VALUE.match(value) is not None)
