"""What destinations outside the cluster state for audits, and what the project file requires them to state.

Nothing of it changes a policy.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple, get_args

from egressc.model.texts import says_nothing
from egressc.source import Located, Span

AuditKey = Literal["owner", "region", "via", "data"]
AUDIT_KEYS: Final[tuple[AuditKey, ...]] = get_args(AuditKey)


class Stated(NamedTuple):
    """The values of one key; at least one."""

    key: AuditKey
    values: tuple[str, ...]


AuditData = tuple[Stated, ...]
"""What one destination states, in the order of `AUDIT_KEYS`; a key that it does not state is left out."""


_UNKNOWN: Final = frozenset(("?", "unknown", "tbd", "not applicable"))


def audit_data(stated: Iterable[tuple[AuditKey, Sequence[str]]]) -> AuditData:
    """What is stated, each value once, sorted; letter case and spaces make no other value.

    A word that says nothing, such as `-` or `unknown`, states nothing.
    """
    found: list[Stated] = []
    for key, said in stated:
        plain = (" ".join(it.split()) for it in sorted(said, reverse=True))
        values = {it.casefold(): it for it in plain if it and it.casefold() not in _UNKNOWN and not says_nothing(it)}
        if values:
            found.append(Stated(key, tuple(values[it] for it in sorted(values))))
    return tuple(sorted(found, key=lambda it: AUDIT_KEYS.index(it.key)))


def values_of(data: AuditData, key: AuditKey) -> tuple[str, ...]:
    return next((it.values for it in data if it.key == key), ())


class Outside(NamedTuple):
    """A destination outside the cluster. `addresses` are CIDRs with their exceptions.

    `places`: where the catalog has the keys, and "name". `is_anywhere`: it is most of all addresses.
    """

    key: str
    name: str
    stated: AuditData
    addresses: tuple[tuple[str, tuple[str, ...]], ...]
    places: tuple[tuple[str, Span], ...]
    is_anywhere: bool = False

    def place_of(self, key: AuditKey) -> Span | None:
        """Where the catalog has the key, else its entry; None without one."""
        places = dict(self.places)
        return places.get(key) or places.get("name")


class AuditCondition(NamedTuple):
    """Values that a key may have, `*` standing for any characters; without any, whatever is stated."""

    key: AuditKey
    patterns: tuple[Located[str], ...]
    place: Span

    def admits(self, value: str) -> bool:
        return not self.patterns or any(fits(value, it.value) for it in self.patterns)


class AuditRule(NamedTuple):
    """What destinations must state. It is about those that carry all of `when`, which may be all of them."""

    when: tuple[AuditCondition, ...]
    require: tuple[AuditCondition, ...]
    reason: str

    def is_about(self, data: AuditData) -> bool:
        return all(any(map(it.admits, values_of(data, it.key))) for it in self.when)

    def unmet(self, data: AuditData) -> Iterator[AuditCondition]:
        """What data that the rule is about does not meet: nothing is stated, or one of the values is another."""
        for it in self.require if self.is_about(data) else ():
            values = values_of(data, it.key)
            if not values or not all(map(it.admits, values)):
                yield it


def fits(value: str, pattern: str) -> bool:
    """Whether a value is as a pattern says, in any letter case; `*` stands for any characters."""
    value, parts = value.casefold(), " ".join(pattern.split()).casefold().split("*")
    if len(parts) == 1:
        return value == parts[0]
    if len(value) < len(parts[0]) + len(parts[-1]) or not value.startswith(parts[0]) or not value.endswith(parts[-1]):
        return False
    at, end = len(parts[0]), len(value) - len(parts[-1])
    for part in parts[1:-1]:
        found = value.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
