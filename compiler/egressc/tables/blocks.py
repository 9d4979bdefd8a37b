"""Where the tables and headings of a Markdown document are: its blocks, line by line, in linear time.

Source: CommonMark 0.31.2, "Blocks and inlines", appendix "Phase 1: block structure"; GFM 0.29, "Tables".
"""

import re
from enum import Enum, auto
from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.reading import nested_too_deep, unclosed_block
from egressc.source import Located, Source, Span
from egressc.tables.containers import Container, Cursor, enter_item, enter_quote
from egressc.tables.html_blocks import HtmlBlock, html_block
from egressc.tables.outline import Outline
from egressc.tables.strays import RULE, Cause, StrayFinder
from egressc.tables.table_lines import Line, Prose, TableLines, front_matter_lines, is_delimiter_row, split_row

DEEPEST_NESTING: Final = 50

_ATX: Final = re.compile(r"(#{1,6})(?:[ \t]|$)")
_SETEXT: Final = re.compile(r"(?:=++|-++)[ \t]*+$")
_FENCE: Final = re.compile(r"(`{3,}+)[^`]*+$|(~{3,}+)")


class _Leaf(Enum):
    NONE = auto()
    PARAGRAPH = auto()
    TABLE = auto()
    FENCE = auto()
    HTML = auto()


def find_tables(
    source: Source, report: Report, strays: StrayFinder | None = None, prose: list[Prose] | None = None
) -> list[TableLines]:
    """Every table of a document, top to bottom, and every broken one.

    Args:
        report: receives EG105 (nested too deep) and EG114 (a fence or comment without an end).
        strays: receives the lines that look like rows and belong to none of them.
        prose: receives the lines of paragraphs, list items, HTML and code.
    """
    scan = _Scan(source, report, strays or StrayFinder(), [] if prose is None else prose)
    lines = source.text.split("\n")
    skipped = front_matter_lines(lines)
    at = sum(len(line) + 1 for line in lines[:skipped])
    del lines[:skipped]
    if lines and source.text.startswith("\ufeff") and not skipped:
        lines[0] = lines[0][1:]
        at = 1
    has_returns = "\r" in source.text
    rows: list[tuple[int, str]] | None = None
    for line in lines:
        text = line.removesuffix("\r") if has_returns else line
        # Most lines of large documents are rows of a table outside of lists; they need no look at containers.
        if rows is not None and text[:1] == "|":
            rows.append((at, text))
        else:
            scan.read(at, text)
            if scan.is_too_deep:
                break  # there is no end of it, and nothing below is read right
            rows = scan.open_rows
        at += len(line) + 1
    scan.finish()
    return scan.tables


class _Scan:
    """The open blocks while lines go by."""

    def __init__(self, source: Source, report: Report, strays: StrayFinder, prose: list[Prose]) -> None:
        self.source = source
        self.prose = prose
        self.report = report
        self.strays = strays
        self.tables: list[TableLines] = []
        self._containers: list[Container] = []
        self._leaf = _Leaf.NONE
        self._rows: list[tuple[int, str]] = []
        self._paragraph: list[Line] = []
        self._is_lazy = False
        self._fence = ""
        self._html = HtmlBlock("")
        self._opening: Span | None = None
        self._outline = Outline(source)
        self.is_too_deep = False

    @property
    def open_rows(self) -> list[tuple[int, str]] | None:
        """The rows of the table that goes on outside of lists and quotes: a line that begins with `|` is one more."""
        return self._rows if self._leaf is _Leaf.TABLE and not self._containers else None

    def read(self, start: int, line: str) -> None:
        # Prose, without the work that other lines take.
        if not self._containers and line[:1].isalpha() and self._leaf in (_Leaf.NONE, _Leaf.PARAGRAPH):
            self._continue_paragraph(Line(start, line), lazy=False)
            return
        cursor = Cursor(line)
        matched = 0
        for container in self._containers:
            if not container.continues(cursor):
                break
            matched += 1
        all_matched = matched == len(self._containers)
        if all_matched and self._leaf in (_Leaf.FENCE, _Leaf.HTML):
            self._read_verbatim(start, cursor)
            return
        self._read_block(start, cursor, matched)

    def _read_verbatim(self, start: int, cursor: Cursor) -> None:
        line = Line(start + cursor.text_start(), cursor.rest)
        if self._leaf is _Leaf.HTML:
            if self._html.ends_at_blank_line and not cursor.is_blank():
                self._meet_html(line)
            if (self._html.ends_at_blank_line and cursor.is_blank()) or self._html.ends_in(cursor.rest):
                self._leaf = _Leaf.NONE
                self.strays.end()
            return
        self.prose.append(Prose(line.start, line.text, self._headings, is_code=True))
        rest = line.text.rstrip(" \t")
        if rest.startswith(self._fence) and not rest.strip(self._fence[0]) and cursor.indent() <= 3:
            self._leaf = _Leaf.NONE

    def _meet_html(self, line: Line) -> None:
        self.prose.append(Prose(line.start, line.text, self._headings))
        self.strays.meet_verbatim(line, self._headings, is_code=False)

    def _read_block(self, start: int, cursor: Cursor, matched: int) -> None:
        is_lazy = matched < len(self._containers)
        in_paragraph = self._leaf is _Leaf.PARAGRAPH
        if cursor.is_blank():
            above = self.strays.above if self._leaf is _Leaf.NONE else None
            self.strays.end(self.tables[-1] if self._leaf is _Leaf.TABLE else above)
            self._close(matched)
            self._leaf = _Leaf.NONE
            return
        while cursor.indent() <= 3:
            container = self._open_container(start, cursor, in_paragraph=in_paragraph and not is_lazy)
            if container is None:
                break
            self._close(matched)
            self._leaf = _Leaf.NONE
            self._containers.append(container)
            matched += 1
            is_lazy = in_paragraph = False
            if cursor.is_blank():
                return
        text = cursor.rest
        line = Line(start + cursor.text_start(), text)
        is_indented = cursor.indent() > 3
        if not is_indented and self._open_leaf(line, matched, continues=in_paragraph and not is_lazy):
            return
        if in_paragraph:
            self._continue_paragraph(line, lazy=is_lazy, indented=is_indented)
            return
        self._close(matched)
        if is_indented:
            self._leaf = _Leaf.NONE
            self.strays.meet_verbatim(line, self._headings, is_code=True)
        elif self._leaf is _Leaf.TABLE:
            self._rows.append(line)
        else:
            self._continue_paragraph(line, lazy=False)

    def _open_container(self, start: int, cursor: Cursor, *, in_paragraph: bool) -> Container | None:
        rest = cursor.rest
        if rest[0] not in ">-+*0123456789":
            return None
        if len(self._containers) >= DEEPEST_NESTING:
            self.is_too_deep = True
            at = start + cursor.text_start()
            self.report.add(nested_too_deep(Span(self.source, at, at + 1), DEEPEST_NESTING))
            return None
        if enter_quote(cursor):
            return Container(None, has_content=True)
        if _is_thematic_break(rest) or (in_paragraph and _SETEXT.match(rest)):
            return None
        return enter_item(cursor, in_paragraph=in_paragraph)

    def _open_leaf(self, line: Line, matched: int, *, continues: bool) -> bool:
        """Whether the line is all of a block, or begins one, other than a paragraph."""
        text = line.text
        first = text[0]
        if continues and first in "=-" and RULE.match(text):
            self.strays.meet_header(self._paragraph[-1], self._headings, Cause.DRAWN)
        if continues and first in "=-" and _SETEXT.match(text):
            self._outline.add(1 if first == "=" else 2, self._paragraph[0].start, self._paragraph[-1].end)
        elif first == "#" and (atx := _ATX.match(text)):
            content = text[atx.end() :].strip(" \t")
            bare = content.rstrip("#")
            content = bare.rstrip(" \t") if not bare or bare[-1] in " \t" else content
            begin = line.start + text.index(content, atx.end()) if content else line.end
            self._outline.add(len(atx[1]), begin, begin + len(content))
        elif first in "`~" and (fence := _FENCE.match(text)):
            self._close(matched)
            self._fence = fence[1] or fence[2]
            self._open_verbatim(_Leaf.FENCE, Span(self.source, line.start, line.start + len(self._fence)))
            return True
        elif first == "<" and (html := html_block(text, in_paragraph=self._leaf is _Leaf.PARAGRAPH)):
            self._close(matched)
            self._html = html
            self._open_verbatim(_Leaf.HTML, Span(self.source, line.start, line.start + len(text.split()[0])))
            if html.ends_at_blank_line:
                self._meet_html(line)
            if html.ends_in(text[2:] if html.closing == ">" else text):
                self._leaf = _Leaf.NONE
            return True
        elif not _is_thematic_break(text):
            return False
        self._close(matched)
        self._leaf = _Leaf.NONE
        self.strays.end()
        return True

    def _open_verbatim(self, leaf: _Leaf, opening: Span) -> None:
        self.strays.end()
        self._leaf = leaf
        self._opening = opening

    def _continue_paragraph(self, line: Line, *, lazy: bool, indented: bool = False) -> None:
        self.prose.append(Prose(line.start, line.text, self._headings))
        if self._leaf is not _Leaf.PARAGRAPH:
            self._leaf = _Leaf.PARAGRAPH
            self._paragraph = [line]
            self._is_lazy = False
            self._mark_filled()
            if "\t" in line.text.rstrip():
                self.strays.meet_header(line, self._headings, Cause.TABS)
            if line.text[0] == "|" or self.strays.above is not None:
                self.strays.begin_paragraph(line, self._headings)
            return
        if line.text[0] in "|:-" and "|" in self._paragraph[-1].text and self._open_table(line, lazy, indented):
            return
        self._paragraph.append(line)
        self._is_lazy = lazy or indented
        if line.text[0] in "|+":
            self.strays.meet(line, self._headings)

    def _open_table(self, delimiters: Line, lazy: bool, indented: bool) -> bool:
        """Whether a line under a paragraph makes the paragraph's last line the header of a table."""
        text = delimiters.text
        if not is_delimiter_row(text):
            return False
        header = self._paragraph[-1]
        columns = len(split_row(header.text.strip(" \t")))
        broken = lazy or indented or self._is_lazy or columns != len(split_row(text.rstrip(" \t")))
        table = TableLines(self._headings, header, delimiters, broken)
        self.tables.append(table)
        self.strays.take_header(header, is_broken=broken)
        if broken:
            return False
        del self.prose[-2:]  # the header and the line under it
        self._leaf = _Leaf.TABLE
        self._rows = table.rows
        return True

    @property
    def _headings(self) -> tuple[Located[str], ...]:
        return self._outline.headings

    def _close(self, matched: int) -> None:
        """Close the containers that a line left, and with them the leaf inside."""
        if matched < len(self._containers):
            del self._containers[matched:]
            self._leaf = _Leaf.NONE
        self._mark_filled()

    def _mark_filled(self) -> None:
        if self._containers:
            self._containers[-1].has_content = True

    def finish(self) -> None:
        if self._containers or self._opening is None:
            return
        if self._leaf is _Leaf.FENCE:
            self.report.add(unclosed_block(self._opening, self._fence))
        elif self._leaf is _Leaf.HTML and self._html.closing:
            self.report.add(unclosed_block(self._opening, self._html.closing))


def _is_thematic_break(text: str) -> bool:
    if text[0] not in "*-_":
        return False
    marks = text.replace(" ", "").replace("\t", "")
    return len(marks) >= 3 and not marks.strip(text[0])
