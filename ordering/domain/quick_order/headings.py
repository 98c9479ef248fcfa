"""The columns of an order form, found by their headings: "商品编码 商品名称 单价 单位 数量(箱) 备注"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kernel.spreadsheets import Headings, Meaning, PlainRow, read_headings
from kernel.spreadsheets.column_choice import ColumnQuestion, ask_about, columns_of_numbers, is_serial
from kernel.spreadsheets.headings import MAX_TITLE_ROWS, PRODUCT

__all__ = [
    "MAX_TITLE_ROWS",
    "Columns",
    "QuantityColumn",
    "columns_of",
    "find_columns",
    "question_about",
]
FORM = (PRODUCT, (Meaning.QUANTITY,))


class QuantityColumn(NamedTuple):
    """A column of quantities. `unit` comes from its heading, "" where it names none."""

    place: int
    unit: str


class Columns(NamedTuple):
    """The columns of a form; `unit` is the place of the units, -1 if there are none."""

    headings: Headings
    unit: int
    quantities: tuple[QuantityColumn, ...]
    width: int

    def reference(self, cells: Sequence[str]) -> tuple[int, str]:
        """Return the place and the text of the product: its code, else its barcode, else its name."""
        return self.headings.reference(cells)


def find_columns(cells: Sequence[str]) -> Columns | None:
    """Return the columns that a row of headings names; None for a row that is none or is ambiguous."""
    headings = read_headings(cells)
    return columns_of(headings, len(cells)) if headings.names(*FORM) else None


def columns_of(headings: Headings, width: int) -> Columns | None:
    """Return the columns of a form; None if a column is missing, or more than one may be meant.

    Several columns of quantities each name another unit (箱数, 散数).
    """
    products = next((found for meaning in PRODUCT if (found := headings.of(meaning))), ())
    quantities = tuple([QuantityColumn(one.place, one.unit) for one in headings.of(Meaning.QUANTITY)])
    units = headings.of(Meaning.UNIT)
    named = {one.unit for one in quantities}
    if len(products) != 1 or not quantities or len(units) > 1:
        return None
    if len(quantities) > 1 and ("" in named or len(named) < len(quantities)):
        return None
    return Columns(headings, units[0].place if units else -1, quantities, width)


def question_about(rows: Sequence[PlainRow]) -> ColumnQuestion | None:
    """Return what to ask about a table whose columns are not certain, None for another one.

    Asked is about headings of which several may be meant, and, without headings, about more than one
    column of numbers after the first, or a first column that only counts the rows.
    """
    for place, row in enumerate(rows[:MAX_TITLE_ROWS]):
        headings = read_headings(row.cells)
        if headings.names(*FORM):
            return None if columns_of(headings, len(row.cells)) else ask_about(rows, place)
    numbers = columns_of_numbers(rows)
    has_words = max((len(row.cells) for row in rows), default=0) > len(numbers)
    counts = has_words and 0 in numbers and is_serial(rows)
    return ask_about(rows) if counts or len([place for place in numbers if place]) > 1 else None
