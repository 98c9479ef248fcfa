"""The stages of a contract's life by its dates, its notices and the term that follows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kernel.periods import months_after

NOTICES = (7, 30, 90)
EXPIRING_DAYS = 90
ENDS_SOON_DAYS = 30


class Stage(StrEnum):
    """Where a contract stands on a day. SIGNED is signed by all and not yet in force."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    EXPIRING = "expiring"
    ENDED = "ended"


def stage_of(*, state: str, starts_on: date, until: date, today: date, is_replaced: bool = False) -> Stage:
    """Return the stage of a contract of this state on a day.

    `until` is exclusive. A contract that a later signed version replaces goes on, so it is not expiring.
    """
    if state != "active":
        return Stage(state)
    if until <= today:
        return Stage.ENDED
    if starts_on > today:
        return Stage.SIGNED
    if until - today <= timedelta(days=EXPIRING_DAYS) and not is_replaced:
        return Stage.EXPIRING
    return Stage.IN_FORCE


def notice_due(*, until: date, today: date) -> int | None:
    """Return the notice to send: 7, 30 or 90 days before the end, the nearest only; None if none is due."""
    left = (until - today).days
    if left <= 0:
        return None
    return next((days for days in NOTICES if left <= days), None)


def following_term(*, starts_on: date, until: date) -> tuple[date, date]:
    """Return the first day and the exclusive end of the term that follows, as long as the one before.

    A term of entire months is followed by as many months, any other term by as many days.
    """
    months = (until.year - starts_on.year) * 12 + until.month - starts_on.month
    if until.day == starts_on.day and months:
        return until, months_after(until, months)
    return until, until + (until - starts_on)


@dataclass(frozen=True, slots=True)
class EndPlan:
    """The end of a contract on a day: `until` is what its term becomes, `announced` whether in time."""

    ended_on: date
    until: date
    notice_days: int
    announced: bool
    at_once: bool


def plan_end(*, starts_on: date, ends_on: date, today: date, notice_days: int) -> EndPlan:
    """Return what an end on the first day without the contract, announced today, means.

    It is announced in time with at least `notice_days` days between. An end before the first day leaves a
    term of one day, because a term is never empty.
    """
    given = max(0, (ends_on - today).days)
    return EndPlan(
        ended_on=ends_on,
        until=max(ends_on, starts_on + timedelta(days=1)),
        notice_days=given,
        announced=given >= notice_days,
        at_once=ends_on <= today,
    )


class SigningWarning(StrEnum):
    """What a person should know before signing."""

    BEGINS_IN_PAST = "begins_in_past"
    ENDED_ALREADY = "ended_already"
    ENDS_SOON = "ends_soon"
    DIFFERS = "differs"


def signing_warnings(*, starts_on: date, until: date, today: date, differs: bool) -> list[SigningWarning]:
    """Return the warnings about a contract that is to be signed today. `until` is exclusive."""
    found = []
    if until <= today:
        found.append(SigningWarning.ENDED_ALREADY)
    elif until - today <= timedelta(days=ENDS_SOON_DAYS):
        found.append(SigningWarning.ENDS_SOON)
    if starts_on < today:
        found.append(SigningWarning.BEGINS_IN_PAST)
    if differs:
        found.append(SigningWarning.DIFFERS)
    return found
