"""How pipes split rows, and what stands under a header."""

from egressc.tables.table_lines import is_delimiter_row, split_row
from support.tables import each


@each(
    ("row", "cells"),
    [
        ("| a | b |", [" a ", " b "]),
        ("a|b", ["a", "b"]),
        ("||", [""]),
        ("|", []),
        ("| |", [" "]),
        ("a \\| b", ["a \\| b"]),
        ("a \\\\| b", ["a \\\\| b"]),
        ("|a||b", ["a", "", "b"]),
    ],
)
def test_pipes_separate_cells(row: str, cells: list[str]) -> None:
    assert [row[start:end] for start, end in split_row(row)] == cells


@each("text", ["|---|", "---|---", ":-:|-", "| :-- | --: |  ", "-", "|-", "\t-|".strip()])
def test_a_delimiter_row(text: str) -> None:
    assert is_delimiter_row(text)


@each("text", ["| - | a |", "||", "|:|", "|--:--|", "- | -", "-\t|-", "| -- -- |", "|---||---|", ""])
def test_no_delimiter_row(text: str) -> None:
    assert not is_delimiter_row(text)
