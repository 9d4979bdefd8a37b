"""A reader for the plain block style of YAML that Helm prints: mappings, sequences, one-line scalars, comments.

It refuses whatever it is not certain of (`Unusual`), and a document it refuses is left to `yaml_reader`. What it
accepts it reads alike; a test holds both readers against each other. Policies of one fleet repeat the same rules, so
the items of sequences are remembered by their text: that makes it some twenty times faster, and the values shared.
"""

import re
from typing import Any

from egressc.verify.documents.plain_scalars import Unusual, read_plain

_ODD = re.compile(r"[^\n\x20-\x7e\xa1-\u024f]")  # tabs, CR, controls, further line breaks
# A pattern that starts with a line feed jumps from one to the next; one that starts with "^" stops at every character.
_COMMENTS = re.compile(r"\n *+(?:#[^\n]*+)?(?=\n|\Z)")
# No two parts of it can take the same blanks, so that a line of any length takes time in proportion to it.
_ENTRY = re.compile(
    r"""([A-Za-z0-9_./](?:[A-Za-z0-9_./-]|:(?=[A-Za-z0-9_./]))*|"[^"\\\n]*"|'[^'\n]*')[ ]*:"""
    r"""(?:[ ]+([^ \n#][^\n]*)|[ ]+\#[^\n]*|[ ]*)(?=\n|\Z)"""
)
_PLAIN = re.compile(
    r"(?:[A-Za-z0-9_./]|:(?=[^\s#]))(?:[A-Za-z0-9_./+=~@;()\-]|[:#](?=[^\s#])(?<! #)|[ ](?=[^\s#:]))*\Z"
)
_QUOTED = re.compile(r"""(?:"[^"\\\n]*"|'[^'\n]*')\Z""")
_MAXIMUM_INDENT = 100
_REMEMBERED_ITEMS = 50_000


class BlockReader:
    """Reads documents and remembers the items of their sequences; one for each run."""

    __slots__ = ("_entries", "_keys", "_remembered", "_scalars")

    def __init__(self) -> None:
        self._remembered: dict[tuple[int, str], Any] = {}
        self._keys: dict[str, str] = {}
        self._scalars: dict[str, Any] = {}
        self._entries: dict[int, re.Pattern[str]] = {}

    def read(self, text: str) -> Any:
        """The mapping that a document holds. Raises Unusual."""
        is_plain = text.isascii() and text.replace("\n", "").isprintable()
        if not is_plain and _ODD.search(text):
            raise Unusual
        head, _, body = text.partition("\n")  # what follows the document marker
        if head.strip() and not head.lstrip().startswith("#"):
            body = text
        return self._mapping(_COMMENTS.sub("", "\n" + body), 0)

    # Texts of mappings and sequences start with the line feed before their first line, and end without one.

    def _mapping(self, text: str, indent: int) -> dict[str, Any]:
        split = self._entries.get(indent)
        if split is None:
            if indent > _MAXIMUM_INDENT:
                raise Unusual
            split = self._entries[indent] = re.compile("\n" + " " * indent + r"(?=[^ \-])")
        before, *pieces = split.split(text)
        if before or not pieces:
            raise Unusual
        found: dict[str, Any] = {}
        for piece in pieces:
            entry = _ENTRY.match(piece)
            if entry is None:
                raise Unusual
            written, value = entry.groups()
            key = self._keys.get(written) or self._key(written)
            if key in found:
                raise Unusual
            end = entry.end()
            if end == len(piece):
                found[key] = None if value is None else self._scalar(_without_comment(value))
            elif value is None:
                found[key] = self._nested(piece[end:], indent)
            else:
                raise Unusual
        return found

    def _nested(self, text: str, outer: int) -> Any:
        indent = len(text) - len(text.lstrip(" \n")) - 1
        if text.startswith("- ", indent + 1) and indent >= outer:
            return self._sequence(text, indent)
        if indent <= outer:
            raise Unusual
        if text.endswith(("[]", "{}")) and len(text) == indent + 3:  # an empty list of rules on a line of its own
            return self._scalar(text[-2:])
        return self._mapping(text, indent)

    def _sequence(self, text: str, indent: int) -> list[Any]:
        if indent > _MAXIMUM_INDENT:
            raise Unusual
        before, *pieces = text.split("\n" + " " * indent + "- ")
        if before:
            raise Unusual
        return [self._item(piece, indent + 2) for piece in pieces]

    def _item(self, text: str, indent: int) -> Any:
        known = (indent, text)
        if known in self._remembered:
            return self._remembered[known]
        if _ENTRY.match(text):
            item: Any = self._mapping("\n" + " " * indent + text, indent)
        elif "\n" not in text:
            item = self._scalar(_without_comment(text))
        else:
            raise Unusual
        if len(self._remembered) >= _REMEMBERED_ITEMS:
            self._remembered.clear()
        self._remembered[known] = item
        return item

    def _key(self, text: str) -> str:
        key = text[1:-1] if text[0] in "\"'" else read_plain(text)
        if not isinstance(key, str):
            raise Unusual
        self._keys[text] = key
        return key

    def _scalar(self, text: str) -> Any:
        if text in self._scalars:
            return self._scalars[text]
        if len(self._scalars) >= _REMEMBERED_ITEMS:
            self._scalars.clear()
            self._keys.clear()
        if _PLAIN.match(text):
            value: Any = read_plain(text)
        elif _QUOTED.match(text):
            value = text[1:-1]
        elif text in ("{}", "[]"):
            value = {} if text == "{}" else []
        else:
            raise Unusual
        self._scalars[text] = value
        return value


def _without_comment(text: str) -> str:
    if " " in text and text[0] not in "\"'":
        text = text.partition(" #")[0]
    return text.rstrip(" ")
