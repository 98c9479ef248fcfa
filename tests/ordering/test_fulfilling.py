from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.rights import Actor, NotAllowed, the_system
from alliance.models import Evidence, SpreadTerm
from ledger.models import Book, OpenItem
from ledger.operations.receiving import receive_deposit, set_credit
from ledger.operations.verifying import wrongs
from ledger.queries import balances_of
from ordering.models import OrderLine, StockMovement
from ordering.operations.booking_returns import NothingReturned
from ordering.operations.cancelling import cancel_order
from ordering.operations.confirming import approve_review, confirm_order, release_held, reserve
from ordering.operations.delivering import BeforeShipped, deliver
from ordering.operations.locking import NoSuchOrder, WrongState
from ordering.operations.placing import CreditExceeded, Window
from ordering.operations.reserving import OutOfStock
from ordering.operations.returning import Back, MoreThanDelivered, returned_lines, take_back
from ordering.operations.returning_loose import take_back_loose
from ordering.operations.shipping import MoreThanThereIs, NothingShipped, ship
from ordering.operations.stocking import Promised, count_stock, receive_stock
from ordering.queries.folds import differences
from ordering.queries.orders import order_facts
from ordering.queries.stock import incoming, promised
from ordering.queries.timeline import timeline_of
from pricing.domain.free_goods import FreeGoodsRule, return_credits
from pricing.domain.free_goods import Return as GoodsBack
from pricing.models import Limit
from tenancy.models import OutboxDue, new_id
from tenancy.operations.outbox import deliver as deliver_message
from tests.factories import a_contract, a_manufacturer, a_party, a_scheme
from tests.ordering.trade import AT, a_trade

ME = the_system()
LATER = AT + timedelta(hours=5)


def _trade(**given):
    trade = a_trade(**given, on_hand=None)
    trade.seller.tracks_stock = True
    trade.seller.save()
    rows = [(product.sku, 100) for product in trade.products]
    count_stock(party_id=trade.seller.id, rows=rows, source="opening", by=ME, at=AT)
    return trade


def _confirmed(trade, *lines, **given):
    return confirm_order(order_id=trade.place(*lines, **given).id, by=ME, at=AT)


def _delivered(trade, *lines):
    order = _confirmed(trade, *lines)
    shipment = ship(order_id=order.id, by=ME, at=AT)
    deliver(shipment_id=shipment.id, signed_by="王", by=ME, at=LATER)
    return order


def _balance(kind):
    book = Book.objects.get().id
    return balances_of([book])[book][kind]


def _all_holds():
    assert differences() == []
    assert wrongs() == []


def test_confirming_makes_the_reservation_firm(in_acme):
    trade = _trade()
    order = _confirmed(trade)
    assert order.state == "reserved"
    assert (trade.stock("A").soft, trade.stock("A").hard) == (0, 10)
    with pytest.raises(WrongState):
        confirm_order(order_id=order.id, by=ME, at=AT)


def test_a_presale_order_is_firm_when_it_is_reserved(in_acme):
    trade = _trade()
    window = Window(AT + timedelta(days=1), AT + timedelta(days=2))
    order = _confirmed(trade, kind="presale", window=window)
    assert (order.state, trade.stock("A").soft) == ("confirmed", 10)
    assert reserve(order_id=order.id, by=ME, at=AT).state == "reserved"
    assert trade.stock("A").hard == 10
    _all_holds()


def test_the_outbox_confirms_what_confirms_itself(in_acme):
    trade = _trade()
    trade.seller.confirms_itself = True
    trade.seller.save()
    order = trade.place()
    for due in OutboxDue.objects.all():
        deliver_message(tenant_id=in_acme.id, message_id=due.id, at=AT)
    assert order_facts(order.id).state == "reserved"


def test_delivery_turns_what_was_committed_into_a_receivable(in_acme):
    trade = _trade()
    order = _delivered(trade)
    found = order_facts(order.id)
    assert (found.state, found.open_amount, found.shipments[0].signed_by) == ("delivered", 0, "王")
    assert (_balance("committed"), _balance("receivable")) == (0, Decimal("80.03"))
    assert (_balance("sales"), _balance("tax")) == (Decimal("-70.83"), Decimal("-9.20"))
    assert OpenItem.objects.get().due_on == AT.date() + timedelta(days=30)
    assert (trade.stock("A").on_hand, trade.stock("A").hard) == (90, 0)
    assert [deed.deed for deed in timeline_of(order.id)] == ["place", "confirm", "ship", "deliver"]
    _all_holds()


def test_nothing_is_delivered_twice_or_before_it_is_shipped(in_acme):
    trade = _trade()
    shipment = ship(order_id=_confirmed(trade).id, by=ME, at=AT)
    with pytest.raises(BeforeShipped):
        deliver(shipment_id=shipment.id, signed_by="", by=ME, at=AT - timedelta(hours=1))


def test_a_second_delivery_of_the_same_is_refused(in_acme):
    trade = _trade()
    shipment = ship(order_id=_confirmed(trade).id, by=ME, at=AT)
    deliver(shipment_id=shipment.id, signed_by="", by=ME, at=LATER)
    with pytest.raises(WrongState):
        deliver(shipment_id=shipment.id, signed_by="", by=ME, at=LATER)


def test_a_buyer_that_keeps_stock_receives_it(in_acme):
    trade = _trade()
    trade.buyer.tracks_stock = True
    trade.buyer.save()
    order = _confirmed(trade)
    shipment = ship(order_id=order.id, by=ME, at=AT)
    assert incoming(party_id=trade.buyer.id, product_id=trade.products[0].id) == [(AT.date(), 10)]
    deliver(shipment_id=shipment.id, signed_by="", by=ME, at=LATER)
    assert trade.stock("A", trade.buyer).on_hand == 10
    assert promised(party_id=trade.buyer.id, product_id=trade.products[0].id)[0].promise == 10
    take_back(order_id=order.id, lines=[(1, 4)], by=ME, at=LATER)
    assert (trade.stock("A", trade.buyer).on_hand, trade.stock("A").on_hand) == (6, 94)
    _all_holds()


@pytest.mark.parametrize("mode", ["unit", "proportional", "whole"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), qty=st.integers(1, 40), included=st.booleans())
def test_however_an_order_is_split_its_shipments_add_up(in_acme, mode, data, qty, included):
    from django.db import transaction

    with transaction.atomic():
        trade = _trade(prices={"A": data.draw(st.sampled_from(["0.3333", "9.99", "0.01"])), "B": "1.00"})
        a_scheme(trade.seller, "free_goods", {"skus": ["A"], "buy": 8, "free": 1, "mode": mode})
        a_scheme(
            trade.seller, "free_goods", {"skus": ["A"], "buy": 5, "free": 1, "mode": "unit", "gift_sku": "B"}
        )
        a_scheme(trade.seller, "order_amount", {"steps": [{"from": "1", "amount_off": "0.37"}]})
        order = _confirmed(trade, ("A", qty))
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
        assert (_balance("receivable"), _balance("tax")) == (found.total, -found.tax)
        if included:
            back = [(line.position, line.delivered_qty, line.delivered_free) for line in found.lines]
            take_back(order_id=order.id, lines=back, by=ME, at=LATER)
            assert (_balance("receivable"), _balance("sales"), _balance("tax")) == (0, 0, 0)
        _all_holds()
        transaction.set_rollback(True)


def test_free_units_travel_when_they_are_earned(in_acme):
    trade = _trade()
    a_scheme(trade.seller, "free_goods", {"skus": ["A"], "buy": 8, "free": 1, "mode": "unit"})
    order = _confirmed(trade, ("A", 20))
    first = ship(order_id=order.id, lines=[(1, 7)], by=ME, at=AT)
    second = ship(order_id=order.id, lines=[(1, 9)], by=ME, at=AT)
    assert [shipment.lines[0].free_qty for shipment in (first, second)] == [0, 2]
    with pytest.raises(MoreThanThereIs) as refused:
        ship(order_id=order.id, lines=[(1, 4, 1)], by=ME, at=AT)
    assert refused.value.field == "lines[0].free"


@pytest.mark.parametrize(
    ("lines", "refusal", "field"),
    [
        ([(1, 11)], MoreThanThereIs, "lines[0].qty"),
        ([(1, 1), (9, 1)], MoreThanThereIs, "lines[1].position"),
        ([(1, 1), (1, 1)], MoreThanThereIs, "lines[1].position"),
        ([(1, 0)], NothingShipped, "lines"),
    ],
)
def test_what_is_not_there_does_not_ship(in_acme, lines, refusal, field):
    order = _confirmed(_trade())
    with pytest.raises(refusal) as refused:
        ship(order_id=order.id, lines=lines, by=ME, at=AT)
    assert refused.value.field == field


def test_cancelling_gives_everything_back(in_acme):
    trade = _trade()
    for order in (trade.place(), _confirmed(trade)):
        assert cancel_order(order_id=order.id, by=ME, at=AT).state == "cancelled"
    assert (trade.stock("A").soft, trade.stock("A").hard, _balance("committed")) == (0, 0, 0)
    with pytest.raises(WrongState):
        cancel_order(order_id=order.id, by=ME, at=AT)


def test_cancelling_the_rest_keeps_what_is_shipped_and_its_free_units(in_acme):
    trade = _trade()
    a_scheme(trade.seller, "free_goods", {"skus": ["A"], "buy": 8, "free": 1, "mode": "unit"})
    order = _confirmed(trade, ("A", 24), ("B", 3))
    shipment = ship(order_id=order.id, lines=[(1, 9)], by=ME, at=AT)
    left = cancel_order(order_id=order.id, by=ME, at=AT)
    assert left.state == "shipped"
    assert [(line.cancelled_qty, line.cancelled_free) for line in left.lines] == [(15, 2), (3, 0)]
    deliver(shipment_id=shipment.id, signed_by="", by=ME, at=LATER)
    found = order_facts(order.id)
    assert (found.state, found.open_amount, trade.stock("A").on_hand) == ("delivered", 0, 90)
    _all_holds()


def test_the_buyer_cancels_until_the_seller_has_confirmed(in_acme):
    trade = _trade()
    buyer = Actor(trade.buyer.id, "dealer", "owner")
    assert cancel_order(order_id=trade.place().id, by=buyer, at=AT).state == "cancelled"
    with pytest.raises(WrongState):
        cancel_order(order_id=_confirmed(trade).id, by=buyer, at=AT)


def test_a_deposit_releases_what_credit_held(in_acme):
    trade = _trade()
    trade.place(("A", 1))
    book = Book.objects.get().id
    set_credit(book_id=book, credit_limit=Decimal(10), by=ME, at=AT)
    held = trade.place()
    assert held.state == "held"
    with pytest.raises(CreditExceeded):
        release_held(order_id=held.id, by=ME, at=AT)


def test_the_outbox_releases_held_orders_as_far_as_credit_reaches(in_acme):
    trade = _trade()
    trade.place(("A", 1))
    book = Book.objects.get().id
    set_credit(book_id=book, credit_limit=Decimal(10), by=ME, at=AT)
    held = [trade.place(("A", 10)), trade.place(("A", 10))]
    receive_deposit(book_id=book, amount=Decimal(50), source="d", by=ME, at=AT)
    for due in OutboxDue.objects.all():
        deliver_message(tenant_id=in_acme.id, message_id=due.id, at=AT)
    assert [order_facts(order.id).state for order in held] == ["placed", "held"]
    _all_holds()


def test_an_approved_order_is_placed(in_acme):
    trade = _trade()
    Limit.objects.create(
        seller=trade.seller, product=trade.products[0], clause="4.2", floor="6", action="review"
    )
    order = trade.place()
    assert approve_review(order_id=order.id, by=ME, at=AT).state == "placed"
    assert trade.stock("A").soft == 10
    _all_holds()


def test_a_held_order_is_cancelled_without_a_trace_in_the_ledger(in_acme):
    trade = _trade()
    trade.place(("A", 1))
    Book.objects.update(credit_limit=1)
    assert cancel_order(order_id=trade.place().id, by=ME, at=AT).state == "cancelled"
    _all_holds()


def test_a_full_return_nets_to_nothing(in_acme):
    trade = _trade()
    order = _delivered(trade, ("A", 7), ("B", 3))
    for lines in ([(1, 3)], [(1, 4), (2, 1)], [(2, 2)]):
        take_back(order_id=order.id, lines=lines, by=ME, at=LATER)
    assert (_balance("receivable"), _balance("sales"), _balance("tax")) == (0, 0, 0)
    assert trade.stock("A").on_hand == 100
    assert {line.credited for line in order_facts(order.id).lines} == {
        line.posted for line in order_facts(order.id).lines
    }
    _all_holds()


def test_free_units_come_back_or_are_charged(in_acme):
    trade = _trade()
    a_scheme(trade.seller, "free_goods", {"skus": ["A"], "buy": 8, "free": 1, "mode": "unit"})
    order = _delivered(trade, ("A", 16))
    kept = take_back(order_id=order.id, lines=[(1, 8, 0)], by=ME, at=LATER)
    assert (kept.credit, kept.lines[0].charged_free) == (Decimal("35.00"), 1)
    back = take_back(order_id=order.id, lines=[(1, 8, 1)], by=ME, at=LATER)
    assert back.credit == Decimal("40.00")
    _all_holds()


def test_a_gift_comes_back_with_what_earned_it_or_is_charged_at_its_price(in_acme):
    trade = _trade()
    a_scheme(
        trade.seller, "free_goods", {"skus": ["A"], "buy": 10, "free": 1, "mode": "unit", "gift_sku": "B"}
    )
    order = _delivered(trade, ("A", 10))
    assert take_back(order_id=order.id, lines=[(1, 10)], by=ME, at=LATER).credit == Decimal("39.99")
    _all_holds()


@pytest.mark.parametrize(
    ("lines", "refusal", "field"),
    [
        ([(1, 11)], MoreThanDelivered, "lines[0].qty"),
        ([(1, 1, 1)], MoreThanDelivered, "lines[0].free"),
        ([(7, 1)], MoreThanDelivered, "lines[0].position"),
        ([(1, 0)], NothingReturned, "lines"),
    ],
)
def test_no_more_comes_back_than_was_delivered(in_acme, lines, refusal, field):
    order = _delivered(_trade())
    with pytest.raises(refusal) as refused:
        take_back(order_id=order.id, lines=lines, by=ME, at=LATER)
    assert refused.value.field == field


def test_a_return_is_taken_back_once(in_acme):
    trade = _trade()
    order = _delivered(trade)
    first = take_back(order_id=order.id, lines=[(1, 1)], by=ME, at=LATER, source="r:1")
    assert take_back(order_id=order.id, lines=[(1, 1)], by=ME, at=LATER, source="r:1").id == first.id
    assert OrderLine.objects.get(order_id=order.id, position=1).returned_qty == 1


@settings(max_examples=60, deadline=None)
@given(
    buy=st.integers(1, 9), free=st.integers(1, 3), mode=st.sampled_from(["unit", "proportional", "whole"]),
    qty=st.integers(1, 50), data=st.data(),
)  # fmt: skip
def test_returns_are_worth_what_the_rule_says(buy, free, mode, qty, data):
    from dataclasses import replace

    from ordering.operations.lines import free_earned
    from ordering.queries.orders import LineFacts, OrderFacts

    rule = FreeGoodsRule(buy, free, mode)
    grants = [{"scheme": "S", "buy": buy, "free": free, "mode": mode, "lines": [1]}]
    given_free = free_earned(grants, {1: qty})
    amount = Decimal(3) * qty
    line = LineFacts(
        new_id(), 1, new_id(), "A", "A", qty, given_free, 1, Decimal(3), Decimal(3), Decimal(3), Decimal(0),
        amount, Decimal("0.13"), amount, Decimal(0), "", {"grants": grants}, delivered_qty=qty,
        delivered_free=given_free,
    )  # fmt: skip
    names = OrderFacts.__dataclass_fields__
    order = replace(OrderFacts(**dict.fromkeys(names)), lines=(line,))
    back, credits = [], []
    for _ in range(data.draw(st.integers(1, 4))):
        line = order.lines[0]
        paid = data.draw(st.integers(0, line.delivered_qty - line.returned_qty))
        units = data.draw(st.integers(0, line.delivered_free - line.returned_free))
        if not paid and not units:
            continue
        back.append(GoodsBack(paid, units))
        made = returned_lines(order, [Back(1, paid, units)])
        credits.append(sum(one.net + one.tax for one in made))
        for one in made:
            line = line._replace(
                returned_qty=line.returned_qty + one.qty,
                returned_free=line.returned_free + one.free,
                charged_free=line.charged_free + one.charged - one.settled,
            )
        order = replace(order, lines=(line,))
    told = return_credits(rule, qty, given_free, Decimal(3), back)
    assert credits == [one.credit for one in told]


def test_without_an_order_staff_take_back_at_their_price(in_acme):
    trade = _trade()
    taken = take_back_loose(
        seller_id=trade.seller.id, buyer_id=trade.buyer.id, lines=[("A", 2, Decimal("4.50"))], by=ME, at=AT
    )
    assert (taken.credit, _balance("unapplied"), trade.stock("A").on_hand) == (9, -9, 102)
    with pytest.raises(NotAllowed):
        take_back_loose(
            seller_id=trade.seller.id, buyer_id=trade.buyer.id, lines=[("A", 2, Decimal(1))],
            by=Actor(trade.buyer.id, "dealer", "owner"), at=AT,
        )  # fmt: skip


def test_a_loose_return_keeps_the_books(in_acme):
    trade = _trade()
    take_back_loose(
        seller_id=trade.seller.id, buyer_id=trade.buyer.id, lines=[("A", 2, Decimal("4.50"))], by=ME, at=AT
    )
    _all_holds()


def test_the_buyer_does_not_confirm_or_ship_to_itself(in_acme):
    trade = _trade()
    order = trade.place()
    with pytest.raises(NotAllowed):
        confirm_order(order_id=order.id, by=Actor(trade.buyer.id, "dealer", "owner"), at=AT)


def test_an_order_of_others_is_not_there(in_acme):
    trade = _trade()
    order = trade.place()
    with pytest.raises(NoSuchOrder):
        confirm_order(order_id=order.id, by=Actor(a_party().id, "dealer", "owner"), at=AT)


def test_stock_is_counted_received_and_adjusted_once_a_source(in_acme):
    trade = _trade()
    for _ in range(2):
        receive_stock(party_id=trade.seller.id, rows=[("A", 20), ("B", -5)], source="grn:1", by=ME, at=AT)
    assert (trade.stock("A").on_hand, trade.stock("B").on_hand) == (120, 95)
    trade.place(("A", 50))
    assert count_stock(party_id=trade.seller.id, rows=[("A", 60)], source="count:1", by=ME, at=AT) == 1
    assert StockMovement.objects.get(source="count:1").qty == -60
    _all_holds()
    with pytest.raises(Promised):
        count_stock(party_id=trade.seller.id, rows=[("A", 49)], source="count:2", by=ME, at=AT)


def test_what_is_reserved_can_ship_and_what_is_not_can_not(in_acme):
    trade = _trade()
    order = _confirmed(trade, ("A", 100))
    with pytest.raises(OutOfStock):
        trade.place(("A", 1))
    assert order.state == "reserved"


def test_a_delivery_under_contract_leaves_evidence(in_acme):
    dealer = a_party(parent=a_manufacturer(), code="D9")
    member = a_party("member", parent=dealer)
    trade = _trade(prices={"S": "9.00"}, seller=dealer, buyer=member)
    contract = a_contract(dealer, member, delivery_hours=4, late_fee="20.00")
    SpreadTerm.objects.create(
        contract=contract, product=trade.products[0], clause="5.1", guaranteed="2.00", advised_resale="10.50"
    )
    order = _confirmed(trade, ("S", 10))
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
    trade = _trade(prices=dict.fromkeys(skus, "1.00"))
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
