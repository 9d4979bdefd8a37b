"""Every flow and denial has its row, documents together are their union, and nobody is isolated by the way."""

import re
from collections import Counter
from dataclasses import replace

from hypothesis import assume, given

from egressc.model.reading import Use
from oracles.fuzzing import fuzz
from reading.flows_of import compiled
from reading.generated import documents, inventories, projects
from reading.granted import granted_pairs, ids_of
from reading.made import Document, Made, Project


@fuzz(60)
@given(projects())
def test_every_flow_has_a_cell_that_grants_it(project: Project) -> None:
    found = compiled(project)
    # A flow of a grid comes from the header above its cell: fault F3.
    assume(found.compilation is not None and all(it.layout != "grid" for it in project.tables()))
    assert found.compilation is not None
    reading = found.compilation.reading
    for service in found.compilation.policies.services:
        for dependency in service.grants:
            assert dependency.origins
            for origin in dependency.origins:
                # By the row: a blank cell that repeats the one above is no granting cell of its own, fault F15.
                granting = [
                    row
                    for table in reading.tables
                    if table.source == origin.source
                    for row in table.rows
                    if any(it.start <= origin.end and origin.start <= it.end for it in row)
                    and any(it.use is Use.GRANTS for it in row)
                ]
                assert granting, (service.id, dependency.destination.key, origin.text)


@fuzz(60)
@given(projects())
def test_the_account_is_whole(project: Project) -> None:
    found = compiled(project)
    assume(found.compilation is not None)
    assert found.compilation is not None
    reading = found.compilation.reading
    by_source = sorted(
        ((name, made) for it in project.documents for name, made in it.tables_by_source()), key=lambda it: it[0]
    )
    assert [[[cell.text for cell in row] for row in table.rows] for table in reading.tables] == [
        [list(row) for row in made.rows] for _, made in by_source
    ]
    cells = [(t.source.name, cell.start) for t in reading.tables for row in t.rows for cell in row if cell.text]
    assert len(set(cells)) == len(cells)
    tally = found.compilation.tally
    uses = sum(
        (table.row_uses(row) for table in reading.tables if not table.is_ignored for row in table.rows), Counter[Use]()
    )
    assert (tally.grants, tally.denies, tally.describes, tally.ignored) == (
        uses[Use.GRANTS], uses[Use.DENIES], uses[Use.DESCRIBES], uses[Use.IGNORED],
    )  # fmt: skip
    assert tally.ignored_tables == reading.ignored_tables
    written = [c.use for t in reading.tables if not t.is_ignored for row in t.rows for c in row if c.text]
    assert tally.ignored_cells == written.count(Use.IGNORED)
    assert tally.cells == len(written) - tally.ignored_cells


@fuzz(60)
@given(projects())
def test_a_row_that_denies_is_a_denial(project: Project) -> None:
    found = compiled(project)
    assume(found.compilation is not None)
    assert found.compilation is not None
    policies = found.compilation.policies
    places = [it.origin for it in policies.denials]
    names = {it.name: it.id for it in policies.services}
    for table in found.compilation.reading.tables:
        roles = [role for _, role in table.headers]
        for row in table.rows if {"source", "destination"} <= set(roles) else ():
            source, target = (row[roles.index(it)].text for it in ("source", "destination"))
            if Use.DENIES not in table.row_uses(row) or source not in names or ids_of(target) == {names[source]}:
                continue
            start, end = min(it.start for it in row), max(it.end for it in row)
            assert any(it.source == table.source and start <= it.start <= end for it in places), row


@fuzz(60)
@given(documents(), documents("second"))
def test_documents_together_are_their_union(first: Document, second: Document) -> None:
    alone, other, both = (compiled(Project(it)) for it in ((first,), (second,), (first, second)))
    assume(not alone.is_refused and not other.is_refused)
    if both.is_refused:
        return
    # The ports of a row that names them hold for a list that does not: flows are compared by their ends.
    held, together = ({it[:2] for it in flows} for flows in ((*alone.flows, *other.flows), both.flows))
    # What one document grants to a caller that only the other one makes a service is said there: EG420. So is what a
    # table of callers alone grants, next to a table of services that does not have them.
    is_said = any(code.startswith("EG420") for found in (alone, other, both) for code in found.codes())
    assert is_said or held <= together
    broad = re.compile("All services|Backend|egress rules")
    if not is_said and not any(broad.search(text) for it in (first, second) for text in it.sources().values()):
        assert together == held
        assert both.services == alone.services | other.services


@fuzz(60)
@given(projects(), inventories())
def test_an_inventory_isolates_nobody(project: Project, inventory: Made) -> None:
    before = compiled(project)
    inventory = replace(inventory, heading="Inventory")
    after = compiled(Project((*project.documents, Document("zz.md", (inventory,)))))
    assume(not before.is_refused and not after.is_refused)
    # A caller that no other row makes a service becomes one by the inventory: fault F13.
    assume(not any(code.startswith("EG420") for code in before.codes()))
    assert after.services == before.services
    assert after.flows == before.flows


@fuzz(60)
@given(projects())
def test_only_workloads_have_policies(project: Project) -> None:
    found = compiled(project)
    assert not found.services.intersection(
        # kube-dns gets one as soon as the catalog gives it an alias: fault F1.
        {"operators", "edge", "payment-api", "dns-server", "all-services", "backend", "front", "redis"}
    )


@fuzz(60)
@given(projects())
def test_flows_are_those_that_the_rows_grant(project: Project) -> None:
    found = compiled(project)
    assume(not found.is_refused)
    said = granted_pairs(project, found.services)
    pairs = {it[:2] for it in found.flows}
    assert pairs <= said
    # DNS has a rule of its own, and a member of a group asks for the others of it.
    assert {it for it in said - pairs if it[0] != it[1] and it[1] != "kube-dns" and it[0] in found.services} == set()
