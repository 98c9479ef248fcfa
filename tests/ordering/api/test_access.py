"""What the doors of ordering let through, and what they keep to themselves."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.rights import Actor
from ordering.models import Order, Return, TradeFact
from ordering.operations.cancelling import cancel_order
from ordering.operations.confirming import accept_order
from ordering.operations.delivering import BeforeShipped, NotYet, deliver
from ordering.operations.locking import NoSuchOrder
from ordering.operations.returns import take_back
from ordering.operations.shipping import ship
from ordering.queries.stock import incoming
from pricing.models import Limit
from tenancy.context import tenant_active
from tests.api_client import ApiClient
from tests.factories import a_party
from tests.ordering.trade import AT, LATER, ME, a_stocked_trade, a_trade, confirmed


@pytest.fixture
def sent(in_acme):
    trade = a_stocked_trade()
    return ship(order_id=confirmed(trade).id, by=ME, at=AT)


def test_a_delivery_told_later_counts_on_its_own_day(sent):
    yesterday = LATER - timedelta(days=1)
    done = deliver(shipment_id=sent.id, signed_by="", by=ME, at=LATER + timedelta(days=9), delivered_at=LATER)
    assert done.delivered_at == LATER
    assert TradeFact.objects.filter(delivered_qty__gt=0).values_list("day", flat=True)[0] == LATER.date()
    assert yesterday < AT


@pytest.mark.parametrize(
    ("delivered_at", "refusal"),
    [(AT - timedelta(seconds=1), BeforeShipped), (LATER + timedelta(minutes=6), NotYet)],
)
def test_nothing_is_delivered_before_it_left_or_in_the_future(sent, delivered_at, refusal):
    with pytest.raises(refusal) as refused:
        deliver(shipment_id=sent.id, signed_by="", by=ME, at=LATER, delivered_at=delivered_at)
    assert refused.value.field == "delivered_at"


def test_a_clock_that_is_a_little_fast_means_now(sent):
    soon = LATER + timedelta(minutes=4)
    assert (
        deliver(shipment_id=sent.id, signed_by="", by=ME, at=LATER, delivered_at=soon).delivered_at == LATER
    )


def test_the_door_refuses_a_delivery_in_the_future_by_its_field(acme):
    with tenant_active(acme):
        trade = a_stocked_trade()
        sent = ship(order_id=confirmed(trade).id, by=ME, at=timezone.now())
    buyer = ApiClient(acme, trade.buyer, "owner")
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    refused = buyer.post(f"shipments/{sent.id}/deliver", {"delivered_at": tomorrow})
    assert (refused.status_code, refused.json()["field"]) == (422, "delivered_at")
    early = buyer.post(f"shipments/{sent.id}/deliver", {"delivered_at": "2020-01-01T00:00:00Z"})
    assert (early.status_code, early.json()["code"]) == (422, "before_shipped")


def test_each_buyer_numbers_for_itself(in_acme):
    trade = a_trade()
    other = a_trade({"C": "7.00"}, seller=trade.seller, buyer=a_party(parent=trade.seller, code="D2"))
    first, second = trade.place(source="PO-1"), other.place(("C", 1), source="PO-1")
    assert first.id != second.id
    assert trade.place(source="PO-1").id == first.id
    assert Order.objects.filter(source="PO-1").count() == 2


def test_each_buyer_numbers_its_returns_for_itself(in_acme):
    trade = a_stocked_trade()
    other = a_stocked_trade(
        prices={"C": "7.00"}, seller=trade.seller, buyer=a_party(parent=trade.seller, code="D2")
    )
    for one, lines in ((trade, [(1, 1)]), (other, [(1, 1)])):
        order = confirmed(one, *([("C", 3)] if one is other else []))
        shipment = ship(order_id=order.id, by=ME, at=AT)
        deliver(shipment_id=shipment.id, signed_by="", by=ME, at=LATER)
        known = take_back(order_id=order.id, lines=lines, by=ME, at=LATER, source="RMA-1")
        assert take_back(order_id=order.id, lines=lines, by=ME, at=LATER, source="RMA-1").id == known.id
    assert Return.objects.count() == 2


def test_who_handles_goods_alone_is_told_no_prices(acme):
    with tenant_active(acme):
        trade = a_stocked_trade()
        order = confirmed(trade)
        sent = ship(order_id=order.id, by=ME, at=AT)
        deliver(shipment_id=sent.id, signed_by="", by=ME, at=LATER)
    ware, boss = (ApiClient(acme, trade.seller, role) for role in ("warehouse", "director"))
    told = ware.post("returns", {"order": str(order.id), "lines": [{"position": 1, "qty": 1}]}).json()
    money = {
        f"orders/{order.id}": ("subtotal", "discount", "total", "tax", "open_amount"),
        f"shipments/{sent.id}": ("amount",),
        f"returns/{told['id']}": ("net", "tax", "credit"),
    }
    for path, names in money.items():
        hidden, shown = ware.get(path).json(), boss.get(path).json()
        assert hidden.keys() == shown.keys()
        assert [hidden[name] for name in names] == [None] * len(names)
        assert None not in [shown[name] for name in names]
        assert {line["net"] for line in hidden["lines"]} == {None}
        assert [line["qty"] for line in hidden["lines"]] == [line["qty"] for line in shown["lines"]]
        head = path.partition("/")[0]
        listed = ware.get(head).json()["results"][0]
        assert {listed[name] for name in names if name in listed} == {None}
        assert None not in [boss.get(head).json()["results"][0][name] for name in names if name in listed]
    line = ware.get(f"orders/{order.id}").json()["lines"][0]
    assert (line["unit_price"], line["amount"], line["price_list"], line["sku"]) == (None, None, None, "A")
    assert ware.get(f"orders/{order.id}").json()["shipments"][0]["amount"] is None


def test_why_an_order_waits_is_told_without_its_figures(acme):
    with tenant_active(acme):
        trade = a_stocked_trade()
        order = trade.place()
        facts = {
            "schemes": [{"code": "S", "kind": "step", "reason": "applied", "worth": "5.00"}],
            "credit": {"reasons": ["over_limit"], "asked": "80.03", "exposure": "1.00", "available": "0.00"},
        }
        Order.objects.filter(id=order.id).update(facts=facts)
    ware = ApiClient(acme, trade.seller, "warehouse").get(f"orders/{order.id}").json()
    assert ware["reasons"] == {
        "schemes": [{"code": "S", "kind": "step", "reason": "applied", "worth": None}],
        "credit": {"reasons": ["over_limit"]},
    }


def test_one_yes_accepts_the_prices_first_and_the_order_then(in_acme):
    trade = a_trade()
    Limit.objects.create(
        seller=trade.seller, product=trade.products[0], floor=Decimal("6.00"), action="review", clause="L1"
    )
    order = trade.place()
    assert order.state == "review"
    assert accept_order(order_id=order.id, by=ME, at=AT).state == "placed"
    assert accept_order(order_id=order.id, by=ME, at=AT).state == "reserved"


def test_a_region_manager_refuses_what_it_may_confirm(acme, monkeypatch):
    with tenant_active(acme):
        trade = a_stocked_trade()
        mine, gone = confirmed(trade), confirmed(trade)
        ship(order_id=gone.id, by=ME, at=AT)
    monkeypatch.setattr("ordering.models.order.TERRITORY_ROLES", ())
    manager = ApiClient(acme, trade.seller, "region_manager")
    cancelled = manager.post(f"orders/{mine.id}/cancel", {"reason": "out of territory"})
    assert (cancelled.status_code, cancelled.json()["state"]) == (201, "cancelled")
    assert manager.post(f"orders/{gone.id}/cancel", {}).status_code == 409
    supervisor = ApiClient(acme, trade.seller, "supervisor")
    assert supervisor.post(f"orders/{mine.id}/cancel", {}).status_code == 403


def test_a_region_manager_does_not_see_the_orders_of_another_territory(in_acme):
    trade = a_trade()
    order = trade.place()
    manager = Actor(trade.seller.id, "manufacturer", "region_manager")
    with pytest.raises(NoSuchOrder), transaction.atomic():
        cancel_order(order_id=order.id, by=manager, at=AT)


def test_what_is_on_its_way_is_counted_by_the_tenants_day(in_acme):
    trade = a_stocked_trade()
    evening = datetime(2026, 6, 1, 17, 0, tzinfo=UTC)
    ship(order_id=confirmed(trade).id, by=ME, at=evening)
    ((day, _units),) = incoming(party_id=trade.buyer.id, product_id=trade.products[0].id)
    assert day.isoformat() == "2026-06-02"
