"""A line of the quick order as its sheet shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ordering.domain.sendable_lines import BLOCKING
from ordering.queries.quick import CartLine, SheetProduct
from pricing.domain.quote import Quote, QuotedLine

_FINE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Row:
    """A line as the sheet shows it. Prices are for one `unit`; `units` are base units.

    `state`: ok, advise, review, or what keeps it from being sent: block, no_price, short (of
    `available` base units). `instead` is a quantity of `unit` that could be sent, 0 for none.
    """

    position: int
    product: SheetProduct
    qty: int
    unit: str
    units: int
    state: str
    quoted: QuotedLine
    price: Decimal | None
    was: Decimal | None
    net: Decimal | None
    available: int | None
    instead: int = 0
    breaks_floor: bool = False

    @property
    def is_blocked(self) -> bool:
        return self.state in BLOCKING

    @property
    def factor(self) -> int:
        """Base units of one `unit`."""
        return max(self.product.factor(self.unit), 1)

    @property
    def unit_name(self) -> str:
        return self.unit or self.product.base_unit


def row_of(
    position: int,
    line: CartLine,
    product: SheetProduct,
    state: str,
    quoted: QuotedLine,
    found: Quote,
    stock: Mapping[str, int] | None,
) -> Row:
    factor = max(product.factor(line.unit), 1)
    price = was = net = None
    if quoted.is_priced:
        price = _per_unit(quoted.unit_price, factor, quoted.per)
        if quoted.unit_price < quoted.base_price:
            was = _per_unit(quoted.base_price, factor, quoted.per)
        given = sum(gift.qty for gift in found.gifts if gift.sku == line.sku)
        net = _per_unit(quoted.amount, factor, quoted.qty + quoted.free_qty + given)
    there = None if stock is None else stock[line.sku]
    return Row(position, product, line.qty, line.unit, quoted.qty, state, quoted, price, was, net, there)


def _per_unit(amount: Decimal, factor: int, per: int) -> Decimal:
    return (amount * factor / per).quantize(_FINE, ROUND_HALF_UP)
