"""Words of a source inside Markdown, where they stay words: no table breaks, no link, no HTML."""

import re

from egressc.renderers.excerpts import printable

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>|~#!$@&])")


def cell(text: str) -> str:
    """Text for a cell or a heading: one line, each character that Markdown acts on escaped, no mention of a user.

    Hyphens, dots and slashes stay, for names and paths hold them; a bare address is cut by its escaped colon.
    """
    escaped = _ACTIVE.sub(_escape, printable(" ".join(text.split())))
    return escaped.replace("://", "&#58;//").replace("www.", "www&#46;")


def _escape(found: re.Match[str]) -> str:
    # A backslash does not keep a mention (@team) or a reference (#12) from being one.
    character = found[0]
    return f"&#{ord(character)};" if character in "@#<>&" else f"\\{character}"
