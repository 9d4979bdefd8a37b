"""The part of the project file that says how tables are read."""

from typing import Annotated, Literal

from pydantic import Field

from egressc.model.entries import Entry, Name
from egressc.model.records import Role

Phrase = Annotated[str, Field(min_length=1, max_length=4096)]
ColumnRole = Annotated[Role, Field(strict=False)] | Literal["ignore"]


class IgnoredColumnEntry(Entry):
    """A column that changes nothing, although a cell of it says no."""

    column: Name = Field(description="Header of the column.")
    reason: Phrase = Field(description="Why the words in it change nothing.")


class LeftOutEntry(Entry):
    """A heading whose tables are left out."""

    heading: Name = Field(description="Heading as it is in the document.")
    reason: Phrase = Field(description="Why its tables grant nothing.")


class GridEntry(Entry):
    """A grid of connections: names in the first column and in the header row."""

    rows: Literal["source", "destination"] = Field(description="What the names in the first column are.")


class TableEntry(Entry):
    """How one table is read: the tables under a heading, or all of a file."""

    kind: Literal["services", "destinations", "flows", "inventory", "namespaces"] | None = Field(
        default=None, description="What its rows are, where the headers do not tell."
    )
    columns: dict[Name, ColumnRole] = Field(default={}, description='Role of a column by its header, or "ignore".')
    blank: Literal["as above"] | dict[Name, Phrase] | None = Field(
        default=None,
        description='"as above": a blank cell under the services or sources repeats the one above it. A map says, by '
        "header, what a blank cell is read as.",
    )
    service: Name | None = Field(
        default=None,
        description="The service that a table of destinations is about, in place of the one its heading names.",
    )
    transposed: bool = Field(default=False, description="The first column holds the headers.")
    grid: GridEntry | None = Field(default=None, description="The table is a grid of connections.")
    read_as: dict[Phrase, Phrase] = Field(default={}, description="`readAs` for this table alone.")
    leave_out: Phrase | None = Field(default=None, description="The table grants nothing; why.")


class WordsEntry(Entry):
    """What cells say in the language of the team."""

    none: list[Name] = Field(default=[], description='Words for "None".')
    positive: list[Name] = Field(default=[], description='Answers that mean "yes".')
    negative: list[Name] = Field(default=[], description='Answers that mean "no".')
    allow: list[Name] = Field(default=[], description='Verdicts that mean "allowed".')
    deny: list[Name] = Field(default=[], description='Verdicts that mean "denied".')
    pending: list[Name] = Field(default=[], description="Words for what is planned or past.")
    all: list[Name] = Field(default=[], description='Words for "All services".')


class TablesEntry(Entry):
    """How tables are read."""

    language: list[Literal["de", "es", "fr"]] = Field(
        default=[], description="Languages of headers and words, besides English."
    )
    headers: dict[Annotated[Role, Field(strict=False)], list[Name]] = Field(
        default={}, description="Further header words for what a column says."
    )
    words: WordsEntry = Field(default=WordsEntry(), description="Further words that cells use.")
    read_as: dict[Phrase, Phrase] = Field(
        default={},
        description="Text of a cell, of an item of a list, of a line beside the tables, or of a row, its cells with "
        '" | " between: what to read in its place. '
        '"leave out" drops the row, "ignore" the cell, "as above" repeats the cell above, "deny all" is no egress, '
        "not even DNS.",
    )
    leave_out: list[Name | LeftOutEntry] = Field(
        default=[], description="Headings whose tables are not read and grant nothing."
    )
    ignore_columns: list[Name | IgnoredColumnEntry] = Field(
        default=[],
        description="Headers of columns that change nothing, whatever cells say; with a reason if a cell says no.",
    )
    at: dict[Name, TableEntry] = Field(default={}, description="How single tables are read, by heading or by file.")
