from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.periods import ALWAYS, Period, months_after

JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
START = date(2026, 1, 1)
days = st.integers(0, 12).map(lambda n: START + timedelta(n))
periods = st.builds(Period, st.none() | days, st.none() | days)


def test_a_period_begins_on_its_first_day_and_has_ended_on_its_last() -> None:
    assert JUNE.active_on(date(2026, 6, 1))
    assert JUNE.active_on(date(2026, 6, 30))
    assert not JUNE.active_on(date(2026, 5, 31))
    assert not JUNE.active_on(date(2026, 7, 1))


def test_an_open_side_has_no_end() -> None:
    assert ALWAYS.active_on(date.min)
    assert ALWAYS.active_on(date.max)
    assert Period(from_=date(2026, 6, 1)).active_on(date.max)
    assert Period(until=date(2026, 6, 1)).active_on(date.min)


@pytest.mark.parametrize("until", [date(2026, 6, 1), date(2026, 5, 1)])
def test_one_that_ends_no_later_than_it_starts_is_never_active(until: date) -> None:
    empty = Period(date(2026, 6, 1), until)
    assert empty.is_empty
    assert not any(empty.active_on(date(2026, 5, 1) + timedelta(n)) for n in range(40))
    assert not empty.overlaps(ALWAYS)
    assert not ALWAYS.overlaps(empty)


def test_a_period_that_follows_another_does_not_overlap_it() -> None:
    july = Period(date(2026, 7, 1), None)
    assert not JUNE.overlaps(july)
    assert not july.overlaps(JUNE)
    assert JUNE.overlaps(ALWAYS)
    assert JUNE.overlaps(Period(date(2026, 6, 30), date(2026, 7, 2)))


@given(periods, periods)
def test_two_overlap_when_there_is_a_day_on_which_both_are_active(a: Period, b: Period) -> None:
    shared = any(
        a.active_on(day) and b.active_on(day) for day in (START + timedelta(n) for n in range(-2, 16))
    )
    assert a.overlaps(b) is b.overlaps(a) is shared


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 15), 1, date(2026, 2, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 11, 30), 2, date(2027, 1, 30)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
        (date(2026, 6, 1), 0, date(2026, 6, 1)),
    ],
)
def test_a_later_month_has_the_same_day_or_its_last(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later
