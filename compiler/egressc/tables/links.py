"""The parts of a Markdown link behind its text, and the link definitions of a document.

Source: CommonMark 0.31.2, "Links" and "Link reference definitions".
"""

import re
from typing import Final

_BLANKS: Final = re.compile(r"[ \t\n]*+")
_ANGLE_DESTINATION: Final = re.compile(r"<(?:[^<>\\\n]|\\.)*+>")
_TITLE: Final = re.compile(r""""(?:[^"\\]|\\[\s\S])*+"|'(?:[^'\\]|\\[\s\S])*+'|\((?:[^()\\]|\\[\s\S])*+\)""")
_PLAIN_STOP: Final = re.compile(r"[\x00-\x20()\\\x7f]")
_LABEL: Final = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999}+)\]")
_DEFINITION: Final = re.compile(r"^[ \t>]*+\[((?:[^\[\]\\\n]|\\.){1,999}+)\]:[ \t]*+\S", re.MULTILINE)
LONGEST_LABEL: Final = 999
# Destinations nest parentheses no deeper; it also keeps a text of nothing but openings linear.
_DEEPEST_PARENTHESES: Final = 32


def link_definitions(text: str) -> frozenset[str]:
    """The labels that a document defines with `[label]: destination`, in the form that labels are compared in."""
    if "]:" not in text:
        return frozenset()
    return frozenset(normal_label(found) for found in _DEFINITION.findall(text))


def normal_label(label: str) -> str:
    return " ".join(label.split()).casefold()


def label_at(text: str, at: int) -> tuple[str, int] | None:
    """The label in brackets at an offset, and the offset past it."""
    found = _LABEL.match(text, at)
    return (found[1], found.end()) if found is not None else None


def link_end(text: str, at: int) -> int | None:
    """Past the parenthesis that closes `(destination "title")` at an offset; None where there is no such thing."""
    at = _past_blanks(text, at + 1)
    if text.startswith("<", at):
        angle = _ANGLE_DESTINATION.match(text, at)
        if angle is None:
            return None
        end = angle.end()
    else:
        plain_end = _plain_destination_end(text, at)
        if plain_end is None:
            return None
        end = plain_end
    after = _past_blanks(text, end)
    if after > end and (title := _TITLE.match(text, after)):
        after = _past_blanks(text, title.end())
    return after + 1 if text.startswith(")", after) else None


def _past_blanks(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    assert blanks is not None
    return blanks.end()


def _plain_destination_end(text: str, at: int) -> int | None:
    depth = 0
    while (stop := _PLAIN_STOP.search(text, at)) is not None:
        at = stop.end()
        match stop.group():
            case "(":
                depth += 1
                if depth > _DEEPEST_PARENTHESES:
                    return None
            case ")":
                if depth == 0:
                    return at - 1
                depth -= 1
            case "\\":
                at += 1 if text[at : at + 1].isprintable() and text[at : at + 1] not in (" ", "") else 0
            case _:
                return at - 1 if depth == 0 else None
    return None
