"""Text as a YAML scalar or comment that Helm's parser and YAML 1.1 readers take for exactly that text.

Source: YAML 1.1 and 1.2 section 5.7 (escapes), 7.3.1 (double-quoted style); the YAML 1.1 type words.
"""

import re

# Plain only where no reader sees anything but text: words, dotted and slashed names, never a first digit, dot or dash
# (numbers, dates, `.inf`, list items), never a blank, colon or hash.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-./][A-Za-z0-9]+)*")
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"))

# What a reader may refuse, change or show as something else. A fixed list: str.isprintable() follows the Unicode
# version of the interpreter, and the same sources must give the same bytes on every machine.
_INVISIBLE = (
    "\x00-\x1f\x7f-\xa0\xad"  # C0, DEL, C1 with NEL (U+0085), no-break space, soft hyphen
    "\u0600-\u0605\u061c\u06dd\u070f\u1680\u180e"  # format characters and blanks of single scripts
    "\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"  # blanks, line separators, directions (they reorder what is shown)
    "\ue000-\uf8ff\ufeff\ufff0-\uffff"  # private use, byte order mark, specials and non-characters
    "\U000e0000-\U0010ffff"  # tags, variation selectors, private use
)
_QUOTED = re.compile(f'["\\\\{_INVISIBLE}]')
_COMMENTED = re.compile(f"[{_INVISIBLE}]")
_BLANKS = re.compile(r"[ \t\n\v\f\r\x85\u2028\u2029]+")
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def scalar(text: str) -> str:
    """The text as a value or key of a block mapping, on one line.

    As a key it may take 1,024 characters at most, YAML's limit for a simple key. The text holds no lone surrogates:
    readers decode strict UTF-8, and the models refuse them.
    """
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return '"' + _QUOTED.sub(_escape, text) + '"'


def comment(text: str) -> str:
    """The text on one line, fit to stand behind `# `: blanks collapsed, control characters shown as escapes."""
    return _COMMENTED.sub(_escape, _BLANKS.sub(" ", text).strip(" "))


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    short = _SHORT.get(character)
    if short is not None:
        return short
    number = ord(character)
    if number <= 0xFF:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
