"""Rows of a table as text, and as one text that a form carries while a person is asked about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from unicodedata import normalize

from kernel.spreadsheets.table import Cell, Formula, Row

MAX_COLUMNS = 60
_FORMULA_SIGNS = ("=", "+", "-", "@")


class PlainRow(NamedTuple):
    """A row as text of normal width; `computed` are the places of cells with a formula."""

    number: int
    cells: list[str]
    computed: list[int]


def plain_row(row: Row) -> PlainRow:
    """Return a row as text. An apostrophe before a sign of formulas, as exports write it, is no text."""
    cells = row.cells[:MAX_COLUMNS]
    computed = [place for place, cell in enumerate(cells) if isinstance(cell, Formula)]
    return PlainRow(row.number, [_plain(cell) for cell in cells], computed)


def pack_rows(rows: Iterable[PlainRow]) -> str:
    """Return rows as lines of text, each with its number; `unpack_rows` reads them."""
    return "\n".join("\t".join([str(row.number), *_marked(row)]) for row in rows)


def unpack_rows(text: str) -> list[Row]:
    """Return the rows of `pack_rows`, also from a form that changed their line ends."""
    lines = [line.split("\t") for line in text.splitlines()]
    return [Row(place, [_unmarked(cell) for cell in cells[1:]]) for place, cells in _numbered(lines)]


def _numbered(lines: Iterable[list[str]]) -> Iterable[tuple[int, list[str]]]:
    for place, cells in enumerate(lines, start=1):
        number = cells[0]
        yield (int(number) if number.isascii() and number.isdecimal() and len(number) < 8 else place), cells


def _marked(row: PlainRow) -> Sequence[str]:
    return [f"={cell}" if place in row.computed else cell for place, cell in enumerate(row.cells)]


def _unmarked(cell: str) -> Cell:
    return Formula(cell[1:]) if cell.startswith("=") else cell


def _plain(cell: Cell) -> str:
    value = cell.value if isinstance(cell, Formula) else cell
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    text = " ".join(normalize("NFKC", str(value)).split())
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_SIGNS) else text
