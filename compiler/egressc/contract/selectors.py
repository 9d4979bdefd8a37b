"""A LabelSelector of a values document, which the schema takes, as the selector that the model reckons with."""

from collections.abc import Mapping
from typing import Any

from egressc.model.policy import Expression, Operator, Selector


def given_labels(labels: Mapping[str, str | None] | None) -> dict[str, str]:
    """Labels without those that a null drops."""
    return {key: value for key, value in (labels or {}).items() if value is not None}


def read_selector(written: Mapping[str, Any]) -> Selector:
    expressions = (
        Expression(it["key"], Operator(it["operator"]), tuple(it.get("values", ())))
        for it in written.get("matchExpressions") or ()
    )
    return Selector(tuple(given_labels(written.get("matchLabels")).items()), tuple(expressions))
