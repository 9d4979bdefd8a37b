"""Forms of a name that are read with all names at hand: `shop/store`, `DNS only`, `PG + RMQ`, `A and B`."""

import re
from collections.abc import Callable
from typing import Final

from egressc.lower.asks import read_ask
from egressc.model.requirements import Ask
from egressc.model.scalars import is_dns_label
from egressc.model.vocabulary import ENGLISH

# What parts names outside parentheses, where every part is a name and the whole is none.
_BETWEEN: Final = re.compile(r"(?:(?<!\s)\s++)?+(?:[/+&]|(?<=\s)and(?=\s))\s*+|[()]", re.IGNORECASE)
_ONLY: Final = re.compile(r"(?:only\s++)?(?P<name>\S.*?)(?:(?<!\s)\s++only)?", re.IGNORECASE)
ANYTHING: Final = ENGLISH["anything"]
ALL_SERVICES: Final = ENGLISH["all"]
PERSONS: Final = ENGLISH["persons"]


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
    """Whether an unknown name says that it stands for several things: "All 5 services by their URLs"."""
    return is_everything(name) or name.casefold().startswith(("all ", "every ", "each ", "any ", "both "))


def stands_for_others(name: str) -> bool:
    """Whether a name is one of all services, or of anything at all."""
    plain = name.casefold()
    return plain in ANYTHING or plain in ALL_SERVICES


def is_all_services(name: str) -> bool:
    return name.casefold() in ALL_SERVICES


def is_person(name: str) -> bool:
    return name.casefold() in PERSONS


def is_doubtful(name: str) -> bool:
    """Whether an undefined name may be people as well as a service: `users`."""
    return name.casefold() in ENGLISH["doubtful"]


def _parts_of(text: str) -> list[str]:
    """What stands between separators that no closing parenthesis follows before an opening one."""
    parts: list[str] = []
    waiting: list[re.Match[str]] = []
    start = 0
    for found in (*_BETWEEN.finditer(text), None):
        if found is not None and found[0] not in ("(", ")"):
            waiting.append(found)
            continue
        for separator in waiting if found is None or found[0] == "(" else ():
            parts.append(text[start : separator.start()])
            start = separator.end()
        waiting.clear()
    parts.append(text[start:])
    return [part for part in parts if part]


def other_forms(ask: Ask, is_known: Callable[[Ask], bool], namespaces: Callable[[str], bool]) -> tuple[Ask, ...]:
    """What an unknown item says in another form, all of it known; nothing where there is any doubt."""
    text = ask.text
    if (only := _ONLY.fullmatch(text)) and only["name"] != text:
        inner = read_ask(only["name"])
        return (inner,) if is_known(inner) else other_forms(inner, is_known, namespaces)
    parts = _parts_of(text)
    if len(parts) < 2 or len(parts) > 50:
        return ()
    if len(parts) == 2 and "/" in text and is_dns_label(parts[0]) and namespaces(parts[0]):
        placed = read_ask(parts[1])
        inside = Ask(text, placed.name, parts[0], placed.ports)
        return (inside,) if is_known(inside) and not is_known(read_ask(parts[0])) else ()
    asks = tuple(map(read_ask, parts))
    return asks if all(map(is_known, asks)) else ()
