"""The pods that Calico's selectors select, against a plain evaluation of random selectors over random labels."""

import re
from dataclasses import dataclass
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egressc.dialects.calico.grammar import BadSelectorError, meets, parse
from egressc.dialects.calico.selectors import pods_by_labels, pods_by_namespace, select
from egressc.model.label_classes import NAMESPACE_NAME, has_members, matches
from support.tables import each

KEYS: Final = ("app", "tier", "a.b/c")
VALUES: Final = ("", "x", "y")
NAMES: Final = ("shop", "data")
LABELS: Final = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES))


@dataclass(frozen=True)
class Tree:
    """A selector as it is written, and whether an object with some labels meets it."""

    text: str
    test: str  # an expression of Python over `it`, the labels


def leaf(key: str) -> st.SearchStrategy[Tree]:
    value, values = st.sampled_from(VALUES), st.lists(st.sampled_from(VALUES), max_size=3)
    quoted = st.sampled_from(("'", '"'))
    return st.one_of(
        st.builds(lambda q, v: Tree(f"{key}=={q}{v}{q}", f"it.get({key!r}) == {v!r}"), quoted, value),
        st.builds(lambda q, v: Tree(f"{key} != {q}{v}{q}", f"it.get({key!r}) != {v!r}"), quoted, value),
        st.builds(lambda v: Tree(f"{key} in {{{_set(v)}}}", f"it.get({key!r}) in {v!r}"), values),
        st.builds(lambda v: Tree(f"{key} not in {{{_set(v)}}}", f"it.get({key!r}) not in {v!r}"), values),
        st.just(Tree(f"has({key})", f"{key!r} in it")),
        st.just(Tree("all()", "True")),
    )


def _set(values: list[str]) -> str:
    return " , ".join(f"'{it}'" for it in values)


def _whole(tree: Tree) -> Tree:
    return Tree(f"({tree.text})", f"({tree.test})")


def _join(trees: list[Tree], sign: str, word: str) -> Tree:
    return Tree(f" {sign} ".join(it.text for it in trees), f" {word} ".join(f"({it.test})" for it in trees))


def trees(keys: tuple[str, ...]) -> st.SearchStrategy[Tree]:
    def more(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        several = st.lists(inner.map(_whole), min_size=2, max_size=3)
        return st.one_of(
            several.map(lambda it: _join(it, "&&", "and")),
            several.map(lambda it: _join(it, "||", "or")),
            inner.map(lambda it: Tree(f"!({it.text})", f"not ({it.test})")),
        )

    return st.recursive(st.one_of(*map(leaf, keys)), more, max_leaves=8)


@given(trees(KEYS), LABELS)
def test_pods_by_their_labels(tree: Tree, labels: dict[str, str]) -> None:
    expected = bool(eval(tree.test, {"it": labels}))  # noqa: S307 - the test wrote it
    node = parse(tree.text)
    assert meets(node, labels) == expected
    classes = select(node, pods_by_labels)
    assert any(matches(it.pods, labels) for it in classes) == expected
    assert all(it.namespaces == frozenset() and has_members(it.pods) for it in classes)


@given(trees(("team", "projectcalico.org/name")), st.sampled_from(NAMES), st.sampled_from(("", *VALUES)))
def test_pods_by_labels_of_their_namespaces(tree: Tree, name: str, team: str) -> None:
    labels = {"team": team} if team else {}
    expected = bool(eval(tree.test, {"it": {**labels, "projectcalico.org/name": name}}))  # noqa: S307 - as above
    classes = select(parse(tree.text), pods_by_namespace)
    place = {**labels, NAMESPACE_NAME: name}
    assert any(matches(it.namespaces, place) for it in classes) == expected


@given(trees(("app", "projectcalico.org/namespace", "pcns.team")), st.sampled_from(NAMES), LABELS, LABELS)
def test_labels_that_calico_adds(tree: Tree, name: str, labels: dict[str, str], around: dict[str, str]) -> None:
    place = {"team": around["app"]} if "app" in around else {}
    whole = {**labels, "projectcalico.org/namespace": name, **{f"pcns.{key}": it for key, it in place.items()}}
    expected = bool(eval(tree.test, {"it": whole}))  # noqa: S307 - as above
    classes = select(parse(tree.text), pods_by_labels)
    named = {**place, NAMESPACE_NAME: name}
    assert any(matches(it.namespaces, named) and matches(it.pods, labels) for it in classes) == expected


@each(
    ("text", "count"),
    [
        ("app == 'x' || app == 'y'", 1),
        ("!has(app) || app not in {'x'}", 1),
        ("has(app) || !has(app)", 1),
        ("app == 'x' || has(app)", 1),
        ("(app == 'x' && tier == 'y') || app == 'x'", 1),
        ("app == 'x' || tier == 'y'", 2),
        ("app == 'x' && app == 'y'", 0),
        ("app in {}", 0),
        ("projectcalico.org/orchestrator == 'k8s' && app == 'x'", 1),
        ("projectcalico.org/orchestrator == 'openstack'", 0),
    ],
)
def test_as_few_classes_as_can_be(text: str, count: int) -> None:
    assert len(select(parse(text), pods_by_labels)) == count


@each(
    ("text", "said"),
    [
        ("app contains 'x'", 'tests the text of the label "app"'),
        ("!(app starts with 'x')", 'tests the text of the label "app"'),
        ("projectcalico.org/serviceaccount == 'x'", "a label of service accounts"),
        ("pcsa.team == 'x'", "a label of service accounts"),
        (" && ".join(f"(a{it} == 'x' || b{it} == 'x')" for it in range(12)), "has too many alternatives"),
    ],
)
def test_what_is_not_read(text: str, said: str) -> None:
    with pytest.raises(BadSelectorError, match=re.escape(said)):
        select(parse(text), pods_by_labels)
