"""Nobody acts for another: role × action over the life of an order, by screen and by API.

The manufacturer sells to the dealer, the dealer to the outlet of its own. Of each trade the seller decides,
the buyer receives and asks for returns; the manufacturer, a stranger and the other side cannot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.rights import ROLES, Actor
from ledger.models import Book
from ordering.models import Order, Return, ReturnRequest, Shipment
from ordering.operations.confirming import confirm_order
from ordering.operations.delivering import deliver
from ordering.operations.return_requests import request_return
from ordering.operations.returns import ReturnPart, take_back
from ordering.operations.shipping import ship
from pricing.models import Limit
from tenancy.context import tenant_active
from tests.api_client import ApiClient
from tests.factories import a_manufacturer, a_party
from tests.ordering.domain.test_delivery_slips import JPEG
from tests.ordering.trade import AT, LATER, ME, a_trade
from tests.people import a_membership, a_user, signed_in

pytestmark = pytest.mark.django_db
SIDES = ("seller", "buyer", "stranger", "manufacturer")
KEYS = (*SIDES, "manufacturer's system")  # the role of the manufacturer's keys unless one is named


@dataclass
class Chain:
    """A dealer's sale to its member, and those who try to act on it."""

    tenant: Any
    trade: Any
    people: dict[str, Any]

    def browser(self, side: str, role: str = "") -> Any:
        with tenant_active(self.tenant):
            return signed_in(a_membership(self.people[side], role, a_user(language="en")))

    def key(self, side: str, role: str = "") -> ApiClient:
        name, _apostrophe, rest = side.partition("'s ")
        role = role or rest or ("director" if side == "manufacturer" else "owner")
        with tenant_active(self.tenant):
            issuer = None if role == "system" else a_membership(self.people[name], role, a_user()).user
        return ApiClient(self.tenant, self.people[name], role, issuer=issuer)


@pytest.fixture
def chain(acme):
    with tenant_active(acme):
        maker = a_manufacturer(code="F")
        dealer = a_party(parent=maker, code="D1")
        member = a_party("member", parent=dealer, code="M1")
        stranger = a_party(parent=maker, code="D2")
        trade = a_trade(seller=dealer, buyer=member)
    people = {"seller": dealer, "buyer": member, "stranger": stranger, "manufacturer": maker}
    return Chain(acme, trade, people)


def placed(trade):
    return trade.place()


def in_review(trade):
    Limit.objects.create(
        seller=trade.seller, product=trade.products[0], floor="6.00", action="review", clause="L1"
    )
    return trade.place()


def held(trade):
    first = trade.place(("B", 1))
    Book.objects.filter(buyer=trade.buyer).update(credit_limit=1)
    order = trade.place()
    assert order.state == "held"
    Book.objects.filter(buyer=trade.buyer).update(credit_limit=None)
    Order.objects.filter(id=first.id).update(state="cancelled")
    return order


def confirmed(trade):
    return confirm_order(order_id=trade.place().id, by=ME, at=AT)


def shipped(trade):
    order = confirmed(trade)
    ship(order_id=order.id, by=ME, at=AT)
    return order


def received(trade):
    order = shipped(trade)
    deliver(shipment_id=Shipment.objects.get(order_id=order.id).id, signed_by="王", by=ME, at=LATER)
    return order


def asked_back(trade):
    order = received(trade)
    buyer = Actor(trade.buyer.id, trade.buyer.kind, "owner", label="buyer")
    request_return(order_id=order.id, lines=[ReturnPart(1, 1)], reason="leaks", by=buyer, at=LATER)
    return order


def shipment_of(order):
    return Shipment.objects.get(order_id=order.id).id


def request_of(order):
    return ReturnRequest.objects.get(order_id=order.id).id


def by_order(name, *more):
    return lambda order: reverse(name, args=[order.id, *more])


def by_shipment(name):
    return lambda order: reverse(name, args=[shipment_of(order)])


def slip_file():

    return {"slip": SimpleUploadedFile("slip.jpg", JPEG)}


# action: who may, how the order comes to it, its page, its form, and its words on the page of the order
SCREEN = {
    "confirm": ("seller", placed, by_order("order-action", "confirm"), dict),
    "approve": ("seller", in_review, by_order("order-action", "approve"), dict),
    "decide": (
        "seller",
        in_review,
        by_order("order-price-decision"),
        lambda: {"decision": "approve", "reason": "agreed"},
    ),
    "release": ("seller", held, by_order("order-action", "release"), dict),
    "ship": ("seller", confirmed, by_order("order-ship"), lambda: {"qty-1": "1"}),
    "cancel": ("seller", confirmed, by_order("order-cancel"), dict),
    "slip": ("seller", shipped, by_shipment("slip-add"), slip_file),
    "receive": ("buyer", shipped, by_shipment("shipment-receive"), lambda: {"signed_by": "王"}),
    "ask back": ("buyer", received, by_order("return-new"), lambda: {"qty-1": "1", "reason": "leaks"}),
    "accept": (
        "seller",
        asked_back,
        lambda order: reverse("return-decide", args=[request_of(order)]),
        lambda: {"decision": "accept"},
    ),
}
API = {
    "confirm": ("seller", placed, lambda order: f"orders/{order.id}/confirm", {}),
    "approve": ("seller", in_review, lambda order: f"orders/{order.id}/confirm", {}),
    "approve prices": (
        "seller",
        in_review,
        lambda order: f"orders/{order.id}/approve",
        {"reason": "agreed"},
    ),
    "release": ("seller", held, lambda order: f"orders/{order.id}/release", {}),
    "ship": ("seller", confirmed, lambda order: f"orders/{order.id}/ship", {}),
    "cancel": ("seller", confirmed, lambda order: f"orders/{order.id}/cancel", {}),
    "slip": (
        "seller",
        shipped,
        lambda order: f"shipments/{shipment_of(order)}/slips",
        {"file_name": "a.png", "content": "iVBORw0KGgo="},
    ),
    "receive": ("buyer", shipped, lambda order: f"shipments/{shipment_of(order)}/deliver", {}),
    "ask back": (
        "buyer",
        received,
        lambda order: "return-requests",
        lambda order: {
            "order": str(order.id),
            "reason": "leaks",
            "lines": [{"position": 1, "qty": 1}],
        },
    ),
    "accept": ("seller", asked_back, lambda order: f"return-requests/{request_of(order)}/accept", {}),
    "decline": (
        "seller",
        asked_back,
        lambda order: f"return-requests/{request_of(order)}/decline",
        {"answer": "too late"},
    ),
}


def situation(order):
    """All that an action on the order would change."""
    return (
        Order.objects.get(id=order.id).state,
        list(Shipment.objects.filter(order_id=order.id).values_list("state", "slip_at")),
        ReturnRequest.objects.filter(order_id=order.id, state="asked").count(),
        Return.objects.count(),
    )


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("action", SCREEN)
def test_by_screen(chain, action, side):
    who, make, address, form = SCREEN[action]
    with tenant_active(chain.tenant):
        order = make(chain.trade)
        url, before = address(order), situation(order)
    page = chain.browser(side).post(url, form())
    with tenant_active(chain.tenant):
        changed = situation(order) != before
    # The seller's form of the same page takes the goods back.
    assert changed == (side == who or (action, side) == ("ask back", "seller"))
    if side != who:
        assert page.status_code in (403, 404, 302), page.status_code
        # The buyer may open the page of cancelling, and is told there that the seller has confirmed.
        assert page.status_code != 302 or (action, side) in {("cancel", "buyer"), ("ask back", "seller")}


@pytest.mark.parametrize("side", KEYS)
@pytest.mark.parametrize("action", API)
def test_by_api(chain, action, side):
    who, make, path, body = API[action]
    with tenant_active(chain.tenant):
        order = make(chain.trade)
        address, before = path(order), situation(order)
    answer = chain.key(side).post(address, body(order) if callable(body) else body)
    with tenant_active(chain.tenant):
        changed = situation(order) != before
    assert changed == (side == who), answer.content
    codes = {"not_allowed", "not_found", "wrong_state"}
    assert side == who or (answer.status_code in (403, 404, 409) and answer.json()["code"] in codes)


@pytest.mark.parametrize("make", [placed, in_review, held, confirmed, shipped, received, asked_back])
def test_a_page_offers_what_one_may_do(chain, make):
    """No role of the buyer, the manufacturer or a stranger sees a button of the seller."""
    with tenant_active(chain.tenant):
        order = make(chain.trade)
        url = reverse("order", args=[order.id])
    sellers = re.compile(r"/(confirm|approve|release|reserve|ship)\"|name=\"decision\"|/slips\"")
    buyers = re.compile(r"/receive\"")
    for side, kind in (("buyer", "member"), ("manufacturer", "manufacturer")):
        for role in ROLES[kind]:
            page = chain.browser(side, role).get(url)
            assert page.status_code in (200, 404), (side, role)
            assert not sellers.search(page.content.decode()), (side, role)
            assert side == "buyer" or not buyers.search(page.content.decode()), role
    assert not buyers.search(chain.browser("seller").get(url).content.decode())


def test_the_manufacturer_orders_for_nobody_elses_sale(chain):
    body = {"seller": "D1", "buyer": "M1", "lines": [{"sku": "A", "qty": 1}]}
    for side in ("manufacturer", "manufacturer's system"):
        refused = chain.key(side).post("orders", body)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed"), side
    assert chain.key("seller").post("orders", body).status_code == 201


def test_a_buyer_does_not_accept_its_own_price(chain):
    with tenant_active(chain.tenant):
        in_review(chain.trade)
    body = {"lines": [{"sku": "A", "qty": 1}], "accept_review": True}
    assert chain.key("buyer").post("orders", body).json()["state"] == "review"
    answer = chain.key("seller").post("orders", body | {"seller": "D1", "buyer": "M1"})
    assert (answer.status_code, answer.json()["code"]) == (403, "same_person")


def test_goods_come_back_to_their_seller_only(chain):
    with tenant_active(chain.tenant):
        order = received(chain.trade)
    by_order_ = {"order": str(order.id), "lines": [{"position": 1, "qty": 1}]}
    loose = {"seller": "D1", "buyer": "M1", "lines": [{"sku": "A", "qty": 1, "price": "1.00"}]}
    for side in ("manufacturer", "manufacturer's system", "buyer"):
        for body in (by_order_, loose):
            refused = chain.key(side).post("returns", body)
            assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed"), refused.content
    assert chain.key("seller").post("returns", by_order_).status_code == 201


def test_a_buyer_asks_and_the_seller_answers_over_the_api(chain):
    with tenant_active(chain.tenant):
        order = received(chain.trade)
    buyer, seller = chain.key("buyer"), chain.key("seller")
    asked = {"order": str(order.id), "reason": "leaks", "lines": [{"position": 1, "qty": 2, "free": 0}]}
    first = buyer.post("return-requests", asked)
    assert (first.status_code, first.json()["lines"]) == (201, asked["lines"]), first.content
    assert buyer.post("return-requests", asked).status_code == 409
    done = seller.post(f"return-requests/{first.json()['id']}/accept", {}).json()
    assert (done["state"], bool(done["booked_return"])) == ("accepted", True)
    (listed,) = buyer.get("return-requests", {"order": str(order.id)}).json()["results"]
    assert listed == done
    assert chain.key("stranger").get("return-requests").json()["results"] == []
    assert buyer.post("return-requests", asked | {"lines": [{"position": 1, "qty": 99}]}).status_code == 422


def test_money_and_credit_are_the_sellers(chain):
    with tenant_active(chain.tenant):
        placed(chain.trade)
        book = Book.objects.get(buyer=chain.trade.buyer)
    payment = {"seller": "D1", "buyer": "M1", "amount": "10.00", "source": "B-1"}
    for side in ("manufacturer", "manufacturer's system", "buyer"):
        refused = chain.key(side).post("payments", payment)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed"), side
    for side in ("manufacturer", "buyer"):
        assert 'name="voucher"' not in chain.browser(side).get(f"/books/{book.id}").content.decode()
    assert chain.key("seller").post("payments", payment).status_code == 201
    assert 'name="voucher"' in chain.browser("seller").get(f"/books/{book.id}").content.decode()


@pytest.mark.parametrize("action", ["confirm", "approve", "release"])
def test_a_list_decides_own_sales_only(chain, action):
    """In bulk too: the manufacturer ticks a dealer's sale, the member its own purchase."""
    make = {"confirm": placed, "approve": in_review, "release": held}[action]
    with tenant_active(chain.tenant):
        order = make(chain.trade)
    form = {"action": action, "row": [str(order.id)]}
    for side in ("manufacturer", "buyer"):
        page = chain.browser(side).post("/orders", form)
        assert page.status_code in (302, 403, 409)
        with tenant_active(chain.tenant):
            assert Order.objects.get(id=order.id).state == order.state
    assert chain.browser("buyer").post("/orders?side=bought", form).status_code == 404
    assert chain.browser("seller").post("/orders?side=sold", form).status_code == 302
    with tenant_active(chain.tenant):
        assert Order.objects.get(id=order.id).state != order.state


def test_a_list_of_purchases_has_no_sellers_buttons(chain):
    with tenant_active(chain.tenant):
        placed(chain.trade)
    for side, query in (("buyer", "bought"), ("seller", "bought"), ("seller", "sold")):
        page = chain.browser(side).get(f"/orders?side={query}").content.decode()
        assert ('value="confirm"' in page) == (query == "sold"), (side, query)


def test_what_members_sell_is_on_no_list_of_own_sales(chain):
    with tenant_active(chain.tenant):
        outlet = a_party("outlet", parent=chain.trade.buyer, code="O1")
        theirs = a_trade({"Z": "8.88"}, seller=chain.trade.buyer, buyer=outlet)
        order = confirm_order(order_id=theirs.place(("Z", 10)).id, by=ME, at=AT)
        ship(order_id=order.id, by=ME, at=AT)
        own = placed(chain.trade)
    browser = chain.browser("seller")
    for path, mark in (("orders", order.number), ("shipments", f"{order.number}/1")):
        for query in ("", "?side=sold", "?side=bought"):
            assert mark not in browser.get(f"/{path}{query}").content.decode(), (path, query)
        page = browser.get(f"/{path}?side=members").content.decode()
        assert (mark in page, "88.8" in page) == (True, False), path
    assert own.number in browser.get("/orders?side=sold").content.decode()
    assert order.number not in browser.get("/").content.decode()


def test_the_prices_of_what_members_sell_are_hidden_at_every_door(chain):
    with tenant_active(chain.tenant):
        outlet = a_party("outlet", parent=chain.trade.buyer, code="O1")
        theirs = a_trade({"Z": "8.88"}, seller=chain.trade.buyer, buyer=outlet)
        order = confirm_order(order_id=theirs.place(("Z", 10)).id, by=ME, at=AT)
        shipment = ship(order_id=order.id, by=ME, at=AT)
        deliver(shipment_id=shipment.id, signed_by="王", by=ME, at=LATER)
        back = take_back(order_id=order.id, lines=[ReturnPart(1, 2)], by=ME, at=LATER, reason="leaks")
    addresses = (f"orders/{order.id}", f"shipments/{shipment.id}", f"returns/{back.id}")
    doors = (*addresses, "orders", "shipments", "returns")
    prices = ("88.8", "8.88", "17.76")
    for address in addresses:
        for side, sees in (("seller", False), ("buyer", True), ("manufacturer", True)):
            page = chain.browser(side).get(f"/{address}").content.decode()
            assert any(price in page for price in prices) == sees, (side, address)
    for door in doors:
        for side, sees in (("seller", False), ("buyer", True), ("manufacturer", True)):
            body = chain.key(side).get(door).content.decode()
            assert any(price in body for price in prices) == sees, (side, door)
    assert chain.key("seller").get(addresses[0]).json()["total"] is None


def test_nobody_is_a_partner_of_oneself(chain):
    for side in ("seller", "manufacturer", "buyer"):
        page = chain.browser(side).get("/parties")
        if page.status_code == 200:
            assert chain.people[side].id not in {line.row.id for line in page.context["list"].lines}, side
