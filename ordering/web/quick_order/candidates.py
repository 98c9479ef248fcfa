"""The products that a row may mean, each as a button with its quantity, price and stock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from ordering.domain.quick_order.cart_lines import CartLine
from ordering.domain.quick_order.edits import picked_text
from ordering.domain.quick_order.row_problems import Candidate
from ordering.domain.quick_order.sheet_rows import SheetRow
from ordering.queries.quick_order.sheet import price_sheet
from ordering.web.quick_order.desk import Desk
from ordering.web.quick_order.rows import money, stock_badge
from ui.web.components import Badge
from ui.web.local_names import unit_name
from ui.web.numbers import number


@dataclass(frozen=True, slots=True)
class VisibleCandidate:
    """`value` is what the button sends; `price` and `stock` are unknown in the list of the add field."""

    value: str
    name: str
    sku: str
    quantity: str
    price: str = ""
    stock: Badge | None = None


def priced_candidates(desk: Desk, candidates: Iterable[Candidate]) -> dict[str, SheetRow]:
    """Return the row of one unit of each product, by SKU, as today's sheet prices it."""
    units = {one.sku: one.parts[0][1] for one in candidates}
    if not units:
        return {}
    sheet = price_sheet(
        seller_id=desk.seller.id,
        buyer_id=desk.buyer.id,
        lines=[CartLine(sku, 1, unit) for sku, unit in units.items()],
        on=timezone.localdate(),
    )
    return {row.product.sku: row for row in sheet.rows}


def visible_candidates(
    candidates: Sequence[Candidate], rows: Mapping[str, SheetRow], *, written: str = ""
) -> list[VisibleCandidate]:
    """Return the candidates of a row that is `written` so, "" for the add field."""
    return [_visible(one, rows.get(one.sku), written) for one in candidates]


def quantity_words(candidate: Candidate) -> str:
    """Return `20 箱 = 80 桶`."""
    typed = " ".join(
        f"{number(qty)} {unit_name(unit or candidate.base_unit, qty)}" for qty, unit in candidate.parts
    )
    if candidate.is_in_base_units:
        return typed
    return f"{typed} = {number(candidate.units)} {unit_name(candidate.base_unit, candidate.units)}"


def _visible(candidate: Candidate, row: SheetRow | None, written: str) -> VisibleCandidate:
    price, stock = "", None
    if row is not None:
        price = "" if row.price is None else f"{money(row.price)} / {unit_name(row.unit_name)}"
        stock = stock_badge(row)
    return VisibleCandidate(
        value=picked_text(candidate, written),
        name=candidate.name,
        sku=candidate.sku,
        quantity=quantity_words(candidate),
        price=price,
        stock=stock,
    )
