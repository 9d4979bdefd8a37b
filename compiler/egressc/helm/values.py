"""Values files into the values a chart sees: several documents merged, then laid over the chart's defaults.

Source: helm.sh/docs/chart_template_guide/values_files, and the same results from the helm binary, by test.
"""

import re
from collections.abc import Mapping, Sequence

from egressc.source import Source

Values = Mapping[str, object]

_MARKER = re.compile(r"^(?:---|\.\.\.)", re.MULTILINE)
_ENDS_HERE = re.compile(r"\.\.\.[ \t]*(?:[ \t]#.*)?(?:\r?\n[ \t]*(?:#.*)?)*\r?\Z")
_NOTHING_YET = re.compile(r"\A\ufeff?(?:[ \t]*+(?:#[^\n]*+)?+\r?+\n|%[^\n]*+\n)*+\Z")


def second_document(source: Source) -> int | None:
    """The offset at which a values file goes on after its first YAML document; None where it does not.

    Helm 3 reads the first document of a file and forgets the rest, Helm 4 merges them all [observed on 3.17.2 and
    4.1.4]: nothing that means two things is rendered.
    """
    text = source.text
    if "\n---" not in text and "\n..." not in text and not text.startswith(("---", "...")):
        return None
    markers = [match.start() for match in _MARKER.finditer(text)]
    if markers and _NOTHING_YET.match(text, 0, markers[0]):
        markers = markers[1:]
    if not markers or _ENDS_HERE.match(text, markers[0]):
        return None
    return markers[0]


def merge_files(documents: Sequence[Values]) -> Values:
    """One document from those of several `-f`, later over earlier: maps by key, all else (a null too) replaced."""
    merged: Values = {}
    for document in documents:
        merged = _merge(merged, document) if merged else document
    return merged


def lay_over(defaults: Values, values: Values) -> dict[str, object]:
    """A chart's defaults with values laid over them: a null takes a default away, and stays where there is none."""
    laid = {key: default for key, default in defaults.items() if key not in values}
    for key, value in values.items():
        if key not in defaults:
            laid[key] = value
        elif isinstance(value, Mapping):
            default = defaults[key]
            laid[key] = lay_over(default, value) if isinstance(default, Mapping) else value
        elif value is not None:
            laid[key] = value
    return laid


def _merge(earlier: Values, later: Values) -> Values:
    merged = dict(earlier)
    for key, value in later.items():
        known = merged.get(key)
        if isinstance(known, Mapping) and isinstance(value, Mapping):
            merged[key] = _merge(known, value)
        else:
            merged[key] = value
    return merged
