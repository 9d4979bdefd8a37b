"""Tables to requirements: each row of a planned table, read as the project file says, and what it comes to."""

from collections.abc import Iterator, Mapping, Sequence

from egressc.diagnostics.columns import denying_row
from egressc.diagnostics.core import Report
from egressc.diagnostics.phrases import pending_row
from egressc.diagnostics.unread import blank_needs
from egressc.lower.asks import read_ask
from egressc.lower.connections import split_connection
from egressc.lower.grids import grid_rows
from egressc.lower.guards import Guards, Holds, Judgement
from egressc.lower.header_words import plain_header
from egressc.lower.kinds import GUARDS, REFERENCES, Plan
from egressc.lower.listening import check_listening
from egressc.lower.rows import lower_destination, lower_flow, lower_notes, lower_service
from egressc.lower.verdicts import Verdict
from egressc.lower.wording import ALLOW, AS_ABOVE, DENY, DENY_ALL, IGNORE, LEAVE_OUT, Wording
from egressc.model.project import TableRule
from egressc.model.reading import Use
from egressc.model.requirements import (
    DestinationRow,
    FlowRow,
    Kind,
    Listed,
    Requirements,
    Role,
    Row,
    RowAllowance,
    ServiceRow,
    TableRecord,
)
from egressc.source import Located, Span
from egressc.tables.core import Cell, Table


class TableLowering:
    """Goes through the rows of one table. `outcomes` are the rows that do not grant, by position."""

    def __init__(
        self,
        table: Table,
        plan: Plan,
        wording: Wording,
        rule: TableRule | None,
        reasons: Mapping[str, str],
        report: Report,
    ) -> None:
        self.table = table
        self.plan = plan
        self.wording = wording
        self.rule = rule
        self.reasons = reasons
        self.report = report
        self.heading = table.name
        self.services: list[ServiceRow] = []
        self.destinations: list[DestinationRow] = []
        self.flows: list[FlowRow] = []
        self.denials: list[FlowRow] = []
        self.allowances: list[RowAllowance] = []
        self.outcomes: dict[int, tuple[Use, str]] = {}
        self._judged = tuple(wording.judged(it.value) for it in table.headings)
        names = {it for role in REFERENCES for it in plan.columns.get(role, ())}
        self._is_list = [it in names for it in range(len(table.headers))]
        lists = (Role.DEPENDENCIES, Role.EXTERNAL, Role.CALLED_BY)
        self._lists = [it for role in lists for it in plan.columns.get(role, ())]
        self._blanks = self._blank_meanings()
        self._verdicts = {it for role in GUARDS - {Role.DIRECTION} for it in plan.columns.get(role, ())}
        self._no_dns: set[int] = set()
        self._settled: dict[int, Holds] = {}  # rows that the project file decides

    def lower(self) -> Requirements:
        """What the table says."""
        if self.plan.grid is not None:
            self._lower_grid()
        else:
            self._lower_rows()
        plan = self.plan
        is_sound = not plan.has_bare_port or check_listening(
            self.table, plan.columns[Role.PORT][0], self.services, self.report
        )
        return Requirements(
            tuple(self.services) if is_sound else (),
            tuple(self.destinations),
            tuple(self.flows),
            tuple(self.denials),
            tuple(self.allowances),
            (self._record(),),
            is_partial=not is_sound,
        )

    def _lower_rows(self) -> None:
        columns, has_notes = self.plan.columns, Role.NOTES in self.plan.columns
        guards = Guards(self.table, self.plan, self.wording, self.reasons, self.report)
        for index, cells in self._read_rows():
            judged = guards.judge(index, cells, self._settled.get(index))
            row = Row(self.table.source, columns, cells)
            match judged.holds:
                case Holds.DENIES:
                    self.outcomes[index] = Use.DENIES, judged.why
                case Holds.PENDING:
                    self.outcomes[index] = Use.IGNORED, judged.why
                case Holds.REFUSED:
                    self.outcomes[index] = Use.IGNORED, "refused"
                case Holds.GRANTS:
                    pass
            self._lower_row(row, index, judged)
            if has_notes:
                self.allowances += lower_notes(row, self.report)

    def _is_blank(self, row: Row) -> bool:
        """Whether a row says nothing of what its service needs, be it "None": EG254, and it only describes."""
        for at in self._lists:
            if row.cells[at].text:
                return False
        header = self.table.headers[self._lists[0]].text
        self.report.add(blank_needs(row.span, row.text(Role.SERVICE), header, self.heading))
        return True

    def _lower_row(self, row: Row, index: int, judged: Judgement) -> None:
        holds, is_turned = judged.holds, judged.is_turned
        report = Report() if holds is Holds.REFUSED else self.report  # one finding a row is enough
        match self.plan.kind:
            case Kind.SERVICES | Kind.INVENTORY:
                service = lower_service(
                    row,
                    report,
                    heading=self.heading,
                    is_service=holds is Holds.GRANTS
                    and not is_turned
                    and self.plan.says_needs
                    and not self._is_blank(row),
                    is_turned=is_turned,
                    no_dns=index in self._no_dns,
                )
                if service is not None:
                    self._add_service(service, holds)
            case Kind.DESTINATIONS:
                owner = self.rule.service if self.rule else None
                headings = self.table.headings
                destination = lower_destination(row, report, headings=headings, judged=self._judged, owner=owner)
                if destination is not None and holds in (Holds.GRANTS, Holds.DENIES):
                    self.destinations.append(destination._replace(denies=holds is Holds.DENIES))
            case Kind.FLOWS:
                flow = lower_flow(
                    split_connection(row),
                    report,
                    heading=self.heading,
                    is_turned=is_turned,
                    denies=holds is Holds.DENIES,
                )
                if flow is not None and holds not in (Holds.PENDING, Holds.REFUSED):
                    (self.denials if flow.denies else self.flows).append(flow)
            case Kind.GRID:
                pass  # its cells are rows: _lower_grid

    def _add_service(self, service: ServiceRow, holds: Holds) -> None:
        """A row of a table of services; where it says no, what it lists is denied, and it only describes."""
        if holds is Holds.REFUSED:
            service = service._replace(is_spoiled=True)
        elif holds is Holds.DENIES:
            cell = service.row.cells[service.row.columns[Role.SERVICE][0]]
            source = Listed(cell, (read_ask(service.name),))
            row, is_spoiled = service.row, service.is_spoiled
            self.denials += [FlowRow(row, source, it, (), "", is_spoiled, denies=True) for it in service.needs]
            self.denials += [
                FlowRow(row, it, source, (), "", is_spoiled, turned=True, denies=True) for it in service.callers
            ]
        if holds is not Holds.GRANTS:
            service = service._replace(needs=(), callers=(), ingress=())
        self.services.append(service)

    def _lower_grid(self) -> None:
        assert self.plan.grid is not None
        table = self._rewritten()
        across = [it for at, it in enumerate(table.headers) if at and at not in self.plan.grid.skipped]
        for name in across if self.plan.grid.rows is Role.DESTINATION else [row[0] for row in table.rows]:
            # Its row, or its column, says what it needs, be it nothing.
            row = Row(table.source, {Role.SERVICE: (0,), Role.DEPENDENCIES: (1,)}, (name, Cell("", name.end, name.end)))
            if service := lower_service(row, self.report, heading=self.heading):
                self.services.append(service)
        for at, index, row, verdict in grid_rows(table, self.plan.grid):
            place = at * len(self.table.headers) + index
            cell = row.cells[2]
            said = Located(self.table.rows[at][index].text, Span(self.table.source, cell.start, cell.end))
            if verdict is Verdict.PENDING:
                self.report.add(pending_row(said, row.cells[0].text, ""))
                self.outcomes[place] = Use.IGNORED, "planned"
            if verdict is Verdict.UNCLEAR and not any(char.isdigit() for char in cell.text):
                self.report.add(denying_row(said, row.cells[0].text, self.heading, is_verdict=True))
                self.outcomes[place] = Use.IGNORED, "refused"
            if verdict in (Verdict.PENDING, Verdict.BLANK) or place in self.outcomes:
                continue
            flow = lower_flow(row, self.report, heading=self.heading, denies=verdict is Verdict.DENY)
            if flow is None:
                continue
            # What it grants comes from its cell, not from the header that names the other end.
            targets = flow.targets
            flow = flow._replace(targets=Listed(Cell(targets.cell.text, cell.start, cell.end), targets.asks))
            (self.denials if flow.denies else self.flows).append(flow)
            if flow.denies:
                self.outcomes[place] = Use.DENIES, "the cell says no"

    def _rewritten(self) -> Table:
        rows = tuple(cells for _, cells in self._read_rows())
        table = self.table
        return Table(table.source, table.heading, table.headings, table.headers, rows, table.span)

    def _read_rows(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """The rows with what the project file says that their cells mean; rows that it leaves out are none."""
        if self.wording.is_empty and not self._blanks and not self.wording.may_repeat(self.table.source.text):
            yield from enumerate(self.table.rows)
            return
        above: tuple[Cell, ...] = ()
        for index, cells in enumerate(self.table.rows):
            decision = self.wording.decision_on(cells)
            if decision == LEAVE_OUT:
                self.outcomes[index] = Use.IGNORED, "left out by the project file"
                continue
            if decision:
                self._settled[index] = Holds.GRANTS if decision == ALLOW else Holds.DENIES
            read = self._read_cells(cells, above, index)
            if read is not None:
                above = read
                yield index, read

    def _read_cells(self, cells: Sequence[Cell], above: Sequence[Cell], index: int) -> tuple[Cell, ...] | None:
        found: list[Cell] = []
        for at, cell in enumerate(cells):
            text = (
                self._blanks.get(at, "") if not cell.text else self.wording.read(cell.text, is_list=self._is_list[at])
            )
            if text == LEAVE_OUT:
                self.outcomes[index] = Use.IGNORED, f'"{cell.text}" is left out by the project file'
                return None
            if text == AS_ABOVE:
                text = above[at].text if above else ""
            elif text == IGNORE:
                text = ""
            elif text == DENY_ALL:
                self._no_dns.add(index)
                text = "None"
            elif text in (ALLOW, DENY) and text != cell.text and at not in self._verdicts:
                # The project file settles what a cell says of its row; nothing else of it is read.
                if text == DENY:
                    self._settled.setdefault(index, Holds.DENIES)
                text = ""
            found.append(cell if text == cell.text else Cell(text, cell.start, cell.end))
        return tuple(found)

    def _blank_meanings(self) -> dict[int, str]:
        """What blank cells are read as, by column."""
        if self.rule is None:
            return {}
        found: dict[int, str] = {}
        if self.rule.blank_as_above:
            subjects = (Role.SERVICE, Role.SOURCE, Role.DESTINATION, Role.CONNECTION)
            found = {it: AS_ABOVE for role in subjects for it in self.plan.columns.get(role, ())}
        for at, header in enumerate(self.table.headers):
            if (meaning := self.rule.blanks.get(plain_header(header.text))) is not None:
                found[at] = meaning
        return found

    def _record(self) -> TableRecord:
        table = self.table
        roles: list[Role | None] = [None] * len(table.headers)
        for role, indexes in self.plan.columns.items():
            for at in indexes:
                roles[at] = role
        return TableRecord(
            table.source,
            table.headings,
            table.span,
            self.plan.kind,
            tuple(roles),
            table.headers,
            table.rows,
            outcomes=self.outcomes,
            neutral=self.plan.neutral,
        )
