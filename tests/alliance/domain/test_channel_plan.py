"""The months of a plan, what is handed down, the gap and what closes it."""

from decimal import Decimal

import pytest

from alliance.domain.channel_plan import (
    BadMonths,
    Progress,
    check_months,
    divided,
    even_months,
    handed_down,
    lagging,
    progress,
    split,
)

D = Decimal


def amounts(*values):
    return [D(value) for value in values]


def test_a_volume_is_divided_into_whole_units_that_add_up():
    months = even_months("volume", D(1001))
    assert sum(months) == 1001
    assert months[0] == 83
    assert months[-1] == 84


def test_a_level_is_the_same_in_each_month():
    assert even_months("outlets", D(50)) == [D(50)] * 12


def test_a_split_follows_its_weights_and_keeps_the_fraction():
    assert split(D("10.5"), amounts(1, 1)) == amounts(5, "5.5")
    assert split(D(10), amounts(1, 3)) == amounts(2, 8)
    assert split(D(10), amounts(0, 0)) == amounts(0, 0)
    assert split(D(4), amounts(1, 1)) == amounts(2, 2)
    assert split(D("2.5"), amounts(1, 1, 1)) == amounts("0.5", 1, 1)


def test_months_that_do_not_add_up_are_refused():
    check_months("volume", D(12), [D(1)] * 12)
    check_months("outlets", D(5), [D(1)] * 11 + [D(5)])
    for metric, annual, months in (
        ("volume", D(13), [D(1)] * 12),
        ("outlets", D(6), [D(1)] * 12),
        ("volume", D(11), [D(1)] * 11),
        ("outlets", D(5), []),
    ):
        with pytest.raises(BadMonths):
            check_months(metric, annual, months)


def test_a_gap_shows_what_was_not_handed_down_or_too_much():
    assert handed_down("volume", D(100), amounts(60, 30)).gap == 10
    assert handed_down("volume", D(100), amounts(60, 60)).gap == -20
    assert handed_down("volume", D(100), amounts(60, 40)).fits
    assert not handed_down("volume", D(100), []).fits


def test_of_a_portfolio_each_partner_gets_all_and_the_largest_counts():
    assert divided("portfolio", D(12), amounts(1, 1)) == amounts(12, 12)
    assert divided("volume", D(12), amounts(1, 3)) == amounts(3, 9)
    assert handed_down("portfolio", D(12), amounts(12, 8)).fits
    assert handed_down("portfolio", D(12), []).gap == 12


def test_a_volume_compares_the_months_that_are_over_and_needs_the_rest_in_those_left():
    found = progress("volume", D(1200), [D(100)] * 12, [D(80), D(70), D(10)], 3)
    assert (found.planned, found.actual, found.gap) == (200, 160, 40)
    assert found.months_left == 10
    assert found.missing == 1040
    assert found.needed_per_month == 104
    assert found.part == D(160) / 1200


def test_a_level_is_that_of_the_last_month_with_a_result():
    found = progress("outlets", D(50), [D(10 * n) for n in range(1, 13)], [D(8), D(15), None], 3)
    assert (found.planned, found.actual, found.gap, found.is_level) == (30, 15, 15, True)
    assert progress("outlets", D(50), [D(50)] * 12, [None], 1).actual == 0


def test_before_the_year_nothing_is_planned_yet_and_after_it_no_month_is_left():
    before = progress("volume", D(120), [D(10)] * 12, [None] * 12, 0)
    assert (before.planned, before.actual, before.months_left) == (0, 0, 12)
    assert progress("outlets", D(5), [D(5)] * 12, [None] * 12, 0).planned == 0
    last = progress("volume", D(120), [D(10)] * 12, [D(10)] * 12, 12)
    assert (last.months_left, last.needed_per_month, last.part) == (1, 0, 1)


def test_an_expense_is_not_measured_and_has_no_gap():
    found = progress("expense", D(120), [D(10)] * 12, [None] * 12, 6)
    assert (found.actual, found.gap, found.missing, found.part) == (None, 0, 0, 0)
    assert found.needed_per_month is None


def test_a_year_that_is_over_needs_nothing_more_per_month():
    assert Progress(D(10), D(10), D(4), 0, is_level=False).needed_per_month is None
    assert Progress(D(0), D(0), D(0), 1, is_level=False).part == 1


def test_the_largest_gap_lags_most():
    rows = [
        ("a", Progress(D(100), D(50), D(40), 6, is_level=False)),
        ("b", Progress(D(100), D(50), D(20), 6, is_level=False)),
        ("c", Progress(D(100), D(50), D(60), 6, is_level=False)),
    ]
    found = lagging(rows)
    assert [(one.row, one.gap, one.part) for one in found] == [
        ("b", 30, D(30) / 40),
        ("a", 10, D(10) / 40),
    ]
    assert lagging(rows, limit=1) == found[:1]
