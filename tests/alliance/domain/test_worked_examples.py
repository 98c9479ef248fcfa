"""The examples under a clause follow the rules that measure the contract."""

from decimal import Decimal

import pytest

from alliance.domain.worked_examples import event_example, income_example, spread_example


def test_a_spread_falls_a_tenth_short():
    found = spread_example(Decimal(8), Decimal(60))
    assert (found.price, found.spread, found.owed) == (Decimal("52.8"), Decimal("7.2"), Decimal(80))


@pytest.mark.parametrize(
    ("per_event", "cap", "events", "owed", "is_capped"),
    [
        ("200", None, 3, "600", False),
        ("200", "1000", 6, "1000", True),
        ("0", "1000", 3, "0", False),
        ("0.01", "1000", 50, "0.5", False),
    ],
)
def test_events_owe_a_sum_each_up_to_the_cap(per_event, cap, events, owed, is_capped):
    found = event_example(Decimal(per_event), None if cap is None else Decimal(cap))
    assert (found.events, found.owed, found.is_capped) == (events, Decimal(owed), is_capped)


@pytest.mark.parametrize(("cumulative", "top_ups"), [(False, ["600", "0", "300"]), (True, ["600", "0", "0"])])
def test_an_income_is_topped_up_and_a_surplus_counts_only_when_agreed(cumulative, top_ups):
    found = income_example(Decimal(3000), cumulative=cumulative)
    assert found.top_ups == tuple(Decimal(one) for one in top_ups)
