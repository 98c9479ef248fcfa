"""Quantities: whole numbers of a product's base unit, and prices for several of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kernel.money import EXACT, ZERO_MONEY, cents
from kernel.trade_names import unit_name

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


@dataclass(frozen=True, slots=True)
class Packing:
    """The units of a product: its base unit, and larger units with the base units that each holds.

    `words` are a tenant's own English words in lower case, each with the unit that it names.
    """

    base_unit: str
    units: tuple[tuple[str, int], ...] = ()
    words: tuple[tuple[str, str], ...] = ()

    def parts(self, qty: int) -> list[tuple[int, str]]:
        """Return a quantity in whole larger units and the remainder: 63 at 12 a case are 5 cases and 3."""
        found, rest = [], qty
        for unit, factor in sorted(self.units, key=lambda one: -one[1]):
            if factor > 1 and rest >= factor:
                found.append((rest // factor, unit))
                rest %= factor
        return [*found, (rest, self.base_unit)] if rest or not found else found

    def base_units(self, parts: Iterable[tuple[int, str]]) -> int:
        """Return the base units of typed parts, whose units may be in English; none is the base unit.

        Raise KeyError for a unit that the product does not have.
        """
        return sum(count * self.factor_of(unit) for count, unit in parts)

    def factor_of(self, unit: str) -> int:
        """Return the base units of one unit, named in Chinese or English; "" is the base unit.

        Raise KeyError for a unit that the product does not have.
        """
        factors = {"": 1}
        for name, factor in (*self.units, (self.base_unit, 1)):
            factors |= dict.fromkeys((name, unit_name(name), unit_name(name, 2)), factor)
        factors |= {word: factors[name] for word, name in self.words if name in factors}
        return factors[unit if unit in factors else unit.casefold()]
