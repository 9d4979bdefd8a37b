"""CSV by RFC 4180, for a spreadsheet: every field quoted, and none taken for a formula."""

from collections.abc import Iterable, Sequence

# What a spreadsheet takes for a formula (OWASP, "CSV Injection"): such a cell gets an apostrophe in front.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render_rows(rows: Iterable[Sequence[str]]) -> str:
    return "".join(",".join(map(_quoted, row)) + "\r\n" for row in rows)


def _quoted(text: str) -> str:
    safe = f"'{text}" if text.startswith(_FORMULA) else text
    return '"' + safe.replace('"', '""') + '"'
