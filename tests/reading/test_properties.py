"""Whatever a document looks like, a denying word adds no flow, a row less adds none, and order changes nothing."""

import re
from collections import Counter
from dataclasses import replace
from typing import Final

import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from egressc.lower import verdicts
from egressc.model.reading import Use
from reading.flows_of import Outcome, added, outcome
from reading.generated import (
    CATALOG,
    CLUSTER,
    Document,
    Made,
    Part,
    Project,
    change,
    documents,
    flow_tables,
    inventories,
    projects,
    write_csv,
    write_markdown,
)
from reading.granted import granted_pairs
from verify.fuzzing import fuzz

_BARE: Final = sorted(verdicts.NO | verdicts.DENIED | verdicts.ORDERS | verdicts.PENDING)
_PHRASES: Final = (
    *("not allowed", "not permitted", "not yet", "not approved", "no access", "no longer", "must not"),
    *("do not allow", "under review", "on hold", "no egress", "no traffic", "until 2030-01-01"),
    *("denied by the firewall", "Deny (rule 7)"),
    *("**Denied**", "`BLOCKED`", "Blocked.", "DENY!", "[ ]", "nein", "gesperrt", "nicht erlaubt", "geplant"),
)  # fmt: skip
_words = st.sampled_from((*_BARE, *_PHRASES, *(it.upper() for it in _BARE)))
# Orders such as "block" open harmless sentences; every other word denies wherever a whole cell says it.
_data = st.data()


def _compiled(project: Project) -> Outcome:
    return outcome(project.sources(), project.settings(), CATALOG)


def _without_row(project: Project, place: tuple[int, int], row: int) -> Outcome | None:
    table = project.table(place)
    return _compiled(project.with_table(*place, table.without_row(row))) if table.can_lose(row) else None


def _expect_closed(project: Project, place: tuple[int, int], row: int, changed: Made) -> None:
    """The changed project grants no more than before, and nothing by that row unless it is refused."""
    before, after = _compiled(project), _compiled(project.with_table(*place, changed))
    assert before.is_refused or added(after.flows, before.flows) == [], changed.rows[row]
    # A table below the name of a service asks for it as long as a row knows the service, be it one that denies.
    is_apart = after.is_refused or any(it.layout == "destinations" for it in project.tables())
    without = None if is_apart else _without_row(project, place, row)
    assert without is None or without.is_refused or added(after.flows, without.flows) == [], changed.rows[row]


@fuzz(150)
@given(projects(), _words, _data)
def test_a_denying_verdict_adds_no_flow(project: Project, word: str, data: st.DataObject) -> None:
    chosen = change(data.draw, project, (Part.VERDICT,))
    assume(chosen is not None)
    assert chosen is not None
    place, row, column = chosen
    table = project.table(place)
    changed = table.with_cell(row, column, word)
    if table.layout == "grid":
        after = _compiled(project.with_table(*place, changed))
        without = _compiled(project.with_table(*place, table.with_cell(row, column, "")))
        assert without.is_refused or added(after.flows, without.flows) == [], changed
    else:
        _expect_closed(project, place, row, changed)


@fuzz(150)
@given(projects(), _words, _data)
def test_a_denying_word_in_any_other_cell_adds_no_flow(project: Project, word: str, data: st.DataObject) -> None:
    chosen = change(data.draw, project, (Part.TEXT,))
    assume(chosen is not None)
    assert chosen is not None
    place, row, column = chosen
    _expect_closed(project, place, row, project.table(place).with_cell(row, column, word))


@fuzz(150)
@given(projects(), _words, _data)
def test_a_denying_word_behind_a_name_adds_no_flow(project: Project, word: str, data: st.DataObject) -> None:
    chosen = change(data.draw, project, (Part.NAME, Part.NAMES, Part.CONNECTION))
    assume(chosen is not None)
    assert chosen is not None
    place, row, column = chosen
    table = project.table(place)
    names = re.split(r"([,;\n] ?)", table.rows[row][column])
    at = data.draw(st.sampled_from(range(0, len(names), 2)))
    assume(names[at] not in ("", "None", "-"))
    names[at] += f" ({word})"
    changed = table.with_cell(row, column, "".join(names))
    if table.parts[column] is Part.NAMES or table.layout in ("inventory", "grid"):
        before, after = _compiled(project), _compiled(project.with_table(*place, changed))
        assert before.is_refused or added(after.flows, before.flows) == []
    else:
        _expect_closed(project, place, row, changed)


@fuzz(150)
@given(projects(), _data)
def test_a_row_less_adds_no_flow(project: Project, data: st.DataObject) -> None:
    before = _compiled(project)
    assume(not before.is_refused)
    place = data.draw(st.sampled_from(project.places()))
    row = data.draw(st.sampled_from(range(len(project.table(place).rows))))
    after = _without_row(project, place, row)
    assert after is None or added(after.flows, before.flows) == []


@fuzz(150)
@given(projects(), _data)
def test_order_changes_nothing(project: Project, data: st.DataObject) -> None:
    shuffled = Project(
        tuple(replace(it, tables=tuple(_shuffled(table, data) for table in it.tables)) for it in project.documents)
    )
    before, after = _compiled(project), _compiled(shuffled)
    assert after.model == before.model
    # EG410 is about rows that say the same word for word, in columns of one order.
    assert {it[:5] for it in after.codes()} - {"EG410"} == {it[:5] for it in before.codes()} - {"EG410"}


def _shuffled(table: Made, data: st.DataObject) -> Made:
    rows = table.rows if table.is_ordered else tuple(data.draw(st.permutations(table.rows)))
    kept = 1 if table.on_its_side or table.layout == "grid" else 0
    order = [*range(kept), *data.draw(st.permutations(range(kept, len(table.headers))))]
    return replace(
        table,
        headers=tuple(table.headers[at] for at in order),
        parts=tuple(table.parts[at] for at in order),
        rows=tuple(tuple(row[at] for at in order) for row in rows),
    )


@fuzz(150)
@given(projects())
def test_every_flow_has_a_cell_that_grants_it(project: Project) -> None:
    found = _compiled(project)
    assume(found.compilation is not None)
    assert found.compilation is not None
    reading = found.compilation.reading
    for service in found.compilation.policies.services:
        for dependency in service.dependencies:
            assert dependency.origins
            for origin in dependency.origins:
                granting = [
                    cell
                    for table in reading.tables
                    if table.source == origin.source
                    for row in table.rows
                    if (row[0].start <= origin.end and origin.start <= max(it.end for it in row))
                    or any(it.start <= origin.start and origin.end <= it.end for it in row)
                    for cell in row
                    if cell.use is Use.GRANTS and cell.start <= origin.end and origin.start <= cell.end
                ]
                assert granting, (service.id, dependency.destination.key, origin.text)


@fuzz(100)
@given(projects())
def test_the_account_is_whole(project: Project) -> None:
    found = _compiled(project)
    assume(found.compilation is not None)
    assert found.compilation is not None
    reading = found.compilation.reading
    tables = {(table.source.name, table.span.start): table for table in reading.tables}
    assert len(tables) == len(reading.tables) == len(project.tables())
    cells = Counter(len(row) for table in reading.tables for row in table.rows)
    assert sum(cells.values()) == sum(len(table.lines()) - 1 for table in project.tables()) or any(
        it.on_its_side for it in project.tables()
    )
    assert sum(size * count for size, count in cells.items()) == sum(
        len(table.rows) * len(table.headers) for table in project.tables()
    ) or any(it.on_its_side for it in project.tables())
    tally = found.compilation.tally
    uses = Counter(table.row_use(row) for table in reading.tables if not table.is_ignored for row in table.rows)
    assert (tally.grants, tally.denies, tally.describes, tally.ignored) == (
        uses[Use.GRANTS], uses[Use.DENIES], uses[Use.DESCRIBES], uses[Use.IGNORED],
    )  # fmt: skip
    assert tally.ignored_tables == reading.ignored_tables
    written = [c.use for t in reading.tables if not t.is_ignored for row in t.rows for c in row if c.text]
    assert tally.ignored_cells == written.count(Use.IGNORED)
    assert tally.cells == len(written) - tally.ignored_cells


@fuzz(150)
@given(projects())
def test_a_row_that_denies_is_a_denial(project: Project) -> None:
    found = _compiled(project)
    assume(found.compilation is not None)
    assert found.compilation is not None
    policies = found.compilation.policies
    denied = {(it.origin.source.name, it.service) for it in policies.denials}
    places = [it.origin for it in policies.denials]
    names = {it.name: it.id for it in policies.services}
    for table in found.compilation.reading.tables:
        roles = [role for _, role in table.headers]
        for row in table.rows if "source" in roles and "destination" in roles else ():
            source = row[roles.index("source")].text
            if table.row_use(row) is Use.DENIES and source in names:
                other = row[roles.index("destination")].text
                if names[source] != names.get(other, other):
                    start, end = min(it.start for it in row), max(it.end for it in row)
                    assert any(it.source == table.source and start <= it.start <= end for it in places), (row, denied)


@fuzz(100)
@given(documents(), documents("second"))
def test_documents_together_are_their_union(first: Document, second: Document) -> None:
    alone, other, both = (_compiled(Project(it)) for it in ((first,), (second,), (first, second)))
    assume(not alone.is_refused and not other.is_refused)
    if both.is_refused:
        return
    # The ports of a row that names them hold for a list that does not: flows are compared by their ends.
    held, together = ({it[:2] for it in flows} for flows in ((*alone.flows, *other.flows), both.flows))
    assert held <= together
    broad = re.compile("All services|Backend|egress rules")
    if not any(broad.search(text) for it in (first, second) for text in it.sources().values()):
        assert together == held
        assert both.services == alone.services | other.services


@fuzz(100)
@given(projects(), inventories())
def test_an_inventory_isolates_nobody(project: Project, inventory: Made) -> None:
    before = _compiled(project)
    inventory = replace(inventory, heading="Inventory")
    after = _compiled(Project((*project.documents, Document("zz.md", (inventory,)))))
    assume(not before.is_refused and not after.is_refused)
    assert after.services == before.services
    assert after.flows == before.flows


@fuzz(100)
@given(projects())
def test_only_workloads_have_policies(project: Project) -> None:
    found = _compiled(project)
    assert not found.services.intersection(
        # kube-dns gets one as soon as the catalog gives it an alias: fault F1.
        {"operators", "edge", "payment-api", "dns-server", "all-services", "backend", "front", "redis"}
    )


@fuzz(100)
@given(projects(), st.sampled_from(("**{}**", "`{}`", "_{}_", "[{}](#x)", "{}[^1]")))
def test_decoration_changes_nothing(project: Project, decoration: str) -> None:
    assume(all(it.name.endswith(".md") for it in project.documents))
    assert _compiled(_decorated(project, decoration)).model == _compiled(project).model


def _decorated(project: Project, decoration: str) -> Project:
    def of(table: Made) -> Made:
        rows = tuple(
            tuple(
                "".join(
                    it if at % 2 or it in ("", "None", "-") else _around(it, decoration)
                    for at, it in enumerate(re.split(r"([,;\n] ?)", cell))
                )
                if part in (Part.NAME, Part.NAMES)
                else cell
                for cell, part in zip(row, table.parts, strict=True)
            )
            for row in table.rows
        )
        return replace(table, rows=rows)

    return Project(tuple(replace(it, tables=tuple(map(of, it.tables))) for it in project.documents))


def _around(item: str, decoration: str) -> str:
    name, bracket, rest = item.partition(" (")
    return decoration.format(name) + bracket + rest


@fuzz(100)
@given(flow_tables(is_plain=True))
def test_every_spelling_of_a_table_means_the_same(table: Made) -> None:
    keys = {"From": "from", "Source": "from", "Client": "from", "To": "to", "Destination": "to", "Target": "to"}
    names = [keys.get(it, it.casefold()) for it in table.headers]
    entries = [{key: cell for key, cell in zip(names, row, strict=True) if cell} for row in table.rows]
    texts = {
        "flows.md": write_markdown(table),
        "flows.csv": write_csv(table),
        "flows.yaml": yaml.safe_dump({"flows": entries}, allow_unicode=True),
    }
    markdown, *others = [
        outcome({name: text}, yaml.safe_dump({"cluster": CLUSTER}), CATALOG).model for name, text in texts.items()
    ]
    assert others == [markdown, markdown]


@fuzz(150)
@given(projects())
def test_flows_are_those_that_the_rows_grant(project: Project) -> None:
    found = _compiled(project)
    assume(not found.is_refused)
    said = granted_pairs(project, found.services)
    pairs = {it[:2] for it in found.flows}
    assert pairs <= said
    # DNS has a rule of its own, and a member of a group asks for the others of it.
    assert {it for it in said - pairs if it[0] != it[1] and it[1] != "kube-dns" and it[0] in found.services} == set()
