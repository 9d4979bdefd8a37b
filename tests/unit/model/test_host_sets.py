"""Sets of host names against their meaning: every name of a small world, one by one."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from egressc.model.host_sets import (
    HostSet,
    common_hosts,
    first_host,
    holds_host,
    host_set,
    join_hosts,
    subtract_hosts,
)
from support.tables import each

_LABELS = ("a", "b", "any")
_WORLD = [".".join(it) for size in range(1, 6) for it in product(_LABELS, repeat=size)] + ["reserved:kube-apiserver"]
_SUFFIXES = st.lists(st.sampled_from(_LABELS), min_size=1, max_size=3).map(".".join)
_PATTERNS = st.one_of(
    st.builds(str.__add__, st.sampled_from(("", "*.", "*.*.", "**.")), _SUFFIXES),
    st.sampled_from(("*", "reserved:kube-apiserver")),
)
_SETS = st.lists(_PATTERNS, max_size=4).map(host_set)


def _means(pattern: str, name: str) -> bool:
    if pattern == "*":
        return ":" not in name
    labels, wanted = name.split("."), pattern.split(".")
    if wanted[0] == "**":
        return len(labels) >= len(wanted) and labels[-len(wanted) + 1 :] == wanted[1:]
    return len(labels) == len(wanted) and all(want in ("*", label) for want, label in zip(wanted, labels, strict=True))


def _names(hosts: HostSet) -> set[str]:
    return {name for name in _WORLD if holds_host(hosts, name)}


@given(st.lists(_PATTERNS, max_size=4))
def test_a_set_holds_what_its_patterns_mean(patterns: list[str]) -> None:
    expected = {name for name in _WORLD if any(_means(it, name) for it in patterns)}
    assert _names(host_set(patterns)) == expected


@given(_SETS, _SETS, _SETS)
def test_what_is_joined_shared_and_taken_away(one: HostSet, other: HostSet, third: HostSet) -> None:
    left = subtract_hosts(one, other)
    assert _names(left) == _names(one) - _names(other)
    assert _names(subtract_hosts(left, third)) == _names(one) - _names(other) - _names(third)
    assert _names(subtract_hosts(third, left)) == _names(third) - _names(left)
    assert _names(common_hosts(left, third)) == (_names(one) - _names(other)) & _names(third)
    assert _names(join_hosts((left, third))) == (_names(one) - _names(other)) | _names(third)
    assert bool(left) or _names(one) <= _names(other)


@each("pattern", ["a", "*.a.b", "**.a", "**.any.a.b", "*"])
def test_every_name_is_any_name(pattern: str) -> None:
    """However deep: what a pattern of any depth leaves of all names is nothing."""
    assert not subtract_hosts(host_set([pattern]), host_set(["*"]))
    assert host_set([pattern, "*"]) == host_set(["*"])


@given(_SETS, _SETS)
def test_a_set_without_names_is_empty_and_another_tells_one(one: HostSet, other: HostSet) -> None:
    left = subtract_hosts(one, other)
    assert not left or holds_host(left, first_host(left))
    assert not subtract_hosts(one, one)


@given(_SETS, _SETS)
def test_equal_sets_are_equal(one: HostSet, other: HostSet) -> None:
    both = not subtract_hosts(one, other) and not subtract_hosts(other, one)
    assert (one == other) == both


@each(
    ("pattern", "said"),
    [
        ("api.example.com", "api.example.com"),
        ("*.example.com", "*.example.com"),
        ("**.example.com", "**.example.com"),
        ("*.*.example.com", "*.*.example.com"),
        ("*", "any host name"),
        ("reserved:kube-apiserver", "the entity kube-apiserver"),
    ],
)
def test_how_it_is_said(pattern: str, said: str) -> None:
    assert ", ".join(map(str, host_set([pattern]))) == said


def test_exceptions_are_said() -> None:
    left = subtract_hosts(host_set(["**.example.com"]), host_set(["api.example.com", "*.b.example.com"]))
    assert ", ".join(map(str, left)) == "**.example.com but api.example.com, *.b.example.com"
