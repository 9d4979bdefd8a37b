"""Sets of host names: what rules that name hosts reach.

A name has one meaning in all dialects: `api.example.com` is this name, `*.example.com` any name with exactly one label
more, `**.example.com` with one or more. A set is compared by names; no name is resolved.

What an engine knows by an identity of its own and not by address or name is a name here too: `reserved:kube-apiserver`.
No host has a colon in its name.

Source: RFC 1035 section 2.3.4 (a name has at most 255 octets, so at most 127 labels).
"""

from collections.abc import Iterable
from itertools import count
from typing import Final, NamedTuple

from egressc.model.intervals import from_ranges

_MOST_LABELS: Final = 127
ENTITY: Final = "reserved:"
"""What names of the engine's own begin with."""


class Hosts(NamedTuple):
    """Names with `low` to `high` labels before a suffix, without some below it; 0 labels are the suffix itself.

    The suffix "" is the root: all names. `without` has no exceptions of its own, and longer suffixes.
    """

    suffix: str
    low: int
    high: int
    without: "HostSet" = ()

    def __str__(self) -> str:
        if self.suffix.startswith(ENTITY):
            said = say_entity(self.suffix)
        elif (self.low, self.high) == (1, _most_labels(self.suffix)):
            said = f"**.{self.suffix}" if self.suffix else "any host name"
        else:
            said = " or ".join(f"{'*.' * labels}{self.suffix}" for labels in range(self.low, min(self.high, 3) + 1))
            if self.high > 3:
                said = f"{said} and so on" if said else f"names deep below {self.suffix}"
        return f"{said} but {', '.join(map(str, self.without))}" if self.without else said


def say_entity(name: str) -> str:
    return f"the entity {name.removeprefix(ENTITY)}"


HostSet = tuple[Hosts, ...]
"""Names in any of these; sorted. Sets of written names are equal exactly if the tuples are."""


def read_hosts(pattern: str) -> Hosts:
    """What `name`, `*.name` or `**.name` stands for; any number of `*.` is as many labels, `*` alone every name."""
    if pattern in ("*", "**"):
        return Hosts("", 1, _most_labels(""))
    if pattern.startswith("**."):
        return Hosts(pattern[3:], 1, _most_labels(pattern[3:]))
    labels = 0
    while pattern.startswith("*."):
        pattern, labels = pattern[2:], labels + 1
    return Hosts(pattern, labels, labels)


def _most_labels(suffix: str) -> int:
    """How many labels a name has at most before a suffix."""
    return _MOST_LABELS - (suffix.count(".") + 1 if suffix else 0)


def host_set(patterns: Iterable[str]) -> HostSet:
    return join_hosts((read_hosts(it),) for it in patterns)


def join_hosts(sets: Iterable[HostSet]) -> HostSet:
    """The names in any of the sets."""
    by_suffix: dict[str, list[tuple[int, int]]] = {}
    partial: set[Hosts] = set()
    for held in sets:
        for it in held:
            if it.without:
                partial.add(it)
            else:
                by_suffix.setdefault(it.suffix, []).append((it.low, it.high))
    whole = [Hosts(suffix, *span) for suffix, spans in by_suffix.items() for span in from_ranges(spans)]
    return tuple(
        sorted(
            it
            for it in (*whole, *partial)
            if not any(other is not it and not _take_whole(it, other) for other in whole)
        )
    )


def common_hosts(one: HostSet, other: HostSet) -> HostSet:
    if not one or not other:
        return ()
    return join_hosts((part,) for a in one for b in other for part in _common(a, b))


def subtract_hosts(one: HostSet, other: HostSet) -> HostSet:
    if not one or not other:
        return one
    left = [*one]
    for taken in other:
        left = [part for it in left for part in _take(it, taken)]
    return join_hosts((it,) for it in left)


def holds_host(hosts: HostSet, name: str) -> bool:
    return any(_common(it, Hosts(name, 0, 0)) for it in hosts)


def first_host(hosts: HostSet) -> str:
    """A name of a set that is not empty."""
    held = hosts[0]
    if not held.low:
        return held.suffix
    rest = ["any"] * (held.low - 1) + ([held.suffix] if held.suffix else [])
    names = (".".join((first, *rest)) for first in (f"any{number or ''}" for number in count()))
    return next(it for it in names if not holds_host(held.without, it))


def _below(inner: str, outer: str) -> int | None:
    """How many labels a suffix has before another; None when it does not end with it."""
    if inner == outer:
        return 0
    if inner.startswith(ENTITY):
        return None
    if not outer:
        return inner.count(".") + 1
    return inner[: -len(outer)].count(".") if inner.endswith(f".{outer}") else None


def _overlap(one: Hosts, other: Hosts) -> Hosts | None:
    """The names in both, whatever their exceptions."""
    below = _below(one.suffix, other.suffix)
    if below is None:
        return None if _below(other.suffix, one.suffix) is None else _overlap(other, one)
    low, high = max(one.low, other.low - below), min(one.high, other.high - below)
    return Hosts(one.suffix, low, high) if low <= high else None


def _common(one: Hosts, other: Hosts) -> list[Hosts]:
    held = _overlap(one, other)
    left = [] if held is None else [held]
    for excepted in (*one.without, *other.without):
        left = [part for it in left for part in _take_whole(it, excepted)]
    return left


def _take(one: Hosts, taken: Hosts) -> list[Hosts]:
    kept = [part for excepted in taken.without for part in _common(one, excepted)]
    return [*_take_whole(one, taken._replace(without=())), *kept]


def _take_whole(one: Hosts, taken: Hosts) -> list[Hosts]:
    """What is left of `one` without names that have no exceptions."""
    below = _below(one.suffix, taken.suffix)
    if below is None:
        part = _overlap(one, taken)
        return [one if part is None else one._replace(without=join_hosts((one.without, (part,))))]
    spans = (one.low, min(one.high, taken.low - below - 1)), (max(one.low, taken.high - below + 1), one.high)
    parts = (one._replace(low=low, high=high) for low, high in spans if low <= high)
    return [it._replace(without=tuple(e for e in it.without if _overlap(it, e))) for it in parts]
