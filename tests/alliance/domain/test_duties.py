"""When duties are due, and what state they are in."""

from datetime import date, timedelta

import pytest

from alliance.domain.duties import (
    DUE,
    FULFILLED,
    GRACE_DAYS,
    NO_EVIDENCE,
    OVERDUE,
    DutyPeriod,
    duty_state,
    needs_reminder,
    period_of,
    periods_to_create,
)


@pytest.mark.parametrize(
    ("rhythm", "day", "starts_on", "due_on"),
    [
        ("weekly", date(2026, 12, 1), date(2026, 11, 30), date(2026, 12, 6)),
        ("weekly", date(2026, 11, 30), date(2026, 11, 30), date(2026, 12, 6)),
        ("weekly", date(2026, 12, 6), date(2026, 11, 30), date(2026, 12, 6)),
        ("monthly", date(2028, 2, 10), date(2028, 2, 1), date(2028, 2, 29)),
        ("quarterly", date(2026, 5, 31), date(2026, 4, 1), date(2026, 6, 30)),
        ("quarterly", date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
        ("yearly", date(2026, 7, 1), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_a_week_a_month_a_quarter_or_a_year(rhythm, day, starts_on, due_on):
    assert period_of(rhythm, day) == DutyPeriod(starts_on, due_on)


def test_the_previous_period_makes_up_for_a_missed_round():
    found = periods_to_create(date(2026, 1, 5))
    assert ("weekly", DutyPeriod(date(2025, 12, 29), date(2026, 1, 4))) in found
    assert ("weekly", DutyPeriod(date(2026, 1, 5), date(2026, 1, 11))) in found
    assert ("monthly", DutyPeriod(date(2025, 12, 1), date(2025, 12, 31))) in found
    assert ("yearly", DutyPeriod(date(2025, 1, 1), date(2025, 12, 31))) in found
    assert len(found) == 8


@pytest.mark.parametrize(
    ("days_after", "is_fulfilled", "state"),
    [
        (0, False, DUE),
        (-30, False, DUE),
        (1, False, OVERDUE),
        (GRACE_DAYS, False, OVERDUE),
        (GRACE_DAYS + 1, False, NO_EVIDENCE),
        (GRACE_DAYS + 1, True, FULFILLED),
    ],
)
def test_a_duty_is_due_then_overdue_then_without_evidence(days_after, is_fulfilled, state):
    due_on = date(2026, 6, 30)
    today = due_on + timedelta(days=days_after)
    assert duty_state(due_on=due_on, is_fulfilled=is_fulfilled, today=today) == state


@pytest.mark.parametrize(("days", "reminds"), [(3, True), (4, False), (0, True), (-14, True), (-15, False)])
def test_a_reminder_comes_three_days_before_and_while_overdue(days, reminds):
    today = date(2026, 6, 10)
    assert needs_reminder(due_on=today + timedelta(days=days), today=today) is reminds
