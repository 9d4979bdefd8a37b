"""Parts and forms of a name, read with all names at hand: `shop/store`, `DNS only`, `PG + RMQ`, `A and B`."""

import re
from collections.abc import Callable
from typing import Final

from egressc.model.references import Reference
from egressc.model.vocabulary import ENGLISH
from egressc.source import Located, Span

# The place of a part of an item, by offsets in its text.
At = Callable[[int, int], Span]

ANYTHING: Final = ENGLISH["anything"]
ALL_SERVICES: Final = ENGLISH["all"]
PUBLIC: Final = ENGLISH["public"]
NODE: Final = ENGLISH["node"]
PERSONS: Final = ENGLISH["persons"] | PUBLIC | NODE


def is_everything(name: str) -> bool:
    return name.casefold() in ANYTHING


_NO_NAME: Final = re.compile(
    r"(?:all|any|every|each|everything|everyone|both|other|others|the rest|namespace|not|except)\b.*"
    r"|.*\s(?:or|except|only)\b.*",
    re.IGNORECASE | re.DOTALL,
)


def is_no_name(name: str) -> bool:
    """Whether an undefined name says itself that it stands for others: "Web or Orders", "all pods in data"."""
    first = name.split(" ")[0].casefold()
    return _NO_NAME.fullmatch(name) is not None or (first != name.casefold() and first in ENGLISH["negations"])


def names_many(name: str) -> bool:
    """Whether an unknown name says that it stands for several entities: "All 5 services by their URLs"."""
    return is_everything(name) or name.casefold().startswith(("all ", "every ", "each ", "any ", "both "))


def stands_for_others(name: str) -> bool:
    """Whether a name is one of all services, or of anything at all."""
    plain = name.casefold()
    return plain in ANYTHING or plain in ALL_SERVICES


def is_all_services(name: str) -> bool:
    return name.casefold() in ALL_SERVICES


def is_person(name: str) -> bool:
    """Whether a name is of nobody that a policy could be written for: people, the internet, the node of a pod."""
    return name.casefold() in PERSONS


def is_public(name: str) -> bool:
    """Whether a name means whoever connects from the internet."""
    return name.casefold() in PUBLIC


def is_own_node(name: str) -> bool:
    """Whether a name means the kubelet or its probes: they come from the pod's own node."""
    return name.casefold() in NODE


def is_doubtful(name: str) -> bool:
    """Whether an undefined name may be people as well as a service: `users`."""
    return name.casefold() in ENGLISH["doubtful"]


def other_forms(
    ref: Reference, is_known: Callable[[Reference], bool], namespaces: Callable[[str], bool]
) -> tuple[Reference, ...]:
    """What an unknown item says in another form, all of it known; nothing where there is any doubt."""
    only, placed, parts = ref.forms
    if only is not None:
        return (only,) if is_known(only) else other_forms(only, is_known, namespaces)
    if placed is not None and namespaces(placed.namespace):
        return (placed,) if is_known(placed) and not is_known(parts[0]) else ()
    return parts if all(map(is_known, parts)) else ()


def named_part(ref: Reference, at: At) -> Located[str]:
    """The name in an item, and its place."""
    start = ref.text.find(ref.name)
    return Located(ref.name, at(start, start + len(ref.name)))


def part_of(ref: Reference, part: str, at: At) -> Located[str]:
    """A part of an item, the last of its kind, and its place."""
    start = ref.text.rfind(part)
    return Located(part, at(start, start + len(part)))
