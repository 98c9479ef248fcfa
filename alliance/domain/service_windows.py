"""Guarantees that are measured over a window: the window of a day, its target, and what a miss owes.

A window is a calendar month, quarter or year, cut to the contract's term. The target of a cut window, or
of one that two versions of a contract share, is in proportion to the days; a number of visits, trainings
or supplies is rounded down, because half a visit is no visit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from kernel.money import ZERO, ZERO_MONEY, cents, exact
from kernel.periods import months_after

MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `start` to the day before `until`."""

    start: date
    until: date

    @property
    def days(self) -> int:
        return max(0, (self.until - self.start).days)

    def within(self, other: "Span") -> "Span":
        return Span(max(self.start, other.start), min(self.until, other.until))


@dataclass(frozen=True, slots=True)
class Promise:
    """The target that one version of a contract promises for each window while it is in force."""

    term: Span
    target: Decimal


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a window met its target, by how much it missed it, and the amount owed."""

    fulfilled: bool
    missing: Decimal
    owed: Decimal


def window_of(day: date, window: str) -> Span:
    """Return the calendar month, quarter or year of a day."""
    months = MONTHS_OF[window]
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Span(start, months_after(start, months))


@exact
def target_in(span: Span, promises: Sequence[Promise]) -> Decimal:
    """Return the target of a window: of each version in proportion to its days in it."""
    return sum((one.target * one.term.within(span).days for one in promises), ZERO) / span.days


@exact
def counted(target: Decimal, actual: Decimal, owed_per_unit: Decimal) -> Judged:
    """Return the result of a number of visits, trainings or supplies: each missing one is owed for."""
    units = target.to_integral_value(rounding=ROUND_FLOOR)
    missing = max(ZERO, units - actual)
    return Judged(not missing, missing, cents(missing * owed_per_unit))


@exact
def answered(late: int, owed_per_event: Decimal) -> Judged:
    """Return the result of answers or replacements of which `late` came too late."""
    return Judged(not late, Decimal(late), cents(late * owed_per_event) if late else ZERO_MONEY)
