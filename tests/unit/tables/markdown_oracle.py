"""Markdown as markdown-it-py reads it: code of another author, and much slower."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"strikethrough_single_tilde": True}).enable(["table", "strikethrough"])


def oracle_tables(text: str) -> list[list[list[str]]]:
    """The cell texts of every table, header first; rows without any text left out."""
    tables: list[list[list[str]]] = []
    in_cell = False
    for token in _PARSER.parse(text):
        match token.type:
            case "table_open":
                tables.append([])
            case "tr_open":
                tables[-1].append([])
            case "th_open" | "td_open":
                in_cell = True
            case "th_close" | "td_close":
                in_cell = False
            case "inline" if in_cell:
                tables[-1][-1].append(_tidy(_flat(token.children or ())))
            case _:
                pass
    return [[table[0], *(row for row in table[1:] if any(row))] for table in tables]


def oracle_headings(text: str) -> list[tuple[int, str]]:
    """Level and text of every heading."""
    tokens = _PARSER.parse(text)
    return [
        (int(token.tag[1]), _tidy(_flat(inline.children or ())).replace("\n", " "))
        for token, inline in pairwise(tokens)
        if token.type == "heading_open"
    ]


def oracle_text(text: str, labels: Iterable[str] = ()) -> str:
    """The text of inline Markdown; `labels` are defined."""
    references = {label.upper(): {"href": "x", "title": ""} for label in labels}
    inline = _PARSER.parseInline(text, {"references": references})
    return _tidy(_flat(inline[0].children or ()))


def _flat(tokens: Sequence[Token]) -> str:
    parts = []
    for token in tokens:
        match token.type:
            case "softbreak" | "hardbreak":
                parts.append(" ")
            case "image":
                parts.append(_flat(token.children or ()))
            case "html_inline":
                parts.append("\n" if token.content.lower().strip("</ >") == "br" else "")
            case _:
                parts.append(token.content)
    return "".join(parts)


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
