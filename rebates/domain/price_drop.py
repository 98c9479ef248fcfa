"""Compensation for stock on hand when a price falls. Source: rules.md, price-drop.

Stock is consumed first in, first out: what is on hand are the newest receipts. Each of them is a layer
with the price paid for a base unit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from kernel.money import ONE, ZERO_MONEY, cents, exact

ELIGIBLE, OUTSIDE_LOOKBACK, NO_DROP, IN_TRANSIT = "eligible", "outside_lookback", "no_drop", "in_transit"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Units received on a day, and the price paid for one."""

    day: date
    qty: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class Transit:
    """Units shipped and not received, and the price paid for one."""

    qty: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class ProtectionTerms:
    """What a seller compensates: the days before the drop, its share, and the most for one product."""

    lookback_days: int
    share: Decimal = ONE
    cap: Decimal | None = None
    in_transit_included: bool = True


@dataclass(frozen=True, slots=True)
class StockAtDrop:
    """One product of one buyer on the day on which its price falls to `new_price`."""

    effective: date
    new_price: Decimal
    on_hand: int
    receipts: Sequence[Receipt] = ()
    in_transit: Sequence[Transit] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """Units of one receipt that are on hand; `day` is None for units in transit.

    `place` is the receipt's place in `receipts`, or that of the units in `in_transit`.
    """

    day: date | None
    qty: int
    price: Decimal
    reason: str
    credit: Decimal
    place: int


@dataclass(frozen=True, slots=True)
class Compensation:
    """The layers, newest first and those in transit last, and what is due for them.

    `unmatched` units on hand have no receipt: a question for a person, never money.
    """

    layers: tuple[Layer, ...]
    unmatched: int
    amount: Decimal

    @property
    def credits(self) -> Decimal:
        """Return the sum of the layers, before the cap."""
        return sum((layer.credit for layer in self.layers), ZERO_MONEY)


@exact
def compensation(stock: StockAtDrop, terms: ProtectionTerms) -> Compensation:
    """Return what a drop of the price owes for the stock on hand and in transit."""
    layers, left = [], stock.on_hand
    first_day = _days_before(stock.effective, terms.lookback_days)
    newest_first = sorted(
        enumerate(stock.receipts), key=lambda placed: (placed[1].day, placed[0]), reverse=True
    )
    for place, receipt in newest_first:
        qty = min(receipt.qty, left)
        left -= qty
        reason = OUTSIDE_LOOKBACK if receipt.day < first_day else ELIGIBLE
        layers.append(_layer(receipt.day, qty, receipt.price, reason, place, stock, terms))
    if terms.in_transit_included:
        layers += [
            _layer(None, units.qty, units.price, IN_TRANSIT, place, stock, terms)
            for place, units in enumerate(stock.in_transit)
        ]
    counted = tuple(layer for layer in layers if layer.qty)
    credit = sum((layer.credit for layer in counted), ZERO_MONEY)
    return Compensation(counted, left, credit if terms.cap is None else cents(min(credit, terms.cap)))


def _layer(
    day: date | None,
    qty: int,
    price: Decimal,
    reason: str,
    place: int,
    stock: StockAtDrop,
    terms: ProtectionTerms,
) -> Layer:
    if reason != OUTSIDE_LOOKBACK and price <= stock.new_price:
        reason = NO_DROP
    is_paid = reason in (ELIGIBLE, IN_TRANSIT)
    credit = cents(qty * (price - stock.new_price) * terms.share) if is_paid else ZERO_MONEY
    return Layer(day, qty, price, reason, credit, place)


def _days_before(day: date, days: int) -> date:
    return day - timedelta(days) if days < day.toordinal() else date.min


@dataclass(frozen=True, slots=True)
class EarlierDrop:
    """A drop of the same product for the same buyer: its moment, and the price to which it fell."""

    at: datetime
    price: Decimal


def protected_price(paid: Decimal, shipped_at: datetime, earlier: Iterable[EarlierDrop]) -> Decimal:
    """Return the price at which the next drop starts for units shipped at a moment.

    After a drop the price of what was on hand or in transit is the new price, whatever was paid for it.
    """
    return min([paid, *(drop.price for drop in earlier if drop.at >= shipped_at)])
