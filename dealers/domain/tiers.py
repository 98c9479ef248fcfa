"""The tier of a partner from five dimensions, month by month. Source: rules.md, tier.

A dimension is a score from 0 to 100, or None if there is no data.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kernel.money import ZERO, exact, figure

DIMENSIONS = ("scale", "expertise", "coverage", "growth", "collaboration")
MONTHS_TO_DEMOTE = 2


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each dimension; only their proportions matter. At least one is not 0."""

    scale: Decimal = Decimal("0.30")
    expertise: Decimal = Decimal("0.25")
    coverage: Decimal = Decimal("0.20")
    growth: Decimal = Decimal("0.15")
    collaboration: Decimal = Decimal("0.10")


@dataclass(frozen=True, slots=True)
class Month:
    """The five dimensions of one month, each from 0 to 100 or None."""

    scale: Decimal | None = None
    expertise: Decimal | None = None
    coverage: Decimal | None = None
    growth: Decimal | None = None
    collaboration: Decimal | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(name for name in DIMENSIONS if getattr(self, name) is None)


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier. `from_` is its bar: the lowest score with which a partner stays in it."""

    name: str
    from_: Decimal


@dataclass(frozen=True, slots=True)
class Ladder:
    """The tiers from the lowest to the highest, and the weights of the dimensions."""

    tiers: tuple[Tier, ...]
    weights: Weights = Weights()

    def index(self, name: str) -> int | None:
        return next((i for i, tier in enumerate(self.tiers) if tier.name == name), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """The index of a partner's tier, and for how many months in a row its score was below the bar."""

    tier: int
    months_below: int = 0


@dataclass(frozen=True, slots=True)
class Moved:
    """The result of one month. `score` is None if no dimension has a value and a weight.

    `move`: stay, promote, warn, demote or low_confidence.
    """

    score: Decimal | None
    move: str
    standing: Standing


@exact
def score(weights: Weights, month: Month) -> Decimal | None:
    """Return the weighted mean of the known dimensions, to 0.01; None if their weights sum to 0."""
    total = total_weight = ZERO
    for name in DIMENSIONS:
        value: Decimal | None = getattr(month, name)
        if value is not None:
            weight: Decimal = getattr(weights, name)
            total += weight * value
            total_weight += weight
    return figure(total / total_weight, 2) if total_weight else None


def next_month(ladder: Ladder, standing: Standing, month: Month) -> Moved:
    """Return the result of one month: at most one tier up or down.

    If a dimension is missing, the tier and the count of months below do not change. Promote if the
    score reaches the next tier. Below the own bar, warn in the first month and demote in the second
    month in a row; in the lowest tier only warn. A move resets the count.
    """
    reached = score(ladder.weights, month)
    if reached is None or month.missing:
        return Moved(reached, "low_confidence", standing)
    at = standing.tier
    if at + 1 < len(ladder.tiers) and reached >= ladder.tiers[at + 1].from_:
        return Moved(reached, "promote", Standing(at + 1))
    if reached >= ladder.tiers[at].from_:
        return Moved(reached, "stay", Standing(at))
    below = standing.months_below + 1
    if at and below >= MONTHS_TO_DEMOTE:
        return Moved(reached, "demote", Standing(at - 1))
    return Moved(reached, "warn", Standing(at, below))


def follow(ladder: Ladder, standing: Standing, months: Iterable[Month]) -> tuple[Moved, ...]:
    """Return the results of several months in order."""
    moves = []
    for month in months:
        moved = next_month(ladder, standing, month)
        standing = moved.standing
        moves.append(moved)
    return tuple(moves)
