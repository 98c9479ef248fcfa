"""A repeated outside number through the API: the same content is a replay, other content a conflict."""

import json
from pathlib import Path

import pytest

from integrations.api.schema import SchemaGenerator
from ledger.models import Journal
from ordering.models import Order, Return, Shipment, Stock
from tenancy.context import tenant_active
from tests.api_client import ApiClient
from tests.factories import a_party, a_price_list, a_product
from tests.ordering.api.test_api import Market, a_window
from tests.ordering.trade import confirmed

CASES = Path(__file__).parents[2] / "cases"
LINES = [{"sku": "A", "qty": 16}, {"sku": "B", "qty": 3}]


@pytest.fixture
def market(acme):
    return Market(acme)


def case_of(name):
    return json.loads((CASES / f"{name}.json").read_text())


def conflict(answer):
    """What differs, by field, line and both values."""
    body = answer.json()
    assert (answer.status_code, body["code"]) == (409, "source_conflict"), body
    return [(one["field"], one.get("line"), one["booked"], one["requested"]) for one in body["differs"]]


def counted(market, model):
    with tenant_active(market.tenant):
        return model.objects.count()


def test_the_case_of_an_order(market):
    with tenant_active(market.tenant):
        goods = {a_product(sku): "60.00" for sku in ("LZ-CE-25", "LZ-CE-35")}
        a_price_list(market.trade.seller, goods)
        Stock.objects.bulk_create(
            Stock(party=market.trade.seller, product=one, on_hand=1000) for one in goods
        )
    case = case_of("api-same-source-order")
    first = market.buyer.post("orders", case["first"])
    assert (first.status_code, first.json()["replayed"]) == (201, False)
    assert conflict(market.buyer.post("orders", case["second"])) == [
        ("lines[0].qty", "LZ-CE-25", 4, 400),
        ("lines[1]", "LZ-CE-35", None, {"qty": 80}),
    ]
    again = market.buyer.post("orders", case["first"])
    assert (again.status_code, again.json()) == (201, first.json() | {"replayed": True})
    assert counted(market, Order) == 1


def test_the_case_of_a_payment(market):
    case = case_of("api-same-source-payment")
    first = case["first"] | {"buyer": "D1"}
    assert market.staff.post("payments", first).json()["replayed"] is False
    refused = market.staff.post("payments", case["second"] | {"buyer": "D1"})
    assert conflict(refused) == [("amount", None, "100.00", "900.00")]
    assert market.staff.post("payments", first).json()["replayed"] is True
    assert counted(market, Journal) == 1


@pytest.mark.parametrize(
    "same",
    [
        {"lines": LINES[::-1]},
        {"lines": [{"qty": "16", "sku": "a"}, {"qty": 3, "sku": "Ｂ"}]},
        {"lines": LINES, "note": None, "reference": None, "kind": "standard"},
        {"lines": LINES, "hold": True},
        {"lines": LINES, "seller": "F", "buyer": "D1"},
    ],
)
def test_the_same_order_in_another_spelling_is_a_replay(market, same):
    first = market.order(source="PO-1", lines=LINES)
    again = market.buyer.post("orders", {"source": "PO-1"} | same).json()
    assert (again.get("id"), again.get("replayed")) == (first["id"], True), again


@pytest.mark.parametrize(
    ("changed", "differs"),
    [
        ({"note": "back door"}, [("note", None, "", "back door")]),
        ({"reference": "PO 8"}, [("reference", None, "PO 7", "PO 8")]),
        ({"lines": [LINES[0]]}, [("lines", "B", {"qty": 3}, None)]),
        ({"lines": [LINES[0], {"sku": "B", "qty": 4}]}, [("lines[1].qty", "B", 3, 4)]),
        ({"lines": [LINES[0], {"sku": "b", "qty": 4}]}, [("lines[1].qty", "B", 3, 4)]),
        ({"lines": [*LINES, LINES[0]]}, [("lines[2]", "A", None, {"qty": 16})]),
    ],
)
def test_what_differs_of_an_order_is_named(market, changed, differs):
    body = {"source": "PO-1", "reference": "PO 7", "lines": LINES}
    market.order(**body)
    answer = market.buyer.post("orders", body | changed)
    assert conflict(answer) == differs
    assert answer.json()["booked"]["kind"] == "order"
    assert answer["Content-Type"] == "application/problem+json"


def test_a_product_of_another_spelling_is_another_product(market):
    with tenant_active(market.tenant):
        goods = {a_product(sku): "1.00" for sku in ("qx-1", "QX-1")}
        a_price_list(market.trade.seller, goods)
        Stock.objects.bulk_create(Stock(party=market.trade.seller, product=one, on_hand=9) for one in goods)
    market.order(source="PO-1", lines=[{"sku": "qx-1", "qty": 5}])
    answer = market.buyer.post("orders", {"source": "PO-1", "lines": [{"sku": "QX-1", "qty": 5}]})
    assert [one[1] for one in conflict(answer)] == ["QX-1", "qx-1"]


def test_another_window_is_another_order(market):
    body = {"kind": "presale", "source": "P-1", "lines": LINES, "window": a_window()}
    first = market.order(**body)
    assert market.order(**body)["id"] == first["id"]
    (other,) = conflict(market.buyer.post("orders", body | {"window": a_window(days=3)}))
    assert (other[0], set(other[2])) == ("window", {"from", "until"})


def test_an_order_that_was_cancelled_meanwhile_is_the_same_replay(market):
    first = market.order(source="PO-1")
    market.buyer.post(f"orders/{first['id']}/cancel", {})
    again = market.order(source="PO-1")
    assert (again["id"], again["state"], again["replayed"]) == (first["id"], "cancelled", True)
    market.order(source="PO-2", lines=[{"sku": "A", "qty": 1}])
    assert counted(market, Order) == 2


def test_a_replay_asks_neither_for_stock_nor_for_credit(market):
    first = market.order(source="PO-1")
    with tenant_active(market.tenant):
        Stock.objects.update(safety=10**6)
    assert market.order(source="PO-1")["id"] == first["id"]


def a_delivered_order(market):
    order = market.order()
    market.staff.post(f"orders/{order['id']}/confirm", {})
    shipment = market.staff.post(f"orders/{order['id']}/ship", {}).json()
    market.buyer.post(f"shipments/{shipment['id']}/deliver", {"signed_by": "李"})
    return order, shipment


def test_a_receipt_is_confirmed_once(market):
    _order, shipment = a_delivered_order(market)
    path = f"shipments/{shipment['id']}/deliver"
    again = market.buyer.post(path, {"signed_by": "李"})
    assert (again.status_code, again.json()["replayed"]) == (201, True)
    assert conflict(market.buyer.post(path, {"signed_by": "王"})) == [("signed_by", None, "李", "王")]
    moment = again.json()["delivered_at"]
    assert market.buyer.post(path, {"signed_by": "李", "delivered_at": moment}).json()["replayed"] is True
    (other,) = conflict(market.buyer.post(path, {"signed_by": "李", "delivered_at": "2026-01-01T00:00:00Z"}))
    assert other[0] == "delivered_at"


def test_a_return_of_an_order_is_booked_once(market):
    order, _shipment = a_delivered_order(market)
    other_order, _other = a_delivered_order(market)
    body = {
        "order": order["id"],
        "source": "RMA-1",
        "reason": "damaged",
        "lines": [{"position": 1, "qty": 2}, {"position": 2, "qty": 1, "free": 0}],
    }
    first = market.staff.post("returns", body)
    assert (first.status_code, first.json()["replayed"]) == (201, False), first.content
    again = market.staff.post("returns", body | {"lines": body["lines"][::-1]})
    assert again.json() == first.json() | {"replayed": True}
    more = [{"position": 1, "qty": 3}, {"position": 2, "qty": 1}]
    for changed, differs in (
        ({"lines": more}, [("lines[0].qty", "1 A", 2, 3)]),
        ({"lines": body["lines"][:1]}, [("lines", "2 B", {"qty": 1, "free": 0}, None)]),
        ({"reason": "late"}, [("reason", None, "damaged", "late")]),
        ({"order": other_order["id"]}, [("order", None, order["number"], other_order["number"])]),
    ):
        assert conflict(market.staff.post("returns", body | changed)) == differs
    assert counted(market, Return) == 1


def test_a_return_without_an_order_is_booked_once(market):
    a_delivered_order(market)
    lines = [{"sku": "A", "qty": 2, "price": "5.00"}, {"sku": "B", "qty": 1, "price": "9"}]
    body = {"seller": "F", "buyer": "D1", "source": "RMA-1", "lines": lines}
    first = market.staff.post("returns", body)
    assert first.status_code == 201, first.content
    spelled = [{"price": "9.0000", "sku": "b", "qty": "1"}, {"sku": "A", "qty": 2, "price": "5"}]
    assert market.staff.post("returns", body | {"lines": spelled}).json()["replayed"] is True
    dearer = [lines[0] | {"price": "6"}, lines[1]]
    answer = market.staff.post("returns", body | {"lines": dearer})
    assert conflict(answer) == [("lines[0].price", "A", "5.0000", "6.0000")]
    assert counted(market, Return) == 1


@pytest.mark.parametrize("mode", ["count", "receipt"])
def test_a_stock_report_counts_once(market, mode):
    body = {
        "source": "pos:1",
        "mode": mode,
        "lines": [{"sku": "A", "on_hand": 40, "safety": 5}, {"sku": "B", "on_hand": 0}],
    }
    first = market.buyer.post("stock", body).json()
    assert (first["changed"], first["replayed"]) == (1, False)
    spelled = [{"on_hand": "0", "sku": "b"}, {"safety": "5", "sku": "a", "on_hand": 40, "quarantine": None}]
    again = market.buyer.post("stock", body | {"lines": spelled}).json()
    assert again == first | {"replayed": True}
    more = [body["lines"][0] | {"on_hand": 41}, {"sku": "B", "on_hand": 0, "safety": 1}]
    differs = [("lines[0].on_hand", "A", 40, 41), ("lines[1].safety", "B", None, 1)]
    compared = differs if mode == "count" else differs[:1]  # a receipt adds to the stock on hand alone
    assert conflict(market.buyer.post("stock", body | {"lines": more})) == compared
    other = {"count": "receipt", "receipt": "count"}[mode]
    refused = conflict(market.buyer.post("stock", body | {"mode": other}))
    assert refused[0] == ("mode", None, mode, other)
    rows = {row["sku"]: row["on_hand"] for row in market.buyer.get("stock").json()["results"]}
    assert rows == {"A": 40, "B": 0}


def test_a_report_that_changed_nothing_is_remembered_too(market):
    """A count that finds what is there leaves no movement, and its number is used all the same."""
    market.buyer.post("stock", {"source": "c:1", "lines": [{"sku": "A", "on_hand": 0}]})
    refused = market.buyer.post("stock", {"source": "c:1", "lines": [{"sku": "A", "on_hand": 7}]})
    assert conflict(refused) == [("lines[0].on_hand", "A", 0, 7)]


def test_each_party_numbers_its_reports_for_itself(market):
    body = {"source": "c:1", "lines": [{"sku": "A", "on_hand": 7}]}
    assert market.buyer.post("stock", body).json()["replayed"] is False
    assert market.other.post("stock", body).json()["replayed"] is False


def test_many_differences_are_counted_and_the_first_named(market):
    rows = [{"sku": f"N-{n}", "on_hand": 1} for n in range(60)]
    with tenant_active(market.tenant):
        for row in rows:
            a_product(row["sku"])
    market.buyer.post("stock", {"source": "c:1", "lines": rows})
    answer = market.buyer.post("stock", {"source": "c:1", "lines": [row | {"on_hand": 2} for row in rows]})
    assert (len(conflict(answer)), answer.json()["differences"]) == (50, 60)
    assert "57" in answer.json()["detail"]


def test_another_sellers_order_is_not_described(market):
    """An outlet buys from its member and from its dealer; the member learns nothing of the other order."""
    with tenant_active(market.tenant):
        dealer = market.trade.buyer
        member = a_party("member", parent=dealer, code="M1")
        outlet = a_party("outlet", parent=member, code="O1")
        for seller in (dealer, member):
            a_price_list(seller, {market.trade.products[0]: "6.00"})
    lines = [{"sku": "A", "qty": 1}]
    at_dealer = market.buyer.post(
        "orders", {"seller": "D1", "buyer": outlet.code, "source": "7", "lines": lines}
    )
    assert at_dealer.status_code == 201, at_dealer.content
    refused = ApiClient(market.tenant, member, "owner").post(
        "orders", {"seller": "M1", "buyer": outlet.code, "source": "7", "lines": lines}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "source_conflict")
    assert not {"differs", "booked"} & refused.json().keys()


def test_the_schema_says_so(market):
    schema = SchemaGenerator().get_schema(public=True)
    for path in ("orders", "returns", "stock", "payments", "shipments/{id}/deliver"):
        responses = schema["paths"][f"/api/v1/{path}"]["post"]["responses"]
        names = {}
        for status, media_type in (("201", "application/json"), ("409", "application/problem+json")):
            names[status] = responses[status]["content"][media_type]["schema"]["$ref"].rpartition("/")[2]
        shapes = schema["components"]["schemas"]
        assert "replayed" in shapes[names["201"]]["properties"], path
        assert "differs" in shapes[names["409"]]["properties"], path


def ready_order(market):
    with tenant_active(market.tenant):
        return confirmed(market.trade, ("A", 10), ("B", 5))


def test_a_shipment_with_the_same_source_and_content_ships_once(market):
    order = ready_order(market)
    door, body = f"orders/{order.id}/ship", {"source": "DN-1", "lines": [{"position": 1, "qty": 4}]}
    first = market.staff.post(door, body)
    assert (first.status_code, first.json()["replayed"], first.json()["source"]) == (201, False, "DN-1")
    again = market.staff.post(door, body)
    assert (again.status_code, again.json()) == (201, first.json() | {"replayed": True})
    assert counted(market, Shipment) == 1
    other = market.staff.post(door, body | {"lines": [{"position": 1, "qty": 5}, {"position": 2, "qty": 1}]})
    assert conflict(other) == [
        ("lines[0].qty", "1", 4, 5),
        ("lines[1]", "2", None, {"qty": 1, "free": None}),
    ]
    assert conflict(market.staff.post(door, {"source": "DN-1"})) == [("lines", None, "1: 4", "all")]
    assert counted(market, Shipment) == 1
    (listed,) = market.staff.get("shipments", {"source": "DN-1"}).json()["results"]
    assert listed["source"] == "DN-1"


def test_all_that_was_open_is_shipped_once_and_not_for_another_order(market):
    order, second = ready_order(market), ready_order(market)
    assert market.staff.post(f"orders/{order.id}/ship", {"source": "DN-2"}).json()["replayed"] is False
    assert market.staff.post(f"orders/{order.id}/ship", {"source": "DN-2"}).json()["replayed"] is True
    refused = market.staff.post(f"orders/{second.id}/ship", {"source": "DN-2"})
    assert conflict(refused) == [("order", None, order.number, second.number)]
    assert market.staff.post(f"orders/{second.id}/ship", {}).json()["replayed"] is False


def test_the_memo_of_a_payment_and_the_hold_of_an_order_are_compared(market):
    payment = {"buyer": "D1", "amount": "5.00", "source": "BANK-77"}
    assert market.staff.post("payments", payment | {"memo": "May"}).status_code == 201
    assert market.staff.post("payments", payment | {"memo": " May "}).json()["replayed"] is True
    assert conflict(market.staff.post("payments", payment | {"memo": "June"})) == [
        ("memo", None, "May", "June")
    ]
    order = {"source": "PO-77", "lines": [{"sku": "A", "qty": 1}], "hold": False}
    first = market.buyer.post("orders", order)
    assert first.status_code == 201
    assert "hold" not in first.json()["reasons"]
    assert market.buyer.post("orders", order).json()["replayed"] is True
    assert conflict(market.buyer.post("orders", order | {"hold": True})) == [("hold", None, False, True)]
