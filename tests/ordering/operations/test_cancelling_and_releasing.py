from decimal import Decimal

import pytest

from accounts.rights import Actor
from jobs.models import OutboxDue, OutboxMessage
from jobs.operations.outbox import deliver as deliver_message
from ledger.models import Book
from ledger.operations.held_money import move_held_money
from ledger.operations.receipts import set_credit
from ordering.operations.cancelling import cancel_order
from ordering.operations.confirming import approve_review, release_held
from ordering.operations.delivering import deliver
from ordering.operations.locking import WrongState
from ordering.operations.placing import CreditExceeded
from ordering.operations.returns import take_back
from ordering.operations.returns_without_order import take_back_without_order
from ordering.operations.shipping import ship
from ordering.queries.orders import order_facts
from pricing.models import Limit
from tests.factories import a_scheme
from tests.ordering.trade import AT, LATER, ME, a_stocked_trade, all_holds, balance, confirmed, delivered


def test_what_credit_held_is_not_released_without_credit(in_acme):
    trade = a_stocked_trade()
    trade.place(("A", 1))
    book = Book.objects.get().id
    set_credit(book_id=book, credit_limit=Decimal(10), by=ME, at=AT)
    held = trade.place()
    assert held.state == "held"
    with pytest.raises(CreditExceeded):
        release_held(order_id=held.id, by=ME, at=AT)


def test_the_outbox_releases_held_orders_as_far_as_credit_reaches(in_acme):
    trade = a_stocked_trade()
    trade.place(("A", 1))
    book = Book.objects.get().id
    set_credit(book_id=book, credit_limit=Decimal(10), by=ME, at=AT)
    held = [trade.place(("A", 10)), trade.place(("A", 10))]
    given = {"book_id": book, "amount": Decimal(50), "by": ME, "at": AT}
    for kind, states in (("security_deposit", ["held", "held"]), ("prepayment", ["placed", "held"])):
        move_held_money(kind=kind, source=kind, **given)
        for due in OutboxDue.objects.all():
            deliver_message(tenant_id=in_acme.id, message_id=due.id, at=AT)
        assert [order_facts(order.id).state for order in held] == states
    all_holds()


def run_outbox(tenant):
    for due in OutboxDue.objects.all():
        deliver_message(tenant_id=tenant.id, message_id=due.id, at=LATER)


def cancelled(trade):
    """Of 80.03 on credit, nothing is needed any more."""
    order = trade.place()
    return lambda: cancel_order(order_id=order.id, by=Actor(trade.buyer.id, "dealer", "owner"), at=LATER)


def rest_closed(trade):
    order = confirmed(trade)
    ship(order_id=order.id, lines=[(2, 1)], by=ME, at=AT)
    return lambda: cancel_order(order_id=order.id, by=ME, at=LATER)


def came_back(trade):
    order = delivered(trade)
    return lambda: take_back(order_id=order.id, lines=[(1, 10), (2, 3)], by=ME, at=LATER)


def came_back_without_an_order(trade):
    delivered(trade)
    return lambda: take_back_without_order(
        seller_id=trade.seller.id,
        buyer_id=trade.buyer.id,
        lines=[("A", 10, Decimal("5.00"))],
        by=ME,
        at=LATER,
    )


@pytest.mark.parametrize("first", [cancelled, rest_closed, came_back, came_back_without_an_order])
def test_credit_that_becomes_free_goes_to_the_held_orders(in_acme, first):
    trade = a_stocked_trade()
    free_credit = first(trade)
    set_credit(book_id=Book.objects.get().id, credit_limit=Decimal(100), by=ME, at=AT)
    held, too_large = trade.place(("A", 10)), trade.place(("B", 30))
    assert (held.state, too_large.state) == ("held", "held")
    run_outbox(in_acme)
    assert order_facts(held.id).state == "held"
    free_credit()
    run_outbox(in_acme)
    assert [order_facts(order.id).state for order in (held, too_large)] == ["placed", "held"]
    all_holds()


def test_a_held_order_that_is_cancelled_frees_nothing(in_acme):
    trade = a_stocked_trade()
    trade.place(("A", 1))
    Book.objects.update(credit_limit=1)
    held = trade.place()
    OutboxDue.objects.all().delete()
    cancel_order(order_id=held.id, by=ME, at=AT)
    assert "ledger.credit_changed" not in OutboxMessage.objects.values_list("topic", flat=True)


def test_an_approved_order_is_placed(in_acme):
    trade = a_stocked_trade()
    Limit.objects.create(
        seller=trade.seller, product=trade.products[0], clause="4.2", floor="6", action="review"
    )
    order = trade.place()
    assert approve_review(order_id=order.id, by=ME, at=AT).state == "placed"
    assert trade.stock("A").soft == 10
    all_holds()


def test_a_held_order_is_cancelled_without_a_trace_in_the_ledger(in_acme):
    trade = a_stocked_trade()
    trade.place(("A", 1))
    Book.objects.update(credit_limit=1)
    assert cancel_order(order_id=trade.place().id, by=ME, at=AT).state == "cancelled"
    all_holds()


def test_cancelling_gives_everything_back(in_acme):
    trade = a_stocked_trade()
    for order in (trade.place(), confirmed(trade)):
        assert cancel_order(order_id=order.id, by=ME, at=AT).state == "cancelled"
    assert (trade.stock("A").soft, trade.stock("A").hard, balance("committed")) == (0, 0, 0)
    with pytest.raises(WrongState):
        cancel_order(order_id=order.id, by=ME, at=AT)


def test_cancelling_the_rest_keeps_what_is_shipped_and_its_free_units(in_acme):
    trade = a_stocked_trade()
    a_scheme(trade.seller, "free_goods", {"skus": ["A"], "buy": 8, "free": 1, "mode": "unit"})
    order = confirmed(trade, ("A", 24), ("B", 3))
    shipment = ship(order_id=order.id, lines=[(1, 9)], by=ME, at=AT)
    left = cancel_order(order_id=order.id, by=ME, at=AT)
    assert left.state == "shipped"
    assert [(line.cancelled_qty, line.cancelled_free) for line in left.lines] == [(15, 2), (3, 0)]
    deliver(shipment_id=shipment.id, signed_by="", by=ME, at=LATER)
    found = order_facts(order.id)
    assert (found.state, found.open_amount, trade.stock("A").on_hand) == ("delivered", 0, 90)
    all_holds()


def test_the_buyer_cancels_until_the_seller_has_confirmed(in_acme):
    trade = a_stocked_trade()
    buyer = Actor(trade.buyer.id, "dealer", "owner")
    assert cancel_order(order_id=trade.place().id, by=buyer, at=AT).state == "cancelled"
    with pytest.raises(WrongState):
        cancel_order(order_id=confirmed(trade).id, by=buyer, at=AT)
