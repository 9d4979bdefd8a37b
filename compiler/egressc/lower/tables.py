"""Tables to requirements: each row of a planned table, read as the project file says, and what it comes to."""

from collections.abc import Collection, Mapping
from functools import partial

from egressc.diagnostics.columns import denying_row
from egressc.diagnostics.core import Report
from egressc.diagnostics.phrases import pending_row
from egressc.diagnostics.unread import blank_needs
from egressc.lower.connections import split_connection
from egressc.lower.denying_headings import heading_side, read_heading
from egressc.lower.environments import elsewhere
from egressc.lower.grids import grid_rows
from egressc.lower.guards import Guards
from egressc.lower.judgements import Holds, Judgement
from egressc.lower.kinds import Plan
from egressc.lower.listening import check_listening
from egressc.lower.namespaces import lower_namespaces
from egressc.lower.references import read_reference
from egressc.lower.row_meanings import RowMeanings
from egressc.lower.rows import lower_destination, lower_flow, lower_notes, lower_service
from egressc.lower.verdicts import CellVerdict, takes_rows_back
from egressc.lower.wording import Wording
from egressc.model.environments import NO_ENVIRONMENTS, Environments
from egressc.model.project import TableRule
from egressc.model.reading import Use
from egressc.model.records import NEEDS, Kind, Role, TableAccount, UnreadColumn
from egressc.model.references import Listed, Reference
from egressc.model.requirements import (
    DestinationRow,
    FlowRow,
    NamespaceRow,
    Requirements,
    Row,
    RowAllowance,
    ServiceRow,
)
from egressc.model.texts import split_list
from egressc.source import Located, Span
from egressc.tables.core import Cell, Table


class TableLowering:
    """Goes through the rows of one table.

    `outcomes` are the rows that do not grant, by position; `dropped` are those that do not describe anything either.
    """

    def __init__(
        self,
        table: Table,
        plan: Plan,
        wording: Wording,
        rule: TableRule | None,
        reasons: Mapping[str, str],
        report: Report,
        usual: Judgement,
        environments: Environments = NO_ENVIRONMENTS,
    ) -> None:
        """`usual` is what rows come to that say nothing else."""
        self.table = table
        self.plan = plan
        self.wording = wording
        self.rule = rule
        self.report = report
        self.heading = table.name
        self.environments = environments
        self.services: list[ServiceRow] = []
        self.destinations: list[DestinationRow] = []
        self.flows: list[FlowRow] = []
        self.denials: list[FlowRow] = []
        self.allowances: list[RowAllowance] = []
        self.namespaces: list[NamespaceRow] = []
        self.absent: list[Located[str]] = []
        self._headers = [it.text for it in table.headers]
        self.outcomes: dict[int, tuple[Use, str]] = {}
        self.dropped: set[int] = set()
        is_headed = plan.kind is Kind.DESTINATIONS
        self._headings = table.headings
        # Below a heading that names nothing, but the direction, the one around it names the service.
        sides = ("in", "either") if plan.of_callers else ("out",)
        while len(self._headings) > 1 and heading_side(self._headings[-1].value) in sides:
            self._headings = self._headings[:-1]
        self._judged = tuple(read_heading(wording.judged(it.value)) for it in self._headings if is_headed)
        lists = (Role.DEPENDENCIES, Role.EXTERNAL, Role.CALLED_BY)
        self._lists = [it for role in lists for it in plan.columns.get(role, ())]
        self._meanings = RowMeanings(table, plan, rule, wording)
        self._guards = Guards(table, plan, wording, reasons, report, usual)

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
            namespaces=tuple(self.namespaces),
            absent=tuple(self.absent),
            is_partial=not is_sound,
        )

    def _lower_rows(self) -> None:
        columns, has_notes = self.plan.columns, Role.NOTES in self.plan.columns
        for index, cells, left_out, decision, no_dns, is_section in self._meanings.rows():
            row = Row(self.table.source, columns, cells)
            if not left_out or is_section:
                written = row if not is_section else Row(row.source, {}, self.table.rows[index])
                ignored = self.plan.ignored
                other = self._elsewhere(written, ignored)
                left_out = other or left_out
            if left_out:
                self.outcomes[index] = Use.IGNORED, left_out
                self.dropped.add(index)
                continue
            judged = self._guards.judge(index, cells, decision)
            match judged.holds:
                case Holds.DENIES:
                    self.outcomes[index] = Use.DENIES, judged.why
                case Holds.PENDING:
                    self.outcomes[index] = Use.IGNORED, judged.why
                case Holds.REFUSED:
                    self.outcomes[index] = Use.IGNORED, "refused"
                case Holds.GRANTS:
                    pass
            self._lower_row(row, judged, no_dns=no_dns)
            if has_notes:
                self.allowances += lower_notes(row, self.report)

    def _elsewhere(self, row: Row, ignored: Collection[int] = ()) -> str:
        """Why a row grants nothing in the current environment, by its table as written; empty where it holds in it."""
        around = self.environments
        return elsewhere(row, self._headers, self.heading, around, self.report, absent=self.absent, ignored=ignored)

    def _is_blank(self, row: Row) -> bool:
        """Whether a row says nothing of what its service needs, be it "None": EG254, and it only describes."""
        for at in self._lists:
            if row.cells[at].text:
                return False
        if not NEEDS.isdisjoint(row.columns):
            header = self.table.headers[self._lists[0]].text
            self.report.add(blank_needs(row.span, row.text(Role.SERVICE), header, self.heading))
        return True

    def _lower_row(self, row: Row, judged: Judgement, *, no_dns: bool) -> None:
        holds, is_turned = judged.holds, judged.is_turned != self.plan.of_callers
        report = Report() if holds is Holds.REFUSED else self.report  # one finding a row is enough
        match self.plan.kind:
            case Kind.SERVICES | Kind.INVENTORY:
                service = lower_service(
                    row,
                    report,
                    heading=self.heading,
                    is_service=self.plan.says_needs
                    and not is_turned
                    and (holds is Holds.DENIES or (holds is Holds.GRANTS and not self._is_blank(row))),
                    is_turned=is_turned,
                    no_dns=no_dns,
                )
                if service is not None:
                    self._add_service(service, holds)
            case Kind.DESTINATIONS:
                owner = self.rule.service if self.rule else None
                destination = lower_destination(row, report, headings=self._headings, judged=self._judged, owner=owner)
                if destination is not None and holds in (Holds.GRANTS, Holds.DENIES):
                    denies, of_callers = holds is Holds.DENIES, self.plan.of_callers
                    destination = destination._replace(denies=denies, turned=is_turned, of_callers=of_callers)
                    self.destinations.append(destination)
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
            case Kind.NAMESPACES:
                if holds in (Holds.GRANTS, Holds.DENIES):
                    header = self.table.headers[self.plan.columns[Role.DEFAULT][0]].text
                    self.namespaces += lower_namespaces(row, header, report, is_denied=holds is Holds.DENIES)
            case Kind.GRID:
                pass  # its cells are rows: _lower_grid

    def _add_service(self, service: ServiceRow, holds: Holds) -> None:
        """A row of a table of services; where it says no, what it lists is denied, and it only describes."""
        if holds is Holds.REFUSED:
            service = service._replace(is_spoiled=True)
        elif holds is Holds.DENIES:
            cell = service.row.cells[service.row.columns[Role.SERVICE][0]]
            source = Listed(cell, (read_reference(service.name),))
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
        rows: list[tuple[Cell, ...]] = []
        left_out: set[int] = set()
        table = self.table
        for index, cells, why, *_ in self._meanings.grid():
            rows.append(cells)
            things = tuple(at for at in range(len(cells)) if at not in self.plan.columns.get(Role.ENVIRONMENT, ()))
            row = Row(table.source, {**self.plan.columns, Role.DESTINATION: things}, cells)
            why = why or self._elsewhere(row)
            if why or self._guards.judge(index, cells).holds is Holds.REFUSED or self._denies_below(cells):
                left_out.add(index)
        table = Table(table.source, table.heading, table.headings, table.headers, tuple(rows), table.span)
        across = [it for at, it in enumerate(table.headers) if at and at not in self.plan.grid.skipped]
        down = [row[0] for index, row in enumerate(rows) if index not in left_out]
        for name in across if self.plan.grid.rows is Role.DESTINATION else down:
            # Its row, or its column, says what it needs, be it nothing.
            row = Row(table.source, {Role.SERVICE: (0,), Role.DEPENDENCIES: (1,)}, (name, Cell("", name.end, name.end)))
            if service := lower_service(row, self.report, heading=self.heading):
                self.services.append(service)
        for at, index, row, verdict in grid_rows(table, self.plan.grid):
            place = at * len(self.table.headers) + index
            if at in left_out:
                self.outcomes[place] = Use.IGNORED, "left out"
                continue
            cell = row.cells[2]
            usual = self._guards.usual
            if usual.holds is not Holds.GRANTS and verdict not in (CellVerdict.BLANK, CellVerdict.DENY):
                verdict = CellVerdict.DENY if usual.holds is Holds.DENIES else CellVerdict.PENDING
            said = Located(self.table.rows[at][index].text, Span(self.table.source, cell.start, cell.end))
            if verdict is CellVerdict.PENDING:
                self.report.add(pending_row(said, row.cells[0].text, ""))
                self.outcomes[place] = Use.IGNORED, "planned"
            is_port = any(char.isdigit() for char in cell.text) and len(cell.text) > 1
            if verdict is CellVerdict.UNCLEAR and not is_port:
                self.report.add(denying_row(said, row.cells[0].text, self.heading, is_verdict=True))
                self.outcomes[place] = Use.IGNORED, "refused"
            if verdict in (CellVerdict.PENDING, CellVerdict.BLANK) or place in self.outcomes:
                continue
            flow = lower_flow(row, self.report, heading=self.heading, denies=verdict is CellVerdict.DENY)
            if flow is None:
                continue
            # What it grants comes from its cell, not from the header that names the other end.
            targets = flow.targets
            flow = flow._replace(targets=Listed(Cell(targets.cell.text, cell.start, cell.end), targets.refs))
            (self.denials if flow.denies else self.flows).append(flow)
            if flow.denies:
                self.outcomes[place] = Use.DENIES, "the cell says no"

    def _denies_below(self, cells: tuple[Cell, ...]) -> bool:
        """Whether a row of a grid is a word that denies or postpones, over the rows below it. EG218."""
        name = self.wording.judged(cells[0].text)
        if any(it.text for it in cells[1:]) or not takes_rows_back(name):
            return False
        said = Located(cells[0].text, self.table.cell_span(cells[0]))
        self.report.add(denying_row(said, self.table.headers[0].text, self.heading, is_verdict=False))
        return True

    def _record(self) -> TableAccount:
        table = self.table
        roles: list[Role | None] = [None] * len(table.headers)
        for role, indexes in self.plan.columns.items():
            for at in indexes:
                roles[at] = role
        return TableAccount(
            table.source,
            table.headings,
            table.span,
            self.plan.kind,
            tuple(roles),
            table.headers,
            table.rows,
            outcomes=self.outcomes,
            dropped=self.dropped,
            neutral=self.plan.neutral,
            unread=tuple(
                UnreadColumn(at, read_reference(header.text), partial(_items, table, at))
                for at, header in enumerate(table.headers)
                if at not in self.plan.neutral and roles[at] is None and header.text and self.plan.grid is None
            ),
        )


def _items(table: Table, at: int) -> list[tuple[Reference, ...]]:
    return [tuple(map(read_reference, split_list(row[at].text))) for row in table.rows]
