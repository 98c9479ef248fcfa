"""A price set by hand replaces the price of the lists, takes no schemes and meets the limits."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.domain.audience import EVERYONE, Buyer
from pricing.domain.base_price import PriceEntry, PriceList
from pricing.domain.free_goods import FreeGoodsRule
from pricing.domain.limits import Limit
from pricing.domain.manual_price import ManualPrice, price_for_units
from pricing.domain.quote import Line, QuoteRequest, quote, scheme_outcomes
from pricing.domain.schemes import FreeGoods, OrderAmount, SpecialPrice, Step, StepScheme

ON = date(2026, 6, 1)
LISTS = [PriceList("L", EVERYONE, [PriceEntry("A", Decimal("10")), PriceEntry("B", Decimal("5"))])]
HALF = (Step(Decimal(1), percent_off=Decimal("0.5")),)
SCHEMES = (
    SpecialPrice(code="SP", price=Decimal("1")),
    StepScheme(code="ST", steps=HALF),
    OrderAmount(code="OA", steps=HALF),
    FreeGoods(code="FG", rule=FreeGoodsRule(2, 1, "unit")),
)


def priced(*lines, schemes=(), limits=(), lists=LISTS):
    return quote(QuoteRequest(ON, Buyer("D"), lists, lines, schemes, limits))


def test_it_replaces_the_base_price_and_takes_no_schemes():
    found = priced(Line("A", 10, ManualPrice(Decimal("96"), 12)), Line("B", 10), schemes=SCHEMES)
    manual, other = found.lines
    assert (manual.base_price, manual.unit_price, manual.per) == (96, 96, 12)
    assert (manual.amount, manual.discount, manual.free_qty, manual.schemes) == (Decimal("80.00"), 0, 0, ())
    assert manual.replaced is not None
    assert (manual.replaced.entry.price, manual.price_list) == (10, "")
    assert other.schemes == ("SP", "ST", "OA", "FG")
    assert found.subtotal == Decimal("90.00")
    assert found.total == manual.amount + other.amount


def test_it_counts_for_no_threshold_of_a_scheme():
    steps = (Step(Decimal(100), percent_off=Decimal("0.1")),)
    scheme = OrderAmount(code="OA", steps=steps)
    line = Line("A", 50, ManualPrice(Decimal(9)))
    assert priced(line, Line("B", 1), schemes=[scheme]).discount == 0
    request = QuoteRequest(ON, Buyer("D"), LISTS, [line], [scheme])
    assert not scheme_outcomes(request)[0].applied


def test_it_is_a_price_also_where_the_lists_have_none():
    (line,) = priced(Line("A", 3, ManualPrice(Decimal("2.5"))), lists=()).lines
    assert (line.is_priced, line.replaced, line.amount) == (True, None, Decimal("7.50"))


@pytest.mark.parametrize(("price", "verdict"), [("9", "ok"), ("8.9999", "review"), ("5", "block")])
def test_it_meets_the_limits(price, verdict):
    limits = [
        Limit("A", "review", "§1", floor=Decimal(9)),
        Limit("A", "block", "§2", floor=Decimal(6)),
        Limit("A", "advise", "§3", floor=Decimal(20)),
    ]
    found = priced(Line("A", 100, ManualPrice(Decimal(price))), limits=limits)
    if verdict == "ok":
        assert (found.verdict, found.lines[0].deciding_clauses) == ("advise", ("§3",))
    else:
        assert found.verdict == verdict
    deciding = {"ok": ("§3",), "review": ("§1",), "block": ("§2",)}[verdict]
    assert found.lines[0].deciding_clauses == deciding
    assert "§3" in found.lines[0].clauses


def test_free_units_of_its_sku_that_another_line_earns_lower_its_net_price():
    gift = FreeGoods(code="G", rule=FreeGoodsRule(2, 1, "unit"), gift_sku="A", skus=frozenset({"B"}))
    found = priced(Line("A", 4, ManualPrice(Decimal(10))), Line("B", 2), schemes=[gift])
    assert found.lines[0].net_unit_price == Decimal("8.0000")


@given(
    price=st.decimals(0, 10_000, places=4),
    per=st.integers(1, 48),
    qty=st.integers(1, 1_000_000),
)
def test_its_amount_is_rounded_once_and_never_negative(price, per, qty):
    (line,) = priced(Line("A", qty, ManualPrice(price, per)), schemes=SCHEMES).lines
    assert line.amount >= 0
    assert abs(line.amount - price * qty / per) <= Decimal("0.005")


def test_a_price_of_four_places_times_a_large_quantity_is_exact():
    lists = [PriceList("L", EVERYONE, [PriceEntry("A", Decimal("1234567.8901"))])]
    (line,) = priced(Line("A", 999_999_999), lists=lists).lines
    assert line.amount == Decimal("1234567888865432.11")
    (line,) = priced(Line("A", 99_999_999, ManualPrice(Decimal("0.0001"))), lists=lists).lines
    assert (line.amount, line.net_unit_price) == (Decimal("10000.00"), Decimal("0.0001"))


def test_a_price_for_other_units_has_four_places():
    assert price_for_units(Decimal("100"), 24, 1) == Decimal("4.1667")
    assert price_for_units(Decimal("4.1667"), 1, 24) == Decimal("100.0008")
