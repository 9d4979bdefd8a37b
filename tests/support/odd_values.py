"""Values with one part of a wrong type, missing or under another name."""

from collections.abc import Iterator
from typing import Final

ODD: Final[tuple[object, ...]] = (
    "", "text", False, True, 0, 3, 80.5, [], ["a"], {}, {"a": ["b"]}, [{}], [None], {"other": "a"},
)  # fmt: skip


def odd_values(value: object, *, is_listed: bool = False) -> Iterator[object]:
    """A value with one part of it at a time replaced by something odd, left out, or under another name.

    A member of a map that is null is absent, for that is how another values file removes it; an item of a list, and
    what is in one (`is_listed`), is written there.
    """
    yield from ODD
    match value:
        case dict():
            for key, part in value.items():
                rest = {name: each for name, each in value.items() if name != key}
                yield rest
                yield rest | {"other": part}
                yield from ({**value, key: odd} for odd in odd_values(part, is_listed=is_listed))
                if is_listed:
                    yield {**value, key: None}
        case list():
            for at, part in enumerate(value):
                yield from ([*value[:at], odd, *value[at + 1 :]] for odd in (None, *odd_values(part, is_listed=True)))
        case _:
            pass
