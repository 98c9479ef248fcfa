"""How far the price of a line lies outside its limits, and what the seller still earns with it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kernel.money import cents, exact


@dataclass(frozen=True, slots=True)
class Deviation:
    """The distance of a net unit price from the limit that it breaks, for one base unit and for the line."""

    per_unit: Decimal
    amount: Decimal


@exact
def deviation(
    net_unit_price: Decimal, qty: int, *, floor: Decimal | None, ceiling: Decimal | None
) -> Deviation | None:
    """Return how much is missing to the floor, or is above the ceiling; None within the limits."""
    if floor is not None and net_unit_price < floor:
        distance = floor - net_unit_price
    elif ceiling is not None and net_unit_price > ceiling:
        distance = net_unit_price - ceiling
    else:
        return None
    return Deviation(distance, cents(distance * qty))


@exact
def margin_rate(net_unit_price: Decimal, purchase_price: Decimal) -> Decimal | None:
    """Return the margin as a fraction of the price; None for a price of zero."""
    if not net_unit_price:
        return None
    return (net_unit_price - purchase_price) / net_unit_price
