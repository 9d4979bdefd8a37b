"""Rules are shared by what they say, and by the key that stands in their comment."""

import pytest

from egressc.helm.shared import SharedRules, sharing_files
from egressc.helm.values import Values

DB = {"to": [{"podSelector": {}}], "ports": [{"port": 1, "protocol": "TCP"}]}


def values(**dependencies: object) -> Values:
    return {"nameOverride": "", "networkPolicy": {"enabled": True, "dependencies": dependencies}}


def test_the_same_rule_is_one_whichever_object_says_so() -> None:
    shared = SharedRules()
    given = [values(db=DB, cache={**DB}), values(db=dict(DB))]
    assert [shared.share(each) for each in given] == [values(db=0, cache=1), values(db=0)]
    assert shared.rules == [{"key": "db", "dependency": DB}, {"key": "cache", "dependency": DB}]
    assert given == [values(db=DB, cache=DB), values(db=DB)], "what was given is the caller's"


@pytest.mark.parametrize("other", [1.0, True, "1", None])
def test_what_is_equal_only_to_python_is_not_the_same(other: object) -> None:
    shared = SharedRules()
    shared.share(values(db={"ports": [{"port": 1}]}))
    assert shared.share(values(db={"ports": [{"port": other}]})) == values(db=1)


def test_what_was_dropped_is_no_rule() -> None:
    shared = SharedRules()
    assert shared.share(values(db=None, cache=DB)) == values(cache=0)
    assert shared.rules == [{"key": "cache", "dependency": DB}]


@pytest.mark.parametrize("empty", [{}, {"networkPolicy": None}])
def test_values_without_a_policy_have_no_rules(empty: Values) -> None:
    assert SharedRules().share(empty) == empty
    without = SharedRules().share({"networkPolicy": {"enabled": False}})
    assert without == {"networkPolicy": {"enabled": False, "dependencies": {}}}


def test_files_without_the_rule_stay_what_they_are() -> None:
    rule = b'{{- define "network-policy.internal.render.dependency-rule" -}}x{{- end -}}'
    files = sharing_files({"a.tpl": b'{{- define "a" -}}a{{- end -}}', "b.tpl": rule})
    assert files["a.tpl"] == b'{{- define "a" -}}a{{- end -}}'
    assert files["b.tpl"].startswith(b'{{- define "egressc.rule" -}}x{{- end -}}')
    assert files["b.tpl"].count(b"network-policy.internal.render.dependency-rule") == 1
