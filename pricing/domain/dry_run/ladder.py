"""The price ladder: factory, dealer, member, outlet. A step cheaper than the one before it is inverted.

The manufacturer's ladder has its own prices and its advised resale prices, no price of another seller. A
partner's own ladder begins with what that partner pays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from kernel.money import ZERO

FACTORY, DEALER, MEMBER, OUTLET = STEPS = ("factory", "dealer", "member", "outlet")
Ladder = Mapping[str, Decimal]
"""The price of one base unit by step; a step without a price is missing."""


@dataclass(frozen=True, slots=True)
class Inversion:
    """`step` is cheaper by `gap` than `before`, the nearest step before it that has a price."""

    before: str
    step: str
    gap: Decimal


def inversions(ladder: Ladder) -> tuple[Inversion, ...]:
    """Return the inverted steps of a ladder, from the factory on."""
    steps = [(step, ladder[step]) for step in STEPS if step in ladder]
    return tuple(
        [
            Inversion(before, step, higher - price)
            for (before, higher), (step, price) in pairwise(steps)
            if price < higher
        ]
    )


def worsened(before: Sequence[Inversion], after: Sequence[Inversion]) -> bool:
    """Return whether a step is inverted that was not, or by more than it was."""
    gaps = {(one.before, one.step): one.gap for one in before}
    return any(one.gap > gaps.get((one.before, one.step), ZERO) for one in after)
