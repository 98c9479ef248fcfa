"""A price set by hand: who may, what it meets, where it is stored, and that an order keeps its price."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from accounts.rights import NotAllowed
from audit.models import AuditEntry
from ordering.domain.quick_order.cart_lines import CartLine
from ordering.models import Cart, ManualPrice
from ordering.operations.carts import open_cart, save_cart
from ordering.operations.confirming import confirm_order
from ordering.operations.delivering import deliver
from ordering.operations.drafts import place_draft
from ordering.operations.manual_prices import (
    BadManualPrice,
    clear_line_price,
    price_override,
    set_line_price,
)
from ordering.operations.placing import PriceBlocked, SourceTaken
from ordering.operations.returns import take_back
from ordering.operations.shipping import Part, ship
from ordering.queries.orders import order_facts
from ordering.queries.quick_order.drafts import cart_lines
from ordering.queries.quick_order.sheet import price_sheet
from pricing.models import Limit, PriceList
from tests.factories import a_price_list, a_scheme, an_actor
from tests.ordering.trade import AT, LATER, ME, a_stocked_trade, a_trade, all_holds
from tests.refusing import refused

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


@pytest.fixture
def trade(in_acme):
    return a_trade()


@pytest.fixture
def director(trade):
    return an_actor(trade.seller, "director")


def by_hand(trade, director, price="4.50", **given):
    values = {"per": 1, "reason": "new outlet", "by": director, "at": AT} | given
    return price_override(seller_id=trade.seller.id, price=Decimal(price), **values)


def a_draft(trade, director, *lines):
    return open_cart(
        seller_id=trade.seller.id,
        buyer_id=trade.buyer.id,
        by=director,
        at=AT,
        lines=lines or [CartLine("A", 10), CartLine("B", 3)],
    )


def placed_from(cart, trade, by):
    sheet = price_sheet(seller_id=trade.seller.id, buyer_id=trade.buyer.id, lines=cart_lines(cart), on=DAY)
    parties = {"seller_id": trade.seller.id, "buyer_id": trade.buyer.id}
    return place_draft(cart=cart, sheet=sheet, source="web:1", reference="", by=by, at=AT, **parties)


def test_a_manual_price_is_stored_on_the_line_and_in_the_report(trade, director):
    a_scheme(trade.seller, "order_amount", {"steps": [{"from": "1", "percent_off": "0.1"}]}, code="OFF")
    order = trade.place(by=director, overrides={"A": by_hand(trade, director)})
    line, other = order.lines
    assert (line.unit_price, line.amount, line.discount) == (Decimal("4.50"), Decimal("45.00"), 0)
    assert other.discount > 0
    stored = order_facts(order.id).lines[0]
    assert stored.why["manual"]["reason"] == "new outlet"
    assert (Decimal(stored.why["list"]["price"]), stored.price_list) == (5, "")
    row = ManualPrice.objects.get()
    assert (row.list_price, row.price, row.difference, row.qty) == (5, Decimal("4.5"), Decimal("-5.00"), 10)
    assert (row.reason, row.set_by_name) == ("new outlet", director.label)
    assert AuditEntry.objects.filter(action="order.override_price", target_id=str(order.id)).exists()


def test_only_the_sellers_people_with_the_right_set_a_price(trade, director):
    for actor in (an_actor(trade.seller, "sales_rep"), an_actor(trade.buyer, "owner")):
        with pytest.raises(NotAllowed):
            by_hand(trade, actor)
    owner = an_actor(trade.buyer, "owner")
    mine = price_override(seller_id=trade.buyer.id, price=Decimal(1), per=1, reason="x", by=owner, at=AT)
    assert mine.reason == "x"
    with pytest.raises(NotAllowed):
        price_override(seller_id=trade.buyer.id, price=Decimal(1), per=1, reason="x", by=director, at=AT)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"price": "-1"}, "price"),
        ({"price": "1.00001"}, "price"),
        ({"price": "10000000000"}, "price"),
        ({"per": 0}, "per"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 301}, "reason"),
    ],
)
def test_a_senseless_price_is_refused(trade, director, given, field):
    with pytest.raises(BadManualPrice) as wrong:
        by_hand(trade, director, **given)
    assert wrong.value.field == field


def test_it_meets_the_limits(trade, director):
    product = trade.products[0]
    limit = Limit.objects.create(
        seller=trade.seller, product=product, clause="4.2", floor="4.80", action="review"
    )
    assert trade.place(by=director, overrides={"A": by_hand(trade, director)}).state == "review"
    limit.action = "block"
    limit.save()
    with pytest.raises(PriceBlocked):
        trade.place(by=director, overrides={"A": by_hand(trade, director)})
    assert ManualPrice.objects.count() == 1


def test_it_survives_changes_of_the_draft_and_is_placed_by_the_buyer(trade, director):
    cart = a_draft(trade, director)
    cart = set_line_price(
        cart_id=cart.id,
        version=1,
        sku="A",
        price=Decimal("4.5"),
        per=1,
        reason="deal",
        by=director,
        at=AT,
    )
    lines = [line._replace(qty=20) if line.sku == "A" else line for line in cart_lines(cart)]
    buyer = an_actor(trade.buyer, "owner")
    cart = save_cart(cart_id=cart.id, version=2, lines=lines, by=buyer, at=AT)
    order = placed_from(cart, trade, buyer)
    assert order.lines[0].amount == Decimal("90.00")
    assert ManualPrice.objects.get().set_by_name == director.label
    assert not Cart.objects.exists()


def test_it_is_withdrawn_and_an_older_version_of_the_draft_is_refused(trade, director):
    cart = a_draft(trade, director)
    given = {"cart_id": cart.id, "sku": "A", "by": director, "at": AT}
    set_line_price(**given, version=1, price=Decimal(4), per=1, reason="x")
    with refused("conflict", "version"):
        clear_line_price(**given, version=1)
    with refused("bad_manual_price", "sku"):
        clear_line_price(**given | {"sku": "NONE"}, version=2)
    with refused("not_allowed", "price"):
        clear_line_price(**given | {"by": an_actor(trade.buyer, "owner")}, version=2)
    cart = clear_line_price(**given, version=2)
    assert [line.override for line in cart_lines(cart)] == [None, None]
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {
        "order.override_price",
        "order.clear_price",
    }


def test_a_repeated_order_compares_the_manual_prices(trade, director):
    price = by_hand(trade, director)
    first = trade.place(by=director, source="S1", overrides={"A": price})
    again = trade.place(by=director, source="S1", overrides={"A": replace(price, reason="other words")})
    assert (again.id, again.replayed) == (first.id, True)
    with pytest.raises(SourceTaken):
        trade.place(by=director, source="S1")
    with pytest.raises(SourceTaken):
        trade.place(by=director, source="S1", overrides={"A": by_hand(trade, director, "4.40")})


def test_a_placed_order_keeps_its_price_through_shipment_and_return(in_acme):
    trade = a_stocked_trade()
    director = an_actor(trade.seller, "director")
    order = trade.place(by=director, overrides={"B": by_hand(trade, director, "9.99")})
    PriceList.objects.update(state="withdrawn")
    a_price_list(trade.seller, dict.fromkeys(trade.products, "7.77"))
    confirm_order(order_id=order.id, by=ME, at=AT)
    for lines in ([Part(1, 4)], None):
        shipment = ship(order_id=order.id, by=ME, at=AT, lines=lines)
        deliver(shipment_id=shipment.id, signed_by="王", by=ME, at=LATER)
    after = order_facts(order.id)
    assert [line.unit_price for line in after.lines] == [Decimal("5.0000"), Decimal("9.9900")]
    assert sum(one.amount for one in after.shipments) == order.total == Decimal("79.97")
    back = take_back(order_id=order.id, lines=[(1, 10), (2, 3)], by=ME, at=LATER, reason="x")
    assert back.credit == order.total
    all_holds()


def test_a_window_ends_at_midnight_of_the_tenants_zone(in_acme):
    trade = a_trade()
    PriceList.objects.update(until=date(2026, 7, 1))
    a_price_list(trade.seller, dict.fromkeys(trade.products, "6.00"), starts_on=date(2026, 7, 1))
    midnight = datetime(2026, 7, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    before = trade.place(("A", 1), at=midnight - timedelta(microseconds=1))
    after = trade.place(("A", 1), at=midnight)
    assert (before.lines[0].unit_price, after.lines[0].unit_price) == (5, 6)
    assert (before.placed_on, after.placed_on) == (date(2026, 6, 30), date(2026, 7, 1))
