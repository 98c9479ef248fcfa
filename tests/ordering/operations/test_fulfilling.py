from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.rights import Actor, NotAllowed
from alliance.models import Evidence, SpreadTerm
from jobs.models import OutboxDue
from jobs.operations.outbox import deliver as deliver_message
from ledger.models import OpenItem
from ordering.operations.confirming import confirm_order, reserve
from ordering.operations.delivering import BeforeShipped, deliver
from ordering.operations.locking import NoSuchOrder, WrongState
from ordering.operations.placing import Window
from ordering.operations.returns import take_back
from ordering.operations.shipping import MoreThanOpen, NothingShipped, ship
from ordering.operations.sources import SourceTaken
from ordering.queries.orders import order_facts
from ordering.queries.stock import available_to_promise, incoming
from ordering.queries.timeline import timeline_of
from tests.factories import a_contract, a_manufacturer, a_party, a_scheme, in_force
from tests.ordering.trade import (
    AT,
    LATER,
    ME,
    a_stocked_trade,
    all_holds,
    balance,
    confirmed,
    delivered,
)


def test_confirming_makes_the_reservation_firm(in_acme):
    trade = a_stocked_trade()
    order = confirmed(trade)
    assert order.state == "reserved"
    assert (trade.stock("A").soft, trade.stock("A").hard) == (0, 10)
    with pytest.raises(WrongState):
        confirm_order(order_id=order.id, by=ME, at=AT)


def test_a_presale_order_is_firm_when_it_is_reserved(in_acme):
    trade = a_stocked_trade()
    window = Window(AT + timedelta(days=1), AT + timedelta(days=2))
    order = confirmed(trade, kind="presale", window=window)
    assert (order.state, trade.stock("A").soft) == ("confirmed", 10)
    assert reserve(order_id=order.id, by=ME, at=AT).state == "reserved"
    assert trade.stock("A").hard == 10
    all_holds()


def test_the_outbox_confirms_what_confirms_itself(in_acme):
    trade = a_stocked_trade()
    trade.seller.confirms_itself = True
    trade.seller.save()
    order = trade.place()
    for due in OutboxDue.objects.all():
        deliver_message(tenant_id=in_acme.id, message_id=due.id, at=AT)
    assert order_facts(order.id).state == "reserved"


def test_delivery_turns_what_was_committed_into_a_receivable(in_acme):
    trade = a_stocked_trade()
    order = delivered(trade)
    found = order_facts(order.id)
    assert (found.state, found.open_amount, found.shipments[0].signed_by) == ("delivered", 0, "王")
    assert (balance("committed"), balance("receivable")) == (0, Decimal("80.03"))
    assert (balance("sales"), balance("tax")) == (Decimal("-70.83"), Decimal("-9.20"))
    assert OpenItem.objects.get().due_on == AT.date() + timedelta(days=30)
    assert (trade.stock("A").on_hand, trade.stock("A").hard) == (90, 0)
    entries = timeline_of(order.id, [one.id for one in found.shipments])
    assert [one.action for one in entries] == ["order.place", "order.confirm", "order.ship", "order.deliver"]
    all_holds()


def test_nothing_is_delivered_twice_or_before_it_is_shipped(in_acme):
    trade = a_stocked_trade()
    shipment = ship(order_id=confirmed(trade).id, by=ME, at=AT)
    with pytest.raises(BeforeShipped):
        deliver(shipment_id=shipment.id, signed_by="", by=ME, at=AT - timedelta(hours=1))


def test_a_second_delivery_of_the_same_is_a_replay_and_another_one_refused(in_acme):
    trade = a_stocked_trade()
    shipment = ship(order_id=confirmed(trade).id, by=ME, at=AT)
    first = deliver(shipment_id=shipment.id, signed_by="王", by=ME, at=LATER)
    again = deliver(shipment_id=shipment.id, signed_by="王", by=ME, at=LATER + timedelta(hours=1))
    assert (again.delivered_at, again.replayed, first.replayed) == (LATER, True, False)
    for other in ({"signed_by": "李"}, {"signed_by": "王", "delivered_at": AT}):
        with pytest.raises(SourceTaken), transaction.atomic():
            deliver(shipment_id=shipment.id, by=ME, at=LATER, **other)


def test_a_buyer_that_keeps_stock_receives_it(in_acme):
    trade = a_stocked_trade()
    trade.buyer.tracks_stock = True
    trade.buyer.save()
    order = confirmed(trade)
    shipment = ship(order_id=order.id, by=ME, at=AT)
    assert incoming(party_id=trade.buyer.id, product_id=trade.products[0].id) == [(AT.date(), 10)]
    deliver(shipment_id=shipment.id, signed_by="", by=ME, at=LATER)
    assert trade.stock("A", trade.buyer).on_hand == 10
    assert available_to_promise(party_id=trade.buyer.id, product_id=trade.products[0].id)[0].promise == 10
    take_back(order_id=order.id, lines=[(1, 4)], by=ME, at=LATER)
    assert (trade.stock("A", trade.buyer).on_hand, trade.stock("A").on_hand) == (6, 94)
    all_holds()


@pytest.mark.parametrize("mode", ["unit", "proportional", "whole"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), qty=st.integers(1, 40), included=st.booleans())
def test_however_an_order_is_split_its_shipments_add_up(in_acme, mode, data, qty, included):
    from django.db import transaction

    with transaction.atomic():
        trade = a_stocked_trade(
            prices={"A": data.draw(st.sampled_from(["0.3333", "9.99", "0.01"])), "B": "1.00"}
        )
        a_scheme(trade.seller, "free_goods", {"skus": ["A"], "buy": 8, "free": 1, "mode": mode})
        a_scheme(
            trade.seller, "free_goods", {"skus": ["A"], "buy": 5, "free": 1, "mode": "unit", "gift_sku": "B"}
        )
        a_scheme(trade.seller, "order_amount", {"steps": [{"from": "1", "amount_off": "0.37"}]})
        order = confirmed(trade, ("A", qty))
        left = qty
        while left:
            step = data.draw(st.integers(1, left))
            shipment = ship(order_id=order.id, lines=[(1, step)], by=ME, at=AT)
            if data.draw(st.booleans()) or step == left:
                deliver(shipment_id=shipment.id, signed_by="", by=ME, at=LATER)
            left -= step
        for sent in order_facts(order.id).shipments:
            if sent.state == "shipped":
                deliver(shipment_id=sent.id, signed_by="", by=ME, at=LATER)
        found = order_facts(order.id)
        assert found.state == "delivered"
        assert sum(one.amount for one in found.shipments) == found.total
        assert [(line.delivered_qty, line.delivered_free) for line in found.lines] == [
            (line.qty, line.free_qty) for line in found.lines
        ]
        assert (balance("receivable"), balance("tax")) == (found.total, -found.tax)
        if included:
            back = [(line.position, line.delivered_qty, line.delivered_free) for line in found.lines]
            take_back(order_id=order.id, lines=back, by=ME, at=LATER)
            assert (balance("receivable"), balance("sales"), balance("tax")) == (0, 0, 0)
        all_holds()
        transaction.set_rollback(True)


def test_free_units_travel_when_they_are_earned(in_acme):
    trade = a_stocked_trade()
    a_scheme(trade.seller, "free_goods", {"skus": ["A"], "buy": 8, "free": 1, "mode": "unit"})
    order = confirmed(trade, ("A", 20))
    first = ship(order_id=order.id, lines=[(1, 7)], by=ME, at=AT)
    second = ship(order_id=order.id, lines=[(1, 9)], by=ME, at=AT)
    assert [shipment.lines[0].free_qty for shipment in (first, second)] == [0, 2]
    with pytest.raises(MoreThanOpen) as refused:
        ship(order_id=order.id, lines=[(1, 4, 1)], by=ME, at=AT)
    assert refused.value.field == "lines[0].free"


@pytest.mark.parametrize(
    ("lines", "refusal", "field"),
    [
        ([(1, 11)], MoreThanOpen, "lines[0].qty"),
        ([(1, 1), (9, 1)], MoreThanOpen, "lines[1].position"),
        ([(1, 1), (1, 1)], MoreThanOpen, "lines[1].position"),
        ([(1, 0)], NothingShipped, "lines"),
    ],
)
def test_what_is_not_there_does_not_ship(in_acme, lines, refusal, field):
    order = confirmed(a_stocked_trade())
    with pytest.raises(refusal) as refused:
        ship(order_id=order.id, lines=lines, by=ME, at=AT)
    assert refused.value.field == field


def test_the_buyer_does_not_confirm_or_ship_to_itself(in_acme):
    trade = a_stocked_trade()
    order = trade.place()
    with pytest.raises(NotAllowed):
        confirm_order(order_id=order.id, by=Actor(trade.buyer.id, "dealer", "owner"), at=AT)


def test_an_order_of_others_is_not_there(in_acme):
    trade = a_stocked_trade()
    order = trade.place()
    with pytest.raises(NoSuchOrder):
        confirm_order(order_id=order.id, by=Actor(a_party().id, "dealer", "owner"), at=AT)


def test_a_delivery_under_contract_leaves_evidence(in_acme):
    dealer = a_party(parent=a_manufacturer(), code="D9")
    member = a_party("member", parent=dealer)
    trade = a_stocked_trade(prices={"S": "9.00"}, seller=dealer, buyer=member)
    contract = a_contract(dealer, member, delivery_hours=4, late_fee="20.00", state="draft")
    SpreadTerm.objects.create(
        contract=contract, product=trade.products[0], clause="5.1", guaranteed="2.00", advised_resale="10.50"
    )
    in_force(contract)
    order = confirmed(trade, ("S", 10))
    assert order.contract_id == contract.id
    shipment = ship(order_id=order.id, by=ME, at=AT)
    deliver(shipment_id=shipment.id, signed_by="", by=ME, at=LATER)
    for _ in range(2):
        for due in OutboxDue.objects.all():
            deliver_message(tenant_id=in_acme.id, message_id=due.id, at=AT)
    owed = dict(Evidence.objects.values_list("kind", "owed"))
    assert owed == {"spread": Decimal("5.00"), "service": Decimal("20.00")}


def test_cost_does_not_grow_with_lines(in_acme, django_assert_max_num_queries):
    skus = [f"S{i}" for i in range(50)]
    trade = a_stocked_trade(prices=dict.fromkeys(skus, "1.00"))
    lines = [(sku, 2) for sku in skus]
    order = trade.place(*lines)
    with django_assert_max_num_queries(14):
        confirm_order(order_id=order.id, by=ME, at=AT)
    with django_assert_max_num_queries(14):
        shipment = ship(order_id=order.id, by=ME, at=AT)
    with django_assert_max_num_queries(18):
        deliver(shipment_id=shipment.id, signed_by="", by=ME, at=LATER)
    with django_assert_max_num_queries(24):
        take_back(order_id=order.id, lines=[(i + 1, 1) for i in range(50)], by=ME, at=LATER)
