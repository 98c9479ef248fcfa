"""What a person is asked about a table whose columns are not certain: each column with its first values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kernel.spreadsheets.headings import Heading, Headings, Meaning, read_headings
from kernel.spreadsheets.plain_rows import PlainRow
from kernel.spreadsheets.table import column_name
from kernel.typed_input import UnreadableInput, read_quantity

MAX_SAMPLES = 4
_NUMBER = re.compile(r"[-+]?[¥$€£]?\s*\d[\d,.]*\s*\D{0,20}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ColumnSample:
    """A column: its heading ("" without one) or its letter, its first values, and a likely meaning."""

    place: int
    label: str
    values: tuple[str, ...]
    likely: Meaning | None


@dataclass(frozen=True, slots=True)
class ColumnQuestion:
    """A table whose columns a person names. `headings_at` is the place of the row of headings, or -1."""

    rows: Sequence[PlainRow]
    columns: Sequence[ColumnSample]
    headings_at: int = -1


def ask_about(rows: Sequence[PlainRow], headings_at: int = -1) -> ColumnQuestion:
    """Return the question about a table; a first row without any number above others is headings."""
    if headings_at < 0 and any(map(_has_numbers, rows[1:])) and not _has_numbers(rows[0]):
        headings_at = 0
    titles = rows[headings_at].cells if headings_at >= 0 else []
    below = rows[headings_at + 1 :]
    likely = read_headings(titles).certain
    columns = []
    for place in range(max((len(row.cells) for row in rows), default=0)):
        cells = (row.cells[place] for row in below if place < len(row.cells) and row.cells[place])
        values = tuple([cell[:40] for cell, _n in zip(cells, range(MAX_SAMPLES), strict=False)])
        title = titles[place] if place < len(titles) else ""
        if values or title:
            columns.append(ColumnSample(place, title or column_name(place), values, likely.get(place)))
    return ColumnQuestion(rows, columns, headings_at)


def columns_of_numbers(rows: Sequence[PlainRow]) -> list[int]:
    """Return the places of the columns in which at least half of the filled cells are numbers."""
    width = max((len(row.cells) for row in rows), default=0)
    columns = (_filled(rows, place) for place in range(width))
    return [place for place, cells in enumerate(columns) if _are_numbers(cells)]


def is_serial(rows: Sequence[PlainRow], place: int = 0) -> bool:
    """Return whether the numbers of a column count the rows: 1, 2, 3."""
    numbers = [cell for cell in _filled(rows, place) if _is_number(cell)]
    return bool(numbers) and numbers == [str(number) for number in range(1, len(numbers) + 1)]


def chosen_headings(question: ColumnQuestion, chosen: Mapping[int, Meaning]) -> Headings:
    """Return the headings that a person has chosen; the unit of a column's own heading stays."""
    titles = question.rows[question.headings_at].cells if question.headings_at >= 0 else []
    units = {heading.place: heading.unit for heading in read_headings(titles)}
    return Headings(Heading(place, chosen[place], units.get(place, "")) for place in sorted(chosen))


def _filled(rows: Sequence[PlainRow], place: int) -> list[str]:
    return [row.cells[place] for row in rows if place < len(row.cells) and row.cells[place]]


def _are_numbers(cells: Sequence[str]) -> bool:
    return bool(cells) and 2 * sum(map(_is_number, cells)) >= len(cells)


def _is_number(cell: str) -> bool:
    """Return whether a cell holds a number, with or without a unit: 20, 1,200.00, ¥60, 4.9L, 二十箱."""
    if _NUMBER.fullmatch(cell):
        return True
    try:
        return bool(read_quantity(cell))
    except UnreadableInput:
        return False


def _has_numbers(row: PlainRow) -> bool:
    return any(map(_is_number, row.cells))
