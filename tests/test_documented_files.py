"""docs: every project file, catalog and values file shown there is one that the compiler accepts."""

import re
from pathlib import Path

import yaml
from pydantic import BaseModel

from egressc.contract.validation import Contract, is_valid
from egressc.contract.values import NamespaceValuesDocument, ValuesDocument
from egressc.model.catalog import CatalogDocument
from egressc.model.project_file import ProjectDocument
from support.tables import each

DOCS = Path(__file__).parent.parent / "docs"
DOCUMENTS: dict[str, type[BaseModel]] = {"project-file.md": ProjectDocument, "catalog.md": CatalogDocument}
SHOWN = [
    (name, block)
    for name in DOCUMENTS
    for block in re.findall(r"^```yaml\n(.*?)^```$", (DOCS / name).read_text("utf-8"), re.DOTALL | re.MULTILINE)
]


# There both kinds of files are shown.
SHOWN += [
    ("catalog.md" if "destinations:" in block else "project-file.md", block)
    for page in ("presets.md", "guardrails.md")
    for block in re.findall(r"^```yaml\n(.*?)^```$", (DOCS / page).read_text("utf-8"), re.DOTALL | re.MULTILINE)
    if "networkPolicy:" not in block
]


@each(("name", "block"), SHOWN)
def test_a_file_shown_in_the_documents_is_accepted(name: str, block: str) -> None:
    DOCUMENTS[name].model_validate(yaml.safe_load(block), by_alias=True, by_name=False)


def test_every_key_of_tables_is_shown() -> None:
    text = (DOCS / "project-file.md").read_text("utf-8")
    schema = ProjectDocument.model_json_schema(by_alias=True)["$defs"]
    for entry in ("TablesEntry", "TableEntry", "WordsEntry"):
        assert [key for key in schema[entry]["properties"] if f"`{key}`" not in text] == []


def contracts_shown() -> list[tuple[str, Contract]]:
    """Every values file that the documents show, with the contract that its heading is about."""
    text = (DOCS / "values-files.md").read_text("utf-8")
    sections = re.findall(r"^(?:# |## )(.*?)\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    return [
        (block, NamespaceValuesDocument if heading == "Namespaces" else ValuesDocument)
        for heading, section in sections
        for block in re.findall(r"^```yaml\n((?:#[^\n]*\n)*networkPolicy:.*?)^```$", section, re.DOTALL | re.MULTILINE)
    ]


def test_values_shown_in_the_documents_are_valid() -> None:
    shown = contracts_shown()
    refused = [block for block, contract in shown if not is_valid(yaml.safe_load(block), contract)]
    assert [contract for _, contract in shown].count(NamespaceValuesDocument) == 1
    assert len(shown) == 4
    # A second values file completes the first one.
    assert [block.partition("\n")[0] for block in refused] == [
        "# staging.yaml: helm install orders service-policy -n shop-staging -f values/orders.yaml -f staging.yaml"
    ]


def test_a_namespace_file_under_the_heading_of_services_would_be_refused() -> None:
    (whole,) = [yaml.safe_load(block) for block, contract in contracts_shown() if contract is NamespaceValuesDocument]
    assert not is_valid(whole, ValuesDocument)
