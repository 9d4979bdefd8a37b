"""The labels of probing pods: the same verdict as the chart's, which asks its own templates."""

import pytest

from egressc.contract.probe_labels import find_misplaced_probes
from egressc.source import Source, Span
from support.chart_samples import released
from support.helm_engines import ROOT, Embedded, HelmFailed
from support.tables import each

Labels = dict[str, str | None]
PROBE = ("networkPolicy", "probe")


def expression(operator: str, *values: str, key: str = "tier") -> dict[str, object]:
    return {"key": key, "operator": operator, **({"values": list(values)} if values else {})}


def document(selector: dict[str, object], **probe: object) -> dict[str, object]:
    return {"networkPolicy": {"podSelector": selector, "probe": {"enabled": True, **probe}}}


APP: Labels = {"app": "web"}
SUBJECT, CONTROL = (*PROBE, "podLabels"), (*PROBE, "control", "podLabels")
# Document, and the places of what is wrong with it.
CASES: dict[str, tuple[dict[str, object], list[tuple[str, ...]]]] = {
    "labels alone": (document({"matchLabels": APP}), []),
    "a label that a later file dropped": (document({"matchLabels": {**APP, "tier": None}}), []),
    "one more label": (document({"matchLabels": APP}, podLabels={"tier": "a"}), []),
    "another value": (document({"matchLabels": APP}, podLabels={"app": "db"}), [SUBJECT]),
    "no value for In": (document({"matchLabels": APP, "matchExpressions": [expression("In", "a")]}), [PROBE]),
    "a value for In": (document({"matchExpressions": [expression("In", "a", "b")]}, podLabels={"tier": "b"}), []),
    "not that value": (document({"matchExpressions": [expression("In", "a")]}, podLabels={"tier": "c"}), [SUBJECT]),
    "a dropped value": (document({"matchExpressions": [expression("In", "a")]}, podLabels={"tier": None}), [SUBJECT]),
    "no key for Exists": (document({"matchExpressions": [expression("Exists")]}), [PROBE]),
    "a key for Exists": (document({"matchExpressions": [expression("Exists")]}, podLabels={"tier": ""}), []),
    "what NotIn leaves out": (
        document({"matchLabels": APP, "matchExpressions": [expression("NotIn", "a")]}, podLabels={"tier": "a"}),
        [SUBJECT],
    ),
    "NotIn beside a label": (document({"matchLabels": APP, "matchExpressions": [expression("NotIn", "a")]}), []),
    "NotIn alone selects the control": (document({"matchExpressions": [expression("NotIn", "a")]}), [PROBE]),
    "but for a label of its own": (
        document({"matchExpressions": [expression("NotIn", "a")]}, control={"podLabels": {"tier": "a"}}),
        [],
    ),
    "DoesNotExist alone": (
        document({"matchExpressions": [expression("DoesNotExist")]}, control={"podLabels": {"app": "x"}}),
        [CONTROL],
    ),
    "no control": (document({"matchExpressions": [expression("DoesNotExist")]}, control={"enabled": False}), []),
    "a key that must not be": (
        document({"matchLabels": APP, "matchExpressions": [expression("DoesNotExist")]}, podLabels={"tier": "a"}),
        [SUBJECT],
    ),
    "a control like the service": (document({"matchLabels": APP}, control={"podLabels": APP}), [CONTROL]),
    "the control's own label": (document({"matchLabels": {"network-policy/role": "control"}}), [PROBE]),
    "both wrong": (
        document(
            {"matchExpressions": [expression("In", "a")]}, podLabels={"tier": "b"}, control={"podLabels": {"tier": "a"}}
        ),
        [SUBJECT, CONTROL],
    ),
    "no probe": ({"networkPolicy": {"podSelector": {"matchExpressions": [expression("Exists")]}}}, []),
    "a probe that is off": (document({"matchExpressions": [expression("Exists")]}, enabled=False), []),
    "the chart's own labels": ({"networkPolicy": {"probe": {"enabled": True}}}, []),
}


@each(("values", "places"), CASES.values())
def test_finds_pods_on_the_wrong_side(values: dict[str, object], places: list[tuple[str, ...]]) -> None:
    findings = list(find_misplaced_probes(values))
    assert [finding.path for finding in findings] == places
    place = Span(Source("values.yaml", "x"), 0, 1)
    assert all(finding.at(place).code.id == "EG240" for finding in findings)


@pytest.mark.slow
@each(("values", "places"), CASES.values())
def test_the_chart_says_the_same(values: dict[str, object], places: list[tuple[str, ...]]) -> None:
    try:
        Embedded().template(ROOT, released(values))
        problems = []
    except HelmFailed as failed:
        problems = failed.problems
    subject = any(place in (SUBJECT, PROBE) for place in places)
    assert len(problems) == len(places)
    assert subject is False or problems[0].startswith("networkPolicy.probe.")


def test_a_policy_that_is_off_needs_no_labels() -> None:
    values = document({"matchExpressions": [expression("Exists")]})
    policy = values["networkPolicy"]
    assert isinstance(policy, dict)
    assert not list(find_misplaced_probes({"networkPolicy": {**policy, "enabled": False}}))
