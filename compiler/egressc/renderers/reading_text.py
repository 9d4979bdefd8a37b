"""The account of a reading for people: each table as the document has it, a mark and a colour for each cell."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from egressc.renderers.excerpts import clipped, printable, width_of
from egressc.renderers.reading import CellRecord, CellUse, ReadReport, TableRecord, Text, say_counts, say_rows

WIDTH = 120
LEGEND: Final = "+ grants   - denies   ! refused   ~ ignored   no mark: describes"

_MARKS: Final[Mapping[CellUse, str]] = {"grants": "+", "denies": "-", "describes": " ", "ignored": "~", "refused": "!"}
_COLOURS: Final[Mapping[CellUse, str]] = {
    "grants": "\x1b[32m",
    "denies": "\x1b[35m",
    "describes": "",
    "ignored": "\x1b[33m",
    "refused": "\x1b[1;31m",
}
_RESET, _BOLD, _FAINT = "\x1b[0m", "\x1b[1m", "\x1b[2m"
_NARROWEST: Final = 8
_AROUND: Final = 5  # character cells of a column beside its text: bar, mark, blanks


class _Shown(NamedTuple):
    """A cell as it is shown."""

    text: str
    mark: str = " "
    paint: str = ""


def render_text(report: ReadReport, *, colour: bool = False, width: int = WIDTH) -> str:
    """Legend, tables, the lines that are not read, counts. Long cells are clipped to lines of about `width`."""
    blocks: list[Iterable[str]] = [[LEGEND]]
    blocks += [_table(table, colour=colour, width=width) for table in report.tables]
    if report.texts:
        blocks.append(_texts(report.texts, colour=colour, width=width))
    blocks.append([f"read: {say_counts(report.counts)}"])
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)


def _table(table: TableRecord, *, colour: bool, width: int) -> Iterator[str]:
    kind = f"a table of {table.kind}; {say_rows(table)}" if not table.why else f"{table.kind}: {table.why}"
    title = f"{table.source}:{table.line}: {f'{table.heading}: ' if table.heading else ''}{kind}"
    yield _paint(printable(title), _BOLD, colour=colour)
    lines: list[tuple[str, list[_Shown], list[str]]] = [("", [_Shown(it.header) for it in table.columns], [])]
    if not table.why:
        roles = [_Shown(it.role, " ", _FAINT) if it.role else _ignored("not read") for it in table.columns]
        lines.append(("", roles, []))
    lines[-1][2].extend(f"! {it}" for it in table.faults)
    for row in table.rows:
        cells = [_shown(it) for it in row.cells]
        faults = [f"{'!' if it.use == 'refused' else 'see'} {fault}" for it in row.cells for fault in it.faults]
        lines.append((str(row.line), cells, list(dict.fromkeys(faults))))
    gutter = max(len(number) for number, _, _ in lines)
    widths = _widths([cells for _, cells, _ in lines], width - gutter)
    for number, cells, said in lines:
        yield _line(number.rjust(gutter), cells, widths, colour=colour)
        for fault in said:
            paint = _COLOURS["refused"] if fault[0] == "!" else ""
            yield " " * (gutter + 3) + _paint(printable(fault), paint, colour=colour)


def _texts(texts: Sequence[Text], *, colour: bool, width: int) -> Iterator[str]:
    yield _paint("Lines that are not read", _BOLD, colour=colour)
    for it in texts:
        place, text, why = (printable(said) for said in (f"{it.source}:{it.line}", it.text, it.why))
        yield _paint(f"~ {place}: {clipped(text, width // 2)}", _COLOURS["ignored"], colour=colour) + f" ({why})"


def _shown(cell: CellRecord) -> _Shown:
    is_marked = cell.text or cell.use == "refused"  # that a cell is empty may be what is wrong
    return _Shown(cell.text, _MARKS[cell.use], _COLOURS[cell.use]) if is_marked else _Shown("")


def _ignored(text: str) -> _Shown:
    return _Shown(text, "~", _COLOURS["ignored"])


def _line(number: str, cells: Sequence[_Shown], widths: Sequence[int], *, colour: bool) -> str:
    said: list[str] = []
    for cell, width in zip(cells, widths, strict=True):
        text = clipped(_flat(cell.text), width)
        said.append(_paint(f"{cell.mark} {text}", cell.paint, colour=colour) + " " * (width - width_of(text)))
    return f"{number} | {' | '.join(said)}".rstrip()


def _widths(rows: Sequence[Sequence[_Shown]], room: int) -> list[int]:
    """The width of each column: of its longest text, or no more than others where all of them do not fit."""
    wanted = [max(width_of(_flat(cell.text)) for cell in column) for column in zip(*rows, strict=True)]
    most = room = room - _AROUND * len(wanted)
    while most > _NARROWEST and sum(min(it, most) for it in wanted) > room:
        most -= 1
    return [min(it, max(most, _NARROWEST)) for it in wanted]


def _flat(text: str) -> str:
    """A cell in one line."""
    return text.replace("\n", " ")


def _paint(text: str, paint: str, *, colour: bool) -> str:
    return f"{paint}{text}{_RESET}" if colour and paint else text
