"""Quantities: whole numbers of a product's base unit, and prices for several of them."""

from decimal import Decimal

from kernel.money import EXACT, ZERO_MONEY, cents

MAX_UNITS = 1_000_000_000
"""The maximum number of base units in a line."""
MAX_LINES = 5000
"""The maximum number of lines of an order or a quote."""


def line_amount(price: Decimal, qty: int, per: int = 1) -> Decimal:
    """Return the amount for `qty` base units at `price` for `per` of them, rounded once to 0.01.

    Example: 50 cases of 24 at 100 a case are 1,200 bottles at 100 per 24, which is 5000.00.
    """
    if per == 1:
        return cents(EXACT.multiply(price, qty)) if qty else ZERO_MONEY
    return cents(EXACT.divide(EXACT.multiply(price, qty), per))
