from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.rights import the_system
from integrations.api.schema import SchemaGenerator
from ledger.models import Book
from ordering.api.serializers.orders import OrderSerializer
from ordering.api.serializers.returns import BookedReturnSerializer
from ordering.api.serializers.shipments import ShippedSerializer
from ordering.api.urls import urlpatterns
from ordering.domain.delivery_windows import WindowPlan
from ordering.models import Order
from ordering.operations.delivery_plan import set_delivery_plan
from ordering.operations.stock_reports import count_stock
from ordering.queries.reconciliation import differences
from tenancy.context import tenant_active
from tests.api_client import ApiClient
from tests.factories import a_party, a_scheme
from tests.ordering.trade import AT, a_trade


class Market:
    def __init__(self, tenant):
        self.tenant = tenant
        with tenant_active(tenant):
            self.trade = a_trade(on_hand=None)
            self.trade.seller.tracks_stock = True
            self.trade.seller.save()
            rows = [("A", 1000), ("B", 1000)]
            count_stock(party_id=self.trade.seller.id, rows=rows, source="o", by=the_system(), at=AT)
            a_scheme(self.trade.seller, "free_goods", {"skus": ["A"], "buy": 8, "free": 1, "mode": "unit"})
            self.stranger = a_party(parent=self.trade.seller, code="D2")
        self.staff = ApiClient(tenant, self.trade.seller, "director")
        self.buyer = ApiClient(tenant, self.trade.buyer, "owner")
        self.other = ApiClient(tenant, self.stranger, "owner")

    def order(self, **given):
        answer = self.buyer.post(
            "orders", {"lines": [{"sku": "A", "qty": 16}, {"sku": "B", "qty": "3"}]} | given
        )
        assert answer.status_code == 201, answer.content
        return answer.json()


@pytest.fixture
def market(acme):
    return Market(acme)


def test_an_order_goes_its_way(market):
    order = market.order(reference="PO 7")
    assert order.pop("replayed") is False
    assert (order["state"], order["total"], order["buyer"]["code"]) == ("placed", "110.03", "D1")
    path = f"orders/{order['id']}"
    assert market.buyer.get(path).json() == order
    assert market.staff.post(f"{path}/confirm", {}).json()["state"] == "reserved"
    first = market.staff.post(f"{path}/ship", {"lines": [{"position": 1, "qty": 8}]})
    assert (first.status_code, first.json()["lines"][0]["free_qty"]) == (201, 1)
    second = market.staff.post(f"{path}/ship", {}).json()
    for shipment in (first.json(), second):
        done = market.buyer.post(f"shipments/{shipment['id']}/deliver", {"signed_by": "李"})
        assert done.json()["state"] == "delivered", done.content
    assert market.buyer.get(path).json()["state"] == "delivered"
    back = market.staff.post("returns", {"order": order["id"], "lines": [{"position": 2, "qty": 3}]})
    assert back.json()["credit"] == "30.03"
    assert market.buyer.get(f"returns/{back.json()['id']}").json() | {"replayed": False} == back.json()
    paid = market.staff.post("payments", {"buyer": "D1", "amount": "80.00", "source": "bank:1"})
    assert (paid.status_code, paid.json()["receivable"]) == (201, "0.00"), paid.content
    with tenant_active(market.tenant):
        assert differences() == []


def test_answers_have_the_shape_that_the_schema_tells(market):
    order = market.order()
    market.staff.post(f"orders/{order['id']}/confirm", {})
    shipment = market.staff.post(f"orders/{order['id']}/ship", {}).json()
    market.buyer.post(f"shipments/{shipment['id']}/deliver", {})
    back = market.staff.post("returns", {"order": order["id"], "lines": [{"position": 1, "qty": 1}]}).json()
    order = market.buyer.get(f"orders/{order['id']}").json()
    for body, serializer in (
        (order, OrderSerializer),
        (shipment, ShippedSerializer),
        (back, BookedReturnSerializer),
    ):
        shape = serializer()
        assert set(body) == set(shape.fields)
        for key in ("lines", "shipments"):
            if key in body:
                assert set(body[key][0]) == set(shape.fields[key].child.fields)


def test_the_schema_names_every_door_of_ordering():
    paths = SchemaGenerator().get_schema(public=True)["paths"]
    doors = {f"/api/v1/{pattern.pattern}".replace("<uuid:pk>", "{id}") for pattern in urlpatterns}
    assert doors <= paths.keys()


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"lines": []}, 422, "lines"),
        ({}, 422, "lines"),
        ({"lines": [{"sku": "A"}]}, 422, "lines[0].qty"),
        ({"lines": [{"sku": "A", "qty": 1}, {"sku": "B", "qty": 0}]}, 422, "lines[1].qty"),
        ({"lines": [{"sku": "A", "qty": 1.5}]}, 422, "lines[0].qty"),
        ({"lines": [{"sku": "A", "qty": -1}]}, 422, "lines[0].qty"),
        ({"lines": [{"sku": "A\x00", "qty": 1}]}, 422, "lines[0].sku"),
        ({"lines": [{"sku": "A", "qty": 1, "colour": "red"}]}, 422, "lines[0].colour"),
        ({"lines": [{"sku": "nowhere", "qty": 1}]}, 422, "lines[0].sku"),
        ({"lines": [{"sku": "A", "qty": 1}, {"sku": "A", "qty": 1}]}, 422, "lines[1].sku"),
        ({"lines": [{"sku": "A", "qty": 999}, {"sku": "B", "qty": 1001}]}, 409, "lines[0].qty"),
        ({"lines": [{"sku": "A", "qty": 1}], "kind": "presale"}, 422, "window"),
        ({"lines": [{"sku": "A", "qty": 1}], "buyer": "nobody"}, 404, "buyer"),
        ({"lines": [{"sku": "A", "qty": 1}], "seller": "D2"}, 404, "seller"),
        ({"lines": [{"sku": "A", "qty": 1}], "note": "x" * 501}, 422, "note"),
        ([], 422, None),
    ],
)
def test_a_bad_order_is_refused_by_field_and_leaves_nothing(market, body, status, field):
    answer = market.buyer.post("orders", body)
    assert (answer.status_code, answer.json().get("field")) == (status, field), answer.content
    assert answer["Content-Type"] == "application/problem+json"
    with tenant_active(market.tenant):
        assert not Order.objects.exists()


def test_what_is_short_is_told_line_by_line(market):
    answer = market.buyer.post("orders", {"lines": [{"sku": "A", "qty": 900}, {"sku": "B", "qty": 1}]})
    assert answer.json()["lines"] == [
        {"field": "lines[0].qty", "sku": "A", "wanted": 1012, "available": 1000}
    ]


def test_orders_of_others_are_not_there(market):
    order = market.order()
    shipping = market.staff.post(f"orders/{order['id']}/confirm", {})
    assert shipping.status_code == 201
    shipment = market.staff.post(f"orders/{order['id']}/ship", {}).json()
    for path in (f"orders/{order['id']}", f"shipments/{shipment['id']}"):
        assert market.other.get(path).status_code == 404
    for path in ("orders", "shipments", "returns", "ledger/accounts", "ledger/open-items"):
        assert market.other.get(path).json()["results"] == []
    actions = [f"orders/{order['id']}/{action}" for action in ("confirm", "cancel", "ship", "release")]
    for path in [*actions, f"shipments/{shipment['id']}/deliver"]:
        assert market.other.post(path, {}).status_code == 404
    back = {"order": order["id"], "lines": [{"position": 1, "qty": 1}]}
    assert market.other.post("returns", back).status_code == 404


def test_orders_are_found_by_state_buyer_and_day(market):
    ids = [market.order()["id"] for _ in range(3)]
    market.buyer.post(f"orders/{ids[0]}/cancel", {"reason": "typo"})

    def found(**query):
        return [one["id"] for one in market.staff.get("orders", query).json()["results"]]

    assert found(state="cancelled") == [ids[0]]
    assert found(state=["cancelled", "placed"]) == ids[::-1]
    assert found(buyer=str(market.stranger.id)) == []
    assert found(placed_since="2000-01-01T00:00:00Z", placed_until="2001-01-01T00:00:00Z") == []
    pages = market.staff.get("orders", {"page_size": 2}).json()
    assert (len(pages["results"]), pages["next"] is not None) == (2, True)


def test_a_held_order_is_released_when_credit_reaches(market):
    market.order()
    with tenant_active(market.tenant):
        Book.objects.update(credit_limit=1)
    held = market.order()
    assert (held["state"], held["reasons"]["credit"]["reasons"]) == ("held", ["over_limit"])
    assert market.staff.post(f"orders/{held['id']}/release", {}).status_code == 409
    assert market.buyer.post("orders", {"lines": [{"sku": "A", "qty": 1}], "hold": False}).status_code == 409
    paid = {"buyer": "D1", "amount": "500.00", "source": "bank:1", "kind": "security_deposit"}
    assert market.staff.post("payments", paid).json()["security_deposit"] == "500.00"
    assert market.staff.post(f"orders/{held['id']}/release", {}).status_code == 409
    paid |= {"source": "bank:2", "kind": "prepayment"}
    assert market.staff.post("payments", paid).json()["prepayment"] == "500.00"
    assert market.staff.post(f"orders/{held['id']}/release", {}).json()["state"] == "placed"


def test_a_partners_system_feeds_its_stock(market):
    feed = {"source": "pos:1", "lines": [{"sku": "A", "on_hand": 40, "safety": 5}]}
    for _ in range(2):
        assert market.buyer.post("stock", feed).status_code == 201
    rows = market.buyer.get("stock").json()["results"]
    assert [(row["sku"], row["on_hand"], row["available"]) for row in rows] == [("A", 40, 35)]


def test_whose_stock_it_is_cannot_be_probed(market):
    """A party that is there and one that is not are answered alike, by code and by id."""
    feed = {"source": "pos:2", "lines": [{"sku": "A", "on_hand": 40}]}
    seller_id = str(market.trade.seller.id)
    named = ("F", "no such party", seller_id, "00000000-0000-0000-0000-000000000000")
    answers = [market.buyer.post("stock", feed | {"party": party}) for party in named]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("amount", ["0", "-5", "1.001", 1.5, "x"])
def test_only_money_is_paid(market, amount):
    answer = market.staff.post("payments", {"buyer": "D1", "amount": amount, "source": "b"})
    assert (answer.status_code, answer.json()["field"]) == (422, "amount")


def test_an_order_takes_at_most_fourteen_statements(market, django_assert_max_num_queries):
    market.order()
    body = {
        "seller": str(market.trade.seller.id),
        "buyer": str(market.trade.buyer.id),
        "lines": [{"sku": "A", "qty": 16}, {"sku": "B", "qty": 3}],
    }
    with django_assert_max_num_queries(14):
        assert market.buyer.post("orders", body).status_code == 201


def a_window(hours=("06:00", "10:00"), days=2):
    day = timezone.localdate() + timedelta(days=days)
    return {"from": f"{day}T{hours[0]}:00+08:00", "until": f"{day}T{hours[1]}:00"}


def test_presale_orders_have_their_window(market):
    window = a_window()
    order = market.order(kind="presale", window=window, source="P-1")
    assert Decimal(order["open_amount"]) == Decimal(order["total"])
    assert order["window"]["until"].startswith(window["until"][:10])


def test_a_window_that_nobody_delivers_in_is_refused_unless_the_order_was_placed_before(market):
    window = a_window()
    body = {"lines": [{"sku": "A", "qty": 16}], "kind": "presale", "source": "P-1"}
    first = market.order(**body, window=window)
    for wrong in (a_window(("06:00", "11:00")), a_window(days=40), a_window(days=0)):
        told = market.buyer.post("orders", body | {"window": wrong, "source": "P-2"})
        assert (told.status_code, told.json()["field"]) == (422, "window")
    with tenant_active(market.tenant):
        plan = WindowPlan(hours=((time(8), time(9)),))
        set_delivery_plan(plan=plan, version=0, by=the_system(), at=AT)
    assert market.buyer.post("orders", body | {"window": window, "source": "P-2"}).status_code == 422
    again = market.buyer.post("orders", body | {"window": window})
    assert (again.status_code, again.json()["number"]) == (201, first["number"])
