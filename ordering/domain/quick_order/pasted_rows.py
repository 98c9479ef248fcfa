"""Rows that were pasted, typed or uploaded: a product's reference, a quantity and its unit.

Below a row of headings the columns decide (`headings`), and a blank or zero quantity is no order. A row with
tabs and a row of a table name the product first, then the quantity. A line of text is read in every way that
it may mean (`readings`). No row is dropped: one that cannot be read becomes a problem.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

from kernel.spreadsheets import PlainRow, Row, plain_row
from kernel.spreadsheets.headings import is_total
from kernel.typed_input import TypedQuantity, UnreadableInput, read_count, read_quantity
from ordering.domain.quick_order.chat_text import cleaned, is_remark, without_list_number
from ordering.domain.quick_order.headings import MAX_TITLE_ROWS, Columns, find_columns
from ordering.domain.quick_order.readings import (
    QUANTITY_REASONS,
    SPLIT,
    Reading,
    TypedLine,
    goods_without_commas,
    has_quantity,
    readings_of,
)
from ordering.domain.quick_order.row_problems import RowProblem

MAX_ROWS, MAX_ROW_CHARACTERS = 5000, 400
MAX_UNITS = 1_000_000_000
_HEADINGS = {"数量", "數量", "qty", "quantity", "订货数量", "件数"}
_SEVERAL = re.compile("[,，;；、。]")
_THOUSANDS = re.compile(r"(?<=\s)\d{1,3}(?:,\d{3})+(?![\d,])")
_COUNT = re.compile(r"^(?P<qty>-?\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[^\d\s.,-]{0,20})$")


@dataclass(frozen=True, slots=True)
class PastedRow:
    """A row of a table: `qty` of `unit` ("" the ordering unit) of the product that `reference` names."""

    number: int
    reference: str
    qty: int
    unit: str
    text: str
    is_remark: bool = False

    @property
    def readings(self) -> tuple[Reading, ...]:
        return (Reading(self.reference, (TypedQuantity(self.qty, self.unit),), "", SPLIT),)


OrderRow = PastedRow | TypedLine


class Parsed(NamedTuple):
    """`blank` counts the rows below headings that order nothing."""

    rows: list[OrderRow]
    problems: list[RowProblem]
    blank: int = 0


Numbered = tuple[int, Sequence[str], Sequence[int]]
Found = Sequence[OrderRow] | RowProblem


def parse_text(text: str) -> Parsed:
    """Return the rows of a pasted text, without empty ones and a first row of headings."""
    lines = list(enumerate(map(without_list_number, text.replace("\x00", "").splitlines()), start=1))
    typed = {number: line for number, line in lines if "\t" not in line}
    return _parse(((number, _split(line), ()) for number, line in lines), typed)


def parse_table(rows: Iterable[Row]) -> Parsed:
    """Return the rows of a spreadsheet; a computed product or quantity is a problem to confirm."""
    return _parse(map(plain_row, rows))


def parse_columns(rows: Iterable[PlainRow], columns: Columns) -> Parsed:
    """Return the rows of a table whose columns are named by a person."""
    named = (row for row in rows if any(row.cells) and not is_total(row.cells))
    return _collect((row, _by_columns(columns, *row)) for row in named)


def parse_typed(text: str) -> Sequence[OrderRow] | RowProblem:
    """Return what the add field orders; a line without a quantity is one of the product's ordering unit."""
    return _line(1, text, _split(text)) if text.strip() else ()


def _parse(numbered: Iterable[Numbered], typed: Mapping[int, str] | None = None) -> Parsed:
    """Parse rows given as number, cells and the places of computed cells; `typed` are lines without tabs.

    A row above headings that cannot be an order is a title. Below headings with tabs, a line without tabs is
    read by itself.
    """
    numbered, typed = iter(numbered), typed or {}
    first = [row for row in islice(numbered, MAX_TITLE_ROWS) if any(row[1])]
    for place, (number, cells, _computed) in enumerate(first):
        if columns := find_columns(cells):
            above = ((row, found) for row in first[:place] if _orders(found := _free(row, typed)))
            by_themselves = {} if number in typed else typed
            below = chain(first[place + 1 :], numbered)
            return _collect(chain(above, _below(columns, below, by_themselves)))
    if first and {cell.lower() for cell in first[0][1]} & _HEADINGS:
        del first[0]
    return _collect((row, _free(row, typed)) for row in chain(first, numbered) if any(row[1]))


def _orders(found: Found) -> bool:
    """Return whether a row above headings orders something: a title has no quantity."""
    return not isinstance(found, RowProblem) and any(
        not one.is_remark and any(reading.quantity for reading in one.readings) for one in found
    )


def _below(
    columns: Columns, numbered: Iterable[Numbered], typed: Mapping[int, str]
) -> Iterator[tuple[Numbered, Found]]:
    """Yield each row below headings with what it orders; the `typed` lines are read by themselves."""
    for row in numbered:
        number, cells, computed = row
        if any(cells) and not is_total(cells):
            yield row, _free(row, typed) if number in typed else _by_columns(columns, number, cells, computed)


def _collect(read: Iterable[tuple[Numbered, Found]]) -> Parsed:
    rows: list[OrderRow] = []
    problems: list[RowProblem] = []
    blank = 0
    for (number, cells, _computed), found in read:
        if len(rows) + len(problems) >= MAX_ROWS:
            problems.append(RowProblem(number, "row", "too_many", "\t".join(cells)[:MAX_ROW_CHARACTERS]))
            break
        if isinstance(found, RowProblem):
            problems.append(found)
        else:
            rows += found
            blank += not found
    return Parsed(rows, problems, blank)


def _free(row: Numbered, typed: Mapping[int, str]) -> Found:
    """Read a row by itself: a line of text in every way, the cells of a table by their places."""
    number, cells, computed = row
    filled = [cell for cell in cells if cell]
    if number in typed or (len(filled) == 1 and cells[0] and not computed):
        return _line(number, typed.get(number, cells[0]), cells)
    found = _row(number, cells, "\t".join(cells), computed)
    return found if isinstance(found, RowProblem) else [found]


def _line(number: int, line: str, cells: Sequence[str]) -> Found:
    """Return the goods of a line of text: one, or several between commas or each with its quantity."""
    if len(line) > MAX_ROW_CHARACTERS:
        return RowProblem(number, "row", "too_long", line[:MAX_ROW_CHARACTERS])
    text = cleaned(line)
    parts = _goods_between_commas(text) or goods_without_commas(text) or [text or _squeeze(line)]
    lines = [TypedLine(number, part, tuple(readings_of(part)), _is_remark(part)) for part in parts]
    if len(lines) == 1 and len(cells) > 1:
        row = _row(number, cells, text, ())
        if not isinstance(row, RowProblem):
            lines = [TypedLine(number, text, (*lines[0].readings, *row.readings), lines[0].is_remark)]
    return lines


def _goods_between_commas(text: str) -> list[str]:
    """Return the parts of a line if each of several has a quantity, or is a remark beside such parts."""
    if not _SEVERAL.search(text):
        return []
    parts = [part for part in map(cleaned, _SEVERAL.split(_joined_thousands(text))) if part]
    goods = {part for part in parts if has_quantity(part) and not is_remark(part)}
    is_list = len(parts) > 1 and goods and all(part in goods or is_remark(part) for part in parts)
    return parts if is_list else []


def _is_remark(text: str) -> bool:
    """Return whether a line is no goods: a remark, emoji alone, or a row of headings between spaces."""
    if is_remark(text) or not any(char.isalnum() for char in text):
        return True
    return " " in text and find_columns(text.split()) is not None


def _by_columns(columns: Columns, number: int, cells: Sequence[str], computed: Sequence[int]) -> Found:
    """Return the quantities of a row, one for each unit; none if every quantity is blank or zero."""
    place, reference = columns.reference(cells)
    own_unit = cells[columns.unit] if 0 <= columns.unit < len(cells) else ""
    if columns.unit < 0 and len(cells) > columns.width and not _COUNT.match(cells[columns.width]):
        own_unit = cells[columns.width]  # a unit to the right of the headings
    found: list[PastedRow] = []
    for column in columns.quantities:
        typed = cells[column.place] if column.place < len(cells) else ""
        text = "\t".join((reference, typed, column.unit or own_unit))[:MAX_ROW_CHARACTERS]
        if column.place in computed:
            return RowProblem(number, "quantity", "formula", text)
        if not typed:
            continue
        try:
            parts = [part for part in read_quantity(typed) if part.qty]
        except UnreadableInput as error:
            return RowProblem(number, "quantity", QUANTITY_REASONS.get(error.code, "not_whole"), text)
        for part in parts:
            unit = (part.unit or column.unit or own_unit)[:20]
            found.append(PastedRow(number, reference, part.qty, unit, text))
    if found and place in computed:
        return RowProblem(number, "product", "formula", found[0].text)
    if found and not reference:
        return RowProblem(number, "product", "no_product", found[0].text)
    if any(len(one.reference) > MAX_ROW_CHARACTERS for one in found):
        return RowProblem(number, "row", "too_long", found[0].text)
    return found


def _split(line: str) -> list[str]:
    """Return the cells of a row: between tabs, else between commas and semicolons."""
    if len(line) > 10 * MAX_ROW_CHARACTERS:
        return [line[: MAX_ROW_CHARACTERS + 1]]
    plain = unicodedata.normalize("NFKC", line)
    cells = plain.split("\t") if "\t" in plain else re.split("[,;、]", _joined_thousands(plain))
    return [_squeeze(cell) for cell in cells]


def _joined_thousands(text: str) -> str:
    return _THOUSANDS.sub(lambda found: found[0].replace(",", ""), text)


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _row(number: int, cells: Sequence[str], text: str, computed: Sequence[int]) -> OrderRow | RowProblem:
    """Read one row: the first cell names the product, the first number after it is the quantity."""
    if len(text) > MAX_ROW_CHARACTERS:
        return RowProblem(number, "row", "too_long", text[:MAX_ROW_CHARACTERS])
    if 0 in computed:
        return RowProblem(number, "product", "formula", text)
    reference, *rest = cells
    if not reference:
        return RowProblem(number, "product", "no_product", text)
    for place, cell in enumerate(rest):
        found = _COUNT.match(cell)
        if found is None:
            continue
        if place + 1 in computed or (not found["unit"] and place + 2 in computed):
            return RowProblem(number, "quantity", "formula", text)
        unit = found["unit"] or (rest[place + 1] if place + 1 < len(rest) else "")
        return _quantity(number, reference, found["qty"], unit.strip(), text)
    if any(not cells[place] for place in computed):
        return RowProblem(number, "quantity", "formula", text)
    for name, quantity in (*((reference, cell) for cell in rest), *((cell, reference) for cell in rest[:1])):
        if name and (parts := _parts(quantity)):
            return TypedLine(number, text, (Reading(name, parts, "", SPLIT),))
    wrong = any(cell[:1] in "-+.0123456789" for cell in rest if cell)
    return RowProblem(number, "quantity", "not_whole" if wrong else "no_quantity", text)


def _parts(cell: str) -> tuple[TypedQuantity, ...]:
    """Return the parts of a quantity such as 5箱3桶, 二十箱 or x20; none for another text."""
    try:
        parts = read_quantity(cell)
    except UnreadableInput:
        return ()
    return parts if all(part.qty for part in parts) else ()


def _quantity(number: int, reference: str, digits: str, unit: str, text: str) -> PastedRow | RowProblem:
    try:
        qty = read_count(digits)
    except UnreadableInput as error:
        reasons = {"negative": "not_positive", "too_large": "too_large"}
        return RowProblem(number, "quantity", reasons.get(error.code, "not_whole"), text)
    if qty < 1:
        return RowProblem(number, "quantity", "not_positive", text)
    return PastedRow(number, reference, qty, unit[:20], text)
