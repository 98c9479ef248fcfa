"""Money: one rounding, named once; shares that sum to the whole.

Source: rules.md, conventions, and quote 2 for the sharing. Amounts are decimals of the tenant's
currency; a posted amount has 2 places, a unit price at most 4.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import wraps
from itertools import accumulate
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

ZERO = Decimal(0)
ZERO_MONEY = Decimal("0.00")
ONE = Decimal(1)
MAX_MONEY = Decimal(10) ** 13
"""What an amount that is posted stays below."""
_CENT = Decimal("0.01")
_PRICE = Decimal("0.0001")

# Inputs have at most 18 + 12 digits, and no rule multiplies more than three of them before it
# rounds, so that with 96 digits sums and products are exact and a quotient is never rounded twice.
EXACT = Context(prec=96, rounding=ROUND_HALF_UP)


def exact(rule: Callable[P, R]) -> Callable[P, R]:
    """A rule whose decimals are wide enough that nothing but `cents` ever rounds them."""

    @wraps(rule)
    def with_room(*args: P.args, **kwargs: P.kwargs) -> R:
        with localcontext(EXACT):
            return rule(*args, **kwargs)

    return with_room


def cents(x: Decimal) -> Decimal:
    """Rounded to 0.01, half up (away from zero): 0.005 is 0.01 and -0.005 is -0.01."""
    return x.quantize(_CENT, context=EXACT) or ZERO_MONEY


def unit_price(x: Decimal) -> Decimal:
    """Rounded to 0.0001, half up (away from zero)."""
    return x.quantize(_PRICE, context=EXACT) or _PRICE - _PRICE


def as_cents(amount: Decimal) -> int:
    """A posted amount as a whole number of cents: 12.30 is 1230."""
    return int(cents(amount).scaleb(2, context=EXACT))


def from_cents(count: int) -> Decimal:
    """The amount of a whole number of cents: 1230 is 12.30."""
    return Decimal(count).scaleb(-2, context=EXACT)


def share_cents(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` cents in proportion to `weights`, by rounding the running total half up.

    The shares sum to `amount`; with an amount of zero or more none is negative. Weights of zero
    or more; without any weight there is nobody to give to, so the amount must be zero.
    """
    whole = sum(weights)
    if not whole:
        if amount:
            raise ValueError("an amount cannot be shared over weights that are all zero")
        return [0] * len(weights)
    size = abs(amount)
    shares, before = [], 0
    for so_far in accumulate(weights):
        running = (2 * size * so_far + whole) // (2 * whole)
        shares.append(running - before)
        before = running
    return shares if amount >= 0 else [-share for share in shares]


@exact
def shares(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`amount` (rounded to cents) in proportion to `weights`: see `share_cents`.

    Raises ValueError on a negative weight, or on an amount with no weight to go to.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is negative")
    places = max((-_exponent(weight) for weight in weights), default=0)
    whole = [int(weight.scaleb(max(places, 0))) for weight in weights]
    return [from_cents(share) for share in share_cents(as_cents(amount), whole)]


def _exponent(x: Decimal) -> int:
    exponent = x.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"{x} is no number")
    return exponent


@dataclass(frozen=True, slots=True)
class Taxed:
    """A line's amount, split. `net + tax == gross`, always."""

    net: Decimal
    tax: Decimal
    gross: Decimal


@exact
def taxed(amount: Decimal, rate: Decimal, *, tax_in_price: bool) -> Taxed:
    """Splits a line's amount at a tax `rate` (a fraction, 0.13).

    With tax in the price the net is rounded(amount ÷ (1 + rate)) and the tax is the rest; without,
    the tax is rounded(amount × rate) and comes on top.
    """
    amount = cents(amount)
    if tax_in_price:
        net = cents(amount / (ONE + rate))
        return Taxed(net=net, tax=amount - net, gross=amount)
    tax = cents(amount * rate)
    return Taxed(net=amount, tax=tax, gross=amount + tax)
