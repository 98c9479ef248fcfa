"""An order, a quote and a sheet respect the stage of a product and the portfolios of a channel."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Message
from assortment.models import ChannelPortfolio, Trial, TrialParty
from catalogue.models import Portfolio, PortfolioProduct, Product, StageChange
from catalogue.operations.life_cycle import WrongStage, move_stage
from catalogue.operations.products import BadProduct, edit_product
from dealers.models import Party
from jobs.models import OutboxMessage
from ordering.domain.quick_order.cart_lines import CartLine
from ordering.notifications.products import stage_moved
from ordering.operations.placing import ProductUnavailable
from ordering.queries.quick_order.sheet import price_sheet
from pricing.queries import quote_for
from tests.factories import a_channel, an_actor
from tests.ordering.trade import AT, a_trade
from tests.people import a_membership

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


@pytest.fixture
def trade(in_acme):
    return a_trade()


@pytest.fixture
def director(trade):
    return an_actor(trade.seller)


def _stage(trade, stage, **more):
    Product.objects.filter(sku="A").update(stage=stage, **more)


def _refused(trade) -> Any:
    with pytest.raises(ProductUnavailable) as refused:
        trade.place(("B", 1), ("A", 2))
    return refused.value


@pytest.mark.parametrize(
    ("stage", "reason"),
    [("development", "development"), ("trial", "not_on_trial"), ("ended", "ended")],
)
def test_an_order_of_a_product_that_is_not_for_sale_names_the_line_and_the_reason(trade, stage, reason):
    _stage(trade, stage)
    refusal = _refused(trade)
    assert refusal.field == "lines[1].sku"
    assert [(one["sku"], one["reason"]) for one in refusal.details["lines"]] == [("A", reason)]


def test_the_successor_is_the_way_out(trade):
    _stage(trade, "ended", successor=trade.products[1])
    refusal = _refused(trade)
    assert refusal.details["lines"][0]["successor"] == "B"
    assert "B" in refusal.message


def test_a_party_on_an_open_trial_orders_the_product(trade):
    _stage(trade, "trial")
    trial = Trial.objects.create(
        product=trade.products[0],
        purpose="?",
        starts_on=DAY,
        until=DAY + timedelta(days=30),
        opened_at=AT,
        opened_by="x",
    )
    _refused(trade)
    TrialParty.objects.create(trial=trial, party=trade.buyer)
    assert trade.place(("A", 2)).total
    Trial.objects.update(verdict="drop")
    _refused(trade)


def test_a_product_being_phased_out_is_sold_from_stock_only(trade):
    _stage(trade, "ending")
    assert trade.place(("A", 2)).total
    Party.objects.filter(id=trade.seller.id).update(tracks_stock=False)
    assert _refused(trade).details["lines"][0]["reason"] == "phased_out"


def test_a_channel_with_a_portfolio_orders_only_its_products(trade):
    trade.buyer.channel = a_channel("hotel")
    trade.buyer.save()
    portfolio = Portfolio.objects.create(code="P", name="P")
    PortfolioProduct.objects.create(portfolio=portfolio, product=trade.products[1])
    assert trade.place(("A", 1)).total
    ChannelPortfolio.objects.create(portfolio=portfolio, channel=trade.buyer.channel)
    assert _refused(trade).details["lines"][0]["reason"] == "not_listed"
    Portfolio.objects.update(until=DAY)
    assert trade.place(("A", 1)).total


def test_quote_and_sheet_say_it(trade):
    _stage(trade, "ended")
    both = [("A", 2), ("B", 1)]
    priced = quote_for(seller_id=trade.seller.id, buyer_id=trade.buyer.id, lines=both, on=DAY)
    assert list(priced.unavailable) == ["A"]
    lines = [CartLine(*one) for one in both]
    sheet = price_sheet(seller_id=trade.seller.id, buyer_id=trade.buyer.id, lines=lines, on=DAY)
    assert [row.state for row in sheet.rows] == ["unavailable", "ok"]
    assert sheet.to_send == [("B", 1)]


def test_a_move_is_stored_with_its_reason_and_announced(trade, director):
    product = trade.products[0]
    move_stage(
        product_id=product.id, stage="ending", successor_sku="B", reason="new bottle", by=director, at=AT
    )
    change = StageChange.objects.get()
    assert (change.old, change.new, change.successor, change.reason) == (
        "active",
        "ending",
        trade.products[1],
        "new bottle",
    )
    assert OutboxMessage.objects.filter(topic="catalogue.stage_moved").count() == 1
    move_stage(product_id=product.id, stage="ending", successor_sku="B", reason="x", by=director, at=AT)
    assert StageChange.objects.count() == 1


def test_the_buyers_of_the_last_90_days_are_notified(trade, director):
    a_membership(trade.buyer, "owner")
    trade.place(("A", 2))
    move_stage(
        product_id=trade.products[0].id, stage="ending", successor_sku="B", reason="r", by=director, at=AT
    )
    body = {"change_id": str(StageChange.objects.get().id)}
    stage_moved(body, AT)
    stage_moved(body, AT)
    message = Message.objects.get()
    assert message.params["successor"].startswith("B ")


@pytest.mark.parametrize(
    ("stage", "more", "error", "field"),
    [
        ("trial", {}, WrongStage, "stage"),
        ("sold", {}, BadProduct, "stage"),
        ("ending", {}, BadProduct, "reason"),
        ("ending", {"reason": "x" * 301}, BadProduct, "reason"),
        ("ending", {"reason": "x", "successor_sku": "A"}, BadProduct, "successor"),
        ("ending", {"reason": "x", "successor_sku": "nothing"}, BadProduct, "successor"),
        ("active", {"reason": "x", "successor_sku": "B"}, BadProduct, "successor"),
    ],
)
def test_a_wrong_move_changes_nothing(trade, director, stage, more, error, field):
    with pytest.raises(error) as refused, transaction.atomic():
        move_stage(product_id=trade.products[0].id, stage=stage, by=director, at=AT, **more)
    assert refused.value.field == field
    assert not StageChange.objects.exists()


def test_an_ended_product_succeeds_nothing(trade, director):
    Product.objects.filter(sku="B").update(stage="ended")
    with pytest.raises(BadProduct):
        move_stage(
            product_id=trade.products[0].id, stage="ending", successor_sku="B", reason="x", by=director, at=AT
        )


def test_an_edit_does_not_move_a_product(director):
    product = Product.objects.get(sku="A")
    product.stage = "ended"
    with pytest.raises(BadProduct):
        edit_product(product=product, by=director, at=AT)
