"""How far a price lies outside its limits, and the margin that is left."""

from decimal import Decimal as D

import pytest

from ordering.domain.price_review import Deviation, deviation, margin_rate


@pytest.mark.parametrize(
    ("price", "floor", "ceiling", "found"),
    [
        ("9.50", "10", None, Deviation(D("0.50"), D("6.00"))),
        ("10", "10", None, None),
        ("12", None, "11.25", Deviation(D("0.75"), D("9.00"))),
        ("11", "10", "12", None),
        ("11", None, None, None),
    ],
)
def test_the_distance_to_the_limit_is_for_one_unit_and_for_the_line(price, floor, ceiling, found):
    limits = {"floor": floor and D(floor), "ceiling": ceiling and D(ceiling)}
    assert deviation(D(price), 12, **limits) == found


def test_the_margin_is_a_part_of_the_price():
    assert margin_rate(D("10"), D("8")) == D("0.2")
    assert margin_rate(D("10"), D("12")) == D("-0.2")
    assert margin_rate(D("0"), D("8")) is None
