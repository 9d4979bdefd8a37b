"""Entries of the generated part of a values file: the text of each, with the digest that tells a change by hand."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from egressc.dialects.emitting import Data
from egressc.emit.blocks import mapping_lines

DIGEST_PREFIX: Final = "# egressc-digest: "
INDENT: Final = "    "
"""Of an entry below another key of `networkPolicy`."""
_DIGITS: Final = 12
_WORDS: Final = (f"{INDENT}  name: ", f"{INDENT}  purpose: ")


class Section(NamedTuple):
    """A key of `networkPolicy` with its value, as text and as data."""

    text: str
    data: dict[str, Data]


def effective_lines(text: str) -> list[str]:
    """The lines that have an effect: neither comments nor empty, without their ends and a byte order mark."""
    lines = (line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n"))
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def digest(lines: Sequence[str]) -> str:
    """12 hex digits over the effective lines of one entry, in UTF-8: they tell a change by hand, no forgery.

    The name and the purpose of a dependency are words for people: one branch may change them, another one its ports.
    """
    if lines and lines[0].startswith(INDENT):
        lines = [line for line in lines if not line.startswith(_WORDS)]
    return sha256("\n".join(lines).encode()).hexdigest()[:_DIGITS]


def entry_text(entry: dict[str, Data], indent: str = "  ") -> str:
    """A mapping of one key, the digest of it, and a blank line."""
    text = mapping_lines(entry, indent)
    within = indent if text.count("\n") == 1 else indent + "  "
    return f"{text}{within}{DIGEST_PREFIX}{digest(effective_lines(text))}\n\n"


def section(key: str, entries: dict[str, Data]) -> Section:
    """A map whose entries have digests of their own: two branches can change two of them."""
    text = "".join(entry_text({name: entry}, INDENT) for name, entry in entries.items())
    return Section(f"  {key}:\n{text}", entries)
