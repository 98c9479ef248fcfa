"""Compensation for a price drop. Source: rules.md, price-drop."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import cents
from rebates.domain.price_drop import (
    EarlierDrop,
    ProtectionTerms,
    Receipt,
    StockAtDrop,
    Transit,
    compensation,
    protected_price,
)
from simulations.operations.simulate import answer, answer_all

DAY = date(2026, 6, 1)
RECEIPTS = [
    {"date": "2026-03-10", "qty": 100, "price": "100"},
    {"date": "2026-04-20", "qty": 200, "price": "100"},
    {"date": "2026-05-15", "qty": 150, "price": "98"},
]


def case(**changed: Any) -> dict[str, Any]:
    return {
        "effective": "2026-06-01",
        "lookback_days": 60,
        "new_price": "92",
        "receipts": RECEIPTS,
        "on_hand": 260,
    } | changed


def test_units_in_transit_that_are_not_dearer_are_listed_and_pay_nothing() -> None:
    found = answer("price-drop", case(in_transit=[{"qty": 5, "price": "92"}, {"qty": 0, "price": "99"}]))
    assert found["layers"][-1] == {
        "date": None,
        "qty": 5,
        "price": "92",
        "reason": "no_drop",
        "credit": "0.00",
    }
    assert len(found["layers"]) == 3


def test_the_lookback_comes_before_the_price() -> None:
    found = answer("price-drop", case(receipts=[{"date": "2026-01-01", "qty": 5, "price": "80"}], on_hand=5))
    assert found["layers"][0]["reason"] == "outside_lookback"


def test_a_lookback_longer_than_the_calendar_takes_in_everything() -> None:
    receipts = [{"date": "0001-01-01", "qty": 5, "price": "93"}]
    found = answer("price-drop", case(lookback_days=10**9, receipts=receipts, on_hand=5))
    assert (found["layers"][0]["reason"], found["amount"]) == ("eligible", "5.00")


def test_the_cap_limits_the_amount_and_not_the_layers() -> None:
    found = answer("price-drop", case(cap="1000"))
    assert [layer["credit"] for layer in found["layers"]] == ["900.00", "880.00"]
    assert found["amount"] == "1000.00"
    assert found["explanation"] == {"new_price": "92", "credits": "1780.00", "capped": True}
    assert answer("price-drop", case(cap="1780"))["explanation"]["capped"] is False


def test_each_layer_is_rounded_once_half_up() -> None:
    receipts = [{"date": "2026-05-01", "qty": 1, "price": "92.0050"}] * 3
    found = answer("price-drop", case(receipts=receipts, on_hand=3))
    assert found["amount"] == "0.03"


def test_the_next_drop_starts_from_the_new_price_of_the_one_before() -> None:
    shipped, first = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    drops = [EarlierDrop(first, D(92)), EarlierDrop(first + timedelta(19), D(88))]
    assert protected_price(D(100), shipped, []) == 100
    assert protected_price(D(100), shipped, drops[:1]) == 92
    assert protected_price(D(100), shipped, drops) == 88
    assert protected_price(D(90), shipped, drops[:1]) == 90
    assert protected_price(D(92), first + timedelta(1), drops) == 88
    assert protected_price(D(91), first + timedelta(30), drops) == 91


quantities = st.integers(0, 500)
prices = st.decimals(0, 1000, places=4)
receipts = st.lists(st.builds(Receipt, st.dates(date(2026, 1, 1), DAY), quantities, prices), max_size=8)
transits = st.lists(st.builds(Transit, quantities, prices), max_size=4)
shares = st.decimals(0, 1, places=4)


@given(receipts, transits, quantities, prices, shares, st.integers(0, 200), st.booleans())
def test_every_unit_on_hand_is_in_one_layer_or_unmatched(
    received: list[Receipt],
    coming: list[Transit],
    on_hand: int,
    new_price: D,
    share: D,
    days: int,
    included: bool,
) -> None:
    stock = StockAtDrop(DAY, new_price, on_hand, received, coming)
    found = compensation(stock, ProtectionTerms(days, share, in_transit_included=included))
    held = [layer for layer in found.layers if layer.day is not None]
    assert sum(layer.qty for layer in held) + found.unmatched == on_hand
    assert found.unmatched == max(0, on_hand - sum(one.qty for one in received))
    assert [layer.day for layer in held] == sorted((layer.day for layer in held if layer.day), reverse=True)
    assert sum(layer.qty for layer in found.layers if layer.day is None) == included * sum(
        one.qty for one in coming
    )
    assert found.amount == sum(layer.credit for layer in found.layers)
    for layer in found.layers:
        assert layer.qty > 0
        paid = layer.reason in ("eligible", "in_transit")
        assert layer.credit == (cents(layer.qty * (layer.price - new_price) * share) if paid else 0)


@given(receipts, transits, quantities, prices, prices, shares)
def test_a_lower_price_never_pays_less_and_the_cap_never_more(
    received: list[Receipt], coming: list[Transit], on_hand: int, first: D, second: D, share: D
) -> None:
    low, high = sorted((first, second))
    paid = [
        compensation(StockAtDrop(DAY, price, on_hand, received, coming), ProtectionTerms(60, share)).amount
        for price in (low, high)
    ]
    assert paid[0] >= paid[1] >= 0
    capped = compensation(
        StockAtDrop(DAY, low, on_hand, received, coming), ProtectionTerms(60, share, cap=D("5.00"))
    )
    assert capped.amount == min(paid[0], D("5.00"))


@given(receipts, quantities, prices, prices)
def test_two_drops_in_a_row_pay_what_one_drop_would(
    received: list[Receipt], on_hand: int, first: D, second: D
) -> None:
    terms = ProtectionTerms(10**4)
    low, high = sorted((first, second))
    after = [Receipt(one.day, one.qty, min(one.price, high)) for one in received]
    steps = (
        compensation(StockAtDrop(DAY, high, on_hand, received), terms).amount
        + compensation(StockAtDrop(DAY, low, on_hand, after), terms).amount
    )
    at_once = compensation(StockAtDrop(DAY, low, on_hand, received), terms).amount
    assert abs(steps - at_once) <= D("0.01") * len(received)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"effective": None}, ("missing", "effective")),
        ({"effective": "soon"}, ("not_a_date", "effective")),
        ({"lookback_days": -1}, ("negative", "lookback_days")),
        ({"lookback_days": "1.5"}, ("not_whole", "lookback_days")),
        ({"new_price": "-1"}, ("negative", "new_price")),
        ({"price_share": "1.1"}, ("out_of_range", "price_share")),
        ({"on_hand": -1}, ("negative", "on_hand")),
        ({"on_hand": None}, ("missing", "on_hand")),
        ({"receipts": None}, ("missing", "receipts")),
        ({"cap": "-1"}, ("negative", "cap")),
        ({"in_transit": [{"qty": 1}]}, ("missing", "in_transit[0].price")),
        ({"in_transit_included": "yes"}, ("not_a_boolean", "in_transit_included")),
        (
            {"receipts": [*RECEIPTS, {"date": "2026-06-02", "qty": 1, "price": "1"}]},
            ("too_late", "receipts[3].date"),
        ),
        ({"receipts": [{"date": "2026-06-01", "qty": -1, "price": "1"}]}, ("negative", "receipts[0].qty")),
        ({"prices": []}, ("unknown_key", "prices")),
    ],
)
def test_a_case_that_makes_no_sense_is_refused(changed: dict[str, Any], expected: tuple[str, str]) -> None:
    found, ok = answer_all("price-drop", case(**changed))
    assert not ok
    assert isinstance(found, dict)
    assert (found["error"], found["field"]) == expected
