"""Quantities: whole numbers of a product's base unit, and prices for several of them."""

from decimal import Decimal

from kernel.money import EXACT, ZERO_MONEY, cents

MAX_UNITS = 1_000_000_000
"""The most base units that a line names."""
MAX_LINES = 5000
"""The most lines of one order or one quote."""


def line_amount(price: Decimal, qty: int, per: int = 1) -> Decimal:
    """What `qty` base units cost at `price` for `per` of them, rounded once to 0.01.

    50 cases of 24 at 100 a case are 1,200 bottles at 100 per 24: 5000.00, without drift.
    """
    if per == 1:
        return cents(EXACT.multiply(price, qty)) if qty else ZERO_MONEY
    return cents(EXACT.divide(EXACT.multiply(price, qty), per))
