"""The average income of a member, which a contract may owe for months that an early end takes away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from kernel.money import ZERO_MONEY, cents, exact
from kernel.periods import months_after

MAX_MONTHS = 12


def full_months(*, starts_on: date, ended_on: date) -> list[date]:
    """Return the first days of the last full calendar months in [starts_on, ended_on), at most 12."""
    first = starts_on if starts_on.day == 1 else months_after(starts_on.replace(day=1), 1)
    months: list[date] = []
    month = months_after(ended_on.replace(day=1), -1)
    while month >= first and len(months) < MAX_MONTHS:
        months.append(month)
        month = months_after(month, -1)
    return months[::-1]


@exact
def average_income(income: Mapping[date, Decimal], months: list[date]) -> Decimal:
    """Return the average income of the months, rounded once; 0 without a full month.

    `income` is Σ spread × units by month; a month without purchases counts as 0.
    """
    if not months:
        return ZERO_MONEY
    total = sum((income.get(month, Decimal(0)) for month in months), Decimal(0))
    return cents(total / len(months))
