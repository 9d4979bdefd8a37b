"""Our own chart is known by its bytes; services share rules."""

import shutil
from pathlib import Path

import pytest

from egressc.helm.batch import SharedRules, split_batch
from egressc.helm.chart import own_chart
from egressc.helm.loaded import load_chart
from egressc.helm.values import Values
from support.tables import each


def copy_chart(folder: Path) -> Path:
    """Our own chart in another place."""
    copied = folder / "chart"
    copied.mkdir()
    for name in ("Chart.yaml", "values.yaml", "values.schema.json"):
        shutil.copy(own_chart() / name, copied / name)
    for name in ("templates", "charts"):
        shutil.copytree(own_chart() / name, copied / name)
    return copied


def test_our_own_chart_is_known_wherever_it_lies(tmp_path: Path) -> None:
    assert load_chart(own_chart()).batch
    copied = copy_chart(tmp_path)
    (copied / "Chart.yaml").write_text((copied / "Chart.yaml").read_text().replace("name: service-policy", "name: own"))
    assert load_chart(copied).batch


@pytest.mark.slow
@pytest.mark.parametrize(
    "changed",
    [
        "values.yaml",
        "values.schema.json",
        "templates/networkpolicy.yaml",
        "charts/network-policy/values.yaml",
        "charts/network-policy/templates/policy/_validate.tpl",
    ],
)
def test_a_changed_chart_is_another_one(changed: str, tmp_path: Path) -> None:
    copied = copy_chart(tmp_path)
    with (copied / changed).open("a") as file:
        file.write("\n")
    assert not load_chart(copied).batch


def test_a_chart_with_a_file_more_or_less_is_another_one(tmp_path: Path) -> None:
    copied = copy_chart(tmp_path)
    (copied / "templates" / "more.yaml").write_text("# nothing\n")
    assert not load_chart(copied).batch
    (copied / "templates" / "more.yaml").unlink()
    (copied / "charts" / "network-policy" / "templates" / "policy" / "_validate.tpl").unlink()
    assert not load_chart(copied).batch


DB = {"to": [{"podSelector": {}}], "ports": [{"port": 1, "protocol": "TCP"}]}


def values(**dependencies: object) -> Values:
    return {"nameOverride": "", "networkPolicy": {"enabled": True, "dependencies": dependencies, "callers": {}}}


def test_the_same_rule_is_one_whichever_object_says_so() -> None:
    shared = SharedRules()
    given = [values(db=DB, cache={**DB}), values(db=dict(DB))]
    assert [shared.share(each) for each in given] == [values(db="0", cache="1"), values(db="0")]
    assert shared.rules == {
        "0": {"key": "db", "rule": DB, "peers": "to"},
        "1": {"key": "cache", "rule": DB, "peers": "to"},
    }
    assert given == [values(db=DB, cache=DB), values(db=DB)], "what was given is the caller's"


@each("other", [1.0, True, "1", None])
def test_what_is_equal_only_to_python_is_not_the_same(other: object) -> None:
    shared = SharedRules()
    shared.share(values(db={"ports": [{"port": 1}]}))
    assert shared.share(values(db={"ports": [{"port": other}]})) == values(db="1")


def test_what_was_dropped_is_no_rule() -> None:
    shared = SharedRules()
    assert shared.share(values(db=None, cache=DB)) == values(cache="0")
    assert shared.rules == {"0": {"key": "cache", "rule": DB, "peers": "to"}}


def test_callers_are_rules_too() -> None:
    shared = SharedRules()
    caller = {"from": DB["to"], "ports": DB["ports"]}
    given = {"networkPolicy": {"policyTypes": ["Ingress"], "callers": {"web": caller, "gone": None}}}
    named = {"policyTypes": ["Ingress"], "dependencies": {}, "callers": {"web": "0"}}
    assert shared.share(given) == {"networkPolicy": named}
    assert shared.rules == {"0": {"key": "web", "rule": caller, "peers": "from"}}


@each("empty", [{}, {"networkPolicy": None}])
def test_values_without_a_policy_have_no_rules(empty: Values) -> None:
    assert SharedRules().share(empty) == empty
    without = SharedRules().share({"networkPolicy": {"enabled": False}})
    assert without == {"networkPolicy": {"enabled": False, "dependencies": {}, "callers": {}}}


def test_each_line_is_a_policy_whatever_is_in_it() -> None:
    assert split_batch('"a\\n\u2028\x85"\n""\n"{{ end }}"') == ["a\n\u2028\x85", "", "{{ end }}"]
