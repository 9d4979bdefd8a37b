"""Text as a YAML scalar or comment that Helm's parser and YAML 1.1 readers take for exactly that text.

Source: YAML 1.1 and 1.2 section 5.7 (escapes), 7.3.1 (double-quoted style); the YAML 1.1 type words.
"""

import re

_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))

# What a reader may refuse, change or show as something else. A fixed list: str.isprintable() follows the Unicode
# version of the interpreter, and the same sources must give the same bytes on every machine.
_INVISIBLE = (
    "\x00-\x1f\x7f-\xa0\xad"  # C0, DEL, C1 with NEL (U+0085), no-break space, soft hyphen
    "\u0600-\u0605\u061c\u06dd\u070f\u1680\u180e"  # format characters and blanks of single scripts
    "\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"  # blanks, line separators, directions (they reorder what is shown)
    "\ue000-\uf8ff\ufeff\ufff0-\uffff"  # private use, byte order mark, specials and non-characters
    "\U000e0000-\U0010ffff"  # tags, variation selectors, private use
)
# Bare only where no reader sees anything but the text: it begins with a letter (not with a digit, dot or dash: numbers,
# dates, `.inf`, list items), holds no hash and no bracket, a colon only within a word, spaces only between words. A
# network is bare as well: nothing with a slash is a number.
_LETTER = f"[^\x00-@\\[-`{{-\x7f{_INVISIBLE}]"
_OTHERS = r"0-9!%&'()*+./;=?@^_~-"
_NETWORK = "[0-9a-f:][0-9a-f.:]*/[0-9]+"
_WORD = f"(?:{_LETTER}|[,{_OTHERS}])"
_BARE = re.compile(f"{_LETTER}{_WORD}*+(?:[ :]{_WORD}++)*|{_NETWORK}")
_BARE_IN_FLOW = re.compile(f"{_LETTER}(?:{_LETTER}|[{_OTHERS}])*+")
_QUOTED = re.compile(f'["\\\\{_INVISIBLE}]')
_COMMENTED = re.compile(f"[{_INVISIBLE}]")
_BLANKS = re.compile(r"[ \t\n\v\f\r\x85\u2028\u2029]+")
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def scalar(text: str) -> str:
    """The text as a value or key of a block mapping, on one line, in quotes only where it needs them.

    As a key it may take 1,024 characters at most, YAML's limit for a simple key. The text holds no lone surrogates:
    readers decode strict UTF-8, and the models refuse them.
    """
    return _write(text, _BARE)


def flow_scalar(text: str) -> str:
    """The same between brackets or braces, where a comma ends it; with spaces or colons in quotes."""
    return _write(text, _BARE_IN_FLOW)


def _write(text: str, bare: re.Pattern[str]) -> str:
    if bare.fullmatch(text) and text.lower() not in _WORDS:
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
