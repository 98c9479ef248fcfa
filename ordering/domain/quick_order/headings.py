"""The columns of an order form, found by their headings: "商品编码 商品名称 单价 单位 数量(箱) 备注"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

MAX_TITLE_ROWS = 10
_CODES = frozenset(
    (
        "商品编码",
        "编码",
        "商品编号",
        "编号",
        "货号",
        "物料编码",
        "产品编码",
        "条码",
        "商品条码",
        "sku",
        "code",
        "itemcode",
        "productcode",
        "barcode",
        "ean",
    )
)
_NAMES = frozenset(
    ("商品名称", "名称", "品名", "商品", "产品名称", "产品", "货品", "name", "product", "item")
)
_QUANTITIES = frozenset(
    (
        "数量",
        "數量",
        "订货数量",
        "订货量",
        "订购数量",
        "订单数量",
        "采购数量",
        "要货数量",
        "件数",
        "qty",
        "quantity",
        "orderqty",
        "orderquantity",
    )
)
_UNITS = frozenset(("单位", "單位", "计量单位", "unit", "uom"))
_COUNT_OF_UNIT = re.compile(r"^(?P<unit>箱|件|桶|瓶|包|袋|盒|罐|散)数$")
_WITH_UNIT = re.compile(r"^(?P<name>[^(]+)\((?P<unit>[^()]{1,20})\)$")
TOTALS = frozenset(("合计", "总计", "小计", "合計", "total", "sum"))


class QuantityColumn(NamedTuple):
    """A column of quantities. `unit` comes from its heading, "" where it names none."""

    place: int
    unit: str


class Columns(NamedTuple):
    """Places of the columns; -1 for one that is missing."""

    code: int
    name: int
    unit: int
    quantities: tuple[QuantityColumn, ...]
    width: int

    def reference(self, cells: Sequence[str]) -> tuple[int, str]:
        """Return the place and the text of the product: its code, else its name."""
        for place in (self.code, self.name):
            if 0 <= place < len(cells) and cells[place]:
                return place, cells[place]
        return max(self.code, self.name), ""


def find_columns(cells: Sequence[str]) -> Columns | None:
    """Return the columns that a row of headings names; None for a row that is none.

    A row of headings names a product and a quantity. Two columns of the same quantity are ambiguous: None.
    """
    places: dict[str, int] = {}
    quantities: list[QuantityColumn] = []
    for place, cell in enumerate(cells):
        heading, unit = _split(cell)
        for kind, words in (("code", _CODES), ("name", _NAMES), ("unit", _UNITS)):
            if heading in words:
                places.setdefault(kind, place)
        if heading in _QUANTITIES:
            quantities.append(QuantityColumn(place, unit))
        elif found := _COUNT_OF_UNIT.match(heading):
            quantities.append(QuantityColumn(place, "" if found["unit"] == "散" else found["unit"]))
    code, name = places.get("code", -1), places.get("name", -1)
    if max(code, name) < 0 or not quantities or len({one.unit for one in quantities}) < len(quantities):
        return None
    return Columns(code, name, places.get("unit", -1), tuple(quantities), len(cells))


def _split(cell: str) -> tuple[str, str]:
    """Return a heading without spaces and in small letters, and the unit that it has in brackets."""
    plain = "".join(cell.split()).casefold()
    found = _WITH_UNIT.match(plain)
    return (found["name"], found["unit"]) if found else (plain, "")
