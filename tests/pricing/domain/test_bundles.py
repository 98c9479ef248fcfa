"""Bundles: complete sets at one price, shared over their lines; budgets in a quote."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.cases import InvalidCase
from pricing.domain import quote_case
from pricing.domain.audience import EVERYONE, Buyer
from pricing.domain.base_price import PriceEntry, PriceList
from pricing.domain.quote import Line, QuoteRequest, quote
from pricing.domain.schemes import Allowance, Bundle, BundleItem
from tests.pricing.domain.test_schemes import codes, free, outcome, quoted, special, step


def bundle(code, price, *items, **more):
    rows = [{"sku": sku, "qty": qty} for sku, qty in items]
    return {"code": code, "kind": "bundle", "price": price, "items": rows, **more}


def test_complete_sets_cost_their_price_shared_in_proportion():
    told = quoted({"A": 5, "B": 2}, bundle("P", "30", ("A", 2), ("B", 1)))
    # Two sets: 4 A for 40 and 2 B for 40 become 60; the fifth A stays at 10.
    assert [line["discount"] for line in told["lines"]] == ["10.00", "10.00"]
    assert (told["total"], outcome(told, "P")["worth"]) == ("70.00", "20.00")
    assert codes(told) == [["P"], ["P"]]


@pytest.mark.parametrize(
    ("lines", "price", "reason"),
    [
        ({"A": 1, "B": 1}, "30", "incomplete_set"),
        ({"A": 9}, "30", "incomplete_set"),
        ({"A": 2, "B": 1}, "40", "not_lower"),
        ({"C": 1}, "30", "covers_nothing"),
    ],
)
def test_without_a_complete_set_or_a_lower_price_it_does_nothing(lines, price, reason):
    told = quoted(lines, bundle("P", price, ("A", 2), ("B", 1)))
    assert (told["discount"], outcome(told, "P")["reason"]) == ("0.00", reason)


def test_a_unit_is_in_one_set_only():
    told = quoted(
        {"A": 3, "B": 1, "C": 1},
        bundle("P1", "20", ("A", 2), ("B", 1)),
        bundle("P2", "1", ("A", 2), ("C", 1)),
    )
    assert [outcome(told, code)["reason"] for code in ("P1", "P2")] == ["applied", "incomplete_set"]


def test_it_comes_after_special_prices_and_before_steps():
    told = quoted(
        {"A": 2, "B": 1},
        step("K", ("1", "10%")),
        bundle("P", "20", ("A", 2), ("B", 1)),
        special("T", "5", skus=["A"]),
        free("F", 2, 1, skus=["A"]),
    )
    assert codes(told) == [["T", "P", "K", "F"], ["P", "K"]]
    assert told["total"] == "18.00"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"items": []}, "schemes[0].items"),
        ({"items": [{"sku": "A", "qty": 0}]}, "schemes[0].items[0].qty"),
        ({"items": [{"sku": "A", "qty": 1}, {"sku": "A", "qty": 1}]}, "schemes[0].items[1].sku"),
        ({"items": [{"sku": "A", "qty": 1}], "skus": ["A"]}, "schemes[0].skus"),
    ],
)
def test_bad_bundles_are_refused_with_their_path(given, field):
    case = {"on": "2026-06-01", "buyer": {"id": "D"}, "price_lists": [], "lines": []}
    with pytest.raises(InvalidCase) as wrong:
        quote_case.read(case | {"schemes": [{"code": "P", "kind": "bundle", "price": "1"} | given]})
    assert wrong.value.field == field


def test_what_the_next_set_needs():
    made = Bundle(code="P", items=(BundleItem("A", 2), BundleItem("B", 1)), price=D(1))
    assert made.missing({"A": 3}) == (BundleItem("B", 1),)
    assert made.missing({"A": 2, "B": 1}) == (BundleItem("A", 2), BundleItem("B", 1))


ITEMS = st.dictionaries(st.sampled_from("ABC"), st.integers(1, 5), min_size=1)


def a_request(lines, prices, *schemes):
    entries = [PriceEntry(sku, price, 6) for sku, price in zip("ABC", prices, strict=True)]
    lists = [PriceList(code="L", audience=EVERYONE, entries=entries)]
    wanted = [Line(sku, qty) for sku, qty in lines.items()]
    return QuoteRequest(date(2026, 6, 1), Buyer("D"), lists, wanted, list(schemes))


PRICES = st.tuples(*[st.decimals("0", "99", places=4)] * 3)


@settings(max_examples=150, deadline=None)
@given(
    lines=st.dictionaries(st.sampled_from("ABC"), st.integers(1, 40), min_size=1),
    prices=PRICES,
    sets=st.lists(st.tuples(ITEMS, st.decimals("0", "500", places=2)), min_size=1, max_size=3),
)
def test_shares_sum_to_the_discount_and_no_line_is_negative(lines, prices, sets):
    schemes = [
        Bundle(
            code=f"P{i}",
            items=tuple(BundleItem(sku, qty) for sku, qty in items.items()),
            price=price,
            skus=frozenset(items),
        )
        for i, (items, price) in enumerate(sets)
    ]
    found = quote(a_request(lines, prices, *schemes))
    assert all(line.amount >= 0 for line in found.lines)
    assert all(sum(line.saved) == line.discount for line in found.lines)
    assert found.subtotal - found.discount == found.total
    for one in found.schemes:
        saved = sum(
            dict(zip(line.schemes, line.saved, strict=True)).get(one.code, D(0)) for line in found.lines
        )
        assert saved == (one.worth if one.applied else 0)


@pytest.mark.parametrize(
    ("allowance", "reason"),
    [
        (Allowance(), "applied"),
        (Allowance(money=D("9.99")), "budget_exhausted"),
        (Allowance(units=1), "budget_exhausted"),
        (Allowance(money=D(10), units=2, buyer_units=1), "buyer_limit"),
        (Allowance(buyer_money=D("9.99")), "buyer_limit"),
        (Allowance(money=D(10), units=2, buyer_money=D(10), buyer_units=2), "applied"),
    ],
)
def test_a_scheme_applies_within_its_allowance_or_not_at_all(allowance, reason):
    made = Bundle(code="P", items=(BundleItem("A", 1),), price=D(1), skus=frozenset("A"), allowance=allowance)
    found = quote(a_request({"A": 2}, (D(36), D(1), D(1)), made))
    assert [one.reason for one in found.schemes] == [reason]
    assert found.discount == (D(10) if reason == "applied" else 0)


def test_an_exhausted_scheme_leaves_its_group_to_the_next():
    best = Bundle(code="P", items=(BundleItem("A", 1),), price=D(1), skus=frozenset("A"), group="g")
    next_best = replace(best, code="Q", price=D(2))
    found = quote(
        a_request({"A": 2}, (D(36), D(1), D(1)), replace(best, allowance=Allowance(units=1)), next_best)
    )
    assert {one.code: one.reason for one in found.schemes} == {"P": "budget_exhausted", "Q": "applied"}
