"""The explanation of a scorecard: why a party has its tier, and what would raise it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from dealers.domain.tiers import DIMENSIONS, Ladder, Month, Moved, Standing
from kernel.money import ZERO, cents, exact

HUNDRED = Decimal(100)


@exact
def reasons(ladder: Ladder, before: Standing, month: Month, moved: Moved) -> dict[str, Any]:
    """Return the reasons of a scorecard as JSON.

    `dimensions`: {name: {value, weight, points}}; the points sum to the score but for rounding.
    `bar`: the score that keeps the tier before the move. `next`: the tier above the present one, and
    the missing points. `lift`: by how much one dimension alone would have to rise to get there; left
    out if even 100 would not suffice.
    """
    weights = {name: getattr(ladder.weights, name) for name in DIMENSIONS if _value(month, name) is not None}
    total_weight = sum(weights.values(), ZERO)
    facts: dict[str, Any] = {
        "dimensions": {
            name: {
                "value": str(_value(month, name)),
                "weight": str(weight),
                "points": str(cents(_value(month, name) * weight / total_weight)),
            }
            for name, weight in weights.items()
        },
        "missing": list(month.missing),
        "bar": str(ladder.tiers[before.tier].from_),
    }
    above = moved.standing.tier + 1
    if moved.score is not None and above < len(ladder.tiers):
        missing = max(ladder.tiers[above].from_ - moved.score, ZERO)
        facts["next"] = {
            "tier": ladder.tiers[above].name,
            "from": str(ladder.tiers[above].from_),
            "missing": str(missing),
        }
        facts["lift"] = {
            name: str(cents(missing * total_weight / weight))
            for name, weight in weights.items()
            if missing and weight and _value(month, name) + missing * total_weight / weight <= HUNDRED
        }
    return facts


def _value(month: Month, name: str) -> Decimal | None:
    value: Decimal | None = getattr(month, name)
    return value
