"""Whatever a document looks like, a denying word adds no flow, a row less adds none, and order changes nothing."""

import re
from dataclasses import replace
from typing import Final

import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from egressc.lower import verdicts
from oracles.fuzzing import fuzz
from reading.flows_of import Flow, Outcome, added, compiled, outcome
from reading.generated import CATALOG, PENDING, change, flow_tables, projects
from reading.made import CLUSTER, Made, Part, Project, write_csv, write_markdown

_BARE: Final = sorted(verdicts.NO | verdicts.DENIED | verdicts.ORDERS | verdicts.PENDING)
_PHRASES: Final = (
    *("not allowed", "not permitted", "not yet", "not approved", "no access", "no longer", "must not", "do not allow"),
    *("under review", "on hold", "no egress", "no traffic", "until 2030-01-01", "denied by the firewall"),
    *("Deny (rule 7)", "**Denied**", "`BLOCKED`", "Blocked.", "DENY!", "[ ]"),
    *("nein", "gesperrt", "nicht erlaubt", "geplant", "verboten"),
)
_WORDS: Final = (*_BARE, *_PHRASES, *(it.upper() for it in _BARE))
_words = st.sampled_from(_WORDS)
_data = st.data()

Place = tuple[int, int]


def _without_row(project: Project, place: Place, row: int) -> Outcome | None:
    table = project.table(place)
    return compiled(project.with_table(*place, table.without_row(row))) if table.can_lose(row) else None


def _added(after: Outcome, before: Outcome) -> list[Flow]:
    """The flows of ends that nothing connects before.

    Ports are not compared: where a row that names them goes, one beside it that does not gets the usual ones, fault F8.
    """
    ends = {it[:2] for it in before.flows}
    return [it for it in added(after.flows, before.flows) if it[:2] not in ends]


def _is_broad(project: Project) -> bool:
    return any(re.search("All services|Backend|Front", text) for text in project.sources().values())


def _expect_closed(project: Project, place: Place, row: int, changed: Made) -> None:
    """The changed project grants no more than before, and nothing by that row unless it is refused."""
    before, after = compiled(project), compiled(project.with_table(*place, changed))
    assert before.is_refused or _added(after, before) == [], changed.rows[row]
    # A table below the name of a service asks for it as long as a row knows the service, be it one that denies; and it
    # is one of all services then: fault F6.
    is_known = any(it.layout == "destinations" for it in project.tables())
    is_known |= _is_broad(project)
    without = None if after.is_refused or is_known else _without_row(project, place, row)
    assert without is None or without.is_refused or _added(after, without) == [], changed.rows[row]


@fuzz(60)
@given(projects(), _words, _data)
def test_a_denying_verdict_adds_no_flow(project: Project, word: str, data: st.DataObject) -> None:
    chosen = change(data.draw, project, (Part.VERDICT,))
    assume(chosen is not None)
    assert chosen is not None
    place, row, column = chosen
    table = project.table(place)
    # A service whose row is denied is one of all services, and one whose row is planned is not: fault F6.
    assume(table.rows[row][column] not in PENDING or not _is_broad(project))
    changed = table.with_cell(row, column, word)
    if table.layout == "grid":
        after = compiled(project.with_table(*place, changed))
        without = compiled(project.with_table(*place, table.with_cell(row, column, "")))
        assert without.is_refused or _added(after, without) == [], changed
    else:
        _expect_closed(project, place, row, changed)


@fuzz(60)
@given(projects(), _words, _data)
def test_a_denying_word_in_any_other_cell_adds_no_flow(project: Project, word: str, data: st.DataObject) -> None:
    chosen = change(data.draw, project, (Part.TEXT,))
    assume(chosen is not None)
    assert chosen is not None
    place, row, column = chosen
    _expect_closed(project, place, row, project.table(place).with_cell(row, column, word))


@fuzz(60)
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
        before, after = compiled(project), compiled(project.with_table(*place, changed))
        assert before.is_refused or _added(after, before) == []
    else:
        _expect_closed(project, place, row, changed)


@fuzz(60)
@given(projects(), _data)
def test_a_row_less_adds_no_flow(project: Project, data: st.DataObject) -> None:
    before = compiled(project)
    assume(not before.is_refused)
    place = data.draw(st.sampled_from(project.places()))
    row = data.draw(st.sampled_from(range(len(project.table(place).rows))))
    after = _without_row(project, place, row)
    assert after is None or _added(after, before) == []


@fuzz(60)
@given(projects(), _data)
def test_order_changes_nothing(project: Project, data: st.DataObject) -> None:
    shuffled = Project(
        tuple(replace(it, tables=tuple(_shuffled(table, data) for table in it.tables)) for it in project.documents)
    )
    before, after = compiled(project), compiled(shuffled)
    assert after.model == before.model
    assert after.errors == before.errors


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


@fuzz(60)
@given(projects(), st.sampled_from(("**{}**", "`{}`", "_{}_", "[{}](#x)", "{}[^1]")))
def test_decoration_changes_nothing(project: Project, decoration: str) -> None:
    assume(all(it.name.endswith(".md") for it in project.documents))
    assert compiled(_decorated(project, decoration)).model == compiled(project).model


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


@fuzz(60)
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
