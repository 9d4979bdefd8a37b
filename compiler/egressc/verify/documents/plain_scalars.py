"""Plain (unquoted) scalars whose meaning is certain; every other one is left to the API server's own reader.

Source: sigs.k8s.io/yaml goyaml.v2 resolve.go. Its keywords are those of YAML 1.1, its numbers Go literals: these may
have underscores, hold at most one "." and neither "/" nor ":", and a sign only in front, after an exponent or "0b".
"""

import re

Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]

_KEYWORDS = {"true": True, "false": False, "null": None}
_OTHER_KEYWORDS = frozenset(("y", "yes", "n", "no", "on", "off", *_KEYWORDS))  # in some spellings, not in others
_LONGEST_KEYWORD = 5
_TEXT = re.compile(
    r"[A-Za-z]"  # a word
    r"|[^/:]*[/:]|[^.]*\.[^.]*\."  # a network, an address, a version
    r"|(?!0[xX])[0-9][^_]*?(?:[acdf-np-wyzACDF-NP-WYZ]|[0-9]-)"  # a hash, an identifier, a date
)
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")
_EXACT_BELOW = 2**53  # Helm takes numbers through a float64


class Unusual(Exception):
    """The text has something whose meaning is not certain."""


def read_plain(text: str) -> bool | int | float | str | None:
    """The value of a plain scalar that is not empty. Raises Unusual."""
    if _TEXT.match(text):
        if len(text) > _LONGEST_KEYWORD or text.lower() not in _OTHER_KEYWORDS:
            return text
        if text in _KEYWORDS:
            return _KEYWORDS[text]
    return read_number(text)


def read_number(text: str) -> int | float:
    """The value of a number as JSON writes it. Raises Unusual."""
    if not _JSON_NUMBER.match(text) or abs(number := float(text)) >= _EXACT_BELOW:
        raise Unusual
    return int(number) if number.is_integer() else number
