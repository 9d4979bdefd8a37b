"""Pods of `helm test`: the policy has to select the one that stands for the service, and not its control.

As the chart says it: charts/network-policy, network-policy.internal.check.probe-labels.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from egressc.contract.finding import Finding
from egressc.contract.selectors import given_labels, read_selector
from egressc.contract.wording import invalid_words
from egressc.model.label_classes import matches, select

# The chart gives it to the control, beside the labels of `control.podLabels`.
_CONTROL: Final = {"network-policy/role": "control"}


def find_misplaced_probes(document: Mapping[str, Any]) -> Iterator[Finding]:
    """EG240 for labels of probing pods, in a document that the schema takes; the chart's own podSelector needs none."""
    policy = document.get("networkPolicy", {})
    probe, written = policy.get("probe") or {}, policy.get("podSelector")
    if not probe.get("enabled") or not policy.get("enabled", True) or not written:
        return
    place = ("networkPolicy", "probe")
    selected = select(read_selector(written))
    if not matches(selected, given_labels(written.get("matchLabels")) | given_labels(probe.get("podLabels"))):
        problem, help = (
            "describe a pod that podSelector does not select",
            "write labels that satisfy its matchExpressions",
        )
        at = (*place, "podLabels") if "podLabels" in probe else place
        yield Finding(at, invalid_words("podLabels", problem, help), at_key=True)
    control = probe.get("control") or {}
    if control.get("enabled", True) and matches(selected, _CONTROL | given_labels(control.get("podLabels"))):
        problem = "describe a pod that podSelector selects too, so it is not a control"
        help = "write other labels, or enabled: false next to them"
        at_control = (*place, "control", "podLabels") if "podLabels" in control else place
        yield Finding(at_control, invalid_words("labels of the control", problem, help), at_key=True)
