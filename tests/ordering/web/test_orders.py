"""Orders on the screen: who sees what, who may do what, and what a refused action says."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ledger.models import Book
from ledger.operations.books import open_book
from ordering.models import Order, Return, Shipment, ShipmentLine, Stock
from ordering.operations.shipping import ship
from tests.factories import a_party, a_scheme
from tests.ordering.trade import AT, ME, Trade, confirmed, delivered
from tests.scene import LONG, MOST, Scene, rows_in, said, statements, text_of

pytestmark = pytest.mark.django_db
LIST = reverse("orders")


@pytest.fixture
def scene(acme):
    return Scene(acme)


def at(name, order):
    return reverse(name, args=[order.id])


def action(order, what):
    return reverse("order-action", args=[order.id, what])


def numbers(page):
    return {row.number for row in rows_in(page)}


def stored(scene, order):
    with scene.inside():
        return Order.objects.get(id=order.id)


def test_the_list_is_narrowed_by_state_side_and_partner(scene):
    placed, ready = scene.order(Trade.place), scene.order(confirmed)
    with scene.inside():
        member = a_party("member", parent=scene.trade.buyer)
        sold = Order.objects.create(
            number="SOLD-1",
            state="placed",
            seller=scene.trade.buyer,
            buyer=member,
            placed_at=AT,
            placed_on=AT.date(),
            subtotal=1,
            discount=0,
            total=1,
            tax=0,
            due_on=AT.date(),
        )
    everything = {placed.number, ready.number, sold.number}
    assert numbers(scene.director.get(LIST)) == everything
    assert numbers(scene.director.get(f"{LIST}?state=placed")) == {placed.number, sold.number}
    assert numbers(scene.director.get(f"{LIST}?state=confirmed&state=reserved")) == {ready.number}
    assert numbers(scene.director.get(f"{LIST}?party={member.id}")) == {sold.number}
    assert numbers(scene.director.get(f"{LIST}?q={ready.number}")) == {ready.number}
    assert numbers(scene.buyer.get(f"{LIST}?side=bought")) == {placed.number, ready.number}
    assert numbers(scene.buyer.get(f"{LIST}?side=sold")) == {sold.number}
    assert numbers(scene.other.get(LIST)) == set()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("party=nothing", "partner: "),
        ("state=nothing", "state: "),
        ("placed_after=2026-13-01", "placed on: there is no day “2026-13-01”"),
        ("placed_before=01/02/2026", "placed on: “01/02/2026” has more than one meaning"),
    ],
)
def test_a_filter_that_cannot_be_read_is_named_and_no_order_is_shown(scene, query, message):
    scene.order(Trade.place)
    page = scene.director.get(f"{LIST}?{query}")
    assert numbers(page) == set()
    assert message in page.content.decode()


@pytest.mark.parametrize("day", ["2026-6-1", "2026/6/1", "2026年6月1日", "２０２６．６．１", "1 Jun 2026"])
def test_a_day_in_a_filter_is_read_as_people_write_it(scene, day):
    placed = scene.order(Trade.place)
    found = scene.director.get(LIST, {"placed_after": day, "placed_before": "2999-1-1"})
    assert numbers(found) == {placed.number}
    assert numbers(scene.director.get(LIST, {"placed_before": "2000-1-1"})) == set()


def test_the_tabs_lead_to_their_orders(scene):
    placed = scene.order(Trade.place)
    page = scene.director.get(LIST)
    tabs = {tab.label: tab.query for tab in page.context["list"].tabs}
    assert numbers(scene.director.get(f"{LIST}?{tabs['To confirm']}")) == {placed.number}
    assert numbers(scene.director.get(f"{LIST}?{tabs['To ship']}")) == set()


def test_who_may_not_see_prices_sees_none(scene):
    order = scene.order(delivered)
    with scene.inside():
        shipment = Shipment.objects.get()
    total = f"{order.total:,.2f}"
    for page in (LIST, at("order", order), reverse("shipments"), at("shipment", shipment)):
        assert total in text_of(scene.director.get(page))
        told = text_of(scene.as_("warehouse").get(page))
        assert order.number in told
        assert total not in told
        assert "10.01" not in told
        assert total in text_of(scene.buyer.get(page))


@pytest.mark.parametrize("name", ["order", "order-cancel", "order-ship", "return-new"])
def test_to_a_stranger_an_order_is_not_there(scene, name):
    order = scene.order(confirmed)
    assert scene.other.get(at(name, order)).status_code == 404
    assert scene.other.post(at(name, order)).status_code in (404, 405)


def test_seller_and_buyer_are_offered_their_own_actions(scene):
    order = scene.order(Trade.place)
    seller, buyer = (text_of(one.get(at("order", order))) for one in (scene.director, scene.buyer))
    assert "Confirm" in seller
    assert "Confirm" not in buyer
    assert "Close unshipped quantity" in buyer
    assert "Close unshipped quantity" not in text_of(scene.as_("warehouse").get(at("order", order)))


def test_the_seller_confirms_and_ships(acme):
    scene = Scene(acme, on_hand=None)
    order = scene.order(Trade.place)
    page = scene.director.post(action(order, "confirm"))
    assert (page.status_code, page.url) == (302, at("order", order))
    assert said(page) == ["The order is confirmed."]
    assert stored(scene, order).state == "confirmed"
    page = scene.as_("warehouse").post(at("order-ship", order), {"qty-1": "10", "qty-2": "3"})
    with scene.inside():
        assert page.url == at("shipment", Shipment.objects.get())
    assert stored(scene, order).state == "shipped"


@pytest.mark.parametrize("who", ["warehouse", "finance", "sales_rep"])
@pytest.mark.parametrize("what", ["confirm", "approve", "release", "reserve"])
def test_a_role_without_the_right_changes_nothing(scene, who, what):
    order = scene.order(Trade.place)
    with scene.inside():
        Order.objects.filter(id=order.id).update(
            state={"confirm": "placed", "approve": "review", "release": "held", "reserve": "confirmed"}[what]
        )
    before = stored(scene, order).state
    page = scene.as_(who).post(action(order, what))
    assert page.status_code in (302, 403, 404)
    assert stored(scene, order).state == before
    if page.status_code == 302:
        assert "may not do this" in said(page)[0]


def test_the_buyer_cannot_confirm_its_own_order(scene):
    order = scene.order(Trade.place)
    refused = scene.buyer.post(action(order, "confirm"))
    assert (refused.status_code, "for the seller of the order" in text_of(refused)) == (403, True)
    assert stored(scene, order).state == "placed"


def test_a_action_that_is_none_is_not_there(scene):
    order = scene.order(Trade.place)
    assert scene.director.post(action(order, "destroy")).status_code == 404
    assert scene.director.get(action(order, "confirm")).status_code == 405


def test_a_action_that_comes_twice_says_so_and_is_done_once(scene):
    order = scene.order(confirmed)
    page = scene.director.post(action(order, "confirm"))
    assert page.status_code == 302
    assert order.number in said(page)[0]
    assert stored(scene, order).state == "reserved"


@pytest.mark.parametrize("who", ["director", "buyer"])
def test_an_order_is_withdrawn_with_its_reason(scene, who):
    order, client = scene.order(Trade.place), getattr(scene, who)
    assert order.number in text_of(client.get(at("order-cancel", order)))
    assert client.post(at("order-cancel", order), {"reason": "ordered twice"}).status_code == 302
    assert stored(scene, order).state == "cancelled"
    assert "ordered twice" in text_of(scene.director.get(at("order", order)))


def test_the_buyer_does_not_cancel_what_is_confirmed(scene):
    order = scene.order(confirmed)
    assert scene.buyer.post(at("order-cancel", order), {"reason": "changed our mind"}).status_code == 302
    assert stored(scene, order).state == "reserved"


def test_too_much_to_ship_names_the_goods_and_changes_nothing(scene):
    order = scene.order(confirmed)
    page = scene.director.post(at("order-ship", order), {"qty-1": "4", "qty-2": "7"})
    assert page.status_code == 409
    assert "Unshipped quantity of B: 3." in text_of(page)
    assert 'value="7"' in page.content.decode()
    with scene.inside():
        assert not Shipment.objects.exists()
        assert Stock.objects.get(product__sku="A").on_hand == 100


@pytest.mark.parametrize("typed", ["-1", "2.5", "x", "1e3", "99999999999"])
def test_what_is_no_number_of_units_is_not_shipped(scene, typed):
    order = scene.order(confirmed)
    assert scene.director.post(at("order-ship", order), {"qty-1": typed}).status_code == 409
    with scene.inside():
        assert not Shipment.objects.exists()


def test_nothing_typed_ships_nothing(scene):
    order = scene.order(confirmed)
    page = scene.director.post(at("order-ship", order), {"qty-1": "0", "qty-2": ""})
    assert page.status_code == 409
    with scene.inside():
        assert not Shipment.objects.exists()


@pytest.mark.parametrize("typed", ["1,5", "1e1", "1.5", "5 箱", "-3"])
def test_a_quantity_with_two_meanings_is_neither_shipped_nor_returned(scene, typed):
    order = scene.order(confirmed)
    page = scene.director.post(at("order-ship", order), {"qty-1": typed})
    assert page.status_code == 409
    assert "A: “" in text_of(page)
    assert typed in page.content.decode()
    scene.director.post(at("order-ship", order), {"qty-1": "４", "qty-2": "二"})
    with scene.inside():
        assert sorted(ShipmentLine.objects.values_list("qty", flat=True)) == [2, 4]


def test_an_order_is_shipped_in_parts(scene):
    order = scene.order(confirmed)
    scene.director.post(at("order-ship", order), {"qty-1": "4"})
    assert stored(scene, order).state == "part_shipped"
    page = scene.director.get(at("order-ship", order))
    assert [(row["open"], row["qty"]) for row in page.context["rows"]] == [(6, 6), (3, 3)]
    scene.director.post(at("order-ship", order), {"qty-1": "6", "qty-2": "3"})
    assert stored(scene, order).state == "shipped"


def test_the_buyer_does_not_ship(scene):
    order = scene.order(confirmed)
    page = scene.buyer.post(at("order-ship", order), {"qty-1": "4"})
    assert page.status_code in (403, 409)
    with scene.inside():
        assert not Shipment.objects.exists()


def test_the_buyer_signs_for_what_came(scene):
    order = scene.order(confirmed)
    with scene.inside():
        shipment = ship(order_id=order.id, by=ME, at=timezone.now() - timedelta(hours=1))
    assert "has been in transit since" in text_of(scene.buyer.get(at("order", order)))
    receive = at("shipment-receive", shipment)
    unsigned = scene.buyer.post(receive, {"signed_by": "  "})
    assert unsigned.status_code == 409
    assert "Write who signs" in text_of(unsigned)
    assert scene.other.post(receive, {"signed_by": "nobody"}).status_code == 404
    assert scene.buyer.post(receive, {"signed_by": "王"}).status_code == 302
    again = scene.buyer.post(receive, {"signed_by": "李"})
    assert again.status_code == 409
    assert "delivered already" in text_of(again)
    with scene.inside():
        assert Shipment.objects.get().signed_by == "王"
    assert "signed by 王" in text_of(scene.director.get(at("order", order)))


def test_the_seller_takes_goods_back_and_the_buyer_sees_the_credit(scene):
    order = scene.order(delivered)
    page = scene.director.post(at("return-new", order), {"qty-1": "2", "reason": "broken"})
    with scene.inside():
        back = Return.objects.get()
    assert page.url == at("return", back)
    for client in (scene.director, scene.buyer):
        assert f"{back.credit:,.2f}" in text_of(client.get(at("return", back)))
        assert back.number in text_of(client.get(reverse("returns")))
    assert f"{back.credit:,.2f}" not in text_of(scene.as_("warehouse").get(at("return", back)))
    assert scene.other.get(at("return", back)).status_code == 404


def test_no_more_comes_back_than_was_delivered(scene):
    order = scene.order(delivered)
    page = scene.director.post(at("return-new", order), {"qty-1": "11", "reason": "broken"})
    assert page.status_code == 409
    assert 'value="11"' in page.content.decode()
    with scene.inside():
        assert not Return.objects.exists()


def test_of_an_order_on_its_way_nothing_comes_back(scene):
    order = scene.order(confirmed)
    page = scene.director.get(at("return-new", order))
    assert (page.status_code, page.url) == (302, at("order", order))


def test_ticked_orders_are_confirmed_together_or_not_at_all(scene):
    first, second = scene.order(Trade.place), scene.order(Trade.place)
    ready = scene.order(confirmed)
    form = {"action": "confirm", "row": [str(first.id), str(ready.id)]}
    scene.director.post(LIST, form)
    assert stored(scene, first).state == "placed"
    scene.director.post(LIST, {"action": "confirm", "row": [str(first.id), str(second.id)]})
    assert {stored(scene, one).state for one in (first, second)} == {"reserved"}


def test_what_of_the_ticked_orders_cannot_be_released_is_named_and_stays_ticked(scene):
    with scene.inside():
        book = open_book(seller_id=scene.trade.seller.id, buyer_id=scene.trade.buyer.id)
        Book.objects.filter(id=book).update(credit_limit=1)
    held, other = scene.order(Trade.place), scene.order(Trade.place)
    assert stored(scene, held).state == "held"
    ticked = [str(held.id), str(other.id)]
    page = scene.director.post(LIST, {"action": "release", "row": ticked})
    assert page.status_code == 409
    assert list(page.context["list"].errors) == [
        f"Order {one.number}: credit limit exceeded." for one in (held, other)
    ]
    assert len(re.findall(r'name="row"[^>]*\bchecked', page.content.decode())) == 2
    with scene.inside():
        Book.objects.filter(id=book).update(credit_limit=100_000)
    scene.director.post(LIST, {"action": "release", "row": ticked})
    assert stored(scene, held).state == stored(scene, other).state == "placed"


def test_who_may_not_confirm_confirms_none_by_ticking(scene):
    order = scene.order(Trade.place)
    scene.as_("warehouse").post(LIST, {"action": "confirm", "row": [str(order.id)]})
    scene.other.post(LIST, {"action": "confirm", "row": [str(order.id)]})
    assert stored(scene, order).state == "placed"


def test_long_names_and_missing_data_are_shown(scene):
    with scene.inside():
        scene.trade.buyer.name, scene.trade.buyer.parent = LONG[:200], None
        scene.trade.buyer.save()
        product = scene.trade.products[0]
        product.name = LONG[:200]
        product.save()
        a_scheme(scene.trade.seller, "free_goods", {"skus": ["A"], "buy": 5, "free": 1})
    order = scene.order(delivered, ("A", 10))
    with scene.inside():
        shipment = Shipment.objects.get()
    for path in (LIST, at("order", order), at("shipment", shipment), at("return-new", order)):
        assert LONG[:200] in scene.director.get(path).content.decode()


def test_an_order_page_costs_the_same_however_many_lines_and_shipments(scene):
    short, long = scene.order(confirmed), scene.order(confirmed)
    few = statements(scene.director, at("order", short))
    with scene.inside():
        for position in (1, 2):
            for _time in range(3):
                ship(order_id=long.id, by=ME, at=AT, lines=[(position, 1)])
    assert statements(scene.director, at("order", long)) == few
    assert few <= MOST


@pytest.mark.parametrize("name", ["orders", "shipments", "returns", "stock"])
def test_a_list_costs_the_same_however_many_rows(scene, name):
    scene.director.get(reverse(name))
    for _time in range(2):
        order = scene.order(delivered)
        scene.director.post(at("return-new", order), {"qty-1": "1", "reason": "broken"})
    few = statements(scene.director, reverse(name))
    for _time in range(3):
        order = scene.order(delivered)
        scene.director.post(at("return-new", order), {"qty-1": "1", "reason": "broken"})
    assert statements(scene.director, reverse(name)) == few
    assert few <= MOST


def reasons(order, position=1):
    return reverse("order-line-reasons", args=[order.id, position])


def test_a_line_of_an_order_displays_the_reasons_that_were_stored_with_it(scene):
    order = scene.order(Trade.place)
    with scene.inside():
        line = stored(scene, order).lines.get(position=1)
    for client in (scene.director, scene.buyer):
        page = client.get(reasons(order))
        assert page.status_code == 200
        assert line.price_list in text_of(page) or page.context["price_list"].code == line.price_list
        assert "The order keeps this price" in text_of(page)
    assert reasons(order) in scene.buyer.get(at("order", order)).content.decode()


def test_the_stored_reasons_survive_a_withdrawn_list_and_name_scheme_and_gift(scene):
    with scene.inside():
        seller, product = scene.trade.seller, scene.trade.products[0]
        terms = {"skus": [product.sku], "buy": 8, "free": 1, "mode": "unit"}
        a_scheme(seller, "free_goods", terms, code="EIGHT", name="Eight and one")
    order = scene.order(Trade.place)
    with scene.inside():
        stored(scene, order).lines.filter(position=1).update(
            why={"verdict": "ok", "schemes": [{"code": "EIGHT", "saved": "0.00"}], "clauses": ["C-1/3.2"]}
        )
    text = text_of(scene.buyer.get(reasons(order)))
    assert "Eight and one" in text
    assert "C-1/3.2" in text
    with scene.inside():
        stored(scene, order).lines.filter(position=1).update(why={"verdict": "ok", "gift": "EIGHT"}, qty=0)
    assert "A gift of the scheme" in text_of(scene.buyer.get(reasons(order)))


def test_reasons_are_not_there_for_strangers_and_for_lines_that_do_not_exist(scene):
    order = scene.order(Trade.place)
    assert scene.other.get(reasons(order)).status_code == 404
    assert scene.buyer.get(reasons(order, 99)).status_code == 404
