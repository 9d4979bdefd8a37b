"""Ways to break a document, each in one cell as a tired author could: the cells are found by a scanner of its own."""

import re
from collections.abc import Callable, Iterator
from itertools import chain, pairwise, product
from typing import NamedTuple

_OPPOSITES = {
    "allowed": "denied", "allow": "deny", "denied": "allowed", "deny": "allow", "blocked": "allowed", "true": "false",
    "false": "true", "yes": "no", "✅": "❌", "❌": "✅", "✗": "✅", "aprobado": "rechazado", "rechazado": "aprobado",
}  # fmt: skip
_DENIALS = ("denied", "deny", "blocked", "false", "no", "❌", "✗", "rechazado")
_VERDICT = re.compile(rf"(?:{'|'.join(_OPPOSITES)})(?!\w)", re.IGNORECASE)
_NAMES = re.compile(
    r"\b(?:from|to|calls|stores)\b|service|component|application|pod|source|destination|remote|depend|egress|dienst|benötigt"
    r"|origen|destino",
    re.IGNORECASE,
)
_PAIRS = frozenset(product(("from", "source", "origen"), ("to", "destination", "destino")))
# In brackets behind a name: no number of a ticket.
_BRACKETED_PORT = re.compile(r"\((?:[^)]*[\s,/])?\d")
# Where a link leads is not read.
_LINK_TARGET = re.compile(r"(?<=\])\([^)]*\)")
_ENDS = frozenset(chain.from_iterable(_PAIRS))


class Cell(NamedTuple):
    """The trimmed text of a cell, with its offset in the document."""

    header: str
    text: str
    start: int


class Mutant(NamedTuple):
    """A document with one change, and what the cell is without: the document where nothing stands in its place.

    `may_add` and `may_drop`: whether flows may appear, or be gone. `is_slip`: no change is meant.
    """

    title: str
    text: str
    without: str
    may_add: bool = True
    may_drop: bool = True
    is_slip: bool = False


Rows = list[list[Cell]]


def rows_of(text: str) -> Rows:
    """The rows of the pipe tables in a document, or those of a CSV that take a line each."""
    rows: Rows = []
    lines = text.splitlines(keepends=True)
    if "|" not in text:
        return _rows_of_csv(lines, ";" if ";" in lines[0] else ",")
    headers: list[str] = []
    start = 0
    for number, line in enumerate(lines):
        cells = _cells(line)
        is_rule = bool(re.fullmatch(r"[\s|:-]+", line)) and "-" in line
        if is_rule and number and "|" in line:
            headers = [it for it, _ in _cells(lines[number - 1])]
        elif "|" not in line:
            headers = []
        elif headers:
            is_transposed = not headers[0]
            names = [cells[0][0].strip("*")] * len(cells) if is_transposed else headers
            rows.append([Cell(head, it, start + at) for head, (it, at) in zip(names, cells, strict=False)])
        start += len(line)
    return rows


def _rows_of_csv(lines: list[str], separator: str) -> Rows:
    """The header row is the first of the rows with the most cells that say anything; those above are titles."""
    field = re.compile(rf'(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^{separator}\r\n]*))(?:{separator}|\r?\n|$)')
    found: list[list[tuple[str, int]]] = []
    start = 0
    for line in lines:
        held = [(it["quoted"] or it["plain"] or "", start + it.start(it.lastgroup or 0)) for it in field.finditer(line)]
        found.append(held)
        start += len(line)
    filled = [sum(bool(text) for text, _ in row) for row in found]
    at = filled.index(max(filled))
    headers = [text for text, _ in found[at]]
    whole = [row for row in found[at + 1 :] if len(row) == len(headers)]
    return [[Cell(head, *cell) for head, cell in zip(headers, row, strict=True)] for row in whole]


def _cells(line: str) -> list[tuple[str, int]]:
    found = []
    at = 0
    for raw in line.rstrip("\r\n").split("|"):
        found.append((raw.strip(), at + len(raw) - len(raw.lstrip())))
        at += len(raw) + 1
    has_edges = line.lstrip("> ").startswith("|")
    return found[1:] if has_edges else found


def _denies(row: list[Cell]) -> bool:
    return any(cell.text.lower().startswith(_DENIALS) and _VERDICT.match(cell.text) for cell in row)


def flip_a_verdict(text: str, rows: Rows) -> Iterator[Mutant]:
    for cell in (cell for row in rows for cell in row):
        if found := _VERDICT.match(cell.text):
            is_denial = found[0].lower() in _DENIALS
            flipped = _OPPOSITES[found[0].lower()] + cell.text[found.end() :]
            yield Mutant(*_put(text, cell, flipped), may_add=is_denial, may_drop=not is_denial)


def swap_from_and_to(text: str, rows: Rows) -> Iterator[Mutant]:
    for row in rows:
        for one, other in pairwise(row):
            pair = (one.header.lower(), other.header.lower())
            if pair in _PAIRS and one.text != other.text and not _denies(row):
                title, changed, without = _put(text, other, one.text)
                yield Mutant(f"{title}, and back", _put(changed, one, other.text)[1], without)


def change_a_port(text: str, rows: Rows) -> Iterator[Mutant]:
    for row in rows:
        for cell in row:
            is_port = re.search(r"\bport|puerto", cell.header, re.IGNORECASE) or _BRACKETED_PORT.search(cell.text)
            if is_port and not _denies(row) and (found := re.search(r"\d{2,5}", cell.text)):
                changed = cell.text[: found.start()] + str(int(found[0]) + 1) + cell.text[found.end() :]
                yield Mutant(*_put(text, cell, changed))


def misspell_a_name(text: str, rows: Rows) -> Iterator[Mutant]:
    """A letter less in the first name of a cell."""
    for cell in (cell for row in rows for cell in row):
        found = re.search(r"[^\W\d_]{4,}", _LINK_TARGET.sub(lambda target: " " * len(target[0]), cell.text))
        if found and _NAMES.search(cell.header) and not _VERDICT.match(cell.text) and cell.text.lower() != "none":
            middle = (found.start() + found.end()) // 2
            changed = cell.text[:middle] + cell.text[middle + 1 :]
            yield Mutant(*_put(text, cell, changed), is_slip=True)


def _put(text: str, cell: Cell, changed: str) -> tuple[str, str, str]:
    """A title, the text with another cell, and the text without it: a list empty, of any other cell no row."""
    end = cell.start + len(cell.text)
    line_start, line_end = text.rfind("\n", 0, cell.start) + 1, text.find("\n", end) + 1 or len(text)
    is_list = _NAMES.search(cell.header) and cell.header.lower() not in _ENDS
    without = text[: cell.start] + text[end:] if is_list else text[:line_start] + text[line_end:]
    return f"{cell.header}: {cell.text} is {changed}", text[: cell.start] + changed + text[end:], without


CELL_OPERATORS: dict[str, Callable[[str, Rows], Iterator[Mutant]]] = {
    function.__name__.replace("_", " "): function
    for function in (flip_a_verdict, swap_from_and_to, change_a_port, misspell_a_name)
}
