"""Money: the one rounding, and the proration of an amount into shares that sum to it.

Source: rules.md, conventions; for the proration quote 2. Amounts are decimals in the tenant's
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
"""The exclusive upper bound of a posted amount."""
_CENT = Decimal("0.01")
_PRICE = Decimal("0.0001")
_FIGURE = Decimal("1e-8")

# Inputs have at most 18 + 12 digits, and no rule multiplies more than three of them before rounding.
# With 96 digits, sums and products are therefore exact and a quotient is not rounded twice.
EXACT = Context(prec=96, rounding=ROUND_HALF_UP)


def exact(rule: Callable[P, R]) -> Callable[P, R]:
    """Run a rule with enough digits that only `cents` and `unit_price` round its decimals."""

    @wraps(rule)
    def with_context(*args: P.args, **kwargs: P.kwargs) -> R:
        with localcontext(EXACT):
            return rule(*args, **kwargs)

    return with_context


def cents(x: Decimal) -> Decimal:
    """Return an amount rounded to 0.01, half up (away from zero): 0.005 is 0.01, -0.005 is -0.01."""
    return x.quantize(_CENT, context=EXACT) or ZERO_MONEY


def unit_price(x: Decimal) -> Decimal:
    """Return a price rounded to 0.0001, half up (away from zero)."""
    return x.quantize(_PRICE, context=EXACT) or _PRICE - _PRICE


def figure(x: Decimal, places: int = 4) -> Decimal:
    """Return a mean or another measured figure, rounded half up to 8 places and then to `places`.

    So exact arithmetic and double precision write the same digits. Zero has no sign.
    """
    unit = Decimal(1).scaleb(-places)
    return x.quantize(_FIGURE, context=EXACT).quantize(unit, context=EXACT) or unit - unit


def as_cents(amount: Decimal) -> int:
    """Return an amount as a whole number of cents: 12.30 is 1230."""
    return int(cents(amount).scaleb(2, context=EXACT))


def from_cents(count: int) -> Decimal:
    """Return the amount of a whole number of cents: 1230 is 12.30."""
    return Decimal(count).scaleb(-2, context=EXACT)


def share_cents(amount: int, weights: Sequence[int]) -> list[int]:
    """Share `amount` cents in proportion to `weights`, by rounding the running total half up.

    The shares sum to `amount`, and none has the opposite sign. Weights are zero or more. Raises
    ValueError if all weights are zero and the amount is not.
    """
    total = sum(weights)
    if not total:
        if amount:
            raise ValueError("an amount cannot be shared over weights that are all zero")
        return [0] * len(weights)
    size = abs(amount)
    shares, before = [], 0
    for running_weight in accumulate(weights):
        running_amount = (2 * size * running_weight + total) // (2 * total)
        shares.append(running_amount - before)
        before = running_amount
    return shares if amount >= 0 else [-share for share in shares]


@exact
def shares(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Share `amount`, rounded to cents, in proportion to `weights`: see `share_cents`.

    Raises ValueError on a negative weight, or if all weights are zero and the amount is not.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is negative")
    places = max((-_exponent(weight) for weight in weights), default=0)
    integer_weights = [int(weight.scaleb(max(places, 0))) for weight in weights]
    return [from_cents(share) for share in share_cents(as_cents(amount), integer_weights)]


def _exponent(x: Decimal) -> int:
    exponent = x.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"{x} is no number")
    return exponent


@dataclass(frozen=True, slots=True)
class Taxed:
    """A line's amount split into net and tax; `net + tax == gross`."""

    net: Decimal
    tax: Decimal
    gross: Decimal


@exact
def taxed(amount: Decimal, rate: Decimal, *, tax_in_price: bool) -> Taxed:
    """Split a line's amount at a tax `rate` (a fraction, 0.13).

    If the price includes tax, the net is rounded(amount ÷ (1 + rate)) and the tax is the rest. If it
    does not, the tax is rounded(amount × rate) and is added to the amount.
    """
    amount = cents(amount)
    if tax_in_price:
        net = cents(amount / (ONE + rate))
        return Taxed(net=net, tax=amount - net, gross=amount)
    tax = cents(amount * rate)
    return Taxed(net=amount, tax=tax, gross=amount + tax)
