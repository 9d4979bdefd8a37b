"""Plain YAML scalars as Helm reads them: YAML 1.1 words, Go's number forms, and JSON in between.

Source: sigs.k8s.io/yaml (YAML to JSON) over go-yaml's `resolve`; a test compares with Helm itself. Helm decodes every
number through float64, and hands dates on as texts.
"""

import re
from typing import Final

PlainValue = str | int | float | bool | None

_WORDS: Final[dict[str, PlainValue]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"], True),
    **dict.fromkeys(["n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"], False),
    **dict.fromkeys([".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"], float("inf")),
    **dict.fromkeys(["-.inf", "-.Inf", "-.INF"], float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_INTEGER: Final = re.compile(
    r"([-+]?)(?:0[xX]([0-9a-fA-F]{1,64})|0[bB]([01]{1,64})|0[oO]?([0-7]{1,64})|(0|[1-9][0-9]{0,19}))$", re.ASCII
)
# go-yaml cuts "0b" off and reads the rest as a number with a sign of its own.
_LATE_SIGN: Final = re.compile(r"0b[-+][01]+$", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", re.ASCII)
# A number that begins with a point goes through Go's ParseFloat, which wants digits on both sides of an underscore.
_POINT_FLOAT: Final = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$", re.ASCII)
_MOST_DIGITS: Final = 21


def read_plain_scalar(text: str) -> PlainValue:
    """What Helm makes of a scalar without quotes; infinities and NaN stand for values that Helm refuses."""
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first not in "+-.0123456789":
        return text
    if first == ".":
        return _float(text, text.replace("_", "")) if _POINT_FLOAT.match(text) else text
    number = text.replace("_", "")
    if _LATE_SIGN.match(number):
        number = number[2] + "0b" + number[3:]
    if found := _INTEGER.match(number):
        value = _integer(*found.groups(default=""))
        if value is not None:
            return _through_float(float(value))
    return _float(text, number) if _FLOAT.match(number) else text


def _integer(sign: str, hexadecimal: str, binary: str, octal: str, decimal: str) -> int | None:
    """None past 64 bits: a signed integer, or an unsigned one without a sign."""
    value = next(
        int(digits, base) for digits, base in ((hexadecimal, 16), (binary, 2), (octal, 8), (decimal, 10)) if digits
    )
    if sign == "-":
        return -value if value <= 2**63 else None
    return value if value < (2**63 if sign else 2**64) else None


def _float(text: str, number: str) -> PlainValue:
    value = float(number)
    return text if value in (float("inf"), float("-inf")) else _through_float(value)


def _through_float(value: float) -> int | float:
    """As JSON writes it: whole numbers of up to 21 digits without an exponent."""
    return int(value) if value.is_integer() and abs(value) < 10**_MOST_DIGITS else value
