"""Whether a row holds: what its columns of verdicts, states and directions say, and what any other cell says of it.

Nothing that denies, limits or postpones is passed over: where it is plain the row denies or grants nothing, else it is
refused at that cell.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from egressc.diagnostics.columns import (
    closed_service,
    denying_row,
    disagreeing_verdicts,
    ignored_denial,
    unknown_direction,
)
from egressc.diagnostics.core import Report
from egressc.diagnostics.phrases import pending_row, suspicious_word
from egressc.lower.header_words import QUESTIONS, plain_header
from egressc.lower.judgements import GRANTS, Holds, Judgement
from egressc.lower.kinds import GUARDS, REFERENCES, Plan
from egressc.lower.limits import is_limit
from egressc.lower.questions import tell_conditions
from egressc.lower.verdicts import (
    PENDING,
    CellVerdict,
    begins_with_answer,
    denies_everything,
    is_answer,
    is_bare,
    is_in_effect,
    limiting_word,
    may_hold_verdicts,
    opening_verdict,
    protocols_alone,
    read_verdict,
    takes_rows_back,
)
from egressc.lower.verdicts import suspicious_word as find_suspicious_word
from egressc.lower.wording import Wording
from egressc.lower.words import distinct_words
from egressc.model.records import NEEDS, OF_AUDIT, OF_NAMESPACES, Role
from egressc.model.references import row_text
from egressc.model.texts import says_nothing
from egressc.model.vocabulary import AROUND, ENGLISH
from egressc.source import Located
from egressc.tables.core import Cell, Table

_ANYTHING: Final = ENGLISH["anything"]
_OUTWARD: Final = ENGLISH["outward"]
_INWARD: Final = ENGLISH["inward"]
_FAILED: Final = ENGLISH["failed"]
_REMARKS: Final = frozenset({Role.PURPOSE, Role.NOTES, *OF_AUDIT})


class Guards:
    """The columns of one table that can take a row back, and the words that any of its cells can."""

    def __init__(
        self,
        table: Table,
        plan: Plan,
        wording: Wording,
        reasons: Mapping[str, str],
        report: Report,
        usual: Judgement = GRANTS,
    ) -> None:
        """`reasons` are those of ignored columns, by header; `usual` is for rows of which no cell says anything."""
        self.usual = usual
        self.table = table
        self.plan = plan
        self.judged = wording.judged
        self.report = report
        self._reasons = reasons
        columns = plan.columns
        self._verdicts = [(it, False) for it in columns.get(Role.DECISION, ())]
        self._verdicts += [(it, True) for it in columns.get(Role.DENIAL, ())]
        self._states = columns.get(Role.STATUS, ())
        self._approvals = columns.get(Role.APPROVAL, ())
        plain = [plain_header(it.text) for it in table.headers]
        self._postponing = {at for at, _ in self._verdicts if PENDING.intersection(plain[at].split())}
        self._switches = {at for at in self._states if plain[at] in AROUND["switches"]}
        self._directions = columns.get(Role.DIRECTION, ())
        guards = {it for role in GUARDS for it in columns.get(role, ())}
        names = {it for role in REFERENCES for it in columns.get(role, ())}
        guards |= {it for role in OF_NAMESPACES for it in columns.get(role, ())}  # what they deny is what they are for
        needs = {it for role in NEEDS for it in columns.get(role, ())}
        self._needs = sorted(needs)
        self._names = sorted(names - needs)
        width = len(table.headers)
        self._others = [it for it in range(width) if it not in guards and it not in names]
        if plan.grid is not None:
            self._others = sorted(plan.ignored)  # the other cells are connections, judged one by one
        self._headers = plain
        self._remarks = {*columns.get(Role.PURPOSE, ()), *columns.get(Role.NOTES, ())}
        self._told: set[int] = set()
        self._row: Sequence[Cell] = ()  # the one that is judged, as the document has it
        tell_conditions(table, plan, report)
        words = distinct_words(_text_of(table))
        self._may_tell = wording.has_phrases or wording.may_judge(words) or may_hold_verdicts(words)
        names_protocols = any(f" {it} " in words for it in ("udp", "sctp", "quic", "http/3", "dtls"))
        remarks = [
            it for it in self._others if names_protocols and it not in plan.ignored and not self._is_of_ports(it)
        ]
        self._of_protocols = {it for it in remarks if any(protocols_alone(row[it].text) for row in table.rows)}
        starts = any(row[it].text[:1] in _STARTS for it in self._others for row in table.rows if row[it].text)
        has_columns = bool(self._verdicts or self._states or self._approvals or self._directions or plan.inverted)
        # Whether no cell of the table can take a row back.
        self.is_idle = not (self._may_tell or starts or has_columns or self._of_protocols)

    def judge(self, index: int, cells: Sequence[Cell], decision: Holds | None = None) -> Judgement:
        """What a row comes to. EG218, EG226, EG227, EG250, EG251 and EG255 go to the report.

        Args:
            index: of the row in the table.
            cells: the row as the project file has its cells read.
            decision: of the project file on the row, which leaves its direction alone to be read.
        """
        if self.is_idle and decision is None:
            return self.usual
        self._row = self.table.rows[index]
        is_turned = False
        for at in self._directions:
            direction = self._direction(cells[at].text)
            if direction is CellVerdict.UNCLEAR and not self._denies_any_direction(cells, at):
                self._refuse(at)
                return _REFUSED
            is_turned |= direction is CellVerdict.DENY
        if decision is not None:
            return Judgement(decision, "by the project file", is_turned)
        found = self._judge_columns(cells) if self._verdicts or self._states or self._approvals else GRANTS
        found = self.usual if found.holds is Holds.GRANTS else found
        is_idle = found.holds in (Holds.DENIES, Holds.PENDING)
        if found.holds is Holds.REFUSED or not self._judge_words(cells, is_denied=is_idle):
            return _REFUSED
        return found._replace(is_turned=is_turned)

    def _judge_columns(self, cells: Sequence[Cell]) -> Judgement:
        verdicts = [(at, self._verdict(cells[at].text, is_inverted=is_inverted)) for at, is_inverted in self._verdicts]
        # "Planned: yes" denies nothing for good.
        later = {CellVerdict.DENY: CellVerdict.PENDING}
        verdicts = [(at, later.get(it, it) if at in self._postponing else it) for at, it in verdicts]
        decided = {verdict: at for at, verdict in verdicts}
        verdicts += [(at, self._state(cells[at].text, is_switch=at in self._switches)) for at in self._states]
        verdicts += [(at, self._approval(cells[at].text)) for at in self._approvals]
        for at, verdict in verdicts:
            if verdict in (CellVerdict.UNCLEAR, CellVerdict.BLANK):
                self._refuse(at)
                return _REFUSED
        row = row_text(self._row)
        if {CellVerdict.ALLOW, CellVerdict.DENY} <= decided.keys():
            denies, allows = (
                Located(self.table.headers[at].text, self.table.cell_span(cells[at]))
                for at in (decided[CellVerdict.DENY], decided[CellVerdict.ALLOW])
            )
            self.report.add(disagreeing_verdicts(denies, allows, row))
            return _REFUSED
        for wanted, holds in ((CellVerdict.PENDING, Holds.PENDING), (CellVerdict.DENY, Holds.DENIES)):
            for at, verdict in verdicts:
                if verdict is wanted:
                    said, header = self._said(at), self.table.headers[at].text
                    if holds is Holds.PENDING:
                        self.report.add(pending_row(said, header, row if is_answer(self.judged(said.value)) else ""))
                    return Judgement(holds, f'"{header}" says "{said.value}"')
        return GRANTS

    def _verdict(self, text: str, *, is_inverted: bool) -> CellVerdict:
        judged = self.judged(text)
        verdict = read_verdict(judged)
        if not is_inverted or verdict is CellVerdict.BLANK:
            return verdict
        if is_answer(judged):
            return {CellVerdict.ALLOW: CellVerdict.DENY, CellVerdict.DENY: CellVerdict.ALLOW}.get(verdict, verdict)
        return CellVerdict.UNCLEAR if begins_with_answer(judged) else verdict

    def _state(self, text: str, *, is_switch: bool) -> CellVerdict:
        """A state takes a row back where it says so, and is unclear unless it says that the row is in effect."""
        judged = self.judged(text)
        verdict = read_verdict(judged)
        if is_switch:
            return CellVerdict.PENDING if verdict is CellVerdict.DENY else verdict
        if verdict is CellVerdict.DENY and is_answer(judged):
            return CellVerdict.PENDING  # a rule that is switched off: neither granted nor denied
        has_failed = bool(_FAILED.intersection(judged.casefold().split()))
        if verdict in (CellVerdict.DENY, CellVerdict.PENDING) and not has_failed:
            return verdict
        is_doubtful = has_failed or bool(find_suspicious_word(judged)) or not is_in_effect(judged)
        return CellVerdict.UNCLEAR if is_doubtful and verdict is not CellVerdict.BLANK else CellVerdict.ALLOW

    def _approval(self, text: str) -> CellVerdict:
        """Who approved a row, or when; nobody did where the cell says nothing, and a condition is no approval."""
        judged = self.judged(text)
        verdict = read_verdict(judged)
        is_plain = not limiting_word(judged) and not find_suspicious_word(judged)
        return CellVerdict.ALLOW if verdict is CellVerdict.UNCLEAR and is_plain else verdict

    def _direction(self, text: str) -> CellVerdict:
        """ALLOW for a row told by the side that connects, DENY for one told by the other side."""
        words = self.judged(text).casefold().replace("/", " ").replace(",", " ").split()
        if not (inward := all(word in _INWARD for word in words)) and not all(word in _OUTWARD for word in words):
            return CellVerdict.UNCLEAR
        is_turned = inward and not all(word in _OUTWARD for word in words) and self.plan.turns
        return CellVerdict.DENY if is_turned else CellVerdict.ALLOW  # else its columns say already who connects

    def _denies_any_direction(self, cells: Sequence[Cell], at: int) -> bool:
        """Whether a row that names both ends denies what it says in any direction, as the last row of a list does."""
        is_any = not self.plan.turns and self.judged(cells[at].text).casefold() in _ANYTHING
        return is_any and CellVerdict.DENY in (
            self._verdict(cells[it].text, is_inverted=no) for it, no in self._verdicts
        )

    def _judge_words(self, cells: Sequence[Cell], *, is_denied: bool) -> bool:
        """Whether no cell outside those columns takes the row back; a row that grants nothing is not looked at."""
        if is_denied:
            return True
        is_sound = True
        for index in self._needs:
            text = self.judged(cells[index].text) if self._may_tell else ""
            if text and denies_everything(text):
                self.report.add(closed_service(self._said(index)))
                is_sound = False
            elif text and not says_nothing(text) and is_bare(text):
                self._refuse(index)
                is_sound = False
        for index in self._names:
            text = self.judged(cells[index].text) if self._may_tell else ""
            if text and not says_nothing(text) and (is_bare(text) or denies_everything(text) or self._is_over(index)):
                self._refuse(index)
                is_sound = False
        for index in self._others:
            is_sound &= self._judge_other(cells[index], index)
        return is_sound

    def _is_over(self, index: int) -> bool:
        """Whether a name is all that its row says, and takes back the rows below it."""
        is_alone = not any(it.text for at, it in enumerate(self._row) if at != index)
        return is_alone and len(self._row) > 1 and takes_rows_back(self.judged(self._row[index].text))

    def _judge_other(self, cell: Cell, index: int) -> bool:
        if index in self._of_protocols and (said := protocols_alone(cell.text)):
            self.report.add(suspicious_word(self._said(index), said, self.table.headers[index].text))
            return True
        if not cell.text or not (self._may_tell or cell.text[:1] in _STARTS or self.plan.inverted):
            return True
        text = self.judged(cell.text)
        header = self._headers[index]
        denies = opening_verdict(text) is not CellVerdict.BLANK
        denies |= index in self._remarks and is_limit(text)
        if index in self.plan.inverted:
            denies = not says_nothing(text)
        if denies and not (
            is_answer(text) and (header in QUESTIONS or (header not in self._reasons and self._is_of_ports(index)))
        ):
            if index in self.plan.ignored and (reason := self._reasons.get(header)):
                if index not in self._told:
                    self._told.add(index)
                    named = Located(self.table.headers[index].text, self.table.cell_span(cell))
                    self.report.add(ignored_denial(named, cell.text, reason))
                return True
            self._refuse(index)
            return False
        if index not in self.plan.ignored and self._may_tell and (word := find_suspicious_word(text)):
            self.report.add(suspicious_word(self._said(index), word, self.table.headers[index].text))
        return True

    def _is_of_ports(self, index: int) -> bool:
        """Whether "no" in a cell says that there is none: no port, no namespace."""
        return any(index in held for role, held in self.plan.columns.items() if role not in _REMARKS)

    def _said(self, index: int) -> Located[str]:
        """A cell of the row as the document has it."""
        cell = self._row[index]
        return Located(cell.text, self.table.cell_span(cell))

    def _refuse(self, index: int) -> None:
        is_guard = index in (*(it for it, _ in self._verdicts), *self._states, *self._approvals, *self._directions)
        header, is_ignored = self.table.headers[index].text, index in self.plan.ignored
        said = self._said(index)
        if index in self._directions and said.value:
            self.report.add(unknown_direction(said, header))
        else:
            # A name below "Planned" is one in the other rows too.
            is_name = (index, True) in self._verdicts and not begins_with_answer(self.judged(said.value))
            row = row_text(self._row) if said.value and is_name else ""
            self.report.add(
                denying_row(said, header, self.table.name, is_verdict=is_guard, is_ignored=is_ignored, row=row)
            )


_REFUSED: Final = Judgement(Holds.REFUSED)
# What short answers that deny begin with.
_STARTS: Final = frozenset("nNfFoO\u2717\u2718\u274c\u2716\U0001f6ab\u26d4:([\u2610\u2b1c\u25fb\u25a1\u25a2\U0001f532")


def _text_of(table: Table) -> str:
    """The stretch of the source from the first row to the last."""
    if not table.rows:
        return ""
    cells = [cell for row in (table.rows[0], table.rows[-1]) for cell in row]
    return table.source.text[min(it.start for it in cells) : max(it.end for it in cells)]
