"""The entries that are prepared for a catalog."""

import yaml
from hypothesis import given
from hypothesis import strategies as st

from egressc.diagnostics.core import Lack, Missing, Report
from egressc.missing.catalog_text import catalog_text
from egressc.missing.needs import Need
from egressc.missing.project_text import project_text
from egressc.pipeline import find_missing, read_project
from egressc.source import Source, Span

AT = Span(Source("services.md", "| web |\n| Redis |\n"), 10, 15)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


def need(lack: Lack, name: str, *, heading: str = "", is_external: bool = False, places: int = 1) -> Need:
    return Need(Missing(lack, name, heading), AT, places, is_external)


def uncommented(text: str) -> object:
    lines = [line for line in text.split("\n") if not line.startswith("##")]
    assert all(line.startswith("# ") for line in lines if line)
    return yaml.safe_load("\n".join(line.removeprefix("# ") for line in lines))


def prepared(document: str, catalog: str = "", project: str = "") -> str:
    catalogs = [Source("catalog.yaml", catalog)] if catalog else []
    settings = read_project(Source("egressc.yaml", project), Report())
    return catalog_text(find_missing(settings, [Source("services.md", document)], catalogs), ["catalog.yaml"])


def services(*rows: str, header: str = "Service | Dependencies | External") -> str:
    return "\n".join([f"| {header} |", f"|{'---|' * len(header.split('|'))}", *(f"| {row} |" for row in rows), ""])


@given(NAMES)
def test_any_reader_gives_names_back_exactly(name: str) -> None:
    found = uncommented(catalog_text([need(Lack.DESTINATION, name), need(Lack.GROUP, name)], ()))
    assert isinstance(found, dict)
    assert list(found["destinations"]) == [name]
    assert list(found["groups"]) == [name]
    text = project_text([need(Lack.READ_AS, name), need(Lack.BLANK, "", heading=name)])
    tables = uncommented(text)
    assert isinstance(tables, dict)
    assert list(tables["tables"]["readAs"]) == [name]
    assert list(tables["tables"]["at"]) == [name]


def test_one_entry_a_name_says_its_first_place_and_how_many_more() -> None:
    text = prepared(services(*(f"web-{at} | Redis | None" for at in range(20))))
    assert text.count("#   Redis:\n") == 1
    assert "services.md:3 and 19 more; pods? (by its name, a store or a broker); its usual port is 6379" in text


def test_an_external_name_is_proposed_as_outside_and_its_kind_is_a_comment() -> None:
    text = prepared(services("web | None | Mail"))
    assert "outside the cluster? (it is in a column of external destinations)" in text
    found = uncommented(text)
    assert isinstance(found, dict)
    assert found["destinations"]["Mail"] == {"addresses": ["<network>"], "ports": ["<port>"]}


def test_what_is_missing_behind_a_missing_name_is_found_in_one_go() -> None:
    """The namespace of what a refused name is, its port, and the names of a table in another language."""
    document = services("web | Redis:6379, Queue | None") + "\n" + services("shop | Lager", header="Dienst | Benötigt")
    found = uncommented(prepared(document))
    assert isinstance(found, dict)
    assert found["destinations"].keys() == {"web", "Redis", "Queue", "shop", "Lager"}
    assert "ports" not in found["destinations"]["Redis"]
    assert found["destinations"]["Queue"]["ports"] == ["<port>"]


def test_names_behind_a_cell_that_cannot_be_read_are_found_and_no_port_is_asked_for_them() -> None:
    document = services("web | Redis | 9000 (or 9010)", header="From | To | Port")
    found = uncommented(prepared(document))
    assert isinstance(found, dict)
    assert "ports" not in found["destinations"]["Redis"]


def test_an_entry_that_is_there_is_named() -> None:
    text = prepared(services("web | Mail | None"), "destinations:\n  Mail: {hosts: [mail.example]}\n")
    assert "add to the entry in catalog.yaml:2" in text


def test_a_similar_name_is_offered_as_an_alias() -> None:
    text = prepared(services("Bridge | None | None", "web | bridge | None"))
    assert "The same as Bridge? Then make it an alias in that entry: aliases: [bridge]" in text


def test_a_name_that_may_be_a_list_says_how_to_have_it_read_as_one() -> None:
    text = prepared(services("web | PG + RMQ | None"))
    assert 'tables: {readAs: {"PG + RMQ": "PG, RMQ"}}' in text


def test_an_address_as_a_source_is_an_alias_of_a_workload() -> None:
    document = services("10.44.1.10 | Redis | 6379", header="From | To | Port")
    found = uncommented(prepared(document))
    assert isinstance(found, dict)
    assert found["destinations"]["<name>"]["aliases"] == ["10.44.1.10"]


def test_the_defaults_are_offered_for_several_alone() -> None:
    assert "defaults:" not in prepared(services("web | None | None"))
    assert "defaults:" in prepared(services("web | None | None", "shop | None | None"))


def test_nothing_is_asked_for_of_sources_that_compile() -> None:
    defaults = 'defaults: {namespace: shop, selector: {app: "{id}"}}\n'
    assert prepared(services("web | None | None"), defaults) == ""


def test_an_entry_for_the_internet_with_ports_says_that_it_is_the_internet() -> None:
    defaults = 'defaults: {namespace: shop, selector: {app: "{id}"}}\n'
    document = services("web | None | Internet")
    found = uncommented(prepared(document, defaults))
    assert found == {"destinations": {"Internet": {"internet": True, "ports": ["<port>"]}}}
    assert prepared(document, f"{defaults}destinations: {{Internet: {{internet: true, ports: [443]}}}}\n") == ""
