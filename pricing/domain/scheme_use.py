"""What an order uses of a scheme's budget, and what a cancellation or return gives back.

The rule: an order uses the budget from the moment it is written, whatever its state, because its prices are
fixed then. A part of a line that is cancelled or returned gives back the same part of what the line used,
rounded in favour of the budget. A free unit that is charged later gives back like one that was returned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kernel.money import as_cents, from_cents, share_cents


@dataclass(frozen=True, slots=True)
class UsePart:
    """The units and the money that a scheme took on one line; `free` counts the free units of the line."""

    line: int
    units: int
    money: Decimal
    free: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """What an order uses of a scheme. `units` are sets for a bundle, else the sum of the parts."""

    units: int
    money: Decimal
    parts: tuple[UsePart, ...]


@dataclass(frozen=True, slots=True)
class LineLeft:
    """The paid and free units of an order line, and those that are neither cancelled nor returned."""

    paid: int
    free: int
    paid_left: int
    free_left: int

    def share(self, *, free: bool) -> tuple[int, int]:
        """Return the units left and the units at first, of the free or the paid ones."""
        return (self.free_left, self.free) if free else (self.paid_left, self.paid)


def use_left(use: Use, lines: Mapping[int, LineLeft]) -> tuple[int, Decimal]:
    """Return the units and the money of a use that are still in use, by the lines' positions."""
    weight, left, money = 0, 0, 0
    for part in use.parts:
        units_left, units = lines[part.line].share(free=part.free)
        weight += part.units
        left += _up(part.units * units_left, units)
        money += _up(as_cents(part.money) * units_left, units)
    return _up(use.units * left, weight), from_cents(money)


def _up(dividend: int, divisor: int) -> int:
    """Return the quotient, rounded up; 0 if nothing is divided."""
    return -(-dividend // divisor) if divisor else 0


def use_of(units: int, money: Decimal, parts: Sequence[UsePart]) -> Use:
    """Return the use of a scheme with its money shared over the parts, in proportion to theirs.

    A part without money weighs a cent, so that free units without a price have their share too.
    """
    weights = [max(as_cents(part.money), 1) for part in parts]
    shares = share_cents(as_cents(money), weights) if parts else []
    shared = [replace(part, money=from_cents(share)) for part, share in zip(parts, shares, strict=True)]
    return Use(units, from_cents(sum(shares)), tuple(shared))
