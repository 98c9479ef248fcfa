"""A return lowers what a broken spread guarantee owes, in the month of the delivery."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum

from alliance.models import Evidence, GuaranteeMonth, SpreadTerm
from alliance.operations.measurement import measure_month
from ledger.models import Account
from ordering.operations.delivering import deliver
from ordering.operations.event_handlers import record_delivery_evidence, record_return_evidence
from ordering.operations.returns import take_back
from ordering.operations.shipping import ship
from rebates.operations.guarantees import book_month, book_step, request_booking
from tests.factories import a_contract, a_manufacturer, a_party, a_scheme, in_force
from tests.ordering.trade import AT, LATER, ME, a_stocked_trade, confirmed

JUNE, JULY_2 = date(2026, 6, 1), datetime(2026, 7, 2, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def trade():
    """A member pays 9.00 for what it is advised to sell at 10.50, with 2.00 guaranteed: 0.50 short."""
    dealer = a_party(parent=a_manufacturer(), code="D9")
    member = a_party("member", parent=dealer)
    trade = a_stocked_trade(prices={"S": "9.00"}, seller=dealer, buyer=member)
    contract = a_contract(dealer, member, reply_days=0, book_up_to=1000, state="draft")
    SpreadTerm.objects.create(
        contract=contract, product=trade.products[0], clause="5.1", guaranteed="2.00", advised_resale="10.50"
    )
    in_force(contract)
    return trade


def sell(trade, qty, *, in_parts=()):
    order = confirmed(trade, ("S", qty))
    for number, part in enumerate(in_parts or (qty,)):
        shipment = ship(order_id=order.id, lines=[(1, part)], by=ME, at=AT)
        at = LATER + timedelta(days=number)
        deliver(shipment_id=shipment.id, signed_by="", by=ME, at=at)
        record_delivery_evidence({"shipment_id": str(shipment.id)}, at)
    return order


def bring_back(order, qty, at=LATER + timedelta(days=5)):
    back = take_back(order_id=order.id, lines=[(1, qty)], by=ME, at=at)
    for _ in range(2):
        record_return_evidence({"return_id": str(back.id)}, at)


def owed():
    return Evidence.objects.aggregate(owed=Sum("owed"))["owed"]


def wallet():
    return -Account.objects.get(kind="guarantee_wallet").balance


def book_june():
    """Book June on the day after the last one to reply to its breaches."""
    measure_month(month=JUNE, at=JULY_2 - timedelta(days=1))
    book_month(month=JUNE, at=JULY_2)


def test_what_came_back_owes_nothing(trade):
    order = sell(trade, 10)
    assert owed() == Decimal("5.00")
    bring_back(order, 4)
    assert owed() == Decimal("3.00")
    bring_back(order, 6)
    assert owed() == 0
    assert Evidence.objects.count() == 3


def test_the_newest_delivery_is_taken_as_the_one_that_came_back(trade):
    order = sell(trade, 10, in_parts=(7, 3))
    bring_back(order, 5)
    days = dict(Evidence.objects.filter(owed__lt=0).values_list("on", "owed"))
    assert days == {date(2026, 6, 2): Decimal("-1.50"), date(2026, 6, 1): Decimal("-1.00")}


def test_a_month_that_is_booked_is_booked_again_by_the_difference(trade):
    order = sell(trade, 10)
    book_june()
    assert wallet() == Decimal("5.00")
    bring_back(order, 4, at=JULY_2)
    month = GuaranteeMonth.objects.get()
    assert (month.measured, month.broken, month.owed, month.booked) == (1, 1, 3, 5)
    assert book_month(month=JUNE, at=JULY_2).amount == Decimal("-2.00")
    assert wallet() == Decimal("3.00")
    assert GuaranteeMonth.objects.get().bookings == 2


def test_a_month_long_past_is_booked_with_the_next_that_is(trade):
    order = sell(trade, 10)
    book_june()
    december = datetime(2026, 12, 2, tzinfo=UTC)
    bring_back(order, 10, at=december)
    job = request_booking(month=date(2026, 11, 1), by=ME, at=december)
    step = book_step(job)
    assert (step.result["earlier"], wallet()) == ("-5.00", 0)


def test_a_return_told_before_its_delivery_finds_it(trade):
    order = confirmed(trade, ("S", 10))
    shipment = ship(order_id=order.id, by=ME, at=AT)
    deliver(shipment_id=shipment.id, signed_by="", by=ME, at=LATER)
    bring_back(order, 10)
    record_delivery_evidence({"shipment_id": str(shipment.id)}, LATER)
    assert owed() == 0


def test_a_gift_that_comes_back_is_no_sale(trade):
    a_scheme(trade.seller, "free_goods", {"skus": ["S"], "buy": 5, "free": 1, "gift_sku": "S"})
    order = sell(trade, 5)
    before = owed()
    gift = next(line for line in order.lines if not line.qty)
    back = take_back(order_id=order.id, lines=[(gift.position, 0, 1)], by=ME, at=LATER)
    record_return_evidence({"return_id": str(back.id)}, LATER)
    assert owed() == before


def test_a_return_without_a_contract_corrects_nothing():
    trade = a_stocked_trade()
    order = confirmed(trade)
    shipment = ship(order_id=order.id, by=ME, at=AT)
    deliver(shipment_id=shipment.id, signed_by="", by=ME, at=LATER)
    back = take_back(order_id=order.id, lines=[(1, 1)], by=ME, at=LATER)
    record_return_evidence({"return_id": str(back.id)}, LATER)
    assert not Evidence.objects.exists()
