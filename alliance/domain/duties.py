"""When a duty of the matrix of responsibilities is due, and its state on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kernel.periods import months_after

WEEKLY, MONTHLY, QUARTERLY, YEARLY = "weekly", "monthly", "quarterly", "yearly"
MONTHS = {MONTHLY: 1, QUARTERLY: 3, YEARLY: 12}
RHYTHMS = (WEEKLY, *MONTHS)
FULFILLED, DUE, OVERDUE, NO_EVIDENCE = "fulfilled", "due", "overdue", "no_evidence"
STATES = (OVERDUE, NO_EVIDENCE, DUE, FULFILLED)
GRACE_DAYS = 14
REMIND_DAYS = 3


@dataclass(frozen=True, slots=True)
class DutyPeriod:
    """A period of a rhythm, both days included; the duty is due on the last one."""

    starts_on: date
    due_on: date


def period_of(rhythm: str, day: date) -> DutyPeriod:
    """Return the period of a rhythm that contains a day: Monday to Sunday, a month, a quarter or a year."""
    if rhythm == WEEKLY:
        monday = day - timedelta(days=day.weekday())
        return DutyPeriod(monday, monday + timedelta(days=6))
    months = MONTHS[rhythm]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return DutyPeriod(first, months_after(first, months) - timedelta(days=1))


def periods_to_create(day: date) -> list[tuple[str, DutyPeriod]]:
    """Return (rhythm, period) of the current and the previous period of each rhythm.

    The previous one makes up for rounds that did not run.
    """
    found = []
    for rhythm in RHYTHMS:
        current = period_of(rhythm, day)
        found += [(rhythm, period_of(rhythm, current.starts_on - timedelta(days=1))), (rhythm, current)]
    return found


def duty_state(*, due_on: date, is_fulfilled: bool, today: date) -> str:
    """Return the state of a duty: fulfilled by evidence, due, overdue for GRACE_DAYS, then no evidence."""
    if is_fulfilled:
        return FULFILLED
    if today <= due_on:
        return DUE
    return OVERDUE if (today - due_on).days <= GRACE_DAYS else NO_EVIDENCE


def needs_reminder(*, due_on: date, today: date) -> bool:
    """Return whether an open duty belongs in the digest: due within REMIND_DAYS, or overdue."""
    return -GRACE_DAYS <= (due_on - today).days <= REMIND_DAYS
