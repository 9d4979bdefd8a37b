"""Interval sets against sets of numbers."""

from hypothesis import given
from hypothesis import strategies as st

from egressc.model.intervals import Intervals, contains, difference, from_ranges, intersection, union

_ranges = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 4)).map(lambda r: (r[0], r[0] + r[1])), max_size=5)


def _numbers(intervals: Intervals) -> set[int]:
    return {number for first, last in intervals for number in range(first, last + 1)}


@given(_ranges, _ranges)
def test_operations_are_those_of_sets(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    a, b = from_ranges(one), from_ranges(other)
    assert _numbers(union(a, b)) == _numbers(a) | _numbers(b)
    assert _numbers(intersection(a, b)) == _numbers(a) & _numbers(b)
    assert _numbers(difference(a, b)) == _numbers(a) - _numbers(b)
    assert {number for number in range(20) if contains(a, number)} == _numbers(a)


@given(_ranges, _ranges)
def test_the_form_is_unique(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    a, b = from_ranges(one), from_ranges(other)
    assert (a == b) == (_numbers(a) == _numbers(b))
    assert union(difference(a, b), intersection(a, b)) == a
