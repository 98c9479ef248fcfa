"""A price that a person of the seller sets for one line of an order, in place of the lists' price.

Source: ADR 0046 (manual prices). It takes no schemes and meets the limits.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from kernel.money import exact

_FINE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class ManualPrice:
    """A price of `price` for `per` base units, in effect for every quantity of the line."""

    price: Decimal
    per: int = 1


@exact
def price_for_units(price: Decimal, per: int, units: int) -> Decimal:
    """Return what `units` base units cost at a price of `price` for `per`, to 4 places."""
    return (price * units / per).quantize(_FINE, ROUND_HALF_UP)
