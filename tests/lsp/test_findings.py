"""The language server over its standard input and output: what it finds while somebody writes, and its quick fixes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from lsprotocol import types

from support.command import run
from support.editor import Editor, editor
from support.tables import each

pytestmark = pytest.mark.slow

PROJECT = "sources: [services.*]\ncatalog: catalog.yaml\n"
CATALOG = """\
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  Redis: {ports: [6379]}
  PostgreSQL: {ports: [5432]}
"""
MARKDOWN = (
    "# Shop\n\n| Service | Dependencies |\n|---|---|\n| checkout | Redis, PostgreSQL |\n| web | checkout (8080) |\n"
)
CSV = 'Service,Dependencies\ncheckout,"Redis, PostgreSQL"\nweb,checkout (8080)\n'
YAML = """\
services:
  - {service: checkout, dependencies: [Redis, PostgreSQL]}
  - {service: web, dependencies: [checkout (8080)]}
"""


def project(folder: Path, **files: str) -> Path:
    """A project with these files; the name of a source is `services.` and its key."""
    folder.mkdir(exist_ok=True)
    (folder / ".git").mkdir()
    (folder / "egressc.yaml").write_text(files.pop("project", PROJECT))
    (folder / "catalog.yaml").write_text(files.pop("catalog", CATALOG))
    for suffix, text in files.items():
        (folder / f"services.{suffix}").write_bytes(text.encode())
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "shop"


@pytest.mark.parametrize(("suffix", "text"), [("md", MARKDOWN), ("csv", CSV), ("yaml", YAML)])
def test_a_misspelt_name_is_shown_while_it_is_written_and_repaired(root: Path, suffix: str, text: str) -> None:
    name = f"services.{suffix}"
    with editor(project(root, **{suffix: text})) as client:
        client.open(name)
        assert client.findings(name) == []
        client.replace(name, "PostgreSQL", "PostgreSQl")
        (found,) = client.findings(name)
        assert (found.code, found.text) == ("EG301", "PostgreSQl")
        assert 'help: write "PostgreSQL"' in found.message
        assert found.diagnostic.severity is types.DiagnosticSeverity.Error
        (action,) = client.quick_fixes(name, found)
        assert (action.title, action.is_preferred) == ('Write "PostgreSQL"', True)
        client.apply(action)
        assert client.texts[client.uri(name)] == text
        assert client.findings(name) == []
    assert (root / name).read_text() == text


def test_a_repair_is_made_in_all_places(root: Path) -> None:
    with editor(project(root, md=MARKDOWN.replace("checkout (8080)", "Redis"))) as client:
        client.open("services.md")
        client.replace("services.md", "Redis", "Rediss")
        (found,) = client.findings("services.md")
        (action,) = client.quick_fixes("services.md", found)
        assert action.title == 'Write "Redis" in 2 places'
        assert [it.message for it in found.diagnostic.related_information or ()][-1] == "and here"
        client.apply(action)
        assert client.findings("services.md") == []


def test_a_misspelt_key_of_a_values_file(root: Path) -> None:
    run(["compile"], project(root, md=MARKDOWN))
    name = "values/checkout.yaml"
    rule = "egress: [{too: [{ipBlock: {cidr: 203.0.113.7/32}}], ports: [{port: 443}]}]"
    with editor(root) as client:
        client.open(name)
        assert client.findings(name) == []
        client.replace(name, "egress: []", rule)
        (found,) = client.findings(name)
        assert (found.code, found.text) == ("EG241", "too")
        client.apply(client.quick_fixes(name, found)[0])
        assert [it for it in client.findings(name) if it.code == "EG241"] == []
        assert rule.replace("too", "to") in client.texts[client.uri(name)]


def test_a_misspelt_key_of_catalog_and_project_file(root: Path) -> None:
    with editor(project(root, md=MARKDOWN)) as client:
        for name, right, wrong in (
            ("catalog.yaml", "ports: [5432]", "port: [5432]"),
            ("egressc.yaml", "catalog:", "catalogg:"),
        ):
            client.open(name)
            assert client.findings(name) == []
            client.replace(name, right, wrong)
            (found, *_) = client.findings(name)
            assert (found.code, found.text) == ("EG230", wrong.partition(":")[0])
            client.apply(client.quick_fixes(name, found)[0])
            assert client.findings(name) == []


@pytest.mark.parametrize("encoding", [*types.PositionEncodingKind, None])
def test_positions_are_in_the_units_of_the_client(root: Path, encoding: types.PositionEncodingKind | None) -> None:
    text = MARKDOWN.replace("Redis, ", "Café 🛒 列, ")
    catalog = CATALOG.replace("Redis: {", "Café 🛒 列: {id: cafe, ")
    with editor(project(root, md=text, catalog=catalog), encoding) as client:
        client.open("services.md")
        assert client.findings("services.md") == []
        client.replace("services.md", "PostgreSQL", "PostgreSQl")
        (found,) = client.findings("services.md")
        assert found.text == "PostgreSQl"
        assert client.hover("services.md", "列").startswith("Café 🛒 列: destination")
        client.apply(client.quick_fixes("services.md", found)[0])
        assert client.texts[client.uri("services.md")] == text


@each("end", ["\r\n", "\r"])
def test_other_line_ends(end: str, tmp_path: Path) -> None:
    root = project(tmp_path / f"with-{len(end)}", md=MARKDOWN.replace("\n", end))
    with editor(root) as client:
        client.open("services.md")
        found = client.findings("services.md")
        if end == "\r":  # refused, at the line that the client counts
            assert [it.code for it in found] == ["EG104"]
            assert found[0].diagnostic.range.start.line in (0, 1)
            return
        assert found == []
        client.replace("services.md", "PostgreSQL", "PostgreSQl")
        (shown,) = client.findings("services.md")
        assert shown.text == "PostgreSQl"
        client.apply(client.quick_fixes("services.md", shown)[0])
        assert client.texts[client.uri("services.md")] == MARKDOWN.replace("\n", end)
        assert client.findings("services.md") == []


def test_what_is_wrong_with_another_file_is_shown_there_and_goes(root: Path) -> None:
    with editor(project(root, md=MARKDOWN, catalog=CATALOG.replace("[6379]", "[637900]"))) as client:
        client.open("services.md")
        assert client.findings("services.md") == []
        assert [it.text for it in client.wait("catalog.yaml", bool)] == ["637900"]
        client.open("catalog.yaml")
        client.replace("catalog.yaml", "[637900]", "[6379]")
        assert client.findings("catalog.yaml") == []
        # What is saved counts again.
        client.shut("catalog.yaml")
        assert [it.text for it in client.wait("catalog.yaml", bool)] == ["637900"]
        (root / "catalog.yaml").write_text(CATALOG)
        client.tell_changed("catalog.yaml")
        client.wait("catalog.yaml", lambda shown: not shown)


def test_a_project_file_that_cannot_be_read(root: Path) -> None:
    with editor(project(root, md=MARKDOWN, project="sources: [services.*\n")) as client:
        client.open("services.md")
        assert client.findings("services.md") == []
        (found,) = client.wait("egressc.yaml", bool)
        assert found.code == "EG130"
        assert client.hover("services.md", "Redis") == ""
        client.open("egressc.yaml")
        client.change("egressc.yaml", "catalog: catalog.yaml\n")
        (found,) = client.findings("egressc.yaml")
        assert (found.code, found.message) == (None, "egressc.yaml has no sources, and the command has none either")
        client.change("egressc.yaml", PROJECT)
        assert client.findings("egressc.yaml") == []
        assert client.hover("services.md", "Redis").startswith("Redis: destination")


def test_documents_without_a_project_have_no_findings(root: Path, tmp_path: Path) -> None:
    (project(root, md=MARKDOWN) / "README.md").write_text("| Service | Dependencies |\n|---|---|\n| web | nobody |\n")
    (tmp_path / "alone.md").write_text(MARKDOWN)
    with editor(root) as client:
        client.open("README.md")
        assert client.findings("README.md") == []
        client.open("../alone.md")
        client.open("new.md", MARKDOWN)  # never saved
        assert client.hover("README.md", "nobody") == ""
        assert client.hover("../alone.md", "Redis") == ""
        assert client.completions("../alone.md", "Redis") == []
        assert client.findings("new.md") == []
        assert not client.was_told_of("../alone.md")


def test_projects_of_one_workspace(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (workspace / "docs").mkdir()
    (workspace / ".git").mkdir()
    (workspace / "docs" / "shared.md").write_text(MARKDOWN)
    for name, port in (("one", 6379), ("two", 637900)):
        (workspace / name).mkdir()
        (workspace / name / "egressc.yaml").write_text("sources: [../docs/shared.md]\ncatalog: catalog.yaml\n")
        (workspace / name / "catalog.yaml").write_text(CATALOG.replace("6379", str(port)))
    with editor(workspace) as client:
        # No project is above it, but two read it.
        client.open("docs/shared.md")
        assert client.findings("docs/shared.md") == []
        assert [it.text for it in client.wait("two/catalog.yaml", bool)] == ["637900"]
        assert not client.was_told_of("one/catalog.yaml")
        client.open("two/catalog.yaml")
        client.replace("two/catalog.yaml", "637900", "6379")
        assert client.findings("two/catalog.yaml") == []
        # What both find is shown once, and goes when both are done with it.
        client.replace("docs/shared.md", "Redis", "Rediss")
        (shown,) = client.wait("docs/shared.md", lambda shown: [it.code for it in shown] == ["EG301"])
        assert [it.title for it in client.quick_fixes("docs/shared.md", shown)] == ['Write "Redis"']
        assert len(client.shown("docs/shared.md")) == 1  # both projects are done by now
        client.replace("docs/shared.md", "Rediss", "Redis")
        client.wait("docs/shared.md", lambda shown: not shown)


def test_a_file_that_is_renamed(root: Path) -> None:
    with editor(project(root, md=MARKDOWN.replace("Redis", "Rediss"))) as client:
        client.open("services.md")
        assert [it.text for it in client.findings("services.md")] == ["Rediss"]
        (root / "services.md").rename(root / "services.new.md")
        client.shut("services.md")
        client.open("services.new.md")
        client.tell_changed("services.md", types.FileChangeType.Deleted)
        client.tell_changed("services.new.md", types.FileChangeType.Created)
        assert [it.text for it in client.wait("services.new.md", bool)] == ["Rediss"]
        client.wait("services.md", lambda shown: not shown)
        assert "workspace/didChangeWatchedFiles" in client.registered


def test_a_project_that_begins_and_ends_while_its_documents_are_open(root: Path) -> None:
    project(root, md=MARKDOWN.replace("Redis", "Rediss"))
    (root / "egressc.yaml").unlink()
    with editor(root) as client:
        client.open("services.md")
        client.open("egressc.yaml", PROJECT)
        client.save("egressc.yaml")
        client.tell_changed("egressc.yaml", types.FileChangeType.Created)
        assert [it.text for it in client.wait("services.md", bool)] == ["Rediss"]
        client.shut("services.md")
        client.shut("egressc.yaml")
        client.wait("services.md", lambda shown: not shown)


def test_only_the_newest_state_counts(root: Path) -> None:
    with editor(project(root, md=MARKDOWN)) as client:
        client.open("services.md")
        for number in range(30):
            client.change("services.md", MARKDOWN.replace("Redis", f"Nothing{number}"))
        assert [it.text for it in client.findings("services.md")] == ["Nothing29"]


def test_nothing_is_written(root: Path) -> None:
    project(root, md=MARKDOWN)

    def files() -> dict[str, bytes]:
        return {str(it): it.read_bytes() for it in root.rglob("*") if it.is_file()}

    before = files()
    with editor(root) as client:
        client.open("services.md")
        client.replace("services.md", "Redis", "Rediss")
        client.apply(client.quick_fixes("services.md", client.findings("services.md")[0])[0])
        client.hover("services.md", "checkout")
        client.definition("services.md", "PostgreSQL")
    assert files() == before


def test_a_document_of_5000_rows(root: Path) -> None:
    rows = "".join(f"| service-{number} | Redis, PostgreSQL |\n" for number in range(5000))
    with editor(project(root, md=MARKDOWN + rows)) as client:
        client.open("services.md")
        assert client.findings("services.md") == []
        client.replace("services.md", "service-4999 | Redis", "service-4999 | Rediss")
        # A name is offered at once, while the project is compiled.
        assert len(client.completions("services.md", "Redis", after="service-4998")) > 0
        (found,) = client.findings("services.md")
        assert (found.text, found.diagnostic.range.start.line) == ("Rediss", 5005)
        client.apply(client.quick_fixes("services.md", found)[0])
        said = client.hover("services.md", "Redis", after="service-4999")
        assert "service-4999 -> redis 6379/TCP" in said
        assert "and 4981 others" in said


@each(
    "text",
    [
        "",
        "\ufeff",
        "\x00",
        "|",
        "| a |\n|---|\n|",
        "\ud800 | Redis",
        "Redis\u2028Redis\x0bRedis\n\n\n",
        "---\n" * 50,
        "[" * 5000,
        "🛒" * 1000,
        "\r\n\r\n\r",
    ],
)
def test_no_text_ends_the_server(text: str, writing: Editor) -> None:
    for name in ("services.md", "catalog.yaml", "egressc.yaml"):
        before = writing.texts[writing.uri(name)]
        writing.change(name, text)
        writing.findings(name)
        if text:
            writing.hover(name, text[:1])
            writing.definition(name, text[:1])
            writing.references(name, text[:1])
            writing.completions(name, text[:1])
        for shown in writing.shown(name):
            writing.quick_fixes(name, shown)
        writing.change(name, before)
        assert writing.findings(name) == []


@pytest.fixture
def writing(root: Path) -> Iterator[Editor]:
    with editor(project(root, md=MARKDOWN)) as client:
        for name in ("services.md", "catalog.yaml", "egressc.yaml"):
            client.open(name)
        yield client
