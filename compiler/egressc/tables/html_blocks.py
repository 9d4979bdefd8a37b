"""HTML blocks of Markdown, in which nothing is a table, and what ends them.

Source: CommonMark 0.31.2, "HTML blocks", start conditions 1 to 7.
"""

import re
from typing import Final, NamedTuple

_RAW: Final = re.compile(r"<(?:script|pre|style|textarea)(?:[ \t>]|$)", re.IGNORECASE)
_RAW_END: Final = re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)
_BLOCK_NAMES: Final = (
    "address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link "
    "main menu menuitem nav noframes ol optgroup option p param search section summary table tbody td tfoot th thead "
    "title tr track ul"
)
_BLOCK: Final = re.compile(rf"</?(?:{'|'.join(_BLOCK_NAMES.split())})(?:[ \t]|/?>|$)", re.IGNORECASE)
_ONE_TAG: Final = re.compile(
    r"""(?:<[A-Za-z][A-Za-z0-9-]*+(?:\s++[A-Za-z_:][\w.:-]*+(?:\s*+=\s*+(?:[^\s"'=<>`]++|'[^']*+'|"[^"]*+"))?+)*+\s*+/?>"""
    r"""|</[A-Za-z][A-Za-z0-9-]*+\s*+>)[ \t]*+$""",
    re.ASCII,
)
_MARKED: Final = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"))


class HtmlBlock(NamedTuple):
    """What closes a block: a text that ends it with its line, or an empty line where there is none."""

    closing: str

    @property
    def ends_at_blank_line(self) -> bool:
        return not self.closing

    def ends_in(self, text: str) -> bool:
        if self.closing == "</pre>":
            return _RAW_END.search(text) is not None
        return bool(self.closing) and self.closing in text


def html_block(text: str, *, in_paragraph: bool) -> HtmlBlock | None:
    """The block that a line begins, if any; `text` starts with its first character that is no blank."""
    if not text.startswith("<"):
        return None
    if _RAW.match(text):
        return HtmlBlock("</pre>")
    for opening, closing in _MARKED:
        if text.startswith(opening):
            return HtmlBlock(closing)
    if text.startswith("<!") and text[2:3].isalpha():
        return HtmlBlock(">")
    if _BLOCK.match(text) or (not in_paragraph and _ONE_TAG.match(text)):
        return HtmlBlock("")
    return None
