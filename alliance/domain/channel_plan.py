"""The channel plan of a year: its months, what is handed down, the gap and what closes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal
from typing import Generic, TypeVar

OUTLETS, VOLUME, PORTFOLIO, EXPENSE = "outlets", "volume", "portfolio", "expense"
ADDITIVE = frozenset((VOLUME, EXPENSE))
UNMEASURED = frozenset((EXPENSE,))
MONTHS = 12
MAX_LAGGING = 5
_ZERO, _ONE = Decimal(0), Decimal(1)
T = TypeVar("T")


class BadMonths(ValueError):
    """The months of a target do not fit its annual amount."""


def even_months(metric: str, annual: Decimal) -> list[Decimal]:
    """Return twelve months for an annual target.

    A volume or an expense is divided into whole units, the rest in the last months. Outlets and products of
    a portfolio are a level: each month has the level of the year.
    """
    if metric not in ADDITIVE:
        return [annual] * MONTHS
    return split(annual, [_ONE] * MONTHS)


def split(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Divide an amount by weights into whole units that add up to it; rests go to the last ones."""
    total = sum(weights, _ZERO)
    if not total:
        return [_ZERO] * len(weights)
    parts = [(amount * weight / total).quantize(_ONE, ROUND_DOWN) for weight in weights]
    rest = amount - sum(parts, _ZERO)
    for place in reversed(range(len(parts))):
        step = min(rest, _ONE)
        if step <= 0:
            break
        parts[place] += step
        rest -= step
    return parts


def check_months(metric: str, annual: Decimal, months: Sequence[Decimal]) -> None:
    """Raise BadMonths unless there are twelve that add up to the year, or for a level reach it."""
    reached = sum(months, _ZERO) if metric in ADDITIVE else max(months, default=_ZERO)
    if len(months) != MONTHS or reached != annual:
        raise BadMonths


@dataclass(frozen=True, slots=True)
class HandedDown:
    """An amount and the sum of what was handed down of it."""

    target: Decimal
    handed: Decimal

    @property
    def gap(self) -> Decimal:
        """Return what is not handed down; negative if more was handed down than the target."""
        return self.target - self.handed

    @property
    def fits(self) -> bool:
        return not self.gap


def handed_down(metric: str, target: Decimal, amounts: Iterable[Decimal]) -> HandedDown:
    """Compare an amount with what was handed down of it: the sum of the parts.

    Partners sell the same products of a portfolio, so there the largest part counts.
    """
    parts = list(amounts)
    handed = max(parts, default=_ZERO) if metric == PORTFOLIO else sum(parts, _ZERO)
    return HandedDown(target, handed)


def divided(metric: str, amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Divide an amount among partners; of a portfolio each gets all of it."""
    return [amount] * len(weights) if metric == PORTFOLIO else split(amount, weights)


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of an amount in its year; `actual` is None for what cannot be measured yet.

    For a level, `planned` and `actual` are those of the last month that has begun.
    """

    annual: Decimal
    planned: Decimal
    actual: Decimal | None
    months_left: int
    is_level: bool

    @property
    def gap(self) -> Decimal:
        """Return what is missing to the plan so far; 0 if nothing is."""
        return _ZERO if self.actual is None else max(self.planned - self.actual, _ZERO)

    @property
    def missing(self) -> Decimal:
        """Return what is missing to the year."""
        return _ZERO if self.actual is None else max(self.annual - self.actual, _ZERO)

    @property
    def needed_per_month(self) -> Decimal | None:
        """Return what each of the months left has to bring to reach the year; None if none is left."""
        if not self.months_left or self.actual is None:
            return None
        return (self.missing / self.months_left).quantize(_ONE, ROUND_CEILING)

    @property
    def part(self) -> Decimal:
        """Return the part of the year that is reached, from 0 to 1."""
        if self.actual is None:
            return _ZERO
        return min(max(self.actual, _ZERO) / self.annual, _ONE) if self.annual else _ONE


def progress(
    metric: str,
    annual: Decimal,
    months: Sequence[Decimal],
    actuals: Sequence[Decimal | None],
    months_begun: int,
) -> Progress:
    """Return the progress after `months_begun` months, the running one included.

    `actuals` are the months' results. The running month is not over: of a volume, its plan does not count
    as missed yet, but it is one of the months left.
    """
    over, left = max(months_begun - 1, 0), MONTHS - months_begun + (1 if months_begun else 0)
    begun = actuals[:months_begun]
    if metric not in ADDITIVE:
        planned = months[months_begun - 1] if months_begun else _ZERO
        known = [one for one in begun if one is not None]
        level = known[-1] if known else _ZERO
        return Progress(annual, planned, level, left, is_level=True)
    planned = sum(months[:over], _ZERO)
    total = None if metric in UNMEASURED else sum((one or _ZERO for one in begun), _ZERO)
    return Progress(annual, planned, total, left, is_level=False)


@dataclass(frozen=True, slots=True)
class Lagging(Generic[T]):
    """One of several that lags: what is missing to its plan so far, and its part of all that is missing."""

    row: T
    gap: Decimal
    part: Decimal


def lagging(rows: Iterable[tuple[T, Progress]], limit: int = MAX_LAGGING) -> list[Lagging[T]]:
    """Return those that lag most behind their plan so far, the largest gap first."""
    behind = [(row, one.gap) for row, one in rows if one.gap > 0]
    total = sum((gap for _row, gap in behind), _ZERO)
    behind.sort(key=lambda pair: -pair[1])
    return [Lagging(row, gap, round(gap / total, 3)) for row, gap in behind[:limit]]
