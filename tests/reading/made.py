"""Documents that are made up: tables as they are meant, written down as Markdown or CSV, with their project file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Any, Final

import yaml

CLUSTER: Final = {"apiServer": {"addresses": ["192.0.2.10/32"]}}


class Part(Enum):
    """What a column is for."""

    NAME = auto()
    NAMES = auto()
    PORT = auto()
    PLACE = auto()
    VERDICT = auto()
    INVERTED = auto()
    TEXT = auto()
    QUESTION = auto()
    CONNECTION = auto()


@dataclass(frozen=True)
class Made:
    """One table. `rules` are its own under `tables.at`; an ordered one repeats the cell above where it is blank."""

    layout: str
    heading: str
    headers: tuple[str, ...]
    parts: tuple[Part, ...]
    rows: tuple[tuple[str, ...], ...]
    rules: dict[str, Any] = field(default_factory=dict, hash=False)
    is_ordered: bool = False
    on_its_side: bool = False

    def with_cell(self, row: int, column: int, text: str) -> "Made":
        cells = list(self.rows[row])
        cells[column] = text
        return replace(self, rows=(*self.rows[:row], tuple(cells), *self.rows[row + 1 :]))

    def without_row(self, row: int) -> "Made":
        return replace(self, rows=(*self.rows[:row], *self.rows[row + 1 :]))

    def can_lose(self, row: int) -> bool:
        """Whether no blank cell below means a cell of this row."""
        return not self.is_ordered or row + 1 == len(self.rows) or bool(self.rows[row + 1][0])

    def lines(self) -> list[tuple[str, ...]]:
        held = [self.headers, *self.rows]
        return list(zip(*held, strict=True)) if self.on_its_side else held


@dataclass(frozen=True)
class Document:
    """Tables of one document; `languages` is for the project file."""

    name: str
    tables: tuple[Made, ...]

    def with_table(self, at: int, table: Made) -> "Document":
        return replace(self, tables=(*self.tables[:at], table, *self.tables[at + 1 :]))

    def tables_by_source(self) -> list[tuple[str, Made]]:
        is_csv = self.name.endswith(".csv")
        return [(f"{it.heading}.csv" if is_csv else self.name, it) for it in self.tables]

    def sources(self) -> dict[str, str]:
        """Texts by name: one Markdown document, or a CSV file a table."""
        if self.name.endswith(".csv"):
            return {f"{table.heading}.csv": write_csv(table) for table in self.tables}
        return {self.name: "\n".join(write_markdown(table) for table in self.tables)}


@dataclass(frozen=True)
class Project:
    documents: tuple[Document, ...]

    def with_table(self, document: int, at: int, table: Made) -> "Project":
        held = self.documents[document].with_table(at, table)
        return Project((*self.documents[:document], held, *self.documents[document + 1 :]))

    def places(self) -> list[tuple[int, int]]:
        return [(at, index) for at, it in enumerate(self.documents) for index in range(len(it.tables))]

    def table(self, place: tuple[int, int]) -> Made:
        return self.documents[place[0]].tables[place[1]]

    def tables(self) -> list[Made]:
        return [table for it in self.documents for table in it.tables]

    def sources(self) -> dict[str, str]:
        return {name: text for it in self.documents for name, text in it.sources().items()}

    def settings(self) -> str:
        """The project file."""
        at = {}
        for document in self.documents:
            for table in document.tables:
                if table.rules:
                    at[f"{table.heading}.csv" if document.name.endswith(".csv") else table.heading] = table.rules
        return yaml.safe_dump(
            {
                "sources": sorted(self.sources()),
                "catalog": ["catalog.yaml"],
                "cluster": CLUSTER,
                "tables": {"language": ["de"], **({"at": at} if at else {})},
            }
        )


def write_markdown(table: Made) -> str:
    first, *rest = table.lines()
    lines = [f"## {table.heading}", "", _line(first), f"|{'---|' * len(first)}", *map(_line, rest), ""]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(it.replace('|', chr(92) + '|').replace(chr(10), '<br>') for it in cells)} |"


def write_csv(table: Made) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(table.lines())
    return text.getvalue()
