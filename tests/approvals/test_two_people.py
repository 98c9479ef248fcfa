"""One person is not two: what one asks for, another approves, and nothing changes before."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Message
from accounts.rights import the_system
from approvals.models import Approval
from approvals.notifications.handlers import decided, requested
from approvals.operations.deciding import approve, reject, withdraw
from audit.models import AuditEntry
from dealers.models import Membership
from ledger.models import Book
from ledger.operations.books import open_book
from ledger.operations.receipts import set_credit
from ledger.operations.vouchers import receive_voucher
from pricing.operations.price_lists import set_entries
from pricing.operations.schemes import publish_scheme
from rebates.models import Settlement
from rebates.operations.programs import activate_program
from rebates.operations.settlement_requests import request_due, request_settlement
from tests import factories as make
from tests.approving import a_person, approved, two_people
from tests.pricing.dry_running import publish_tried
from tests.refusing import refused

AT = datetime(2026, 11, 30, 4, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_acme")]


@pytest.fixture
def maker():
    return make.a_manufacturer()


@pytest.fixture
def book(maker):
    return Book.objects.get(id=open_book(seller_id=maker.id, buyer_id=make.a_party().id))


@pytest.fixture
def finance(maker):
    return two_people(maker, "finance")


def ask(book, by, limit="88888888"):
    return set_credit(book_id=book.id, credit_limit=Decimal(limit), by=by, at=AT)


def limit_of(book):
    book.refresh_from_db()
    return book.credit_limit


def test_finance_alone_does_not_raise_a_limit(book, finance):
    one, other = finance
    waiting = ask(book, one)
    assert limit_of(book) is None
    with refused("same_person"):
        approve(approval_id=waiting.id, by=one, at=AT)
    assert limit_of(book) is None
    approve(approval_id=waiting.id, by=other, at=AT)
    assert limit_of(book) == Decimal(88888888)


def test_finance_alone_does_not_pay_by_a_backdated_program(maker):
    buyer, soy = make.a_party(), make.a_product()
    make.a_fact(maker, buyer, soy, date(2026, 1, 5))
    program = make.a_program(maker, [(0, "0.50")], soy, state="draft", until=date(2026, 4, 1))
    one, other = two_people(maker, "finance")
    waiting = activate_program(program_id=program.id, by=one, at=AT)
    assert waiting.changes[0]["new"] == "2026-01-01 (-333 d)"
    assert request_due(by=one, at=AT, programs=[program]) == [] or program.state == "draft"
    assert not Settlement.objects.exists()
    approved(waiting, by=other, at=AT)
    program.refresh_from_db()
    assert program.state == "active"
    settlement = request_settlement(program=program, starts_on=program.starts_on, by=one, at=AT)
    assert isinstance(settlement, Approval)
    assert not Settlement.objects.exists()
    assert request_due(by=one, at=AT, programs=[program]) == [settlement]
    approved(settlement, by=other, at=AT)
    claimed = Settlement.objects.get()
    assert claimed.job.requested_by_id == one.user_id
    assert request_settlement(program=program, starts_on=program.starts_on, by=one, at=AT) == claimed.job


def test_a_director_alone_does_not_publish_a_list(maker):
    one, other = a_person(maker, "director"), a_person(maker, "finance")
    soy = make.a_product("SOY")
    make.a_price_list(maker, {soy: "92.50"}, code="L", starts_on=date(2026, 1, 1))
    draft = make.a_price_list(maker, {soy: "1.00"}, code="L", version=2, state="draft")
    waiting = publish_tried(price_list_id=draft.id, by=one, at=AT)
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert ("SOY: 92.5000", "SOY: 1.0000") in [(row["old"], row["new"]) for row in waiting.changes]
    approved(waiting, by=other, at=AT)
    draft.refresh_from_db()
    assert (draft.state, draft.starts_on) == ("published", date(2026, 11, 30))


def test_a_director_alone_does_not_publish_a_scheme(maker):
    one, other = a_person(maker, "director"), a_person(maker, "finance")
    terms = {"steps": [{"from": "100", "amount_off": "99"}]}
    scheme = make.a_scheme(maker, "order_amount", terms, state="draft")
    waiting = publish_scheme(scheme_id=scheme.id, by=one, at=AT)
    scheme.refresh_from_db()
    assert scheme.state == "draft"
    approved(waiting, by=other, at=AT)
    scheme.refresh_from_db()
    assert scheme.state == "published"


def pay(book, by, amount, **changed):
    given = {"kind": "payment", "voucher": "BANK-1", "memo": ""} | changed
    return receive_voucher(book_id=book.id, amount=Decimal(amount), by=by, at=AT, **given)


def test_a_payment_above_the_limit_waits_and_is_booked_once(book, finance):
    one, other = finance
    assert pay(book, one, "100000.00", voucher="SMALL").is_new
    waiting = pay(book, one, "100000.01")
    assert pay(book, one, "100000.01", voucher="bank 1").id == waiting.id
    book.refresh_from_db()
    assert book.seq == 1
    approved(waiting, by=other, at=AT)
    approved(waiting, by=other, at=AT)
    book.refresh_from_db()
    assert book.seq == 2
    assert not pay(book, one, "100000.01").is_new


def test_a_payment_in_parts_is_no_way_around_the_limit(book, finance):
    one, other = finance
    assert pay(book, one, "60000.00", voucher="P1").is_new
    waiting = pay(book, one, "60000.00", voucher="P2")
    assert isinstance(waiting, Approval)
    approved(waiting, by=other, at=AT)
    assert pay(book, one, "40000.00", voucher="P3").is_new
    assert isinstance(pay(book, other, "0.01", voucher="P4"), Approval)
    tomorrow = AT + timedelta(days=1)
    given = {"kind": "payment", "amount": Decimal("60000.00"), "by": one}
    assert receive_voucher(book_id=book.id, voucher="P5", at=tomorrow, **given).is_new


def test_a_voucher_that_waits_is_not_replaced_by_other_content(book, finance):
    one, other = finance
    waiting = pay(book, one, "500000.00")
    with refused("source_conflict", "source"):
        pay(book, other, "600000.00")
    waiting.refresh_from_db()
    assert waiting.state == "pending"


def test_an_approval_of_what_changed_since_is_stale(book, finance, maker):
    one, other = finance
    third = a_person(maker, "director")
    waiting = ask(book, one, "500")
    Book.objects.filter(id=book.id).update(credit_limit=Decimal(7))
    with refused("stale_approval"):
        approve(approval_id=waiting.id, by=other, at=AT)
    assert limit_of(book) == 7
    again = ask(book, one, "500")
    assert again.id != waiting.id
    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"
    approve(approval_id=again.id, by=third, at=AT)
    assert limit_of(book) == 500


def test_prices_edited_after_the_request_are_not_published(maker):
    one, other = a_person(maker, "director"), a_person(maker, "finance")
    soy = make.a_product("SOY")
    draft = make.a_price_list(maker, {soy: "92.50"}, state="draft")
    waiting = publish_tried(price_list_id=draft.id, by=one, at=AT)
    set_entries(price_list_id=draft.id, entries=[{"sku": "SOY", "price": "1.00"}], by=one, at=AT)
    with refused("stale_approval"):
        approved(waiting, by=other, at=AT)


def test_the_same_request_is_one_and_another_takes_its_place(book, finance):
    one, other = finance
    first = ask(book, one)
    assert ask(book, one).id == ask(book, other).id == first.id
    second = ask(book, other, "5")
    first.refresh_from_db()
    assert (first.state, second.state) == ("withdrawn", "pending")
    with refused("wrong_state"):
        approve(approval_id=first.id, by=other, at=AT)


def test_a_decision_is_made_once(book, finance, maker):
    one, other = finance
    waiting = ask(book, one)
    with refused("missing", "reason"):
        reject(approval_id=waiting.id, reason=" ", by=other, at=AT)
    reject(approval_id=waiting.id, reason="too much", by=other, at=AT)
    reject(approval_id=waiting.id, reason="too much", by=other, at=AT)
    with refused("wrong_state"):
        approve(approval_id=waiting.id, by=other, at=AT)
    assert limit_of(book) is None
    mine = ask(book, one)
    with refused("not_found", "approval"):
        withdraw(approval_id=mine.id, by=other, at=AT)
    withdraw(approval_id=mine.id, by=one, at=AT)
    withdraw(approval_id=mine.id, by=one, at=AT)
    with refused("wrong_state"):
        approve(approval_id=mine.id, by=other, at=AT)


def test_a_company_with_one_person_is_told_and_not_let_through(book, maker):
    only = a_person(maker, "finance")
    a_person(maker, "warehouse")
    with refused("no_second_person"):
        ask(book, only)
    assert limit_of(book) is None


def test_a_key_counts_as_the_person_who_issued_it(book, finance):
    one, other = finance
    key = type(one)(one.party_id, one.party_kind, "system", label="API: ERP", issuer_id=one.user_id)
    waiting = ask(book, key)
    with refused("same_person"):
        approve(approval_id=waiting.id, by=one, at=AT)
    theirs = ask(book, other, "5")
    with refused("same_person"):
        approve(
            approval_id=theirs.id,
            by=type(one)(one.party_id, one.party_kind, "system", issuer_id=other.user_id),
            at=AT,
        )
    nobodys = type(one)(one.party_id, one.party_kind, "system")
    with refused("not_allowed"):
        ask(book, nobodys)
    with refused("not_allowed"):
        approve(approval_id=theirs.id, by=nobodys, at=AT)


def test_the_database_refuses_one_person(book, finance):
    one, _other = finance
    waiting = ask(book, one)
    with pytest.raises(IntegrityError, match="approval_by_a_second_person"), transaction.atomic():
        Approval.objects.filter(id=waiting.id).update(state="approved", decided_by=one.user_id, decided_at=AT)


def test_only_who_holds_the_right_decides(book, finance, maker):
    one, _other = finance
    waiting = ask(book, one)
    warehouse, manager = a_person(maker, "warehouse"), a_person(maker, "region_manager")
    with refused("not_allowed"):
        approve(approval_id=waiting.id, by=warehouse, at=AT)
    with refused("not_found", "approval"):
        approve(approval_id=waiting.id, by=manager, at=AT)


def test_what_a_person_asked_for_who_has_left_is_stale(book, finance):
    one, other = finance
    waiting = ask(book, one)
    Membership.objects.filter(user=one.user_id).update(is_active=False)
    with refused("stale_approval"):
        approve(approval_id=waiting.id, by=other, at=AT)


def test_the_platform_waits_for_nobody(book):
    assert ask(book, the_system(), "5") is None
    assert limit_of(book) == 5


def test_the_trail_and_the_inbox_show_both(book, finance, maker):
    one, other = finance
    stranger = a_person(maker, "warehouse")
    waiting = ask(book, one)
    body = {"approval_id": str(waiting.id)}
    requested(body, AT)
    approve(approval_id=waiting.id, by=other, at=AT + timedelta(minutes=1))
    decided(body, AT)
    trail = AuditEntry.objects.filter(target="ledger.book", target_id=str(book.id)).order_by("at", "id")
    assert [(one.action, one.user_id) for one in trail] == [
        ("approval.request", one.user_id),
        ("approval.approve", other.user_id),
        ("book.set_credit", one.user_id),
    ]
    topics = {(one.person_id, one.topic) for one in Message.objects.all()}
    assert (other.user_id, "approvals.requested") in topics
    assert (one.user_id, "approvals.approved") in topics
    assert (one.user_id, "approvals.requested") not in topics
    assert not Message.objects.filter(person=stranger.user_id).exists()
