"""Where a rule comes from, without lines: the document and the heading of its table."""

import pytest

from egressc.diagnostics.core import Report
from egressc.emit.provenance import NO_PROVENANCE, Provenance
from egressc.lower.requirements import lower_sources
from egressc.model.project import Project
from egressc.source import Source, Span
from support.tables import each

TEXT = """\
Before any heading.

| Service | Depends on |
|---|---|
| First | Second |

# The *platform*

Prose with Third in it.

| Service | Depends on |
|---|---|
| Second | Third |

## Stores "and" more

| Destination | Port |
|---|---|
| Third | 5432 |
"""
DOCUMENT = Source("docs/services.md", TEXT)


def place(text: str, source: Source = DOCUMENT) -> Span:
    start = source.text.rindex(text)
    return Span(source, start, start + len(text))


@pytest.fixture
def provenance() -> Provenance:
    return Provenance(lower_sources([DOCUMENT], Project(), Report()).records)


@each(
    ("texts", "said"),
    [
        (["| First | Second |"], "docs/services.md"),
        (["Second | Third |"], 'docs/services.md, "The platform"'),
        (["5432"], 'docs/services.md, "Stores "and" more"'),
        (["5432", "Third | 5432"], 'docs/services.md, "Stores "and" more"'),
        (["5432", "Second | Third |"], 'docs/services.md, "Stores "and" more"; docs/services.md, "The platform"'),
    ],
)
def test_the_heading_of_the_table(provenance: Provenance, texts: list[str], said: str) -> None:
    spans = [place(text) for text in texts]
    assert provenance.places(spans) == said
    assert provenance.places(spans[::-1]) == said


def test_a_document_without_tables_is_its_name(provenance: Provenance) -> None:
    catalog = Source("odd\nname.yaml", "destinations: {}")
    assert provenance.places([place("destinations", catalog)]) == "odd name.yaml"
    assert NO_PROVENANCE.places([place("5432")]) == "docs/services.md"


def test_lines_above_make_no_difference(provenance: Provenance) -> None:
    moved = Source(DOCUMENT.name, TEXT.replace("Prose with", "More prose.\n\nAnd\nmore.\n\nProse with"))
    later = Provenance(lower_sources([moved], Project(), Report()).records)
    assert later.places([place("5432", moved)]) == provenance.places([place("5432")])
