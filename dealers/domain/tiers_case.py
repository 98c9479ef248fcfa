"""Reading and writing tiers as JSON cases, in the shape of rules.md, tier."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dealers.domain.tiers import (
    DIMENSIONS,
    Ladder,
    Month,
    Moved,
    Standing,
    Tier,
    Weights,
    follow,
)
from kernel.cases import (
    Case,
    InvalidCase,
    amount,
    ascending,
    count,
    number,
    plain,
    text,
    unique,
)
from kernel.money import ZERO

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TierRequest:
    """A ladder, the standing to start from, and the months to follow."""

    ladder: Ladder
    standing: Standing
    months: tuple[Month, ...]


def read(value: object, path: str = "") -> TierRequest:
    """Read a tier request. Raise InvalidCase with the path of the invalid value."""
    with Case(value, path) as case:
        tiers = case.each("tiers", _tier, least=1)
        ascending([tier.from_ for tier in tiers], case.at("tiers"))
        unique((tier.name for tier in tiers), case.at("tiers"), "name")
        ladder = Ladder(tuple(tiers), case.take("weights", read_weights, Weights()))
        current = ladder.index(case.need("current", text))
        if current is None:
            message = "The current tier is none of the tiers."
            raise InvalidCase("unknown_tier", message, field=case.at("current"))
        return TierRequest(
            ladder=ladder,
            standing=Standing(current, case.take("months_below", count, 0)),
            months=tuple(case.each("months", _month)),
        )


def _tier(value: object, path: str) -> Tier:
    with Case(value, path) as tier:
        return Tier(name=tier.need("name", text), from_=tier.need("from", amount))


def read_weights(value: object, path: str) -> Weights:
    """Read the weights of the dimensions; at least one must be more than 0."""
    with Case(value, path) as weights:
        found = [weights.need(name, amount) for name in DIMENSIONS]
    if not any(found):
        raise InvalidCase("zero", "At least one weight must be more than 0.", field=path)
    return Weights(*found)


def _month(value: object, path: str) -> Month:
    score = number(max_value=100)
    with Case(value, path) as month:
        return Month(*[month.take(name, score, None) for name in DIMENSIONS])


def answer(request: TierRequest) -> tuple[Moved, ...]:
    """Return the result of each month."""
    return follow(request.ladder, request.standing, request.months)


def write(request: TierRequest, moves: Sequence[Moved]) -> Json:
    """Return the results as JSON."""
    tiers = request.ladder.tiers
    return {
        "months": [
            {
                "score": None if moved.score is None else plain(moved.score),
                "tier": tiers[moved.standing.tier].name,
                "move": moved.move,
                "months_below": moved.standing.months_below,
                "missing": list(month.missing),
                "points_to_next": _points_to_next(tiers, moved),
            }
            for month, moved in zip(request.months, moves, strict=True)
        ]
    }


def _points_to_next(tiers: Sequence[Tier], moved: Moved) -> str | None:
    """Return the points missing to the next tier; None in the highest tier or without a score."""
    above = moved.standing.tier + 1
    if moved.score is None or above == len(tiers):
        return None
    return plain(max(ZERO, tiers[above].from_ - moved.score))
