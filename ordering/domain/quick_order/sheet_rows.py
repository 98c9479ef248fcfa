"""A line of the quick order with its prices and its state, as the sheet shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ordering.domain.price_overrides import PriceOverride, list_price_of
from ordering.domain.quick_order.cart_lines import CartLine, SheetProduct
from ordering.domain.sendable_lines import BLOCKING
from pricing.domain.quote import Quote, QuotedLine

_FINE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line as the sheet shows it. `units` are base units; `quoted` has its prices by base unit.

    `state`: ok, advise, review, or what keeps it from being sent: block, no_price, unavailable,
    short (of `available` base units). `gifts` are the free units of the same product beside the line.
    `alternative` is a quantity of `unit` that could be sent, 0 for none.
    """

    position: int
    product: SheetProduct
    qty: int
    unit: str
    units: int
    state: str
    quoted: QuotedLine
    gifts: int
    available: int | None
    alternative: int = 0
    breaks_floor: bool = False
    override: PriceOverride | None = None

    @property
    def is_blocked(self) -> bool:
        return self.state in BLOCKING

    @property
    def factor(self) -> int:
        """Return the base units of one `unit`."""
        return max(self.product.factor(self.unit), 1)

    @property
    def unit_name(self) -> str:
        return self.unit or self.product.base_unit

    @property
    def price(self) -> Decimal | None:
        """Return the price of one `unit`."""
        return self._per_unit(self.quoted.unit_price, self.quoted.per)

    @property
    def list_price(self) -> Decimal | None:
        """Return the list price of one `unit` where a special or a manual price replaces it, else None."""
        if self.quoted.manual is not None:
            return list_price_of(self.quoted.replaced, self.factor)
        if self.quoted.unit_price < self.quoted.base_price:
            return self._per_unit(self.quoted.base_price, self.quoted.per)
        return None

    @property
    def net_price(self) -> Decimal | None:
        """Return the price of one `unit` after discounts, with free units counted."""
        return self._per_unit(self.quoted.amount, self.quoted.qty + self.quoted.free_qty + self.gifts)

    def _per_unit(self, amount: Decimal, per: int) -> Decimal | None:
        if not self.quoted.is_priced:
            return None
        return (amount * self.factor / per).quantize(_FINE, ROUND_HALF_UP)


def sheet_rows(
    lines: Sequence[CartLine],
    products: Mapping[str, SheetProduct],
    blocked: Mapping[str, tuple[str, QuotedLine]],
    quote: Quote,
    stock: Mapping[str, int] | None,
) -> list[SheetRow]:
    """Return a row for each line: of `blocked`, by SKU, with its state, the others as they are quoted."""
    good = {line.sku: line for line in quote.lines}
    gifts: dict[str, int] = {}
    for gift in quote.gifts:
        gifts[gift.sku] = gifts.get(gift.sku, 0) + gift.qty
    rows = []
    for position, line in enumerate(lines, start=1):
        found = blocked.get(line.sku)
        quoted = found[1] if found else good[line.sku]
        state = found[0] if found else quoted.verdict
        left = None if stock is None else stock[line.sku]
        rows.append(
            SheetRow(
                position=position,
                product=products[line.sku],
                qty=line.qty,
                unit=line.unit,
                units=quoted.qty,
                state=state,
                quoted=quoted,
                gifts=gifts.get(line.sku, 0),
                available=left,
                override=line.override,
            )
        )
    return rows
