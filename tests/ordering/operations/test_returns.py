from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.rights import Actor, NotAllowed
from kernel.money import taxed
from ledger.models import OpenItem
from ordering.models import OrderLine
from ordering.operations.return_posting import NothingReturned
from ordering.operations.returns import MoreThanDelivered, ReturnPart, returned_lines, take_back
from ordering.operations.returns_without_order import take_back_without_order
from ordering.queries.orders import order_facts
from pricing.domain.free_goods import FreeGoodsRule, return_credits
from pricing.domain.free_goods import Return as GoodsBack
from tenancy.models import new_id
from tests.factories import a_scheme
from tests.ordering.trade import AT, LATER, ME, a_stocked_trade, all_holds, balance, delivered


def test_a_full_return_nets_to_nothing(in_acme):
    trade = a_stocked_trade()
    order = delivered(trade, ("A", 7), ("B", 3))
    for lines in ([(1, 3)], [(1, 4), (2, 1)], [(2, 2)]):
        take_back(order_id=order.id, lines=lines, by=ME, at=LATER)
    assert (balance("receivable"), balance("sales"), balance("tax")) == (0, 0, 0)
    assert trade.stock("A").on_hand == 100
    assert {line.credited for line in order_facts(order.id).lines} == {
        line.posted for line in order_facts(order.id).lines
    }
    all_holds()


def test_free_units_come_back_or_are_charged(in_acme):
    trade = a_stocked_trade()
    a_scheme(trade.seller, "free_goods", {"skus": ["A"], "buy": 8, "free": 1, "mode": "unit"})
    order = delivered(trade, ("A", 16))
    kept = take_back(order_id=order.id, lines=[(1, 8, 0)], by=ME, at=LATER)
    assert (kept.credit, kept.lines[0].charged_free) == (Decimal("35.00"), 1)
    back = take_back(order_id=order.id, lines=[(1, 8, 1)], by=ME, at=LATER)
    assert back.credit == Decimal("40.00")
    all_holds()


def test_charged_free_units_come_back_as_paid_ones(in_acme):
    trade = a_stocked_trade(prices={"A": "10"})
    a_scheme(trade.seller, "free_goods", {"skus": ["A"], "buy": 8, "free": 1, "mode": "unit"})
    order = delivered(trade, ("A", 16))
    first = take_back(order_id=order.id, lines=[(1, 1, 0)], by=ME, at=LATER)
    assert (first.credit, first.lines[0].charged_free) == (Decimal("0.00"), 1)
    facts = order_facts(order.id)
    with pytest.raises(MoreThanDelivered) as refused:
        returned_lines(facts, [ReturnPart(1, 15, 2)])
    assert (refused.value.field, refused.value.details["held"]) == ("lines[0].free", 1)
    with pytest.raises(MoreThanDelivered) as refused:
        returned_lines(facts, [ReturnPart(1, 17, 1)])
    assert (refused.value.field, refused.value.details["held"]) == ("lines[0].qty", 16)
    rest = take_back(order_id=order.id, lines=[(1, 16, 1)], by=ME, at=LATER)
    assert first.credit + rest.credit == Decimal("160.00")
    assert (balance("receivable"), balance("sales"), balance("tax")) == (0, 0, 0)
    assert trade.stock("A").on_hand == 100
    all_holds()


def test_a_charged_gift_comes_back_as_a_paid_unit(in_acme):
    trade = a_stocked_trade()
    a_scheme(
        trade.seller, "free_goods", {"skus": ["A"], "buy": 10, "free": 1, "mode": "unit", "gift_sku": "B"}
    )
    order = delivered(trade, ("A", 10))
    kept = take_back(order_id=order.id, lines=[(1, 10)], by=ME, at=LATER)
    gift = take_back(order_id=order.id, lines=[(2, 1)], by=ME, at=LATER)
    assert kept.credit + gift.credit == Decimal("50.00")
    assert (balance("receivable"), balance("sales"), balance("tax")) == (0, 0, 0)
    all_holds()


def test_cents_that_move_between_sales_and_tax_are_posted_though_nothing_is_due(in_acme):
    trade = a_stocked_trade(prices={"A": "0.0125"})
    a_scheme(trade.seller, "free_goods", {"skus": ["A"], "buy": 1, "free": 1, "mode": "unit"})
    taken = take_back(order_id=delivered(trade, ("A", 4)).id, lines=[(1, 3)], by=ME, at=LATER)
    assert (taken.credit, taken.lines[0].net) == (0, Decimal("-0.01"))
    all_holds()


def test_what_is_charged_is_due_on_the_day_that_it_is_for_the_tenant(in_acme):
    trade = a_stocked_trade()
    a_scheme(trade.seller, "free_goods", {"skus": ["A"], "buy": 8, "free": 4, "mode": "whole"})
    night = datetime(2026, 6, 1, 17, tzinfo=UTC)  # 2 June in Shanghai
    taken = take_back(order_id=delivered(trade, ("A", 8)).id, lines=[(1, 1)], by=ME, at=night)
    assert taken.credit == Decimal("-15.00")
    assert OpenItem.objects.get(amount=15).due_on == date(2026, 6, 2)


def test_a_gift_comes_back_with_what_earned_it_or_is_charged_at_its_price(in_acme):
    trade = a_stocked_trade()
    a_scheme(
        trade.seller, "free_goods", {"skus": ["A"], "buy": 10, "free": 1, "mode": "unit", "gift_sku": "B"}
    )
    order = delivered(trade, ("A", 10))
    assert take_back(order_id=order.id, lines=[(1, 10)], by=ME, at=LATER).credit == Decimal("39.99")
    all_holds()


def test_the_unit_price_of_what_came_back_is_rounded_half_up(in_acme):
    trade = a_stocked_trade()
    a_scheme(trade.seller, "order_amount", {"steps": [{"from": "1", "amount_off": "0.03"}]})
    taken = take_back(order_id=delivered(trade, ("A", 8)).id, lines=[(1, 1)], by=ME, at=LATER)
    assert taken.lines[0].unit_price == Decimal("4.9963")  # 39.97 for 8: 4.99625


@pytest.mark.parametrize(
    ("lines", "refusal", "field"),
    [
        ([(1, 11)], MoreThanDelivered, "lines[0].qty"),
        ([(1, 1, 1)], MoreThanDelivered, "lines[0].free"),
        ([(7, 1)], MoreThanDelivered, "lines[0].position"),
        ([(1, 0)], NothingReturned, "lines"),
    ],
)
def test_no_more_comes_back_than_was_delivered(in_acme, lines, refusal, field):
    order = delivered(a_stocked_trade())
    with pytest.raises(refusal) as refused:
        take_back(order_id=order.id, lines=lines, by=ME, at=LATER)
    assert refused.value.field == field


def test_a_return_is_taken_back_once(in_acme):
    trade = a_stocked_trade()
    order = delivered(trade)
    first = take_back(order_id=order.id, lines=[(1, 1)], by=ME, at=LATER, source="r:1")
    assert take_back(order_id=order.id, lines=[(1, 1)], by=ME, at=LATER, source="r:1").id == first.id
    assert OrderLine.objects.get(order_id=order.id, position=1).returned_qty == 1


@settings(max_examples=60, deadline=None)
@given(
    buy=st.integers(1, 9),
    free=st.integers(1, 3),
    mode=st.sampled_from(["unit", "proportional", "whole"]),
    qty=st.integers(1, 50),
    data=st.data(),
)
def test_returns_are_worth_what_the_rule_says(buy, free, mode, qty, data):
    from dataclasses import replace

    from ordering.operations.order_lines import free_earned
    from ordering.queries.orders import LineFacts, OrderFacts

    rule = FreeGoodsRule(buy, free, mode)
    grants = [{"scheme": "S", "buy": buy, "free": free, "mode": mode, "lines": [1]}]
    given_free = free_earned(grants, {1: qty})
    amount = taxed(Decimal(3) * qty, Decimal("0.13"), tax_in_price=True)
    line = LineFacts(
        new_id(),
        1,
        new_id(),
        "A",
        "A",
        qty,
        given_free,
        1,
        Decimal(3),
        Decimal(3),
        Decimal(3),
        Decimal(0),
        amount.gross,
        Decimal("0.13"),
        amount.net,
        amount.tax,
        "",
        {"grants": grants},
        delivered_qty=qty,
        delivered_free=given_free,
    )
    names = OrderFacts.__dataclass_fields__
    order = replace(OrderFacts(**dict.fromkeys(names)), lines=(line,))
    back, credits = [], []
    for _ in range(data.draw(st.integers(1, 4))):
        line = order.lines[0]
        paid = data.draw(st.integers(0, line.holding.returnable))
        units = data.draw(st.integers(0, line.holding.free))
        if not paid and not units:
            continue
        back.append(GoodsBack(paid, units))
        made = returned_lines(order, [ReturnPart(1, paid, units)])
        credits.append(sum(one.net + one.tax for one in made))
        for one in made:
            line = line._replace(
                returned_qty=line.returned_qty + one.qty,
                returned_free=line.returned_free + one.free,
                charged_free=line.charged_free + one.charged,
            )
        order = replace(order, lines=(line,))
    told = return_credits(rule, qty, given_free, Decimal(3), back)
    assert credits == [one.credit for one in told]


def test_without_an_order_staff_take_back_at_their_price(in_acme):
    trade = a_stocked_trade()
    taken = take_back_without_order(
        seller_id=trade.seller.id, buyer_id=trade.buyer.id, lines=[("A", 2, Decimal("4.50"))], by=ME, at=AT
    )
    assert (taken.credit, balance("unapplied"), trade.stock("A").on_hand) == (9, -9, 102)
    with pytest.raises(NotAllowed):
        take_back_without_order(
            seller_id=trade.seller.id,
            buyer_id=trade.buyer.id,
            lines=[("A", 2, Decimal(1))],
            by=Actor(trade.buyer.id, "dealer", "owner"),
            at=AT,
        )


def test_a_loose_return_keeps_the_books(in_acme):
    trade = a_stocked_trade()
    take_back_without_order(
        seller_id=trade.seller.id, buyer_id=trade.buyer.id, lines=[("A", 2, Decimal("4.50"))], by=ME, at=AT
    )
    all_holds()
