"""The compiler's verdict on extra rules against the API server's own, for a corpus of every rule and its near misses.

docs/parity.md explains each kind of difference; one that it does not explain fails.
"""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
import yaml

from cluster.extras_corpus import Document, by_hand, generated
from egressc.contract.values_file import check_values
from egressc.diagnostics.core import Report
from egressc.helm.choose import open_engine
from egressc.helm.engine import NotRendered, Outcome, RenderJob, ValuesFile
from egressc.source import Source
from egressc.tables.yaml import read_yaml
from support.chart_samples import released
from testbed.api import POLICIES, Api, Refused
from testbed.control_plane import ControlPlane

ROOT: Final = Path(__file__).parents[2]
SEED: Final = 20
GENERATED: Final = 600
OWN_PODS: Final = {"matchLabels": {"app": "web"}}


@dataclass(frozen=True)
class Verdicts:
    """One document of the corpus: what each says of it; None where it is accepted.

    `rendered` is the server's word on the policy that the chart makes of it; the chart's own where it refuses.
    """

    name: str
    document: Document
    ours: str | None
    server: str | None
    chart: str | None
    rendered: str | None


@pytest.fixture(scope="module")
def verdicts(control_plane: ControlPlane) -> list[Verdicts]:
    documents = [*by_hand(), *generated(SEED, GENERATED)]
    texts = [json.dumps(_values(document)) for _, document in documents]
    rendered = open_engine(None, {}).render_fleet(ROOT, [_job(text) for text in texts])
    cases = [(*document, *rest) for document, *rest in zip(documents, texts, rendered, strict=True)]
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda case: _judge(control_plane.api, *case), cases))


def _values(document: Document) -> Document:
    policy = {key: value for key, value in document.items() if key != "fullnameOverride"}
    beside = {key: value for key, value in document.items() if key == "fullnameOverride"}
    return released({**beside, "networkPolicy": {"podSelector": OWN_PODS, **policy}}, "probe", "default")


def _job(values: str) -> RenderJob:
    return RenderJob("probe", "default", (ValuesFile(Source("values.yaml", values)),))


def _judge(api: Api, name: str, document: Document, text: str, outcome: Outcome) -> Verdicts:
    server = _server(api, _policy({"podSelector": OWN_PODS, **document}))
    if isinstance(outcome, NotRendered):
        return Verdicts(name, document, _ours(text), server, outcome.problem.message, None)
    refusals = (_server(api, one) for one in yaml.safe_load_all(outcome.text) if one)
    return Verdicts(name, document, _ours(text), server, None, next((one for one in refusals if one), None))


def _ours(text: str) -> str | None:
    """The first error of `egressc check`; warnings are no refusal."""
    report = Report()
    source = Source("values.yaml", text)
    node = read_yaml(source, report)
    if node is not None:
        check_values(source, node, report)
    errors = [one for one in report.sorted() if one.code.severity.value == "error"]
    return f"{errors[0].code.id} {errors[0].message}" if errors else None


def _policy(values: Document) -> Document:
    """The NetworkPolicy that these values mean, by hand: nothing is added, nothing left out."""
    name = values.get("fullnameOverride") or "probe"
    metadata = {"name": f"{name}-egress" if isinstance(name, str) else name, "namespace": "default"}
    for ours, theirs in (("commonLabels", "labels"), ("commonAnnotations", "annotations")):
        if ours in values:
            metadata[theirs] = values[ours]
    spec = {"podSelector": values["podSelector"], "policyTypes": ["Egress"]}
    if "egress" in values:
        spec["egress"] = values["egress"]
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def _server(api: Api, policy: Document) -> str | None:
    """Why a strict dry run refuses a policy."""
    try:
        api.post(f"{POLICIES}/namespaces/default/networkpolicies?dryRun=All&fieldValidation=Strict", policy)
    except Refused as error:
        return str(error)
    return None


Explains = Callable[[Verdicts], bool]


def _has_null(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_has_null, value.values()))
    return any(map(_has_null, value)) if isinstance(value, list) else value is None


def _is_about_long_annotations(one: Verdicts) -> bool:
    return "commonAnnotations" in one.document and one.ours is not None and "and Helm adds" in one.ours


# By the heading of docs/parity.md that explains it: why we refuse what the server takes.
STRICTER: Final[dict[str, Explains]] = {
    "Null": lambda one: _has_null(one.document),
    "The pods of the policy": lambda one: one.ours == "EG240 podSelector is empty",
    "Names": lambda one: one.ours is not None and one.ours.startswith("EG240 fullnameOverride"),
    "Long annotations": _is_about_long_annotations,
}
# What needs arithmetic: neither the chart's schema nor its templates see it.
PAST_THE_CHART: Final = {
    "EG240": "Long annotations",
    "EG244": "Ranges of ports",
    "EG245": "Networks",
    "EG246": "Networks",
}


def test_what_we_accept_the_server_accepts(verdicts: list[Verdicts]) -> None:
    """The one promise without exception: no values file that `check` accepts is refused when it is installed."""
    refused = [f"{one.name}: {one.chart or one.rendered}" for one in verdicts if _is_refused_later(one)]
    assert not refused, "\n".join(refused)


def _is_refused_later(one: Verdicts) -> bool:
    return one.ours is None and (one.chart is not None or one.rendered is not None)


def test_each_difference_is_explained(verdicts: list[Verdicts], capsys: pytest.CaptureFixture[str]) -> None:
    differences = [one for one in verdicts if (one.ours is None) != (one.server is None)]
    unexplained = [one for one in differences if one.ours is None or not any(it(one) for it in STRICTER.values())]
    with capsys.disabled():
        print(f"\nparity: {len(verdicts)} documents, {len(differences)} differences")
        for heading, explains in STRICTER.items():
            _tell(heading, [one.name for one in differences if explains(one)])
    assert not unexplained, "\n".join(f"{one.name}: {one.ours} | {one.server}" for one in unexplained)


def _tell(heading: str, names: list[str]) -> None:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    print(f"  {heading}: {', '.join(names[:3])}{more}")


def test_each_explanation_is_needed_and_written(verdicts: list[Verdicts]) -> None:
    text = (ROOT / "docs" / "parity.md").read_text("utf-8")
    headings = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    for heading, explains in STRICTER.items():
        assert any((one.ours is None) != (one.server is None) and explains(one) for one in verdicts), heading
    assert {*STRICTER, *PAST_THE_CHART.values()} <= headings


def test_what_the_chart_alone_lets_through_is_known(
    verdicts: list[Verdicts], capsys: pytest.CaptureFixture[str]
) -> None:
    past: dict[str, list[str]] = {}
    for one in verdicts:
        if one.rendered is not None:
            past.setdefault(str(one.ours).partition(" ")[0], []).append(one.name)
    with capsys.disabled():
        print("\nwhat the chart alone lets through, and the check does not")
        for code, names in sorted(past.items()):
            _tell(code, names)
    assert set(past) == set(PAST_THE_CHART)


def test_the_corpus_is_worth_something(verdicts: list[Verdicts]) -> None:
    accepted = sum(one.server is None for one in verdicts)
    assert len(verdicts) > 1500
    assert 0.25 < accepted / len(verdicts) < 0.75
