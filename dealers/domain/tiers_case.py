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
from kernel.translation import gettext as _

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
        ladder = Ladder(tuple(case.each("tiers", _tier, least=1)), case.take("weights", _weights, Weights()))
        name = case.need("current", text)
        months_below = case.take("months_below", count, 0)
        months = tuple(case.each("months", _month))
    current = ladder.index(name)
    _check(ladder, case)
    if current is None:
        message = _("The current tier is none of the tiers.")
        raise InvalidCase("unknown_tier", message, field=case.at("current"))
    return TierRequest(ladder, Standing(current, months_below), months)


def _check(ladder: Ladder, case: Case) -> None:
    """Refuse what collides, when the form of the whole case is known to be right."""
    ascending([tier.from_ for tier in ladder.tiers], case.at("tiers"))
    unique((tier.name for tier in ladder.tiers), case.at("tiers"), "name")
    if not any(getattr(ladder.weights, name) for name in DIMENSIONS):
        raise InvalidCase("zero", _("At least one weight must be more than 0."), field=case.at("weights"))


def _tier(value: object, path: str) -> Tier:
    with Case(value, path) as tier:
        return Tier(name=tier.need("name", text), from_=tier.need("from", amount))


def _weights(value: object, path: str) -> Weights:
    with Case(value, path) as weights:
        return Weights(*[weights.need(name, amount) for name in DIMENSIONS])


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
