"""What a plain (unquoted) YAML scalar means to the API server.

Source: sigs.k8s.io/yaml goyaml.v2 resolve.go (YAML 1.1 words, Go integer literals), then JSON: a whole float is an
integer there, dates stay strings.
"""

import re

Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE = frozenset(f(word) for word in ("y", "yes", "true", "on") for f in (str.lower, str.title, str.upper))
_FALSE = frozenset(f(word) for word in ("n", "no", "false", "off") for f in (str.lower, str.title, str.upper))

_INTEGER = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+|0|[1-9][0-9_]*)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_WORD = re.compile(r"[A-Za-z]")
_SHORTEST_WORD, _LONGEST_WORD = 1, 5

# From here on Go prints a float64 with an exponent, which is no integer to JSON readers of the API server.
_EXPONENT_FROM = 1e21


def plain(text: str) -> bool | int | float | str | None:
    """The value of a plain scalar."""
    if _WORD.match(text):
        if _SHORTEST_WORD <= len(text) <= _LONGEST_WORD:
            if text in _TRUE:
                return True
            if text in _FALSE:
                return False
            if text in _NULLS:
                return None
        return text
    if text in _NULLS:
        return None
    if _INTEGER.match(text):
        return _integer(text)
    if _FLOAT.match(text.replace("_", "")):
        number = float(text.replace("_", ""))
        return int(number) if number.is_integer() and abs(number) < _EXPONENT_FROM else number
    return text


def _integer(text: str) -> int | str:
    digits = text.replace("_", "").lower()
    negative = digits.startswith("-")
    digits = digits.lstrip("+-")
    if digits[:1] == "0" and digits[1:2].isdigit():
        digits = "0o" + digits[1:]
    try:
        number = int(digits, 0)
    except ValueError:  # "0x_", or other literals that hold no digit
        return text
    return -number if negative else number
