"""Pods of `helm test`: the policy has to select the one that stands for the service, and not its control.

As the chart says it: charts/network-policy, network-policy.internal.check.probe-labels.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from egressc.contract.finding import Finding, Say
from egressc.diagnostics.values import invalid_value

# The chart gives it to the control, beside the labels of `control.podLabels`.
_CONTROL: Final = {"network-policy/role": "control"}

Labels = Mapping[str, str]


def find_misplaced_probes(document: Mapping[str, Any]) -> Iterator[Finding]:
    """EG240 for labels of probing pods, in a document that the schema takes; the chart's own podSelector needs none."""
    policy = document.get("networkPolicy", {})
    probe, selector = policy.get("probe") or {}, policy.get("podSelector")
    if not probe.get("enabled") or not policy.get("enabled", True) or not selector:
        return
    place = ("networkPolicy", "probe")
    wanted = _given(selector.get("matchLabels"))
    if not _selects(selector, wanted | _given(probe.get("podLabels"))):
        problem = "do not make a pod that podSelector selects"
        help = "write labels that satisfy its matchExpressions"
        yield Finding(
            (*place, "podLabels") if "podLabels" in probe else place, _say("podLabels", problem, help), at_key=True
        )
    control = probe.get("control") or {}
    if control.get("enabled", True) and _selects(selector, _CONTROL | _given(control.get("podLabels"))):
        problem = "make a pod that podSelector selects too, so it is no control"
        help = "write other labels, or enabled: false beside them"
        found = (*place, "control", "podLabels") if "podLabels" in control else place
        yield Finding(found, _say("labels of the control", problem, help), at_key=True)


def _selects(selector: Mapping[str, Any], labels: Labels) -> bool:
    """Whether a LabelSelector matches a pod with these labels."""
    return _given(selector.get("matchLabels")).items() <= labels.items() and all(
        _holds(expression, labels) for expression in selector.get("matchExpressions") or ()
    )


def _holds(expression: Mapping[str, Any], labels: Labels) -> bool:
    value = labels.get(expression["key"])
    match expression["operator"]:
        case "In":
            return value in expression["values"]
        case "NotIn":
            return value not in expression["values"]
        case "Exists":
            return value is not None
        case _:
            return value is None


def _given(labels: Mapping[str, str | None] | None) -> dict[str, str]:
    # A null drops the label.
    return {key: value for key, value in (labels or {}).items() if value is not None}


def _say(what: str, problem: str, help: str) -> Say:
    return lambda span, _: invalid_value(span, what, problem, help)
