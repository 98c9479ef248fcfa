"""The five dimensions that place a partner in a tier, month by month. Source: rules.md, tier.

A dimension is a score from 0 to 100, or None where there is no data.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kernel.money import ZERO, cents, exact

DIMENSIONS = ("scale", "expertise", "coverage", "growth", "collaboration")
MONTHS_TO_DEMOTE = 2


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each dimension counts; only their proportions matter. At least one is not 0."""

    scale: Decimal = Decimal("0.30")
    expertise: Decimal = Decimal("0.25")
    coverage: Decimal = Decimal("0.20")
    growth: Decimal = Decimal("0.15")
    collaboration: Decimal = Decimal("0.10")


@dataclass(frozen=True, slots=True)
class Month:
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
    """`from_` is its bar: the score that keeps a partner in it."""

    name: str
    from_: Decimal


@dataclass(frozen=True, slots=True)
class Ladder:
    """Tiers from the lowest to the highest, and how scores are weighed."""

    tiers: tuple[Tier, ...]
    weights: Weights = Weights()

    def index(self, name: str) -> int | None:
        return next((i for i, tier in enumerate(self.tiers) if tier.name == name), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """The index of a partner's tier, and how many months in a row it has been below its bar."""

    tier: int
    months_below: int = 0


@dataclass(frozen=True, slots=True)
class Moved:
    """One month's outcome. `score` is None when there was nothing to weigh.

    `move`: stay, promote, warn, demote, or low_confidence.
    """

    score: Decimal | None
    move: str
    standing: Standing


@exact
def score(weights: Weights, month: Month) -> Decimal | None:
    """The weighted mean of the dimensions there are, to 0.01; None without any weight."""
    total = whole = ZERO
    for name in DIMENSIONS:
        value: Decimal | None = getattr(month, name)
        if value is not None:
            weight: Decimal = getattr(weights, name)
            total += weight * value
            whole += weight
    return cents(total / whole) if whole else None


def next_month(ladder: Ladder, standing: Standing, month: Month) -> Moved:
    """Where one month's scores lead: at most one tier up or down.

    A missing dimension moves nobody and leaves the count of months below as it was. Up when the
    score reaches the next tier; down in the second month in a row below the own bar, after a
    warning in the first. In the lowest tier it stays with the warning. A move starts the count
    anew.
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
    """Several months, one after the other."""
    moves = []
    for month in months:
        moved = next_month(ladder, standing, month)
        standing = moved.standing
        moves.append(moved)
    return tuple(moves)
