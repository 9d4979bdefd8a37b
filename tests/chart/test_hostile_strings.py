"""Values are data: no text in them is template or YAML source, and none changes a rule."""

import json
from pathlib import Path

import helm_python
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.chart_samples import COMPILED, INGRESS, PODS, TCP_5432, caller, dependency
from support.helm_engines import Embedded, Engine, HelmFailed, Values, merge
from support.odd_strings import ANY_TEXT, ODD, is_another_type

HOSTILE = [
    "two\nlines",
    "ends a comment\n- to: []",
    "\n---\nkind: Pod",
    "\r\n- {}",
    "\x85- {}",
    "\u2028- {}\u2029",
    "{{ fail `template` }}",
    '{{ include "network-policy.policy" . }}',
    "# comment",
    "a: b #c",
    "' \" \\ `",
    "- dash",
    "&anchor *alias !tag",
    "\t tab",
    "escape \x1b[2J and \x07 bell",
    "delete \x7f",
    "not a character \uffff",
    "byte order mark \ufeff",
    "right to left \u202e",
    "%!s(MISSING) %s %d",
    "smile \U0001f600",
    "on",
    "null",
    "1e3",
    "",
]


@pytest.fixture(scope="module")
def plain_rules(plain_chart: Path) -> list[object]:
    return _rules(Embedded().template(plain_chart, COMPILED))


def _rules(text: str) -> list[object]:
    (policy,) = yaml.safe_load_all(text)
    rules = policy["spec"]["egress"]
    assert isinstance(rules, list)
    return rules


@pytest.mark.parametrize("text", HOSTILE, ids=json.dumps)
def test_a_name_and_a_purpose_change_no_rule(plain_chart: Path, plain_rules: list[object], text: str) -> None:
    change = {"networkPolicy": {"dependencies": {"qdrant": {"name": text, "purpose": text}}}}
    rendered = Embedded().template(plain_chart, COMPILED, change)
    assert _rules(rendered) == plain_rules
    before = Embedded().template(plain_chart, COMPILED)
    assert len(rendered.splitlines()) == len(before.splitlines())


@pytest.mark.parametrize("text", HOSTILE, ids=json.dumps)
def test_a_name_and_a_purpose_of_a_caller_change_no_rule(plain_chart: Path, probe_chart: Path, text: str) -> None:
    change = {"networkPolicy": {"callers": {"shop-front": {"name": text, "purpose": text}}}}
    before, after = (Embedded().template(plain_chart, INGRESS, values) for values in ({}, change))
    assert yaml.safe_load(after) == yaml.safe_load(before)
    assert len(after.splitlines()) == len(before.splitlines())
    assert _notes(probe_chart, merge(INGRESS, change)).count("\n") == _notes(probe_chart, INGRESS).count("\n")


@pytest.mark.parametrize(
    ("name", "purpose", "comment"),
    [
        ("Qdrant", "Vector search", "Qdrant: Vector search"),
        ('the "big" one', "it's \\ 100%", 'the "big" one: it\'s \\ 100%'),
        ("two\nlines", "and\u2028a\ttab", "two lines: and a tab"),
        ("\x1b[2JQdrant\x07", "", "[2JQdrant"),
        ("日本語 ✓", "\U0001f600", "日本語 ✓: \U0001f600"),
        ("", "Vector search", "qdrant: Vector search"),
    ],
)
def test_a_comment_says_all_that_can_be_printed(plain_chart: Path, name: str, purpose: str, comment: str) -> None:
    change = {"networkPolicy": {"dependencies": {"qdrant": {"name": name, "purpose": purpose}}}}
    assert f"    # {comment}\n    - to:\n" in Embedded().template(plain_chart, COMPILED, change)


def test_all_of_them_at_once_on_every_engine(engine: Engine, unchecked_chart: Path, plain_rules: list[object]) -> None:
    """Without the schema: to check one, Helm 3 writes the values as YAML, and U+FFFF ends that with an error."""
    text = " ".join(HOSTILE)
    change = {"networkPolicy": {"dependencies": {"qdrant": {"name": text, "purpose": text}}}}
    rendered = engine.template(unchecked_chart, COMPILED, change)
    assert _rules(rendered) == plain_rules
    assert rendered == Embedded().template(unchecked_chart, COMPILED, change)


@pytest.mark.parametrize("text", HOSTILE, ids=json.dumps)
def test_strings_stay_what_they_are(unchecked_chart: Path, text: str) -> None:
    """Without a schema anything may stand as a label; the API server refuses it, and no empty selector comes of it."""
    selector = {"matchLabels": {"app": text, text or "key": "value"}}
    expressions = {"matchExpressions": [{"key": "app", "operator": "In", "values": [text]}]}
    values = {
        "networkPolicy": {
            "podSelector": selector,
            "dependencies": {"db": dependency(to=[{"podSelector": selector}, {"namespaceSelector": expressions}])},
            "egress": [{"to": [PODS], "ports": [TCP_5432]}],
            "policyTypes": ["Ingress", "Egress"],
            "callers": {"web": caller(**{"from": [{"podSelector": selector, "namespaceSelector": expressions}]})},
            "ingress": [{"from": [{"podSelector": selector}], "ports": [TCP_5432]}],
            "commonLabels": {"label": text},
            "commonAnnotations": {"note": text, text or "key": "value"},
        }
    }
    # Helm's own reader, as the API server has: PyYAML takes fewer characters.
    policy = helm_python.values_from_yaml(Embedded().template(unchecked_chart, values))
    assert policy["spec"]["podSelector"] == selector
    assert policy["spec"]["egress"][1]["to"] == [{"podSelector": selector}, {"namespaceSelector": expressions}]
    assert [rule["from"] for rule in policy["spec"]["ingress"]] == [
        [{"podSelector": selector, "namespaceSelector": expressions}],
        [{"podSelector": selector}],
    ]
    assert policy["metadata"]["annotations"] == {"note": text, text or "key": "value"}
    assert policy["metadata"]["labels"]["label"] == text
    assert len(policy["spec"]["egress"]) == 3


@pytest.mark.parametrize("text", HOSTILE, ids=json.dumps)
def test_notes_hold_no_control_characters(probe_chart: Path, text: str) -> None:
    values = merge(COMPILED, {"networkPolicy": {"dependencies": {"qdrant": {"name": text, "purpose": text}}}})
    assert all(character == "\n" or character.isprintable() for character in _notes(probe_chart, values))


def _notes(probe_chart: Path, values: Values) -> str:
    rendered = Embedded().template(probe_chart, values, {"probe": {"define": "network-policy.policy.notes"}})
    notes = json.loads(rendered.partition("output: ")[2])
    assert isinstance(notes, str)
    return notes


def test_a_dependency_key_breaks_no_comment(unchecked_chart: Path, plain_rules: list[object]) -> None:
    values = {"networkPolicy": {"dependencies": {"a\n- to: []\n#": dependency()}}}
    assert len(_rules(Embedded().template(unchecked_chart, COMPILED, values))) == len(plain_rules) + 1


def test_a_caller_key_breaks_no_comment(unchecked_chart: Path) -> None:
    values = {"networkPolicy": {"callers": {"a\n- from: []\n#": caller()}}}
    policy = yaml.safe_load(Embedded().template(unchecked_chart, INGRESS, values))
    (added,) = [rule for rule in policy["spec"]["ingress"] if rule.get("from") == [PODS] and "ports" in rule]
    assert added == {"from": [PODS], "ports": [TCP_5432]}
    assert len(policy["spec"]["ingress"]) == 7


def test_a_message_quotes_what_was_written(unchecked_chart: Path) -> None:
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(unchecked_chart, {"networkPolicy": {"dns": {"profile": "a\nnetworkPolicy.x: no"}}})
    assert len(failed.value.problems) == 1


@pytest.mark.parametrize("start", range(0, len(ODD), 50))
def test_odd_strings_come_back_as_keys_and_values(engine: Engine, probe_chart: Path, start: int) -> None:
    labels = {text: text for text in ODD[start : start + 50]}
    assert helm_python.values_from_yaml(_strings(engine, probe_chart, labels)) == labels


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(labels=st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=8))
def test_any_strings_come_back_as_keys_and_values(probe_chart: Path, labels: dict[str, str]) -> None:
    text = _strings(Embedded(), probe_chart, labels)
    assert helm_python.values_from_yaml(text or "{}") == labels
    bare = [part for line in text.splitlines() for part in line.split(": ") if not part.startswith('"')]
    assert not any(map(is_another_type, bare))


@pytest.mark.parametrize(
    "text", ["app.kubernetes.io/name", "web-1", "busybox:1.37", "a_b", "10.0.0.0/8", "::/0", "yes1"]
)
def test_what_needs_no_quotes_has_none(probe_chart: Path, text: str) -> None:
    assert _strings(Embedded(), probe_chart, {text: text}) == f"{text}: {text}"


def _strings(engine: Engine, probe_chart: Path, labels: dict[str, str]) -> str:
    values = {"probe": {"define": "network-policy.internal.render.strings", "argument": labels}}
    output = json.loads(engine.template(probe_chart, values).partition("output: ")[2])
    assert isinstance(output, str)
    return output
