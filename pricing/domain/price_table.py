"""Price rows of a table or a pasted text: which columns they have, and what each row says, still as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple
from unicodedata import normalize

from kernel.spreadsheets import ColumnQuestion, Headings, Meaning, PlainRow, ask_about, read_headings
from kernel.spreadsheets.headings import MAX_TITLE_ROWS, PRODUCT, is_total
from kernel.typed_input import UnreadableInput, read_amount, read_count, read_quantity
from pricing.domain.list_entries import MAX_PLACES

FORM = (PRODUCT, (Meaning.PRICE,))
NOT_TWICE = (Meaning.UNIT, Meaning.PER, Meaning.MIN_QTY, Meaning.ADVISED)
BY_PLACE: Mapping[int, tuple[Meaning, ...]] = {
    2: (Meaning.SKU, Meaning.PRICE),
    3: (Meaning.SKU, Meaning.PRICE, Meaning.MIN_QTY),
    4: (Meaning.SKU, Meaning.PRICE, Meaning.PER, Meaning.MIN_QTY),
}
BASE_UNIT = "\N{MIDDLE DOT}"
"""The unit of a quantity that counts base units beside a price for a larger unit."""
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")
_CURRENCY = re.compile(r"^(?:元|圆|¥|RMB|CNY)\s*/\s*", re.IGNORECASE)
_PRICE_BY_UNIT = re.compile(r"^(?P<price>[^/]*\d[^/]*)/\s*(?P<unit>[^/\d]{1,20})$")


class PriceRow(NamedTuple):
    """A price as typed.

    `unit` is what price and quantity count, `min_unit` that of the quantity alone, `advised_unit` that of
    the advised resale price; without one it is for the same units as the price.
    """

    number: int
    reference: str
    price: str
    per: str = ""
    min_qty: str = ""
    unit: str = ""
    min_unit: str = ""
    advised: str = ""
    advised_unit: str = ""


class UnreadableLine(UnreadableInput):
    """A line with two meanings; `number` is its place in the text."""

    def __init__(self, number: int, typed: str) -> None:
        super().__init__("two_meanings", typed)
        self.number = number


@dataclass(frozen=True, slots=True)
class PriceTable:
    """The rows, and how many below headings have no price. `question` asks about columns instead."""

    rows: list[PriceRow] = field(default_factory=list)
    blank: int = 0
    question: ColumnQuestion | None = None


def read_text(text: str) -> PriceTable:
    """Read lines of "sku price [from]" or "sku price per from"; a line of headings names other columns.

    Cells are separated by tabs, spaces or commas. Raise UnreadableLine for a line with two meanings.
    """
    lines = [
        (number, line.strip("\n"))
        for number, line in enumerate(normalize("NFKC", text).splitlines(), start=1)
        if line.strip()
    ]
    for place, (_number, line) in enumerate(lines[:MAX_TITLE_ROWS]):
        for separator in ("\t", ",", ";", None):
            titles = _split(line, separator)
            if read_headings(titles).names(*FORM):
                rows = [PlainRow(at, _cells_below(one, separator, len(titles), at), []) for at, one in lines]
                return read_table(rows, place)
    return PriceTable([_by_place(number, _cells(line, number)) for number, line in lines])


def read_table(rows: Sequence[PlainRow], headings_at: int = -1) -> PriceTable:
    """Read a table by its headings, else two columns as product and price; ask about any other columns."""
    found = range(min(len(rows), MAX_TITLE_ROWS)) if headings_at < 0 else [headings_at]
    for place in found:
        headings = read_headings(rows[place].cells)
        if headings.names(*FORM):
            if is_certain(headings):
                return read_columns(rows[place + 1 :], headings)
            return PriceTable(question=ask_about(rows, place))
    if rows and max(len(row.cells) for row in rows) == 2:
        return PriceTable([_by_place(row.number, row.cells) for row in rows])
    return PriceTable(question=ask_about(rows) if rows else None)


def is_certain(headings: Headings) -> bool:
    """Return whether the columns name one product and one price, and no quantity that may be a minimum."""
    products = next((found for meaning in PRODUCT if (found := headings.of(meaning))), ())
    several = any(len(headings.of(meaning)) > 1 for meaning in NOT_TWICE)
    unclear = headings.of(Meaning.QUANTITY) and not headings.of(Meaning.MIN_QTY)
    return len(products) == 1 and len(headings.of(Meaning.PRICE)) == 1 and not several and not unclear


def read_columns(rows: Iterable[PlainRow], headings: Headings) -> PriceTable:
    """Read the rows below headings; one without a price is counted."""
    places = {meaning: found[0] for meaning in Meaning if (found := headings.of(meaning))}
    prices, blank = [], 0
    for row in rows:
        if not any(row.cells) or is_total(row.cells):
            continue
        typed = {
            meaning: row.cells[heading.place] if heading.place < len(row.cells) else ""
            for meaning, heading in places.items()
        }
        if not typed[Meaning.PRICE]:
            blank += 1
            continue
        own = typed.get(Meaning.UNIT, "") or places[Meaning.PRICE].unit
        min_unit = places[Meaning.MIN_QTY].unit if Meaning.MIN_QTY in places else ""
        _place, reference = headings.reference(row.cells)
        per, min_qty = typed.get(Meaning.PER, ""), typed.get(Meaning.MIN_QTY, "")
        advised = typed.get(Meaning.ADVISED, "")
        advised_unit = places[Meaning.ADVISED].unit if advised else ""
        price = typed[Meaning.PRICE]
        made = PriceRow(row.number, reference, price, per, min_qty, own, min_unit, advised, advised_unit)
        prices.append(_row(made))
    return PriceTable(prices, blank)


def grid_row(
    number: int, reference: str, *, price: str, per: str = "", min_qty: str = "", advised: str = ""
) -> PriceRow:
    """Return the row of a grid's cells, which may hold units: 115.20/箱, 每 箱, 从 10箱.

    A quantity without a unit counts base units, whatever the price is for. A price with a unit replaces
    `per`.
    """
    row = _row(PriceRow(number, reference, price, "" if _PRICE_BY_UNIT.match(price) else per, min_qty))
    row = row._replace(advised=advised)
    return row if row.min_unit or not row.unit else row._replace(min_unit=BASE_UNIT)


def as_text(rows: Iterable[PriceRow]) -> str:
    """Return rows as text that `read_text` reads, below a line of headings."""
    lines = ["SKU\tprice\tunit\tper\tfrom\tadvised"]
    for row in rows:
        min_qty = f"{row.min_qty}{row.min_unit}" if row.min_qty else ""
        advised = f"{row.advised}/{row.advised_unit}" if row.advised_unit else row.advised
        lines.append("\t".join((row.reference, row.price, row.unit, row.per, min_qty, advised)))
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class TypedPrice:
    """The values of a row: price, per, min_qty, advised_resale; `wrong` says why others cannot be read."""

    values: dict[str, Decimal | int]
    wrong: dict[str, UnreadableInput]


def typed_price(row: PriceRow) -> TypedPrice:
    """Read the cells of a row. An empty cell but that of the price has no value."""
    values: dict[str, Decimal | int] = {}
    wrong: dict[str, UnreadableInput] = {}
    cells = (
        ("price", row.price, _amount),
        ("per", row.per, read_count),
        ("min_qty", row.min_qty, read_count),
        ("advised_resale", row.advised, _amount),
    )
    for name, cell, read in cells:
        if not cell and name != "price":
            continue
        try:
            values[name] = read(cell)
        except UnreadableInput as error:
            wrong[name] = error
    return TypedPrice(values, wrong)


def _amount(typed: str) -> Decimal:
    return read_amount(typed, places=MAX_PLACES)


def _row(row: PriceRow) -> PriceRow:
    """Return a row with the units that stand in its cells: 240元/箱, 每 箱, 从 10箱."""
    if found := _PRICE_BY_UNIT.match(row.price):
        row = row._replace(price=found["price"].strip(), unit=found["unit"])
    if found := _PRICE_BY_UNIT.match(row.advised):
        row = row._replace(advised=found["price"].strip(), advised_unit=found["unit"])
    row = row._replace(unit=_CURRENCY.sub("", row.unit), advised_unit=_CURRENCY.sub("", row.advised_unit))
    if row.per and not any(char.isdecimal() for char in row.per):
        row = row._replace(per="", unit=row.per)
    if (parts := _parts(row.min_qty)) is not None and parts[1]:
        row = row._replace(min_qty=str(parts[0]), min_unit=parts[1])
    return row


def _parts(typed: str) -> tuple[int, str] | None:
    """Return quantity and unit, None for text that is no quantity of one unit."""
    try:
        found = read_quantity(typed)
    except UnreadableInput:
        return None
    return (found[0].qty, found[0].unit) if len(found) == 1 else None


def _by_place(number: int, cells: Sequence[str]) -> PriceRow:
    names = BY_PLACE.get(len(cells[:4]), BY_PLACE[2])
    typed = {name: cell for name, cell in zip(names, cells, strict=False) if cell}
    per, min_qty = typed.get(Meaning.PER, ""), typed.get(Meaning.MIN_QTY, "")
    return _row(PriceRow(number, typed.get(Meaning.SKU, ""), typed.get(Meaning.PRICE, ""), per, min_qty))


def _cells(line: str, number: int) -> list[str]:
    if "\t" in line:
        return _split(line, "\t")
    if len(words := line.split()) > 1:
        return [word.rstrip(",;") for word in words]
    sku, *cells = re.split("[,;]", line.strip())
    if _GROUPED.fullmatch(",".join(cells)):
        raise UnreadableLine(number, ",".join(cells))
    return [sku, *cells]


def _cells_below(line: str, separator: str | None, width: int, number: int) -> list[str]:
    """Return the cells of a line below headings; commas that may group thousands are refused."""
    cells = _split(line, separator)
    if separator == "," and len(cells) > width and _GROUPED.search(line):
        raise UnreadableLine(number, line)
    return cells


def _split(line: str, separator: str | None) -> list[str]:
    cells = line.split(separator) if separator else [word.rstrip(",;") for word in line.split()]
    return [" ".join(cell.split()) for cell in cells]
