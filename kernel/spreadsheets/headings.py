"""Columns found by their headings, in Chinese and English: "商品编码 名称 单价(元/箱) 数量(箱) 备注".

Every importer reads its columns here. A heading has a meaning and, in brackets or after a slash, a unit.
Stock, minimum, pack size, amount, remark and whatever is not known here have no meaning and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import NamedTuple

from kernel.spreadsheets.heading_words import (
    ENGLISH_UNITS,
    NOT_A_UNIT,
    ORDERED,
    QUANTITY,
    SIMPLIFIED,
    UNIT_NAMES,
    WORDS,
    WORDS_IN_GENERAL,
)
from kernel.spreadsheets.plain_rows import plain_row
from kernel.spreadsheets.table import Row

MAX_TITLE_ROWS = 10
_LOWER_HEADINGS = frozenset((*UNIT_NAMES, *ENGLISH_UNITS, "散", "散装"))
TOTALS = frozenset(("合计", "总计", "小计", "合計", "總計", "total", "sum", "subtotal", "grand total"))
LOOSE_UNIT = "散"
"""The unit of a column of loose pieces beside one of cases: 箱数, 散数."""

_BRACKETS = re.compile(r"^(?P<name>[^(\[【]+)[(\[【](?P<inside>[^()\[\]【】]*)[)\]】]$")
_SLASH = re.compile(r"^(?P<name>[^/]+)/(?P<inside>[^/]{1,10})$")
_CURRENCY = re.compile(r"^(?:元|圆|¥|rmb|cny|yuan|usd|\$)?/|^(?:元|圆|¥|rmb|cny|yuan|usd|\$)$")
_COUNT_OF_UNIT = re.compile(rf"^(?:{ORDERED})?(?P<unit>{'|'.join((*UNIT_NAMES, LOOSE_UNIT))})(?:数量?)$")
_PRICE_OF_UNIT = re.compile(rf"^(?P<unit>{'|'.join(UNIT_NAMES)})价$")


class Meaning(StrEnum):
    SKU = "sku"
    BARCODE = "barcode"
    NAME = "name"
    QUANTITY = "quantity"
    UNIT = "unit"
    PRICE = "price"
    PER = "per"
    MIN_QTY = "min_qty"
    ADVISED = "advised_resale"


PRODUCT = (Meaning.SKU, Meaning.BARCODE, Meaning.NAME)


class Heading(NamedTuple):
    """A column: its place, its meaning (None for one that is left out), and the unit of its heading.

    A general word, such as "编号" or "item", gives way to a special one, such as "商品编码".
    """

    place: int
    meaning: Meaning | None
    unit: str = ""
    is_general: bool = False


class Headings(tuple[Heading, ...]):
    """The headings of a row."""

    __slots__ = ()

    def of(self, meaning: Meaning) -> tuple[Heading, ...]:
        """Return the columns of a meaning, those with a general heading only if there is no other."""
        found = [heading for heading in self if heading.meaning == meaning]
        special = [heading for heading in found if not heading.is_general]
        return tuple(special or found)

    @property
    def certain(self) -> dict[int, Meaning]:
        """Return the meanings by place of which there is one column."""
        columns = ((meaning, self.of(meaning)) for meaning in Meaning)
        return {found[0].place: meaning for meaning, found in columns if len(found) == 1}

    def names(self, *required: Collection[Meaning]) -> bool:
        """Return whether each group of meanings has a column."""
        found = {heading.meaning for heading in self}
        return all(found.intersection(group) for group in required)

    def reference(self, cells: Sequence[str]) -> tuple[int, str]:
        """Return the place and the text of a row's product: its SKU, else its barcode, else its name."""
        places = [heading.place for meaning in PRODUCT for heading in self.of(meaning)]
        filled = (place for place in places if place < len(cells) and cells[place])
        place = next(filled, -1)
        return (place, cells[place]) if place >= 0 else (places[0] if places else -1, "")


def read_headings(cells: Sequence[str]) -> Headings:
    """Return what each cell means as a heading. The cells are text of normal width."""
    return Headings(_heading(place, cell) for place, cell in enumerate(cells))


def is_total(cells: Sequence[str]) -> bool:
    """Return whether a row below headings is a sum of those above."""
    return next(filter(None, cells), "").rstrip(":").casefold() in TOTALS


def join_heading_rows(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a table; headings in two rows, 订货数量 above 箱 and 桶, become one row of them."""
    for place, row in enumerate(rows[:MAX_TITLE_ROWS]):
        upper, below = plain_row(row).cells, rows[place + 1 : place + 2]
        headings = read_headings(upper)
        if not below or not headings.names(PRODUCT):
            continue
        lower = plain_row(below[0]).cells
        filled = [cell for cell in lower if cell]
        if filled and not headings.reference(lower)[1] and _LOWER_HEADINGS.issuperset(filled):
            joined = Row(row.number, _joined(upper, lower))
            return [*rows[:place], joined, *rows[place + 2 :]]
    return list(rows)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Return "订货数量(箱)" for each cell below; a heading above several stands in the first of them."""
    cells, title = [], ""
    for place in range(max(len(upper), len(lower))):
        above, below = ("".join(row[place : place + 1]) for row in (upper, lower))
        title = above or title
        cells.append(f"{title}({below})" if below else above)
    return cells


def _heading(place: int, cell: str) -> Heading:
    plain = "".join(re.split(r"[\s._*#-]+", cell.casefold())).strip(":").translate(SIMPLIFIED)
    if known := _known(place, plain, ""):
        return known
    for pattern in (_BRACKETS, _SLASH):
        if found := pattern.match(plain):
            inside = found["inside"].removeprefix("单位:")
            unit = _CURRENCY.sub("", inside)
            unit = "" if unit in NOT_A_UNIT else unit
            if known := _known(place, found["name"], unit):
                return known
    return Heading(place, None)


def _known(place: int, plain: str, unit: str) -> Heading | None:
    if (meaning := WORDS.get(plain)) is not None:
        return Heading(place, Meaning(meaning), unit)
    if (meaning := WORDS_IN_GENERAL.get(plain)) is not None:
        return Heading(place, Meaning(meaning), unit, is_general=True)
    if QUANTITY.match(plain):
        return Heading(place, Meaning.QUANTITY, unit)
    if found := _COUNT_OF_UNIT.match(plain):
        return Heading(place, Meaning.QUANTITY, unit or found["unit"])
    if found := _PRICE_OF_UNIT.match(plain):
        return Heading(place, Meaning.PRICE, unit or found["unit"])
    if plain in UNIT_NAMES or plain in ENGLISH_UNITS:
        return Heading(place, Meaning.QUANTITY, plain)
    return None
