"""A member orders from its own dealer on a phone: sent once, refused without losing what was typed."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Unit
from dealers.models import Party
from ledger.models import Book
from ledger.operations.books import open_books
from ordering.models import Order, Stock
from ordering.operations.confirming import confirm_order
from ordering.operations.delivering import deliver
from ordering.operations.placing import place_order
from ordering.operations.shipping import ship
from pricing.models import Limit
from tenancy.context import tenant_active
from tests.factories import a_contract, a_manufacturer, a_party, a_price_list, a_product, a_scheme
from tests.ordering.trade import ME, Trade, a_trade
from tests.people import a_membership, a_user, signed_in
from tests.scene import MOST, said, statements, text_of

PAGE = reverse("member-order")


@dataclass
class Shop:
    tenant: Any
    trade: Trade
    maker: Party

    def as_(self, role: str, party: Party) -> Client:
        with tenant_active(self.tenant):
            return signed_in(a_membership(party, role, a_user(language="en")))

    def orders(self) -> list[Order]:
        with tenant_active(self.tenant):
            return list(Order.objects.order_by("placed_at"))


@pytest.fixture
def shop(acme):
    """A dealer with 100 bottles each of A at 5.00 and B at 10.00, in cases of 6, and a member."""
    with tenant_active(acme):
        maker = a_manufacturer()
        dealer = a_party("dealer", parent=maker, code="D1", name="恒丰")
        member = a_party("member", parent=dealer, code="M1", name="陈记")
        trade = a_trade({"A": "5.00", "B": "10.00"}, seller=dealer, buyer=member)
        for product in trade.products:
            Unit.objects.create(product=product, name="箱", factor=6)
        return Shop(acme, trade, maker)


@pytest.fixture
def owner(shop):
    return shop.as_("owner", shop.trade.buyer)


def form(client, **typed):
    """What the page would send after its total was worked out: the fields, the total displayed, the token."""
    page = client.post(PAGE, {"action": "total"} | typed).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(once|displayed)" value="([^"]*)"', page))
    return {"action": "place"} | typed | hidden


def typed_in(page):
    text = page.content.decode()
    return dict(re.findall(r'name="(qty-[AB]|note)"[^>]*? value="([^"]*)"', text))


def test_an_order_is_placed_in_cases_at_the_price_that_was_seen(shop, owner):
    sent = form(owner, **{"qty-A": "3", "qty-B": "1", "note": "后门卸货"})
    assert sent["displayed"] == "2:24:150.00"
    answer = owner.post(PAGE, sent)
    (order,) = shop.orders()
    assert answer.url == reverse("order", args=[order.id])
    assert (order.total, order.state, order.note) == (Decimal("150.00"), "placed", "后门卸货")
    assert (order.seller_id, order.buyer_id) == (shop.trade.seller.id, shop.trade.buyer.id)
    assert any(order.number in one for one in said(answer))
    with tenant_active(shop.tenant):
        assert {line.sku: line.qty for line in order.lines.all()} == {"A": 18, "B": 6}
        assert shop.trade.stock("A").soft == 18
    assert owner.get(answer.url).status_code == 200


@pytest.mark.parametrize(
    ("typed", "units"),
    [("3", 18), ("三", 18), ("3箱", 18), ("5瓶", 5), ("1箱2瓶", 8), ("x2", 12), ("２箱", 12)],
)
def test_a_quantity_without_a_unit_is_in_cases_and_says_so(shop, owner, typed, units):
    owner.post(PAGE, form(owner, **{"qty-A": typed}))
    (order,) = shop.orders()
    with tenant_active(shop.tenant):
        assert [line.qty for line in order.lines.all()] == [units]
    assert "1 case = 6 bottles" in text_of(owner.get(PAGE))


def test_a_unit_that_there_is_none_of_is_refused_with_those_that_there_are(shop, owner):
    page = owner.post(PAGE, form(owner, **{"qty-A": "3托"}))
    assert page.status_code == 422
    assert "there is 箱 / 瓶" in text_of(page)


@pytest.mark.parametrize("typed", ["1箱9999999瓶", "1箱3托"])
def test_a_part_of_a_quantity_that_is_wrong_refuses_it_all(shop, owner, typed):
    assert owner.post(PAGE, form(owner, **{"qty-A": typed})).status_code == 422
    assert shop.orders() == []


def test_a_form_sent_twice_is_one_order(shop, owner):
    sent = form(owner, **{"qty-A": "3"})
    first, second = owner.post(PAGE, sent), owner.post(PAGE, sent)
    assert first.url == second.url
    assert len(shop.orders()) == 1
    owner.post(PAGE, form(owner, **{"qty-A": "3"}))
    assert len(shop.orders()) == 2, "another form is another order"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"qty-A": "3.5"}, "“3.5” is no whole number"),
        ({"qty-A": "-1"}, "“-1” is negative"),
        ({"qty-A": "1,5"}, "“1,5” has more than one meaning"),
        ({"qty-A": "many"}, "“many” is no number"),
        ({"qty-A": "9999999"}, "“9999999” is too large"),
        ({"qty-A": "0", "qty-B": ""}, "Enter the quantity"),
        ({"qty-A": "17", "qty-B": "2"}, "There is not enough in stock"),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(shop, owner, typed, told):
    typed = typed | {"note": "后门卸货"}
    page = owner.post(PAGE, form(owner, **typed))
    assert page.status_code == 422
    assert told in text_of(page)
    kept = {name: value for name, value in typed_in(page).items() if value}
    assert kept == {name: value for name, value in typed.items() if value.strip("0")}
    assert shop.orders() == []


def test_what_is_short_says_how_much_could_be_ordered(shop, owner):
    page = owner.post(PAGE, form(owner, **{"qty-A": "17"}))
    assert "Order 16 cases" in text_of(page)


def test_what_went_out_of_stock_meanwhile_is_said_and_nothing_is_placed(shop, owner):
    sent = form(owner, **{"qty-A": "3", "qty-B": "2"})
    with tenant_active(shop.tenant):
        Stock.objects.filter(product__sku="B").update(on_hand=0)
    page = owner.post(PAGE, sent)
    assert page.status_code == 422
    assert typed_in(page)["qty-B"] == "2"
    assert shop.orders() == []


def test_a_price_that_changed_meanwhile_is_shown_before_anything_is_placed(shop, owner):
    sent = form(owner, **{"qty-A": "3"})
    with tenant_active(shop.tenant):
        a_scheme(shop.trade.seller, "special_price", {"skus": ["A"], "price": "4.00"})
    page = owner.post(PAGE, sent)
    assert page.status_code == 409
    assert "A price changed" in text_of(page)
    assert "72.00" in text_of(page)
    assert shop.orders() == []
    owner.post(PAGE, form(owner, **{"qty-A": "3"}))
    assert [one.total for one in shop.orders()] == [Decimal("72.00")]


def test_who_has_not_seen_the_total_yet_sees_it_first(shop, owner):
    for seen in ("", "0:0:0.00", "1:6:30.00"):
        page = owner.post(PAGE, {"action": "place", "qty-A": "3", "displayed": seen})
        assert page.status_code == 200
        assert "This is the total of what you wrote" in text_of(page)
        assert "90.00" in text_of(page)
    assert shop.orders() == []


def test_beyond_the_credit_it_is_placed_and_held_and_said_before_and_after(shop, owner):
    with tenant_active(shop.tenant):
        pair = (shop.trade.seller.id, shop.trade.buyer.id)
        Book.objects.filter(id=open_books([pair])[pair]).update(credit_limit=20)
    sent = form(owner, **{"qty-A": "3"})
    assert "70.00" in text_of(owner.post(PAGE, sent | {"action": "total"})), "20 of 90 are there"
    answer = owner.post(PAGE, sent, follow=True)
    assert [one.state for one in shop.orders()] == ["held"]
    assert "70.00" in text_of(answer)
    with tenant_active(shop.tenant):
        assert shop.trade.stock("A").soft == 0


def test_who_sees_no_accounts_is_told_that_it_will_be_held_without_figures(shop):
    with tenant_active(shop.tenant):
        pair = (shop.trade.seller.id, shop.trade.buyer.id)
        Book.objects.filter(id=open_books([pair])[pair]).update(credit_limit=20)
    rep = shop.as_("sales_rep", shop.trade.buyer)
    page = text_of(rep.post(PAGE, {"action": "total", "qty-A": "3"}))
    assert "Credit limit exceeded." in page
    assert "70.00" not in page


def test_a_price_beyond_its_limit_keeps_the_order_from_being_sent(shop, owner):
    product = shop.trade.products[0]
    with tenant_active(shop.tenant):
        Limit.objects.create(
            seller=shop.trade.seller, product=product, clause="3.6", floor="6.00", action="block"
        )
    page = owner.post(PAGE, form(owner, **{"qty-A": "3"}))
    assert page.status_code == 422
    assert "below the floor" in text_of(page)
    assert shop.orders() == []


def test_nobody_else_orders_here(shop):
    typed = {"action": "place", "qty-A": "1", "displayed": "1:6:30.00"}
    for role, party in (
        ("owner", shop.trade.seller),
        ("director", shop.maker),
        ("warehouse", shop.trade.seller),
    ):
        client = shop.as_(role, party)
        assert client.get(PAGE).status_code == 403
        assert client.post(PAGE, typed).status_code == 403
    assert Client().post(PAGE, typed).status_code == 302
    assert shop.orders() == []


def test_a_member_without_a_dealer_is_told_so(shop, owner):
    with tenant_active(shop.tenant):
        Party.objects.filter(id=shop.trade.seller.id).update(is_active=False)
    for page in (owner.get(PAGE), owner.post(PAGE, {"action": "place", "qty-A": "1"})):
        assert page.status_code == 200
        assert typed_in(page) == {}
    assert shop.orders() == []


def test_a_search_narrows_the_list_and_keeps_what_was_typed(shop, owner):
    with tenant_active(shop.tenant):
        for product, search in zip(shop.trade.products, ("a soy", "b vinegar"), strict=True):
            product.search = search
            product.save()
    page = owner.post(PAGE, {"action": "search", "q": "vinegar", "qty-A": "3", "note": "x"})
    assert typed_in(page) == {"qty-A": "3", "qty-B": "", "note": "x"}
    page = owner.post(PAGE, {"action": "search", "q": "vinegar"})
    assert list(typed_in(page)) == ["qty-B", "note"]


def test_the_last_order_can_be_begun_from(shop, owner):
    owner.post(PAGE, form(owner, **{"qty-A": "3"}))
    assert typed_in(owner.get(PAGE, {"again": "last"}))["qty-A"] == "3"


def test_what_is_short_and_has_left_for_the_dealer_is_said_with_the_day_it_left(shop, owner):
    at = timezone.now()
    with tenant_active(shop.tenant):
        a_price_list(shop.maker, {shop.trade.products[0]: "4.00"})
        order = place_order(
            seller_id=shop.maker.id, buyer_id=shop.trade.seller.id, lines=[("A", 9)], by=ME, at=at
        )
        confirm_order(order_id=order.id, by=ME, at=at)
        shipment = ship(order_id=order.id, by=ME, at=at)
    told = "1 case of it left for the seller on"
    assert told in text_of(owner.post(PAGE, {"action": "total", "qty-A": "18"})), "8 of 9 are missing"
    assert told not in text_of(owner.post(PAGE, {"action": "total", "qty-B": "18"}))
    with tenant_active(shop.tenant):
        deliver(shipment_id=shipment.id, signed_by="王", by=ME, at=at)
    assert told not in text_of(owner.post(PAGE, {"action": "total", "qty-A": "19"}))


def test_the_delivery_that_the_contract_promises_is_said_while_ordering(shop, owner):
    assert "promises delivery" not in text_of(owner.post(PAGE, {"action": "total", "qty-A": "1"}))
    with tenant_active(shop.tenant):
        a_contract(shop.trade.seller, shop.trade.buyer, manufacturer=shop.maker, delivery_hours=48)
    page = text_of(owner.post(PAGE, {"action": "total", "qty-A": "1"}))
    assert "promises delivery within 48 hours" in page


def test_the_page_costs_the_same_statements_however_many_products(shop, owner):
    few = statements(owner, PAGE)
    with tenant_active(shop.tenant):
        a_price_list(
            shop.trade.seller, {a_product(f"X{number}"): "3.00" for number in range(20)}, code="MORE"
        )
    assert "X19" in owner.get(PAGE).content.decode()
    assert statements(owner, PAGE) == few <= MOST
