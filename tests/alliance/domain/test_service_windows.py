"""The windows of guarantees, their targets, and what a miss owes."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.domain.service_windows import Promise, Span, answered, counted, target_in, window_of

YEAR = Span(date(2026, 1, 1), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("window", "start", "until"),
    [
        ("month", date(2026, 5, 1), date(2026, 6, 1)),
        ("quarter", date(2026, 4, 1), date(2026, 7, 1)),
        ("year", date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_window_is_a_calendar_period(window: str, start: date, until: date) -> None:
    assert window_of(date(2026, 5, 31), window) == Span(start, until)


def test_two_versions_promise_in_proportion_to_their_days() -> None:
    june = Span(date(2026, 6, 1), date(2026, 7, 1))
    first = Promise(Span(date(2026, 1, 1), date(2026, 6, 11)), D(3))
    second = Promise(Span(date(2026, 6, 11), date(2027, 1, 1)), D(6))
    assert target_in(june, [first, second]) == D(5)
    assert target_in(june, [Promise(Span(date(2027, 1, 1), date(2028, 1, 1)), D(6))]) == 0


@given(st.integers(0, 364), st.integers(1, 100))
def test_one_term_in_two_versions_promises_as_much_as_in_one(day: int, target: int) -> None:
    cut = YEAR.start + timedelta(days=day)
    halves = [Promise(Span(YEAR.start, cut), D(target)), Promise(Span(cut, YEAR.until), D(target))]
    assert target_in(YEAR, halves) == target


def test_each_missing_unit_is_owed_for_and_half_a_visit_is_none() -> None:
    assert counted(D("3.9"), D(3), D("50")).fulfilled
    missed = counted(D(4), D(1), D("50.00"))
    assert (missed.fulfilled, missed.missing, missed.owed) == (False, D(3), D("150.00"))
    assert counted(D(4), D(9), D(50)).owed == 0


def test_each_late_answer_is_owed_for() -> None:
    assert answered(0, D(20)).fulfilled
    late = answered(2, D("20.00"))
    assert (late.fulfilled, late.missing, late.owed) == (False, D(2), D("40.00"))
