"""Sources to requirements: which rows of which tables and documents ask for what."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Final

from egressc.diagnostics.columns import denying_heading, unused_ignored_column
from egressc.diagnostics.core import Report, TooManyErrorsError
from egressc.diagnostics.environments import heading_of_environment, line_of_environment
from egressc.diagnostics.generated import whole_file
from egressc.diagnostics.limits import too_many_rows
from egressc.diagnostics.reading import unknown_format, unused_source
from egressc.diagnostics.unread import foreign_headers
from egressc.lower.connections import ARROW
from egressc.lower.denying_headings import denying_word, judge_headings, outer_denying_word
from egressc.lower.environments import holds_elsewhere, holds_here, other_environment
from egressc.lower.footnotes import raised_names
from egressc.lower.grids import is_corner
from egressc.lower.header_words import HeaderBook, plain_header
from egressc.lower.headings import RuleBook
from egressc.lower.judgements import GRANTS
from egressc.lower.plans import NoPlan, kind_of_headers, plan_table
from egressc.lower.prose import LineReader
from egressc.lower.questions import foreign_language
from egressc.lower.reshaping import is_transposed, join_port_ranges, transpose
from egressc.lower.tables import TableLowering
from egressc.lower.unread import report_strays
from egressc.lower.wording import ALLOW, Wording
from egressc.model.project import Project
from egressc.model.records import Kind, ProseLine, Role, TableAccount
from egressc.model.requirements import Requirements
from egressc.source import Located, Source, Span
from egressc.tables.core import Table, TableHead
from egressc.tables.csv import read_csv
from egressc.tables.footnotes import join_footnotes
from egressc.tables.inline import Inline
from egressc.tables.markdown import read_markdown
from egressc.tables.strays import Stray
from egressc.tables.table_lines import BULLET, Prose, front_matter
from egressc.tables.text_flaws import report_merge_marks

# Twice the largest fleet that is measured, 100,000 services: two gigabytes and a minute.
MOST_ROWS: Final = 250_000
_MOST_LINES: Final = 20_000  # of text between tables; further ones are not looked at
_DOCUMENTS: Final = (".yaml", ".yml")
_CSV: Final = (".csv", ".tsv")
SUFFIXES: Final = (".md", ".markdown", *_CSV, *_DOCUMENTS)


def lower_sources(sources: Sequence[Source], project: Project, report: Report) -> Requirements:
    """All rows of all sources, in order of source name and place: the order of `sources` changes nothing.

    EG252 for a language of headers that the project does not name: everything is read in it too, once more.
    """
    spoken: dict[str, Span] = {}
    while True:
        tables = replace(project.tables, languages=tuple(dict.fromkeys((*project.tables.languages, *spoken))))
        found = Report(room=report.room)
        lowering = _Lowering(replace(project, tables=tables), found)
        try:
            is_whole = all(lowering.add(source) for source in sorted(sources, key=lambda it: it.name))
            requirements = lowering.finish() if is_whole else Requirements(is_partial=True)
        except TooManyErrorsError:
            report.absorb(found)
            raise
        if not lowering.words.spoken.keys() - spoken:
            report.absorb(found)
            report.extend(foreign_headers(place, language) for language, place in spoken.items())
            return requirements
        spoken |= lowering.words.spoken


class _Lowering:
    """Goes through the sources; `parts` are their rows, table by table."""

    def __init__(self, project: Project, report: Report) -> None:
        self.project = project
        self.report = report
        rules = project.tables
        self.words = HeaderBook(
            rules.headers,
            [it.header.value for it in rules.ignored_columns],
            rules.languages,
            environments=project.environments.names,
        )
        self.wording = Wording(rules)
        self.rules = RuleBook(rules)
        self.reasons = {plain_header(it.header.value): it.reason for it in rules.ignored_columns if it.reason}
        self.parts: list[Requirements] = []
        self._rows = 0
        self._lines_left = _MOST_LINES
        self._doubtful: dict[Span, Located[str]] = {}
        self._idle: list[Source] = []

    def add(self, source: Source) -> bool:
        """Read one source; False once there are too many rows (EG421). EG106 for one that nothing reads."""
        report = Report(room=self.report.room)
        try:
            return self._add(source, report)
        finally:
            self.report.absorb(report)

    def _add(self, source: Source, report: Report) -> bool:
        suffix = next((it for it in SUFFIXES if source.name.lower().endswith(it)), "")
        if not suffix:
            report.add(unknown_format(self._named(source), source.name, SUFFIXES))
            self.parts.append(Requirements(is_partial=True))
            return True
        if report_merge_marks(source, report):
            self.parts.append(Requirements(is_partial=True))
            return True
        before, held = len(self.parts), self._rows
        if suffix in _DOCUMENTS:
            # Its models take as long to build as a few hundred rows to read, and most projects have tables alone.
            from egressc.lower.documents import lower_document

            whole = Span(source, 0, 0)
            rule, reason = self.rules.meet((), source, whole, ())
            if reason is not None:
                why = reason or "left out by the project file"
                self.parts.append(Requirements(records=(TableAccount(source, (), whole, None, (), (), (), why),)))
                return True
            wording = self.wording.with_phrases(rule.read_as) if rule else self.wording
            part = lower_document(source, wording, report, self.project.environments)
            if not self._count(len(part.services) + len(part.destinations) + len(part.flows), whole, report):
                return False
            self.parts.append(part)
            is_idle = self._rows == held
        else:
            if not self._add_tables(source, suffix, report):
                return False
            if raised := tuple(raised_names(self.parts[before:], source)):
                self.parts.append(Requirements(raised=raised))
            is_idle = not any(record.kind or record.why for it in self.parts[before:] for record in it.records)
        if is_idle and not report.has_errors:
            self._idle.append(source)
        return True

    def _add_tables(self, source: Source, suffix: str, report: Report) -> bool:
        concerns = partial(_concerns, self.words, self.rules, source)
        before = len(self.parts)
        strays: list[Stray] = []
        prose: list[Prose] = []
        if suffix in _CSV:
            tables = read_csv(source, report, concerns=concerns)
        else:
            settles = self.wording.settles
            tables = read_markdown(source, report, concerns=concerns, settles=settles, strays=strays, prose=prose)
        if report_strays(strays, source, self.words, self.rules, report):
            self.parts.append(Requirements(is_partial=True))
        for table in tables:
            if not self._count(1 + len(table.rows), table.span, report):
                return False
            part = self._lower_table(table, report)
            if part is not None:
                self.parts.append(part)
        if tables:
            said = [it for it in join_footnotes(prose, source.text) if not it.is_code or ARROW.search(it.text)]
            self._refuse_elsewhere(source, said)
            if suffix not in _CSV:
                self._refuse_elsewhere(source, front_matter(source.text), of_file=True)
            lines = tuple(islice(self._lines(source, said, before), self._lines_left))
            self._lines_left -= len(lines)
            self.parts.append(Requirements(prose=lines))
        return True

    def _lines(self, source: Source, prose: Iterable[Prose], before: int) -> Iterator[ProseLine]:
        """The lines that neither a heading nor a phrase of the project file leaves out."""
        records = [record for part in self.parts[before:] for record in part.records]
        reader = LineReader(source, records, self.project.tables.phrases())
        for it in dict.fromkeys(prose):
            if not self._is_settled(it, source):
                yield reader.read(it, self.wording.judged(it.text))

    def _is_settled(self, line: Prose, source: Source) -> bool:
        """Whether the project file says what a line means, or leaves it out with its heading or file."""
        text = Inline(" ".join(line.text.split()), ()).text if self.wording.has_phrases else ""
        is_said = any(said and self.wording.meaning_of(said) for said in (text, BULLET.sub("", text, count=1)))
        return is_said or self.rules.leaves_out(line.headings, source)

    def _refuse_elsewhere(self, source: Source, lines: Iterable[Prose], *, of_file: bool = False) -> None:
        """EG263 for lines about another environment; not for items, because a list of environments limits nothing."""
        environments = self.project.environments
        for it in dict.fromkeys(lines):
            if not holds_elsewhere(it.text, environments) or self._is_settled(it, source):
                continue
            bullet = BULLET.match(source.text[source.text.rfind("\n", 0, it.start) + 1 : it.start] + it.text)
            if of_file or bullet is None or not bullet[0].strip():
                place = Span(source, it.start, it.start + len(it.text))
                said = Located(" ".join(it.text.split()).strip("*_#"), place)
                self.report.add(line_of_environment(said, environments.current, of_file=of_file))

    def _lower_table(self, table: Table, report: Report) -> Requirements:
        rule, reason = self.rules.meet(table.headings, table.source, table.span, table.headers)
        if reason is not None:
            return Requirements(records=(_record(table, reason or "left out by the project file"),))
        wording = self.wording.with_phrases(rule.read_as) if rule else self.wording
        environments = self.project.environments
        for heading in other_environment(table.headings, table.source, table.span, environments):
            if wording.meaning_of(heading.value).casefold() != ALLOW:
                report.add(heading_of_environment(heading, environments.current))
                return Requirements(records=(_record(table, "", is_refused=True),), is_partial=True)
        if (rule.transposed if rule else False) or is_transposed(table, self.words):
            table = transpose(table)
        table = join_port_ranges(table, rule.columns if rule else ())
        plan = plan_table(table, self.words, rule, report)
        if isinstance(plan, NoPlan):
            is_refused = plan is NoPlan.REFUSED
            return Requirements(records=(_record(table, "", is_refused=is_refused),), is_partial=is_refused)
        has_verdicts = Role.DECISION in plan.columns or Role.DENIAL in plan.columns
        is_of_destinations = plan.kind is Kind.DESTINATIONS  # the service that their heading names decides
        headings = [it for it in table.headings if not holds_here(it.value, environments)]
        usual = None if has_verdicts or is_of_destinations else judge_headings(headings, wording, report)
        lowering = TableLowering(table, plan, wording, rule, self.reasons, report, usual or GRANTS, environments)
        found = lowering.lower()
        is_judged = has_verdicts and len(lowering.outcomes) == len(table.rows)  # and no row grants
        if usual is None and not is_of_destinations and not is_judged:
            for it in headings:
                if it is table.heading or outer_denying_word(self.wording.judged(it.value)):
                    self._doubtful.setdefault(it.span, it)
        return found

    def _count(self, rows: int, place: Span, report: Report) -> bool:
        self._rows += rows
        if self._rows > MOST_ROWS:
            report.add(too_many_rows(place, MOST_ROWS))
        return self._rows <= MOST_ROWS

    def _named(self, source: Source) -> Span:
        """Where the project file names a source; the source itself where a pattern does, or the command line."""
        return next((it.span for it in self.project.sources if it.value == source.name), whole_file(source.name))

    def finish(self) -> Requirements:
        """All rows; what is said of the whole set of tables goes to the report."""
        report, ignored, met = self.report, self.project.tables.ignored_columns, self.words.met
        report.extend(self.rules.findings())
        report.extend(self.wording.unused())
        report.extend(
            denying_heading(it, word)
            for it in self._doubtful.values()
            if (word := denying_word(self.wording.judged(it.value)))
        )
        report.extend(unused_ignored_column(it.header) for it in ignored if plain_header(it.header.value) not in met)
        if self.parts:
            report.extend(unused_source(self._named(it), it.name) for it in self._idle)
        return join_requirements(self.parts)


def join_requirements(parts: Sequence[Requirements]) -> Requirements:
    return Requirements(
        tuple(row for part in parts for row in part.services),
        tuple(row for part in parts for row in part.destinations),
        tuple(row for part in parts for row in part.flows),
        tuple(row for part in parts for row in part.denials),
        tuple(allowance for part in parts for allowance in part.allowances),
        tuple(record for part in parts for record in part.records),
        tuple(line for part in parts for line in part.prose),
        tuple(name for part in parts for name in part.raised),
        tuple(row for part in parts for row in part.namespaces),
        tuple(name for part in parts for name in part.absent),
        any(part.is_partial for part in parts),
    )


def _record(table: Table, why: str, *, is_refused: bool = False) -> TableAccount:
    """The record of a table that is not read; `why` is the reason for leaving it out, empty where nothing reads it."""
    roles: tuple[Role | None, ...] = (None,) * len(table.headers)
    return TableAccount(
        table.source, table.headings, table.span, None, roles, table.headers, table.rows, why, is_refused=is_refused
    )


def _concerns(words: HeaderBook, rules: RuleBook, source: Source, head: TableHead) -> bool:
    corner = head.headers[0].text if head.headers else ""
    is_known = kind_of_headers(head.headers, words) is not None or is_corner(corner, words)
    plain = [plain_header(it.text) for it in head.headers]
    is_known = is_known or bool(foreign_language(plain, words)) or any(words.get(it) is Role.CONNECTION for it in plain)
    return not rules.leaves_out(head.headings, source, head.headers) and (
        is_known or rules.names(head.headings, source, head.headers)
    )
