"""Rows that were pasted, typed or uploaded: a product's reference, a quantity and its unit.

A row is split at tabs, else at commas and semicolons, else at spaces, where the last number is
the quantity: "生抽500 20箱". Below a row of headings the columns decide (`headings`), and a blank or zero
quantity is no order. No other row is dropped: one that cannot be read becomes a problem.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import NamedTuple

from kernel.spreadsheets import Cell, Formula, Row
from kernel.typed_input import UnreadableInput, read_quantity
from ordering.domain.quick_order.headings import MAX_TITLE_ROWS, TOTALS, Columns, find_columns

MAX_ROWS, MAX_ROW_CHARACTERS, MAX_TABLE_COLUMNS = 5000, 400, 12
MAX_UNITS = 1_000_000_000
QUANTITY_REASONS = {"two_meanings": "two_meanings", "too_large": "too_large", "negative": "not_positive"}
_HEADINGS = {"数量", "數量", "qty", "quantity", "订货数量", "件数"}
_SPACED = re.compile(
    r"^(?P<reference>.+?)(?:\s*[×*]\s*|\s+x\s*|\s+)"
    r"(?P<qty>-?\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[^\d\s]{0,20})$",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"(?<=\s)\d{1,3}(?:,\d{3})+(?![\d,])")
_GROUPED = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_COUNT = re.compile(r"^(?P<qty>-?\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[^\d\s.,-]{0,20})$")


@dataclass(frozen=True, slots=True)
class PastedRow:
    """A readable row: `qty` of `unit` ("" the base unit) of the product that `reference` names.

    A `qty` of 0 stands for one of the product's ordering unit.
    """

    number: int
    reference: str
    qty: int
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that cannot be added. `field` is row, product, quantity or unit; `choices` may help.

    `reason`: no_quantity, no_product, not_whole, not_positive, too_large, too_many, too_long,
    formula, unknown, ambiguous, unit or ended.
    """

    number: int
    field: str
    reason: str
    text: str
    choices: tuple[str, ...] = ()


class Parsed(NamedTuple):
    """`blank` counts the rows below headings that order nothing."""

    rows: list[PastedRow]
    problems: list[RowProblem]
    blank: int = 0


Numbered = tuple[int, Sequence[str], Sequence[int]]
Found = list[PastedRow] | RowProblem


def parse_text(text: str) -> Parsed:
    """Return the rows of a pasted text, without empty ones and a first row of headings."""
    lines = list(enumerate(text.replace("\x00", "").splitlines(), start=1))
    tabbed = {number for number, line in lines if "\t" in line}
    return _parse(((number, _split(line), ()) for number, line in lines), tabbed)


def parse_table(rows: Iterable[Row]) -> Parsed:
    """Return the rows of a spreadsheet; a computed product or quantity is a problem to confirm."""
    return _parse(_plain_row(row) for row in rows)


def parse_typed(text: str) -> PastedRow | RowProblem | None:
    """Return the row of the add field; without a quantity it is one of the product's ordering unit."""
    cells = _split(text)
    if not any(cells):
        return None
    row = _row(1, cells, "\t".join(cells), ())
    if isinstance(row, RowProblem) and row.reason == "no_quantity":
        return PastedRow(1, _squeeze(text), 0, "", text)
    return row


def _parse(numbered: Iterable[Numbered], tabbed: Collection[int] = ()) -> Parsed:
    """Parse rows given as number, cells and the places of computed cells.

    A row above headings that cannot be an order is a title.
    `tabbed` are the lines of a text with tabs: below headings with tabs, a line without is read by itself.
    """
    numbered = iter(numbered)
    first = [row for row in islice(numbered, MAX_TITLE_ROWS) if any(row[1])]
    for place, (number, cells, _computed) in enumerate(first):
        if columns := find_columns(cells):
            above = ((row, found) for row in first[:place] if isinstance(found := _free(row), list))
            only = tabbed if number in tabbed else None
            return _collect(chain(above, _below(columns, chain(first[place + 1 :], numbered), only)))
    if first and {cell.lower() for cell in first[0][1]} & _HEADINGS:
        del first[0]
    return _collect((row, _free(row)) for row in chain(first, numbered) if any(row[1]))


def _below(
    columns: Columns, numbered: Iterable[Numbered], only: Collection[int] | None
) -> Iterator[tuple[Numbered, Found]]:
    """Yield each row below headings with what it orders; with `only`, the others are read by themselves."""
    for row in numbered:
        number, cells, computed = row
        if any(cells) and next(filter(None, cells)).casefold() not in TOTALS:
            by_itself = only is not None and number not in only
            yield row, _free(row) if by_itself else _by_columns(columns, number, cells, computed)


def _collect(read: Iterable[tuple[Numbered, Found]]) -> Parsed:
    rows: list[PastedRow] = []
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


def _free(row: Numbered) -> Found:
    """Read a row by itself."""
    number, cells, computed = row
    found = _row(number, cells, "\t".join(cells), computed)
    return found if isinstance(found, RowProblem) else [found]


def _by_columns(columns: Columns, number: int, cells: Sequence[str], computed: Sequence[int]) -> Found:
    """Return the quantities of a row, one for each unit; none if every quantity is blank or zero."""
    place, reference = columns.reference(cells)
    own_unit = cells[columns.unit] if 0 <= columns.unit < len(cells) else ""
    if columns.unit < 0 and len(cells) > columns.width and not cells[columns.width][:1].isdigit():
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
    if len(line) > 10 * MAX_ROW_CHARACTERS:
        return [line[: MAX_ROW_CHARACTERS + 1]]
    plain = unicodedata.normalize("NFKC", line)
    if "\t" in plain:
        return [_squeeze(cell) for cell in plain.split("\t")]
    cells = re.split("[,;、]", _THOUSANDS.sub(lambda found: found[0].replace(",", ""), plain))
    if len(cells) > 1:
        return [_squeeze(cell) for cell in cells]
    return _split_at_spaces(_squeeze(plain))


def _split_at_spaces(plain: str) -> list[str]:
    found = _SPACED.match(plain[:MAX_ROW_CHARACTERS])
    return [found["reference"].strip(), found["qty"], found["unit"]] if found else [plain]


def _plain_row(row: Row) -> tuple[int, list[str], list[int]]:
    cells = row.cells[:MAX_TABLE_COLUMNS]
    computed = [place for place, cell in enumerate(cells) if isinstance(cell, Formula)]
    return row.number, [_plain(cell) for cell in cells], computed


def _plain(cell: Cell) -> str:
    value = cell.value if isinstance(cell, Formula) else cell
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    return _squeeze(unicodedata.normalize("NFKC", str(value)))


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _row(number: int, cells: Sequence[str], text: str, computed: Sequence[int]) -> PastedRow | RowProblem:
    """Read one row: the first cell names the product, the first number after it is the quantity."""
    if len(text) > MAX_ROW_CHARACTERS:
        return RowProblem(number, "row", "too_long", text[:MAX_ROW_CHARACTERS])
    if 0 in computed:
        return RowProblem(number, "product", "formula", text)
    reference, *rest = cells
    if not reference:
        return RowProblem(number, "product", "no_product", text)
    if not any(rest) and not computed:
        reference, *rest = _split_at_spaces(reference)
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
    wrong = any(cell[:1] in "-+.0123456789" for cell in rest if cell)
    return RowProblem(number, "quantity", "not_whole" if wrong else "no_quantity", text)


def _quantity(number: int, reference: str, digits: str, unit: str, text: str) -> PastedRow | RowProblem:
    integer, _point, places = digits.replace(",", "").partition(".")
    if places.strip("0") or not _GROUPED.fullmatch(digits):  # 1,5 is not fifteen
        return RowProblem(number, "quantity", "not_whole", text)
    qty = int(integer[:15])
    if qty < 1:
        return RowProblem(number, "quantity", "not_positive", text)
    if qty > MAX_UNITS:
        return RowProblem(number, "quantity", "too_large", text)
    return PastedRow(number, reference, qty, unit[:20], text)
