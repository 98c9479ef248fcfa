from decimal import Decimal as D
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.domain.list_entries import (
    EntryDifference,
    ListEntry,
    differences,
    relative_change,
    repriced,
    rising_breaks,
)


def test_a_break_that_costs_more_for_a_base_unit_rises():
    entries = [
        ListEntry("A", D("100"), 24, 240),
        ListEntry("A", D("4.20"), 1, 0),
        ListEntry("A", D("4.10"), 1, 480),
        ListEntry("B", D("3"), 1, 0),
        ListEntry("B", D("3"), 1, 10),
    ]
    assert rising_breaks(entries) == []
    rising = [*entries, ListEntry("A", D("101"), 24, 960)]
    (found,) = rising_breaks(rising)
    assert (found.place, found.entry.min_qty, found.cheaper.min_qty) == (5, 960, 480)


def test_a_break_after_a_rising_one_is_compared_with_the_cheapest_before():
    prices = [("5", 0), ("6", 10), ("5.5", 20), ("4", 30)]
    entries = [ListEntry("A", D(price), 1, least) for price, least in prices]
    assert [one.place for one in rising_breaks(entries)] == [1, 2]


prices = st.decimals("0.0001", "9999", places=4)
entry_lists = st.lists(
    st.builds(ListEntry, st.just("A"), prices, st.integers(1, 48), st.integers(0, 99)),
    max_size=6,
    unique_by=lambda one: one.min_qty,
)


@given(entry_lists)
def test_without_rising_breaks_more_never_costs_more(entries):
    rising = {one.place for one in rising_breaks(entries)}
    left = sorted(
        (one for place, one in enumerate(entries) if place not in rising), key=lambda one: one.min_qty
    )
    for less, more in pairwise(left):
        assert more.price * less.per <= less.price * more.per


def test_differences_are_added_changed_and_removed_by_sku_and_quantity():
    old = [ListEntry("A", D("10")), ListEntry("A", D("9"), 1, 10), ListEntry("B", D("5"))]
    new = [ListEntry("A", D("10.50")), ListEntry("B", D("5.00")), ListEntry("C", D("1"))]
    found = differences(old, new)
    assert [(one.kind, one.entry.sku, one.entry.min_qty) for one in found] == [
        ("changed", "A", 0),
        ("removed", "A", 10),
        ("added", "C", 0),
    ]
    assert found[0].change == D("0.0500")
    assert found[1] == EntryDifference("removed", old[1], None)


def test_a_new_advised_resale_price_is_a_difference():
    old, new = ListEntry("A", D("10")), ListEntry("A", D("10"), advised_resale=D("12"))
    (found,) = differences([old], [new])
    assert (found.kind, found.change) == ("changed", 0)


def test_the_change_is_that_of_a_base_unit():
    case = ListEntry("A", D("240"), 24)
    assert relative_change(ListEntry("A", D("10")), case) == 0
    assert relative_change(ListEntry("A", D("0")), case) is None


@pytest.mark.parametrize(
    ("price", "percent", "places", "expected"),
    [
        ("10.00", "3", 2, "10.30"),
        ("10.25", "-10", 1, "9.2"),
        ("10.25", "0", 1, "10.3"),
        ("1.005", "0", 2, "1.01"),
        ("99.99", "-2.5", 4, "97.4903"),
        ("3", "1000", 0, "33"),
    ],
)
def test_a_copy_is_repriced_half_up(price, percent, places, expected):
    entry = ListEntry("A", D(price), 12, 0, D("20"))
    changed = repriced(entry, percent=D(percent), places=places)
    assert (str(changed.price), changed.per, changed.advised_resale) == (expected, 12, D("20"))


def test_a_copy_can_change_the_advised_resale_price_too():
    entry = ListEntry("A", D("10"), advised_resale=D("20"))
    assert repriced(entry, percent=D(5), places=2, with_advised=True).advised_resale == D("21.00")
    without = ListEntry("A", D("10"))
    assert repriced(without, percent=D(5), places=2, with_advised=True).advised_resale is None
