"""The monthly score of a contract's KPIs: the weighted mean of what is measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

PURCHASES = "purchases"
_ONE, _HUNDRED, _PLACES = Decimal(1), Decimal(100), Decimal("0.1")


@dataclass(frozen=True, slots=True)
class KpiResult:
    """A KPI of a month; `actual` is None while it is not measured."""

    metric: str
    target: Decimal
    weight: Decimal
    actual: Decimal | None

    @property
    def reached(self) -> Decimal | None:
        """Return the part of the target that is reached, from 0 to 1.

        A surplus does not count, so that one KPI cannot outweigh another.
        """
        if self.actual is None:
            return None
        if self.target <= 0:
            return _ONE
        return min(max(self.actual, Decimal(0)) / self.target, _ONE)


@dataclass(frozen=True, slots=True)
class KpiScore:
    """A score from 0 to 100, None without a measured KPI; weights as fractions of all weights."""

    score: Decimal | None
    measured_weight: Decimal
    purchases_weight: Decimal


def score_of(results: Iterable[KpiResult]) -> KpiScore:
    """Return the weighted mean of the measured KPIs, rounded to one place.

    `purchases_weight` is the share of the purchases in all weights: a score of volume alone shows itself.
    """
    rows = list(results)
    total = sum((row.weight for row in rows), Decimal(0))
    if not total:
        return KpiScore(None, Decimal(0), Decimal(0))
    measured = [(row.weight, row.reached) for row in rows if row.reached is not None]
    weight = sum((part for part, _reached in measured), Decimal(0))
    purchases = sum((row.weight for row in rows if row.metric == PURCHASES), Decimal(0))
    score = None
    if weight:
        mean = sum((part * reached for part, reached in measured), Decimal(0)) / weight
        score = (mean * _HUNDRED).quantize(_PLACES, ROUND_HALF_UP)
    return KpiScore(score, weight / total, purchases / total)
