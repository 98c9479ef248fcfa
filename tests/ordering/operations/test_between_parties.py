"""What one party tries on another's orders, returns and credit."""

from decimal import Decimal

import pytest
from django.db import transaction

from accounts.rights import Actor, the_system
from dealers.queries.traders import UnknownParty
from ledger.models import Book
from ledger.operations.books import open_book
from ledger.operations.receipts import set_credit
from ordering.models import Order, Return
from ordering.operations.confirming import confirm_order
from ordering.operations.delivering import deliver
from ordering.operations.returns import take_back
from ordering.operations.returns_without_order import PriceWrong, take_back_without_order
from ordering.operations.shipping import ship
from ordering.operations.sources import SourceTaken
from ordering.operations.trade_terms import NotInTrade
from tenancy.context import tenant_active
from tests.api_client import ApiClient
from tests.factories import a_manufacturer, a_party
from tests.ordering.trade import AT, a_trade

pytestmark = pytest.mark.django_db
STAFF = the_system()


def _delivered(trade, by=STAFF):
    order = trade.place(by=by)
    confirm_order(order_id=order.id, by=STAFF, at=AT)
    shipment = ship(order_id=order.id, by=STAFF, at=AT)
    deliver(shipment_id=shipment.id, signed_by="", by=STAFF, at=AT)
    return order


def _owner(party):
    return Actor(party_id=party.id, party_kind=party.kind, role="owner")


def test_a_dealer_does_not_order_from_the_manufacturer_on_its_members_account(in_acme):
    dealer = a_party(parent=a_manufacturer(), code="D1")
    member = a_party("member", parent=dealer, code="M1")
    trade = a_trade(seller=dealer.parent, buyer=member)
    with pytest.raises(UnknownParty):
        trade.place(by=_owner(dealer))
    assert (Order.objects.count(), Book.objects.count()) == (0, 0)


def test_a_member_orders_from_its_own_dealer_only(in_acme):
    dealer = a_party(parent=a_manufacturer(), code="D1")
    other = a_party(parent=dealer.parent, code="D2")
    member = a_party("member", parent=dealer, code="M1")
    for seller in (dealer.parent, other):
        with pytest.raises(UnknownParty):
            a_trade({f"S-{seller.code}": "1.00"}, seller=seller, buyer=member).place(by=_owner(member))
    assert Book.objects.count() == 0
    assert a_trade(seller=dealer, buyer=member).place(by=_owner(member)).state == "placed"


def test_a_dealer_does_not_sell_what_its_members_have(in_acme):
    dealer = a_party(parent=a_manufacturer(), code="D1")
    member = a_party("member", parent=dealer, code="M1")
    outlet = a_party("outlet", parent=member, code="O1")
    trade = a_trade(seller=member, buyer=outlet)
    with pytest.raises(UnknownParty):
        trade.place(by=_owner(dealer))
    assert trade.place(by=_owner(member)).state == "placed"


def test_a_returns_outside_number_is_of_one_return_of_the_buyer(in_acme):
    trade = a_trade()
    theirs, again = _delivered(trade), _delivered(trade)
    known = take_back(order_id=theirs.id, lines=[(1, 1)], by=STAFF, at=AT, source="r:1")
    with pytest.raises(SourceTaken), transaction.atomic():
        take_back(order_id=again.id, lines=[(1, 1)], by=STAFF, at=AT, source="r:1")
    with pytest.raises(SourceTaken), transaction.atomic():
        take_back_without_order(
            seller_id=trade.seller.id,
            buyer_id=trade.buyer.id,
            lines=[("A", 1, Decimal("1.00"))],
            by=STAFF,
            at=AT,
            source="r:1",
        )
    assert [one.id for one in Return.objects.all()] == [known.id]


def test_what_a_buyer_owes_is_told_to_those_who_see_the_ledger(acme):
    with tenant_active(acme):
        trade = a_trade(on_hand=None)
        book_id = open_book(seller_id=trade.seller.id, buyer_id=trade.buyer.id)
        set_credit(book_id=book_id, credit_limit=Decimal(40), by=STAFF, at=AT)
    asked = {"seller": "F", "buyer": "D1", "lines": [{"sku": "A", "qty": 10}]}
    figures = {"exposure", "available"}
    for party, role, sees in (
        (trade.buyer, "owner", True),
        (trade.buyer, "sales_rep", False),
        (trade.seller, "director", True),
        (trade.seller, "sales_rep", False),
    ):
        client = ApiClient(acme, party, role)
        refused = client.post("orders", {**asked, "hold": False})
        assert (refused.status_code, refused.json()["reasons"]) == (409, ["over_limit"])
        assert figures & refused.json().keys() == (figures if sees else set()), role
        if role == "sales_rep" and party == trade.seller:
            continue
        held = client.post("orders", asked).json()
        seen = client.get(f"orders/{held['id']}").json()
        for body in (held, seen):
            assert body["state"] == "held"
            assert figures & body["reasons"]["credit"].keys() == (figures if sees else set()), role


def test_what_does_not_flow_down_does_not_come_back(in_acme):
    trade = a_trade()
    seller, buyer = trade.seller.id, trade.buyer.id
    for seller_id, buyer_id in ((buyer, seller), (seller, seller)):
        with pytest.raises(NotInTrade), transaction.atomic():
            take_back_without_order(
                seller_id=seller_id, buyer_id=buyer_id, lines=[("A", 1, Decimal("1.00"))], by=STAFF, at=AT
            )


def test_a_return_is_not_worth_more_than_an_order_may_be(in_acme):
    trade = a_trade()
    with pytest.raises(PriceWrong):
        take_back_without_order(
            seller_id=trade.seller.id,
            buyer_id=trade.buyer.id,
            by=STAFF,
            at=AT,
            lines=[("A", 10**9, Decimal(10**9))],
        )
