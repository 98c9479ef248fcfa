"""The price-spread guarantee: the amount owed when a member's spread falls short.

Source: rules.md, spread. The spread is the advised resale price less the price that the member pays,
both for one unit. The price that the member charges is never an input.
"""

from dataclasses import dataclass
from decimal import Decimal

from kernel.money import ZERO, ZERO_MONEY, cents, exact, unit_price

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Sale:
    """`qty` units that the member bought."""

    purchase_price: Decimal
    advised_resale: Decimal
    qty: int


@dataclass(frozen=True, slots=True)
class SpreadRequest:
    """The guaranteed spread per unit, and the sales to check."""

    guaranteed: Decimal
    sales: tuple[Sale, ...]


@dataclass(frozen=True, slots=True)
class SpreadLine:
    """The result for one sale. `spread` is negative if the price paid exceeds the advised resale price."""

    spread: Decimal
    shortfall: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class SpreadOwed:
    """The result for each sale, and the total amount owed."""

    lines: tuple[SpreadLine, ...]
    amount: Decimal


@exact
def owed_on(guaranteed: Decimal, sale: Sale) -> SpreadLine:
    """Return what is owed to the member for one sale: shortfall × quantity, rounded once."""
    spread = sale.advised_resale - sale.purchase_price
    shortfall = max(ZERO, guaranteed - spread)
    return SpreadLine(spread, shortfall, cents(shortfall * sale.qty))


@exact
def owed(request: SpreadRequest) -> SpreadOwed:
    """Return what is owed to the member for all sales."""
    lines = tuple([owed_on(request.guaranteed, sale) for sale in request.sales])
    return SpreadOwed(lines, sum((line.amount for line in lines), ZERO_MONEY))


@exact
def guaranteed_of(guaranteed: Decimal, percent: Decimal | None, advised_resale: Decimal) -> Decimal:
    """Return the guaranteed spread per unit: `percent` of the advised resale price, if one is given."""
    return guaranteed if percent is None else unit_price(advised_resale * percent / HUNDRED)
