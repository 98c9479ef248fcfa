"""Claims of a price drop, from the published list to the computation."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from ordering.operations.delivering import deliver
from ordering.operations.returns import take_back
from pricing.models import PriceList
from rebates.models import PriceDrop, PriceDropClaim, PriceDropLayer, PriceDropLine, PriceProtectionPolicy
from rebates.operations.price_drops import computing
from rebates.operations.price_drops.computing import note_price_drop, note_published, request_due_drops
from tests.factories import a_contract, a_party, a_price_list, a_scheme
from tests.ordering.trade import Trade
from tests.rebates.price_drops import (
    APRIL,
    JUNE,
    MAY,
    SYSTEM,
    a_claim,
    a_lower_list,
    a_policy,
    a_protected_trade,
    another_buyer,
    computed,
    received,
    shipped,
    sold_down_to,
)

pytestmark = pytest.mark.django_db
State = PriceDropClaim.State


@pytest.fixture(autouse=True)
def _inside(in_acme, monkeypatch):
    monkeypatch.setattr("jobs.operations.jobs.nudge_job", lambda *ids: None)


def layers(claim):
    rows = PriceDropLayer.objects.filter(line__claim=claim).order_by("line__product__sku", "position")
    return [(one.day, one.qty, one.paid, one.price, one.reason, one.credit) for one in rows]


def test_the_newest_receipts_are_on_hand_at_what_was_paid_for_them():
    _trade, claim = a_claim()
    assert (claim.state, claim.amount, claim.unmatched, claim.unknown) == ("waiting", D("1780.00"), 0, 0)
    assert layers(claim) == [
        (date(2026, 5, 15), 150, D(98), D(98), "eligible", D("900.00")),
        (date(2026, 4, 20), 110, D(100), D(100), "eligible", D("880.00")),
    ]
    line = claim.lines.get()
    assert (line.price_before, line.price_after, line.on_hand) == (D(98), D(92), 260)
    assert claim.reply_by == date(2026, 6, 8)
    assert claim.drop.computed_at == JUNE


def test_publishing_again_or_running_again_computes_nothing_twice():
    _trade, claim = a_claim()
    assert [one.id for one in computed(claim.drop.price_list)] == [claim.id]
    assert PriceDrop.objects.count() == PriceDropClaim.objects.count() == Job.objects.count() == 1


def test_a_rise_an_equal_price_and_a_list_for_others_make_nothing():
    trade = a_protected_trade()
    received(trade, 10, MAY)
    product = trade.products[0]
    assert computed(a_lower_list(trade, {product: "101.00"})) == []
    assert computed(a_price_list(trade.seller, {product: "101.00"}, audience=("party", "D1"))) == []
    assert computed(a_price_list(trade.seller, {product: "1.00"}, audience=("party", "D2"))) == []


def test_without_a_policy_nothing_is_noted_and_a_switched_off_policy_is_none():
    trade = a_protected_trade(is_active=False)
    received(trade, 10, MAY)
    lower = a_lower_list(trade, {trade.products[0]: "90.00"})
    assert note_price_drop(published=lower, by=SYSTEM, at=JUNE) is None
    note_published({"price_list_id": str(lower.id)}, JUNE)
    PriceProtectionPolicy.objects.all().delete()
    note_published({"price_list_id": str(lower.id)}, JUNE)
    note_published({"price_list_id": str(trade.seller.id)}, JUNE)
    assert not PriceDrop.objects.exists()


def test_a_list_of_the_future_counts_the_stock_of_its_first_day():
    trade = a_protected_trade()
    received(trade, 10, MAY)
    lower = a_lower_list(trade, {trade.products[0]: "90.00"}, starts_on=date(2026, 6, 10))
    note_published({"price_list_id": str(lower.id)}, JUNE)
    assert not Job.objects.exists()
    assert request_due_drops(by=SYSTEM, at=JUNE) == []
    received(trade, 5, JUNE + timedelta(days=2))
    first_day = datetime(2026, 6, 10, 3, tzinfo=UTC)
    sold_down_to(trade, 8, first_day - timedelta(days=1))
    received(trade, 7, first_day)  # after the start of the day
    (job,) = request_due_drops(by=SYSTEM, at=first_day + timedelta(days=1))
    computing.compensate_step(job)
    (claim,) = PriceDropClaim.objects.all()
    assert [(qty, credit) for _day, qty, *_others, credit in layers(claim)] == [
        (5, D(50)),
        (3, D(30)),
        (7, D(70)),
    ][:2]
    assert request_due_drops(by=SYSTEM, at=first_day + timedelta(days=2)) == []


def test_a_list_that_was_withdrawn_before_its_first_day_makes_nothing():
    trade = a_protected_trade()
    received(trade, 10, MAY)
    lower = a_lower_list(trade, {trade.products[0]: "90.00"}, starts_on=date(2026, 6, 10))
    note_price_drop(published=lower, by=SYSTEM, at=JUNE)
    PriceList.objects.filter(id=lower.id).update(state="withdrawn")
    (job,) = request_due_drops(by=SYSTEM, at=JUNE + timedelta(days=10))
    computing.compensate_step(job)
    assert PriceDrop.objects.get().computed_at
    assert not PriceDropClaim.objects.exists()


def test_goods_in_transit_count_where_the_policy_includes_them():
    trade = a_protected_trade()
    late = shipped(trade, 50, MAY)
    deliver(shipment_id=late.id, signed_by="receiver", by=SYSTEM, at=JUNE + timedelta(hours=1))
    (claim,) = computed(a_lower_list(trade, {trade.products[0]: "92.00"}))
    assert layers(claim) == [(None, 50, D(100), D(100), "in_transit", D("400.00"))]


def test_goods_in_transit_are_left_out_where_the_policy_says_so():
    trade = a_protected_trade(in_transit_included=False)
    shipped(trade, 50, MAY)
    assert computed(a_lower_list(trade, {trade.products[0]: "92.00"})) == []


def test_what_was_sent_back_is_taken_from_the_receipt_it_came_with():
    trade = a_protected_trade()
    received(trade, 20, APRIL)
    order_id = received(trade, 30, MAY).order_id
    take_back(order_id=order_id, lines=[(1, 25)], by=SYSTEM, at=MAY + timedelta(days=1))
    sold_down_to(trade, 10, MAY + timedelta(days=2))
    (claim,) = computed(a_lower_list(trade, {trade.products[0]: "92.00"}))
    assert [(day, qty) for day, qty, *_others in layers(claim)] == [
        (date(2026, 5, 15), 5),
        (date(2026, 4, 20), 5),
    ]


def test_stock_beyond_all_receipts_is_a_question_and_no_money():
    trade = a_protected_trade()
    received(trade, 10, MAY)
    sold_down_to(trade, 25, MAY + timedelta(days=1))
    (claim,) = computed(a_lower_list(trade, {trade.products[0]: "92.00"}))
    assert (claim.amount, claim.unmatched, claim.has_open_question) == (D("80.00"), 15, True)


def test_the_policy_has_share_cap_lookback_and_a_least_amount():
    _trade, claim = a_claim(lookback_days=20, share="0.5", cap="300", min_amount="300")
    assert [reason for *_others, reason, _credit in layers(claim)] == ["eligible", "outside_lookback"]
    assert (claim.amount, claim.state) == (D("300.00"), "waiting")


def test_a_claim_of_less_than_the_least_amount_has_nothing_due():
    _trade, claim = a_claim(min_amount="1780.01")
    assert (claim.state, claim.amount) == (State.NOTHING, D("1780.00"))


def test_free_goods_lower_the_price_that_was_paid():
    trade = a_protected_trade()
    a_scheme(trade.seller, "free_goods", {"skus": ["A"], "buy": 8, "free": 1, "mode": "unit"})
    received(trade, 8, MAY)
    (claim,) = computed(a_lower_list(trade, {trade.products[0]: "80.00"}))
    assert [(qty, paid) for _day, qty, paid, *_others in layers(claim)] == [(9, D("88.8889"))]


def test_the_next_drop_starts_from_the_price_of_the_one_before():
    trade, first = a_claim()
    product = trade.products[0]
    again = a_lower_list(trade, {product: "88.00"}, starts_on=date(2026, 6, 20), code="N", priority=1)
    sold_down_to(trade, 100, JUNE + timedelta(days=5))
    (second,) = [one for one in computed(again, JUNE + timedelta(days=19)) if one.id != first.id]
    assert layers(second) == [(date(2026, 5, 15), 100, D(98), D(92), "eligible", D("400.00"))]


def test_what_was_shipped_after_a_drop_starts_from_what_was_paid():
    trade, _first = a_claim()
    received(trade, 10, JUNE + timedelta(days=2))
    again = a_lower_list(
        trade, {trade.products[0]: "88.00"}, code="N", priority=1, starts_on=date(2026, 6, 20)
    )
    (second,) = computed(again, JUNE + timedelta(days=19))
    assert layers(second)[0] == (date(2026, 6, 3), 10, D(92), D(92), "eligible", D("40.00"))


def test_two_versions_of_a_day_are_two_drops():
    trade = a_protected_trade()
    received(trade, 10, MAY)
    product, today = trade.products[0], date(2026, 6, 1)
    one = a_lower_list(trade, {product: "95.00"}, code="V", starts_on=today)
    (first,) = computed(one)
    PriceList.objects.filter(id=one.id).update(state="withdrawn", ended_on=today)
    two = a_lower_list(trade, {product: "93.00"}, code="V", starts_on=today, version=2)
    (second,) = computed(two, JUNE + timedelta(hours=2))
    assert (first.amount, second.amount) == (D("50.00"), D("20.00"))
    assert second.lines.get().price_before == D(95)


def test_a_buyer_without_figures_is_asked_for_its_stock():
    trade = a_protected_trade()
    other = another_buyer(trade, "D2")
    received(other, 10, MAY)
    (claim,) = computed(a_lower_list(trade, {trade.products[0]: "92.00"}))
    assert (claim.party.code, claim.state, claim.amount, claim.unknown) == ("D2", "waiting", D(0), 1)
    assert claim.lines.get().on_hand is None


def test_a_buyer_without_figures_whose_receipts_are_too_old_is_not_asked():
    trade = a_protected_trade(lookback_days=10)
    received(another_buyer(trade, "D2"), 10, MAY)
    assert computed(a_lower_list(trade, {trade.products[0]: "92.00"})) == []


def test_the_price_falls_for_whom_the_list_takes_in_by_contract_tag_and_quantity():
    trade = a_protected_trade()
    member = a_party("member", parent=trade.buyer, code="M1", tracks_stock=True)
    product = trade.products[0]
    a_price_list(trade.buyer, {product: "120.00"})
    a_policy(trade.buyer)
    contract = a_contract(trade.buyer, member)
    received(trade, 100, APRIL)
    sold = Trade(trade.buyer, member, trade.products)
    received(sold, 20, MAY)
    lower = a_price_list(
        trade.buyer,
        [(product, "119.00", 0), (product, "110.00", 20), (product, "90.00", 50)],
        audience=("contract", contract.code),
    )
    (claim,) = computed(lower)
    assert (claim.party.code, claim.drop.seller_id, claim.amount) == ("M1", trade.buyer.id, D("200.00"))


def test_many_buyers_and_products_take_as_many_statements_as_one(monkeypatch):
    def statements(buyers, priority):
        with CaptureQueriesContext(connection) as captured:
            claims = computed(
                a_lower_list(trade, dict(zip(trade.products, prices, strict=True)), priority=priority)
            )
        assert len(claims) == buyers
        return len(captured)

    trade = a_protected_trade()
    prices = [D("90"), D("45")]
    received(trade, 10, MAY)
    one = statements(1, 1)
    prices = [D("80"), D("40")]
    for number in range(4):
        other = another_buyer(trade, f"D{number + 2}", tracks_stock=True)
        received(other, 10, MAY)
        received(other, 10, MAY, sku="B")
    assert statements(5, 2) <= one
    monkeypatch.setattr(computing, "BUYERS_PER_STEP", 2)
    prices = [D("70"), D("30")]
    assert statements(5, 3)
    assert PriceDropLine.objects.count() == 1 + 9 + 9
