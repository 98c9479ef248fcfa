"""A seller uploads the signed slip; the buyer confirms, or the tenant's hours pass."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Message
from accounts.rights import NotAllowed
from alliance.models import Evidence
from audit.queries import trail
from jobs.models import OutboxDue
from jobs.operations.outbox import deliver as deliver_message
from jobs.operations.schedules import HOURLY
from ledger.models import OpenItem
from ordering.domain.delivery_windows import WindowPlan
from ordering.models import DeliverySlip, Order, Shipment
from ordering.operations.delivering import deliver
from ordering.operations.delivery_plan import set_delivery_plan
from ordering.operations.delivery_slips import SlipRefused, add_delivery_slip
from ordering.operations.event_handlers import record_delivery_evidence
from ordering.operations.locking import WrongState
from ordering.operations.shipping import ship
from ordering.operations.timed_out_receipts import receive_timed_out
from ordering.queries.orders import order_facts
from ordering.queries.shipments import shipment_facts
from portal.tasks import hourly
from tenancy.rooms import registered, resolve
from tests.factories import a_contract, a_party, an_actor
from tests.ordering.domain.test_delivery_slips import JPEG, PDF
from tests.ordering.trade import AT, LATER, ME, a_stocked_trade, a_trade, all_holds, confirmed
from tests.people import a_membership

DAY = timedelta(days=1)
DUE = LATER + 2 * DAY


@pytest.fixture
def trade(in_acme):
    trade = a_stocked_trade()
    trade.buyer.tracks_stock = True
    trade.buyer.save()
    return trade


def sent(trade, *lines, slip=JPEG, at=LATER):
    """A shipment on its way, with its slip."""
    shipment = ship(order_id=confirmed(trade, *lines).id, by=ME, at=AT)
    if slip:
        add_slip(shipment, by=an_actor(trade.seller), content=slip, at=at)
    return shipment


def add_slip(shipment, *, by, content=JPEG, at=LATER):
    return add_delivery_slip(shipment_id=shipment.id, content=content, file_name="slip.jpg", by=by, at=at)


def test_a_shipment_with_an_unanswered_slip_is_received_after_two_days(trade):
    shipment = sent(trade)
    assert receive_timed_out(by=ME, at=DUE - timedelta(seconds=1)) == 0
    assert receive_timed_out(by=ME, at=DUE) == 1
    assert receive_timed_out(by=ME, at=DUE + DAY) == 0
    found = shipment_facts(shipment.id)
    assert (found.state, found.timed_out, found.delivered_at, found.signed_by) == ("delivered", True, DUE, "")
    order = order_facts(found.order_id)
    assert (order.state, order.delivered_at, order.open_amount) == ("delivered", DUE, 0)
    assert (trade.stock("A", trade.buyer).on_hand, OpenItem.objects.get().amount) == (10, order.total)
    (entry,) = trail((Shipment, shipment.id)).filter(action="order.time_out")
    assert entry.facts["slip_at"] == LATER.isoformat()
    all_holds()


def test_without_a_slip_nothing_is_received(trade):
    sent(trade, slip=b"")
    assert receive_timed_out(by=ME, at=DUE + 100 * DAY) == 0


def test_the_tenant_sets_the_hours(trade):
    set_delivery_plan(plan=WindowPlan(receipt_hours=12), version=0, by=ME, at=AT)
    sent(trade)
    assert receive_timed_out(by=ME, at=LATER + timedelta(hours=11)) == 0
    assert receive_timed_out(by=ME, at=LATER + timedelta(hours=12)) == 1


def test_the_first_slip_starts_the_time(trade):
    shipment = sent(trade)
    add_slip(shipment, by=an_actor(trade.seller), content=PDF, at=LATER + DAY)
    assert Shipment.objects.get().slip_at == LATER
    assert DeliverySlip.objects.count() == 2


def test_what_the_buyer_confirms_is_no_time_out(trade):
    shipment = sent(trade)
    deliver(shipment_id=shipment.id, signed_by="王", by=an_actor(trade.buyer), at=LATER + DAY)
    assert receive_timed_out(by=ME, at=DUE + DAY) == 0
    found = shipment_facts(shipment.id)
    assert (found.timed_out, found.signed_by) == (False, "王")
    with pytest.raises(WrongState), transaction.atomic():
        add_slip(shipment, by=an_actor(trade.seller), content=PDF)


def test_the_buyer_confirms_nothing_after_the_time_out(trade):
    shipment = sent(trade)
    receive_timed_out(by=ME, at=DUE)
    with pytest.raises(WrongState, match="超时"), transaction.atomic():
        deliver(shipment_id=shipment.id, signed_by="王", by=an_actor(trade.buyer), at=DUE)


def test_many_are_received_with_as_many_statements_as_one(trade):
    others = [
        a_trade({f"X{n}": "7.00"}, seller=trade.seller, buyer=a_party(parent=trade.seller), on_hand=None)
        for n in range(3)
    ]
    trade.seller.tracks_stock = False
    trade.seller.save()
    sent(trade)
    with CaptureQueriesContext(connection) as one:
        assert receive_timed_out(by=ME, at=DUE) == 1
    for other in others:
        first = other.products[0].sku
        sent(other, (first, 4))
        sent(other, (first, 5))
    with CaptureQueriesContext(connection) as many:
        assert receive_timed_out(by=ME, at=DUE) == 6
    assert len(many) <= len(one)


def test_two_parts_of_an_order_are_received_together(trade):
    order = confirmed(trade)
    parts = [ship(order_id=order.id, lines=lines, by=ME, at=AT) for lines in ([(1, 4)], [(1, 6), (2, 3)])]
    for part in parts:
        add_slip(part, by=an_actor(trade.seller))
    assert receive_timed_out(by=ME, at=DUE, limit=1) == 1
    assert order_facts(order.id).state == "shipped"
    assert receive_timed_out(by=ME, at=DUE) == 1
    assert (order_facts(order.id).state, trade.stock("A", trade.buyer).on_hand) == ("delivered", 10)
    all_holds()


def test_the_hourly_round_receives(trade, settings):
    sent(trade)
    assert settings.CELERY_BEAT_SCHEDULE["hourly"]["task"] == hourly.name
    calls = {call.function: call for call in registered("schedule") if HOURLY in call.every}
    call = calls["ordering.operations.timed_out_receipts.receive_timed_out"]
    assert call.is_per_tenant
    resolve(call.function)(by=ME, at=DUE)
    assert Shipment.objects.get().timed_out


def test_the_buyers_silence_is_no_late_delivery(trade):
    member = a_party("member", parent=trade.buyer)
    contract = a_contract(trade.buyer, member, delivery_hours=24)
    shipment = sent(trade)
    Order.objects.update(contract=contract)
    receive_timed_out(by=ME, at=DUE)
    record_delivery_evidence({"shipment_id": str(shipment.id)}, DUE)
    service = Evidence.objects.get(kind="service")
    assert (service.fulfilled, service.on) == (True, DUE.date())


def test_both_sides_are_told(trade, settings):
    settings.MESSAGE_PROVIDERS = {"mail": "", "sms": "", "webhook": ""}
    director, owner = a_membership(trade.seller), a_membership(trade.buyer)
    sent(trade)
    receive_timed_out(by=ME, at=DUE)
    for due in OutboxDue.objects.order_by("created_at", "id"):
        deliver_message(tenant_id=due.tenant_id, message_id=due.id, at=DUE)
    topics = {
        person: set(Message.objects.filter(person_id=one.user_id).values_list("topic", flat=True))
        for person, one in (("seller", director), ("buyer", owner))
    }
    assert "ordering.timed_out" in topics["seller"] & topics["buyer"]
    assert "ordering.slip_added" in topics["buyer"] - topics["seller"]
    assert "ordering.delivered" not in topics["seller"]


def test_only_the_seller_uploads(trade):
    shipment = sent(trade, slip=b"")
    dealer, strangers = an_actor(trade.buyer), an_actor(a_party(parent=trade.seller))
    for by in (dealer, an_actor(trade.seller, "finance")):
        with pytest.raises(NotAllowed), transaction.atomic():
            add_slip(shipment, by=by)
    assert not DeliverySlip.objects.visible_to(strangers).exists()


@pytest.mark.parametrize("content", [b"", b"<html>", b"\xff\xd8\xff" + bytes(5 * 1024 * 1024)])
def test_what_is_no_picture_or_too_large_is_refused(trade, content):
    shipment = sent(trade, slip=b"")
    with pytest.raises(SlipRefused) as refused:
        add_slip(shipment, by=an_actor(trade.seller), content=content)
    assert refused.value.field == "file"


def test_the_same_file_is_one_slip_and_ten_are_enough(trade):
    shipment, seller = sent(trade, slip=b""), an_actor(trade.seller)
    first, is_new = add_slip(shipment, by=seller)
    assert add_slip(shipment, by=seller) == (first, False)
    assert is_new
    for number in range(9):
        add_slip(shipment, by=seller, content=JPEG + bytes([number]))
    with pytest.raises(SlipRefused), transaction.atomic():
        add_slip(shipment, by=seller, content=PDF)
