"""Order reviews by another person, and the rules that the tenant sets."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from approvals.models import Approval, ApprovalRule
from approvals.operations.rules import set_rule
from approvals.queries import rule_of
from ledger.operations.books import open_book
from ledger.operations.receipts import set_credit
from ordering.operations.confirming import accept_order, approve_review
from ordering.operations.placing import place_order
from pricing.models import Limit
from tests import factories as make
from tests.approving import a_person, approved, two_people
from tests.ordering.trade import AT, a_trade
from tests.refusing import refused

NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_acme")]


@pytest.fixture
def trade():
    trade = a_trade()
    seller, product = trade.seller, trade.products[0]
    Limit.objects.create(seller=seller, product=product, clause="4.2", floor="6", action="review")
    return trade


def placed(trade, by, **more):
    return place_order(
        seller_id=trade.seller.id,
        buyer_id=trade.buyer.id,
        lines=[(trade.products[0].sku, 1)],
        by=by,
        at=AT,
        **more,
    )


def test_who_placed_an_order_does_not_approve_its_prices(trade):
    one, other = two_people(trade.seller, "director")
    order = placed(trade, one)
    assert order.state == "review"
    for operation in (approve_review, accept_order):
        with refused("same_person"):
            operation(order_id=order.id, by=one, at=AT)
    assert approve_review(order_id=order.id, by=other, at=AT).state == "placed"


def test_accepting_the_review_while_placing_is_refused(trade):
    with refused("same_person"):
        placed(trade, a_person(trade.seller, "director"), accept_review=True)


def test_a_buyer_who_accepts_its_own_price_waits_for_the_seller(trade):
    assert placed(trade, a_person(trade.buyer, "owner"), accept_review=True).state == "review"


def test_a_key_neither_accepts_what_it_places_nor_what_its_issuer_placed(trade):
    one = a_person(trade.seller, "director")
    key = type(one)(one.party_id, one.party_kind, "system", label="API: ERP", issuer_id=one.user_id)
    with refused("same_person"):
        placed(trade, key, accept_review=True)
    order = placed(trade, key)
    for actor in (key, one):
        with refused("same_person"):
            approve_review(order_id=order.id, by=actor, at=AT)
    nobodys = type(one)(one.party_id, one.party_kind, "system", label="API: ERP")
    with refused("same_person"):
        approve_review(order_id=order.id, by=nobodys, at=AT)


def test_a_tenant_may_let_one_person_place_and_approve(trade):
    one, other = two_people(trade.seller, "director")
    waiting = set_rule(kind="ordering.review", is_required=False, above=None, by=one, at=NOW)
    order = placed(trade, one)
    with refused("same_person"):
        approve_review(order_id=order.id, by=one, at=AT)
    approved(waiting, by=other, at=NOW)
    assert approve_review(order_id=order.id, by=one, at=AT).state == "placed"
    assert placed(trade, one, accept_review=True).state == "placed"


def test_one_person_does_not_change_a_rule():
    maker = make.a_manufacturer()
    one, other = a_person(maker, "director"), a_person(maker, "finance")
    waiting = set_rule(kind="ledger.credit", is_required=True, above=Decimal(5000), by=one, at=NOW)
    assert isinstance(waiting, Approval)
    assert rule_of("ledger.credit").above is None
    book = open_book(seller_id=maker.id, buyer_id=make.a_party().id)
    assert set_credit(book_id=book, credit_limit=Decimal(5000), by=one, at=NOW) is not None
    with refused("same_person"):
        approved(waiting, by=one, at=NOW)
    approved(waiting, by=other, at=NOW)
    assert rule_of("ledger.credit").above == 5000
    assert set_credit(book_id=book, credit_limit=Decimal(5000), by=one, at=NOW) is None
    assert set_credit(book_id=book, credit_limit=Decimal("5000.01"), by=one, at=NOW) is not None
    assert set_credit(book_id=book, credit_limit=None, by=one, at=NOW) is not None
    same = set_rule(kind="ledger.credit", is_required=True, above=Decimal(5000), by=one, at=NOW)
    assert isinstance(same, ApprovalRule)


def test_a_rule_that_makes_no_sense_is_refused():
    one, _other = two_people(make.a_manufacturer(), "director")
    for given, field in (
        ({"kind": "nothing", "above": None}, "kind"),
        ({"kind": "approvals.rule", "above": None}, "kind"),
        ({"kind": "alliance.end", "above": Decimal(1)}, "above"),
        ({"kind": "ledger.credit", "above": Decimal(-1)}, "above"),
        ({"kind": "ledger.credit", "above": Decimal(10) ** 14}, "above"),
    ):
        with refused("bad_rule", field):
            set_rule(is_required=False, by=one, at=NOW, **given)
