"""What renders without the checks of our own chart is what those checks let pass, and comes out with the same bytes.

Here Helm itself renders the whole chart: `helm_engines.Embedded` knows no way around anything.
"""

import json
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egressc.helm.choose import open_engine
from egressc.helm.embedded import read_values
from egressc.helm.engine import EngineError, HelmEngine, NotRendered, Rendered, RenderJob, ValuesFile
from egressc.helm.loaded import LoadedChart, load_chart
from egressc.source import Source
from support.chart_samples import COMPILED, EVERYTHING, released
from support.chart_samples import dependency as sample
from support.helm_binaries import ROOT
from support.helm_cases import HOSTILE
from support.helm_engines import Embedded, HelmFailed
from unit.contract.values_corpus import ARITHMETIC, INVALID, VALID, Document

# What a value may be replaced by, of each type that YAML has, near misses of ports, names and labels among them.
ODD: tuple[object, ...] = (
    None, True, 0, 1, -1, 65535, 65536, 80.0, 80.5, 1e21, "", "a", "80", "TCP", "a\n", "\x7f", "{{ fail `no` }}",
    "10.0.0.0/8", [], [None], ["a"], [{}], {}, {"a": None}, {"a": "b"}, {"port": 9, "endPort": 8},
    {"matchLabels": {"a": None}},
)  # fmt: skip


@cache
def chart() -> LoadedChart:
    return load_chart(ROOT)


@cache
def engine() -> HelmEngine:
    return open_engine("embedded", {})


def job(values: Document, name: str = "rel") -> RenderJob:
    """A later values file over those of the release."""
    files = (released({}, name), values)
    return RenderJob(name, "ns", tuple(ValuesFile(Source(f"{name}.yaml", json.dumps(file)), file) for file in files))


def is_unchecked(values: Document) -> bool:
    """Whether values render without the chart's checks."""
    laid = chart().lay(read_values(job(values)))
    return laid is not None and chart().accepts(laid, "rel", "ns")


def expect_like_helm(values: Document) -> bool:
    """Whether the whole chart renders the values; what renders does so without its checks and with them, alike."""
    try:
        expected = Embedded().template(ROOT, released({}), values) or "\n"
    except HelmFailed:
        assert not is_unchecked(values)
        with pytest.raises(EngineError):
            engine().render(ROOT, job(values))
        return False
    assert engine().render(ROOT, job(values)) == expected
    return True


def replaced(value: object, by: object) -> Iterator[object]:
    """A value with one part of it at a time replaced, or given another name."""
    yield by
    match value:
        case dict():
            for key, part in value.items():
                yield {name: each for name, each in value.items() if name != key} | {"other": part}
                yield from ({**value, key: changed} for changed in replaced(part, by))
        case list():
            for at, part in enumerate(value):
                yield from ([*value[:at], changed, *value[at + 1 :]] for changed in replaced(part, by))
        case _:
            pass


# Sound for a chart with pods of its own, which this one has not.
OF_OTHER_CHARTS = {"own labels dropped", "release that a later file dropped"}


# Guardrails render nothing, and are the one thing that is not asked without the checks: the compiler has asked it.
WRONG_GUARDRAILS = {name for name in ARITHMETIC if "guardrail" in name or "denied" in name}


def test_sound_values_render_alike() -> None:
    assert len(WRONG_GUARDRAILS) == 3
    cases = {name: values for name, values in (VALID | ARITHMETIC).items() if name not in WRONG_GUARDRAILS}
    assert {name for name, values in cases.items() if not expect_like_helm(values)} == OF_OTHER_CHARTS


def test_unsound_values_are_refused_alike() -> None:
    for values in INVALID.values():
        assert not is_unchecked(values) or expect_like_helm(values)


def test_one_odd_value_anywhere_is_judged_alike() -> None:
    """Of what the checks would refuse nothing passes: all that goes without them is rendered with them as well."""
    seen = 0
    for by in ODD:
        for values in (*replaced(EVERYTHING, by), *replaced(COMPILED, by)):
            if isinstance(values, dict) and is_unchecked(values):
                assert expect_like_helm(values)
                seen += 1
    assert seen > 100


members = st.recursive(
    st.sampled_from([value for value in ODD if not isinstance(value, list | dict)]) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["port", "protocol", "endPort", "to", "podSelector", "matchLabels"]), inner)
    ),
    max_leaves=4,
)
ports = st.fixed_dictionaries(
    {"port": st.integers(0, 9) | st.sampled_from(["http", "80"]), "protocol": st.sampled_from(["TCP", "UDP", "tcp"])},
    optional={"endPort": st.integers(0, 9) | st.none()},
)
peers: st.SearchStrategy[object] = st.sampled_from(
    [{"podSelector": {}}, {"namespaceSelector": {}, "podSelector": {}}, {}]
) | st.fixed_dictionaries(
    {"podSelector": st.fixed_dictionaries({"matchLabels": st.dictionaries(st.text("ab", min_size=1), members)})}
)
rules = st.fixed_dictionaries({"to": st.lists(peers, max_size=2), "ports": st.lists(ports, max_size=2)})
documents = st.fixed_dictionaries(
    {},
    optional={
        "dependencies": st.dictionaries(st.text("ab-", max_size=3), rules | st.none() | members, max_size=2),
        "egress": st.lists(rules | members, max_size=2),
        "dns": st.fixed_dictionaries({"profile": st.sampled_from(["any", "custom"])}, optional={"to": st.lists(peers)}),
        "podSelector": members,
        "commonLabels": members,
    },
)


@settings(max_examples=150)
@given(documents)
def test_any_values_are_judged_alike(members: Document) -> None:
    values: Document = {"networkPolicy": members}
    if is_unchecked(values):
        assert expect_like_helm(values)


def test_a_fleet_refuses_what_its_services_are_refused_for() -> None:
    sound = [values for name, values in VALID.items() if name not in OF_OTHER_CHARTS | {"release"}]
    jobs = []
    for number, values in enumerate(INVALID.values()):
        jobs += [job(values, f"unsound-{number}"), job(sound[number % len(sound)], f"sound-{number}")]
    for outcome in engine().render_fleet(ROOT, jobs):
        match outcome:
            case Rendered(work, text):
                assert engine().render(ROOT, work) == text
            case NotRendered(work, problem):
                with pytest.raises(EngineError) as raised:
                    engine().render(ROOT, work)
                assert raised.value.diagnostic == problem
                assert work.service.startswith("unsound")


def test_hostile_names_are_the_same_comment() -> None:
    for text in HOSTILE:
        values = {"networkPolicy": {"dependencies": {"db": sample(name=text or None, purpose=text)}}}
        assert is_unchecked(values)
        assert expect_like_helm(values)
