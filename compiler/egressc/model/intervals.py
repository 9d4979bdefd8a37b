"""Sets of integers as sorted, disjoint, non-adjacent, inclusive ranges: ports and addresses.

The normal form is unique, so two sets are equal exactly if their tuples are.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

Intervals = tuple[tuple[int, int], ...]

NOTHING: Intervals = ()


def from_ranges(ranges: Iterable[tuple[int, int]]) -> Intervals:
    """The normal form of ranges in any order; each is (first, last) with first <= last."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            if last > merged[-1][1]:
                merged[-1] = (merged[-1][0], last)
        else:
            merged.append((first, last))
    return tuple(merged)


def union(one: Intervals, other: Intervals) -> Intervals:
    if one == other or not other:
        return one
    if not one:
        return other
    return from_ranges(one + other)


def intersection(one: Intervals, other: Intervals) -> Intervals:
    if not one or not other:
        return NOTHING
    # Of a large set only what lies at the other is walked.
    start, end = _near(one, other)
    one = one[start:end]
    start, end = _near(other, one)
    other = other[start:end]
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(one) and j < len(other):
        first = max(one[i][0], other[j][0])
        last = min(one[i][1], other[j][1])
        if first <= last:
            found.append((first, last))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def difference(one: Intervals, other: Intervals) -> Intervals:
    """What is in `one` and not in `other`."""
    if not one or not other:
        return one
    start, end = _near(other, one)
    other = other[start:end]
    start, end = _near(one, other)
    before, one, behind = one[:start], one[start:end], one[end:]
    left: list[tuple[int, int]] = []
    j = 0
    for first, last in one:
        while j < len(other) and other[j][1] < first:
            j += 1
        k = j
        start = first
        while k < len(other) and other[k][0] <= last:
            if other[k][0] > start:
                left.append((start, other[k][0] - 1))
            start = other[k][1] + 1
            k += 1
        if start <= last:
            left.append((start, last))
    return (*before, *left, *behind)


def _near(intervals: Intervals, span: Intervals) -> tuple[int, int]:
    """Where the ranges start and end that can touch something between the ends of another set; for none, nowhere."""
    if not span:
        return 0, 0
    start = bisect_left(intervals, span[0][0], key=_last)
    return start, max(start, bisect_right(intervals, span[-1][1], key=_first))


def _first(interval: tuple[int, int]) -> int:
    return interval[0]


def _last(interval: tuple[int, int]) -> int:
    return interval[1]


def contains(intervals: Intervals, number: int) -> bool:
    at = bisect_right(intervals, number, key=_first) - 1
    return at >= 0 and number <= intervals[at][1]
