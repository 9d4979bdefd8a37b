"""Classes of objects by their labels: for each key, which values (or its absence) the class admits.

A class is a conjunction over keys. Values are unbounded, so "anything but these" is never empty: whether a class has
members, and what is left when one class is taken from another, is decided exactly and without naming the members.

Sources: LabelSelector and its four operators (k8s.io/apimachinery pkg/labels): NotIn and DoesNotExist also match
objects without the key. The label kubernetes.io/metadata.name is on every namespace, unique and immutable (Kubernetes
documentation, "Well-Known Labels").
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from egressc.model.policy import Expression, Operator, Selector

NAMESPACE_NAME = "kubernetes.io/metadata.name"

_DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\Z")


class Values(NamedTuple):
    """The values of one key that a class admits; None among them stands for an object without the key.

    `excluded` False: exactly `values`. True: everything but `values`.
    """

    excluded: bool
    values: frozenset[str | None]

    def admits(self, value: str | None) -> bool:
        return (value in self.values) != self.excluded

    @property
    def is_empty(self) -> bool:
        return not self.excluded and not self.values

    @property
    def complement(self) -> "Values":
        return Values(not self.excluded, self.values)


# A frozenset, not a class: it caches its hash and compares in C, and classes are dictionary keys on the hot path.
# A key admits everything when it is not listed, so the form is unique; a class with an empty key has no members.
Labels = frozenset[tuple[str, Values]]

ANY: Labels = frozenset()

_EVERY = Values(True, frozenset())


# Sources and manifests of a fleet name the same pods over and over: one class for each, found equal by identity.
_remember = lru_cache(maxsize=1 << 15)


@_remember
def select(selector: Selector) -> Labels:
    """The class that a selector selects, for the labels of pods."""
    admitted: dict[str, Values] = {}
    for key, value in selector.match_labels:
        _narrow(admitted, key, Values(False, frozenset((value,))))
    for expression in selector.match_expressions:
        _narrow(admitted, expression.key, _operator(expression.operator, expression.values))
    return frozenset(admitted.items())


@_remember
def select_namespaces(selector: Selector) -> Labels:
    """The class of namespaces that a selector selects: their name is a label that is never absent."""
    return named_namespaces(select(selector))


@_remember
def namespace(name: str) -> Labels:
    """The one namespace of this name, whatever its other labels are."""
    return frozenset(((NAMESPACE_NAME, Values(False, frozenset((name,)))),))


def both(one: Labels, other: Labels) -> Labels | None:
    """The members of both classes; None when there are none."""
    if one == other or not other:
        return one
    if not one:
        return other
    admitted = dict(one)
    for key, values in other:
        mine = admitted.get(key)
        if mine is None:
            admitted[key] = values
            continue
        common = _common(mine, values)
        if common.is_empty:
            return None
        admitted[key] = common
    return frozenset(admitted.items())


def without(one: Labels, other: Labels) -> list[Labels]:
    """The members of `one` that are not in `other`, as disjoint classes.

    They are told apart by the names of namespaces first: where one class asks for labels of some namespaces only, what
    is left asks for labels of the same ones only (see `model.known_namespaces`).
    """
    left: list[Labels] = []
    rest = dict(one)
    for key, values in sorted(other, key=_names_first):
        mine = rest.get(key, _EVERY)
        outside = _common(mine, values.complement)
        if not outside.is_empty:
            left.append(frozenset({**rest, key: outside}.items()))
        inside = _common(mine, values)
        if inside.is_empty:
            return left
        rest[key] = inside
    return left


def is_coincidence(named: Labels, guarded: Labels) -> bool:
    """Whether a member of both must have a value that only `named` asks for, and a label that only `guarded` asks for.

    Two selectors of different labels, such as app=web and tier=pci, say nothing about each other. One that asks only
    for some label to be there, such as app, selects nearly everything, and so also what is guarded.
    """
    mine, theirs = {key for key, _ in named}, {key for key, _ in guarded}
    values = {key for key, it in named if not it.excluded and not it.admits(None)}
    return bool(values - theirs) and bool({key for key, it in guarded if not it.admits(None)} - mine)


def has_members(labels: Labels) -> bool:
    return not any(values.is_empty for _, values in labels)


def matches(labels: Labels, actual: Mapping[str, str]) -> bool:
    """Whether an object with these labels is a member."""
    return all((actual.get(key) in values) != excluded for key, (excluded, values) in labels)


def example(labels: Labels) -> dict[str, str]:
    """The labels of one member, as few as will do; "other" stands for a value that no selector mentions.

    Of namespaces the one that bears their name is left out where the class only excludes some: see `possible_names`.
    """
    found: dict[str, str] = {}
    for key, values in sorted(labels, key=_key):
        if not values.excluded:
            named = sorted(value for value in values.values if value is not None)
            if named and None not in values.values:
                found[key] = named[0]
        elif None in values.values:
            found[key] = next(name for name in _others() if name not in values.values)
    return found


def possible_names(namespaces: Labels) -> Iterator[str]:
    """The names that a namespace of this class may have, plainest first; without end unless the class lists them."""
    for key, values in namespaces:
        if key == NAMESPACE_NAME:
            if not values.excluded:
                yield from sorted(name for name in values.values if name is not None)
                return
            yield from (name for name in _others() if name not in values.values)
    yield from _others()


def only_name(labels: Labels) -> str | None:
    """The name of the namespace when the class admits just one."""
    for key, values in labels:
        if key == NAMESPACE_NAME and not values.excluded and len(values.values) == 1:
            return next(iter(values.values))
    return None


def selectors_of(labels: Labels) -> list[Selector]:
    """The selectors that select exactly a class together: one, but where a label is one of some values or absent."""
    found = [Selector()]
    for key, (is_excluded, values) in sorted(labels, key=lambda it: it[0]):
        named = tuple(sorted(it for it in values if it is not None))
        expressions: list[Expression | tuple[str, str]] = []
        if is_excluded:
            needed = [Expression(key, Operator.EXISTS)] if None in values else []
            needed += [Expression(key, Operator.NOT_IN, named)] if named else []
            found = [Selector(it.match_labels, (*it.match_expressions, *needed)) for it in found]
            continue
        if len(named) == 1:
            expressions.append((key, named[0]))
        elif named:
            expressions.append(Expression(key, Operator.IN, named))
        if None in values:
            expressions.append(Expression(key, Operator.DOES_NOT_EXIST))
        found = [_with(it, one) for it in found for one in expressions]
    return found


def _with(selector: Selector, condition: Expression | tuple[str, str]) -> Selector:
    if isinstance(condition, Expression):
        return Selector(selector.match_labels, (*selector.match_expressions, condition))
    return Selector((*selector.match_labels, condition), selector.match_expressions)


_ONLY_ABSENT: frozenset[str | None] = frozenset((None,))


def _operator(operator: Operator, values: tuple[str, ...]) -> Values:
    match operator:
        case Operator.IN:
            return Values(False, frozenset(values))
        case Operator.NOT_IN:
            return Values(True, frozenset(values))
        case Operator.EXISTS:
            return Values(True, _ONLY_ABSENT)
        case Operator.DOES_NOT_EXIST:
            return Values(False, _ONLY_ABSENT)


def _narrow(admitted: dict[str, Values], key: str, values: Values) -> None:
    mine = admitted.get(key)
    admitted[key] = values if mine is None else _common(mine, values)


def _common(one: Values, other: Values) -> Values:
    if one.excluded:
        if other.excluded:
            return Values(True, one.values | other.values)
        return Values(False, other.values - one.values)
    if other.excluded:
        return Values(False, one.values - other.values)
    return Values(False, one.values & other.values)


def named_namespaces(labels: Labels) -> Labels:
    admitted = dict(labels)
    names = admitted.get(NAMESPACE_NAME)
    if names is None:
        return labels
    # Absence and values that cannot name a namespace have no members: left out, so that equal classes look equal.
    possible = Values(names.excluded, frozenset(v for v in names.values if v is not None and _DNS_LABEL.match(v)))
    if possible == _EVERY:
        del admitted[NAMESPACE_NAME]
    else:
        admitted[NAMESPACE_NAME] = possible
    return frozenset(admitted.items())


def _key(item: tuple[str, Values]) -> str:
    return item[0]


def _names_first(item: tuple[str, Values]) -> tuple[bool, str]:
    return item[0] != NAMESPACE_NAME, item[0]


def _others() -> Iterator[str]:
    yield "other"
    number = 2
    while True:
        yield f"other-{number}"
        number += 1
