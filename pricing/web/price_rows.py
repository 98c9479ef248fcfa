"""Price entries as typed or pasted text: one a line, with or without headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from unicodedata import normalize

from django.utils.translation import gettext as _

from kernel.typed_input import UnreadableInput, read_amount, read_count
from pricing.models import PriceEntry, PriceList
from ui.web.typed_input import UnreadableField, reason_of

HEADINGS = {
    "sku": "sku",
    "code": "sku",
    "编码": "sku",
    "货号": "sku",
    "商品编码": "sku",
    "price": "price",
    "价格": "price",
    "单价": "price",
    "per": "per",
    "每": "per",
    "计价数量": "per",
    "from": "min_qty",
    "min": "min_qty",
    "min qty": "min_qty",
    "起": "min_qty",
    "起订": "min_qty",
    "起订量": "min_qty",
}
COLUMNS = {2: ("sku", "price"), 3: ("sku", "price", "min_qty"), 4: ("sku", "price", "per", "min_qty")}
READERS: dict[str, Callable[[str], Any]] = {
    "price": lambda typed: f"{read_amount(typed, places=4):f}",
    "per": read_count,
    "min_qty": read_count,
}
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")


def rows_of(text: str) -> list[dict[str, Any]]:
    """Read lines of "sku price [from]" or "sku price per from"; a line of headings names other columns.

    Cells are separated by tabs, spaces or commas. A value that cannot be read stays as typed, and the
    operation refuses it by row and field. Raise UnreadableField for a line with two meanings.
    """
    rows: list[dict[str, Any]] = []
    columns: Sequence[str] | None = None
    for number, line in enumerate(normalize("NFKC", text).splitlines(), 1):
        cells = _cells(line, number)
        if not cells:
            continue
        if not rows and columns is None and (columns := _headings(cells)):
            continue
        names = columns or COLUMNS.get(len(cells[:4]), ("sku", "price"))
        row = {name: _value(name, cell) for name, cell in zip(names, cells, strict=False) if cell and name}
        rows.append({"sku": "", "price": ""} | row)
    return rows


def text_of(price_list: PriceList) -> str:
    """Return the entries as text, one a line, as `rows_of` reads them."""
    entries = PriceEntry.objects.filter(price_list=price_list).order_by("product__sku", "min_qty")
    rows = entries.values_list("product__sku", "price", "per", "min_qty")
    return "\n".join(f"{sku} {price.normalize():f} {per} {qty}" for sku, price, per, qty in rows)


def _cells(line: str, number: int) -> list[str]:
    if "\t" in line:
        return [cell.strip() for cell in line.split("\t")] if line.strip() else []
    if len(words := line.split()) > 1:
        return [word.rstrip(",;") for word in words]
    sku, *cells = re.split("[,;]", line.strip())
    if _GROUPED.fullmatch(",".join(cells)):
        reason = reason_of(UnreadableInput("two_meanings", ",".join(cells)))
        message = _("Row %(number)s: %(reason)s")
        raise UnreadableField(message % {"number": number, "reason": reason}, field="entries")
    return [sku, *cells] if sku else []


def _headings(cells: Iterable[str]) -> tuple[str, ...] | None:
    """Return the columns that a line of headings names, "" for an unknown one; None for a line of values."""
    found = tuple(HEADINGS.get(cell.casefold(), "") for cell in cells)
    return found if {"sku", "price"} <= set(found) else None


def _value(name: str, cell: str) -> Any:
    try:
        return READERS[name](cell) if name in READERS else cell
    except UnreadableInput:
        return cell
