"""Which schemes meet, and the worked examples of each kind."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from kernel.periods import Period
from pricing.domain.free_goods import FreeGoodsRule
from pricing.domain.scheme_conflicts import meetings
from pricing.domain.schemes import (
    Bundle,
    BundleItem,
    FreeGoods,
    OrderAmount,
    SpecialPrice,
    Step,
    StepScheme,
)
from pricing.domain.worked_example import MAX_EXAMPLE_UNITS, Priced, worked_examples

JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
SPECIAL = SpecialPrice(code="S", price=D(1), skus=frozenset("AB"), period=JUNE, group="g")
STEPS = (Step(D(100), percent_off=D("0.02")), Step(D(300), percent_off=D("0.05")))


@pytest.mark.parametrize(
    ("changes", "met"),
    [
        ({}, [("excludes", frozenset("AB"))]),
        ({"group": None}, [("stacks", frozenset("AB"))]),
        ({"skus": frozenset("BC")}, [("excludes", frozenset("B"))]),
        ({"skus": frozenset("C")}, []),
        ({"skus": None}, [("excludes", frozenset("AB"))]),
        ({"period": Period(date(2026, 7, 1), None)}, []),
        ({"period": Period(None, date(2026, 6, 1))}, []),
        ({"period": Period(None, None)}, [("excludes", frozenset("AB"))]),
    ],
)
def test_schemes_meet_on_shared_products_and_days(changes, met):
    other = replace(SPECIAL, code="T", **changes)
    assert [(one.effect, one.skus) for one in meetings(SPECIAL, [other])] == met


def test_schemes_of_all_goods_meet_and_another_kind_stacks_after_the_excluding_ones():
    everything = OrderAmount(code="A", steps=STEPS, group="g")
    found = meetings(SPECIAL, [everything, replace(SPECIAL, code="T")])
    assert [(one.other.code, one.effect) for one in found] == [("T", "excludes"), ("A", "stacks")]
    (both,) = meetings(everything, [replace(everything, code="B")])
    assert both.skus is None


PRICES = {"A": Priced(D(96), 24), "B": Priced(D(5))}


@pytest.mark.parametrize(
    ("scheme", "totals"),
    [
        (SpecialPrice(code="S", price=D(48), skus=frozenset("A")), ["20.00"]),
        (StepScheme(code="S", steps=STEPS), ["98.00", "285.00"]),
        (StepScheme(code="S", steps=STEPS, by_quantity=True, skus=frozenset("B")), ["490.00", "1425.00"]),
        (Bundle(code="S", items=(BundleItem("A", 1), BundleItem("B", 1)), price=D(8)), ["16.00"]),
        (FreeGoods(code="S", rule=FreeGoodsRule(8, 1), skus=frozenset()), ["64.00"]),
        (FreeGoods(code="S", rule=FreeGoodsRule(8, 1), gift_sku="Z"), ["64.00"]),
    ],
)
def test_an_example_of_each_kind_is_priced_by_the_quote(scheme, totals):
    if isinstance(scheme, Bundle):
        scheme = replace(scheme, skus=frozenset("AB"))
    assert [str(found.total) for found in worked_examples(scheme, PRICES, "A")][: len(totals)] == totals


def test_an_example_stays_small_and_needs_no_price():
    huge = StepScheme(code="S", steps=(Step(D(10) ** 9, amount_off=D(1)),))
    (found,) = worked_examples(huge, {"A": Priced(D("0.01"))}, "A")
    assert found.lines[0].qty == MAX_EXAMPLE_UNITS
    (free,) = worked_examples(huge, {"A": Priced(D(0))}, "A")
    assert free.lines[0].qty == 1
    (unknown,) = worked_examples(SPECIAL, {}, "Z")
    assert (unknown.lines[0].sku, unknown.total) == ("A", D("10.00"))
