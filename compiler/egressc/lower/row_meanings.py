"""Rows as the project file has them read: what blank cells and phrases mean, and what is decided of whole rows."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from egressc.lower.header_words import plain_header
from egressc.lower.judgements import Holds
from egressc.lower.kinds import GUARDS, REFERENCES, Plan
from egressc.lower.verdicts import takes_rows_back
from egressc.lower.wording import ALLOW, AS_ABOVE, DENY, DENY_ALL, IGNORE, LEAVE_OUT, Wording
from egressc.model.project import TableRule
from egressc.model.records import OF_NAMESPACES, Kind, Role
from egressc.tables.core import Cell, Table

# What a cell of a grid comes to: it is a connection, so nothing else of its row changes.
_IN_GRIDS = {ALLOW: "yes", DENY: "no", LEAVE_OUT: "", IGNORE: "", AS_ABOVE: ""}


class ReadRow(NamedTuple):
    """A row by its position. `left_out`: why it is none. `decision`: what the project file says of all of it.

    `is_section`: it is a heading of the rows below it.
    """

    at: int
    cells: tuple[Cell, ...]
    left_out: str = ""
    decision: Holds | None = None
    no_dns: bool = False
    is_section: bool = False


class RowMeanings:
    """What the cells of one table mean."""

    def __init__(self, table: Table, plan: Plan, rule: TableRule | None, wording: Wording) -> None:
        self.table = table
        self.wording = wording
        columns = plan.columns
        names = {it for role in REFERENCES | {Role.ENVIRONMENT} for it in columns.get(role, ())}
        self._is_list = [it in names for it in range(len(table.headers))]
        self._verdicts = {it for role in GUARDS - {Role.DIRECTION, Role.ENVIRONMENT} for it in columns.get(role, ())}
        self._defaults = {it for role in OF_NAMESPACES for it in columns.get(role, ())}
        self._directions = columns.get(Role.DIRECTION, ())
        self._subjects = [it for role in (Role.SERVICE, Role.SOURCE, Role.CONNECTION) for it in columns.get(role, ())]
        self._targets = columns.get(Role.DESTINATION, ()) if plan.kind is Kind.FLOWS else ()
        self._repeats = rule.blank_as_above if rule else False
        if plan.kind is Kind.DESTINATIONS:
            self._subjects += columns.get(Role.DESTINATION, ())
        plain = [plain_header(it.text) for it in table.headers]
        self._blanks = {at: rule.blanks[it] for at, it in enumerate(plain) if it in rule.blanks} if rule else {}

    def rows(self) -> Iterator[ReadRow]:
        """Every row, those that are left out too: a blank cell below one may repeat it."""
        is_plain = self.wording.is_empty and not self._blanks and not self._repeats
        if is_plain and not self.wording.may_repeat("\n".join(it.text for row in self.table.rows for it in row)):
            yield from (ReadRow(index, cells) for index, cells in enumerate(self.table.rows))
            return
        above: tuple[Cell, ...] = ()
        below = ""
        for index, cells in enumerate(self.table.rows):
            above = self._fill(cells, above)
            filled = [it.text for it in cells if it.text]
            if len(filled) == 1 and len(cells) > 1:
                below = self._decision_below(filled[0])
            if self._is_section(cells) or (below and len(filled) == 1):
                yield ReadRow(index, above, "a heading of the rows below it", is_section=True)
            elif below == LEAVE_OUT:
                yield ReadRow(index, above, "left out by the project file")
            else:
                row = self._read(index, cells, above)
                yield row._replace(decision=Holds.DENIES) if below == DENY else row

    def _decision_below(self, text: str) -> str:
        """What the project file says of a word that alone in its row denies or postpones the rows below it."""
        if not takes_rows_back(self.wording.judged(text)):
            return ""
        meaning = self.wording.read(text)
        return meaning if meaning in (LEAVE_OUT, DENY, ALLOW) else ""

    def grid(self) -> Iterator[ReadRow]:
        """The rows of a grid: each cell is a connection of its own, and says nothing of the others."""
        for index, cells in enumerate(self.table.rows):
            decision = self.wording.decision_on(cells)
            if isinstance(decision, tuple):
                cells, decision = tuple(map(_with_text, cells, decision)), ""
            name = self.wording.read(cells[0].text)
            said = [name, *(self._in_grid(it.text, decision, at) for at, it in enumerate(cells[1:], start=1))]
            why = "left out by the project file" if LEAVE_OUT in (name, decision) else ""
            yield ReadRow(index, tuple(map(_with_text, cells, said)), why)

    def _in_grid(self, text: str, decision: str, at: int) -> str:
        read = self.wording.read(text) if text else self._blanks.get(at, "")
        read = _IN_GRIDS.get(read, read)
        return "no" if decision == DENY and read else read

    def _fill(self, cells: Sequence[Cell], above: Sequence[Cell]) -> tuple[Cell, ...]:
        """The cells with what they repeat of the row above. A destination repeats it only where its source does."""
        repeats_source = self._repeats and all(not cells[it].text for it in self._subjects)
        blank = {*self._subjects, *(self._targets if repeats_source else ())} if self._repeats else set[int]()
        return tuple(
            _with_text(cell, above[at].text if above else "") if self._is_repeat(cell, at, blank) else cell
            for at, cell in enumerate(cells)
        )

    def _is_repeat(self, cell: Cell, at: int, blank: set[int]) -> bool:
        if not cell.text:
            return at in blank or self._blanks.get(at) == AS_ABOVE
        return self.wording.read(cell.text) == AS_ABOVE

    def _is_section(self, cells: Sequence[Cell]) -> bool:
        """Whether a row names what blank cells below it repeat, and says nothing else."""
        filled = {at for at, it in enumerate(cells) if it.text}
        if not self._repeats or len(cells) < 2 or not filled or not filled <= set(self._subjects):
            return False
        # One that denies or postpones what is below it is refused as a row.
        return not any(takes_rows_back(self.wording.judged(cells[at].text)) for at in filled)

    def _read(self, index: int, raw: Sequence[Cell], cells: Sequence[Cell]) -> ReadRow:
        decision = self.wording.decision_on(raw)
        if isinstance(decision, tuple):
            cells, decision = tuple(map(_with_text, cells, decision)), ""
        if decision == LEAVE_OUT:
            return ReadRow(index, tuple(cells), "left out by the project file")
        holds = {ALLOW: Holds.GRANTS, DENY: Holds.DENIES}.get(decision)
        no_dns = False
        found: list[Cell] = []
        for at, cell in enumerate(cells):
            is_list = self._is_list[at]
            text = self.wording.read(cell.text, is_list=is_list) if cell.text else self._blanks.get(at, "")
            if at in self._defaults and text in (DENY, DENY_ALL, ALLOW):
                # Of a namespace it is what the cell says, and no verdict on the row.
                found.append(_with_text(cell, ALLOW if text == ALLOW else DENY))
                continue
            if text == LEAVE_OUT:
                return ReadRow(index, tuple(cells), f'"{cell.text}" is left out by the project file')
            if text in (IGNORE, AS_ABOVE):
                text = ""
            elif text == DENY_ALL:
                no_dns, text = True, "None"
            elif text == DENY and text != cell.text and at not in self._verdicts:
                # The project file settles what a cell says of its row; nothing else of it is read.
                holds, text = holds or Holds.DENIES, ""
            elif text == ALLOW and text != cell.text and at not in self._verdicts:
                text = cell.text if at in self._directions else ""
            found.append(_with_text(cell, text))
        return ReadRow(index, tuple(found), decision=holds, no_dns=no_dns)


def _with_text(cell: Cell, text: str) -> Cell:
    return cell if text == cell.text else Cell(text, cell.start, cell.end)
