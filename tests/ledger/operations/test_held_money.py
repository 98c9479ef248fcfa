"""Prepayments are spent or refunded, security deposits refunded or forfeited; only the first gives credit."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.rights import Actor, NotAllowed, the_system
from audit.models import AuditEntry
from ledger.models import Book
from ledger.operations.books import open_book
from ledger.operations.held_money import NoReason, OverBalance, move_held_money, use_prepayment
from ledger.operations.posting import post
from ledger.operations.receipts import set_credit
from ledger.operations.reversal import reverse
from ledger.operations.verification import violations
from ledger.queries import balances_of, position_of, positions_of, statements_of_account
from tests.factories import a_manufacturer, a_party

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
TODAY = AT.date()
ME = the_system()


@pytest.fixture
def book(in_acme):
    book_id = open_book(seller_id=a_manufacturer().id, buyer_id=a_party().id)
    set_credit(book_id=book_id, credit_limit=Decimal(1000), by=ME, at=AT)
    lines = [("receivable", Decimal(300)), ("sales", Decimal(-300))]
    post(book_id=book_id, kind="sale", source="sale:1", at=AT, lines=lines)
    return book_id


def moved(book, kind, amount, **changed):
    given = {"source": f"{kind}:{amount}", "by": ME, "at": AT} | changed
    return move_held_money(kind=kind, book_id=book, amount=Decimal(amount), **given)


def used(book, amount, source="use:1"):
    return use_prepayment(book_id=book, amount=Decimal(amount), source=source, by=ME, at=AT)


def available(book):
    return position_of(book).available(TODAY)


def test_a_prepayment_lowers_the_exposure_and_a_security_deposit_does_not(book):
    assert available(book) == 700
    moved(book, "security_deposit", "200")
    assert available(book) == 700
    moved(book, "prepayment", "200")
    assert available(book) == 900
    position = position_of(book)
    assert (position.owed, position.prepayment, position.security_deposit) == (300, 200, 200)


def test_a_used_prepayment_settles_what_is_open_and_leaves_the_credit_as_it_was(book):
    moved(book, "prepayment", "500")
    before = available(book)
    first, again = used(book, "120"), used(book, "120")
    assert (first.is_new, again.is_new) == (True, False)
    position = position_of(book)
    assert (position.receivable, position.prepayment, position.available(TODAY)) == (180, 380, before)
    assert violations() == []


@pytest.mark.parametrize(
    ("prepaid", "amount", "left"), [("100", "100.01", "100.00"), ("500", "300.01", "300.00")]
)
def test_no_more_is_used_than_is_prepaid_and_open(book, prepaid, amount, left):
    moved(book, "prepayment", prepaid)
    with pytest.raises(OverBalance) as refused, transaction.atomic():
        used(book, amount)
    assert (refused.value.field, refused.value.details["available"]) == ("amount", left)
    assert position_of(book).receivable == 300


@pytest.mark.parametrize(
    ("received", "kind"),
    [
        ("prepayment", "prepayment_refund"),
        ("security_deposit", "security_deposit_refund"),
        ("security_deposit", "security_deposit_forfeit"),
    ],
)
def test_no_more_is_given_back_or_forfeited_than_is_held(book, received, kind):
    moved(book, received, "100")
    moved(book, kind, "60", memo="clause 9")
    with pytest.raises(OverBalance), transaction.atomic():
        moved(book, kind, "40.01", memo="clause 9")
    moved(book, kind, "40", memo="clause 9")
    assert balances_of([book])[book][received] == 0
    assert violations() == []


def test_what_is_forfeited_is_income_and_what_is_refunded_is_paid_out(book):
    moved(book, "security_deposit", "100")
    moved(book, "security_deposit_refund", "30")
    moved(book, "security_deposit_forfeit", "70", memo="clause 9")
    balances = balances_of([book])[book]
    assert (balances["cash"], balances["forfeited"]) == (70, -70)


def test_a_forfeit_needs_a_reason_which_the_trail_keeps(book):
    moved(book, "security_deposit", "100")
    with pytest.raises(NoReason), transaction.atomic():
        moved(book, "security_deposit_forfeit", "10", memo=" ")
    moved(book, "security_deposit_forfeit", "10", memo="clause 9")
    entry = AuditEntry.objects.get(action="book.forfeit_security_deposit")
    assert entry.facts["reason"] == "clause 9"


def test_finance_refunds_and_only_the_director_forfeits(book):
    maker = Book.objects.get().seller_id
    finance, director = (
        Actor(party_id=maker, party_kind="manufacturer", role=role) for role in ("finance", "director")
    )
    moved(book, "security_deposit", "100", by=finance)
    moved(book, "security_deposit_refund", "10", by=finance)
    with pytest.raises(NotAllowed):
        moved(book, "security_deposit_forfeit", "10", by=finance, memo="clause 9")
    moved(book, "security_deposit_forfeit", "10", by=director, memo="clause 9")


def test_money_that_was_used_is_not_taken_back_by_a_reversal(book):
    received = moved(book, "prepayment", "100")
    use = used(book, "80")
    with pytest.raises(OverBalance), transaction.atomic():
        reverse(journal_id=received.journal_id, by=ME, at=AT)
    reverse(journal_id=use.journal_id, by=ME, at=AT)
    assert (position_of(book).receivable, position_of(book).prepayment) == (300, 100)
    reverse(journal_id=received.journal_id, by=ME, at=AT)
    assert position_of(book).prepayment == 0
    assert violations() == []


def test_each_account_has_its_statement(book):
    moved(book, "prepayment", "100")
    moved(book, "security_deposit", "50")
    used(book, "80")
    found = statements_of_account(book_id=book, since=AT, until=AT.replace(year=2027))
    lines = {name: [(line.kind, line.balance) for line in one.lines] for name, one in found.items()}
    assert lines == {
        "owed": [("sale", 300), ("prepayment_use", 220)],
        "prepayment": [("prepayment", 100), ("prepayment_use", 20)],
        "security_deposit": [("security_deposit", 50)],
    }


def test_positions_of_many_books_are_those_of_each(book):
    other = open_book(seller_id=a_manufacturer().id, buyer_id=a_party().id)
    moved(book, "prepayment", "100")
    assert positions_of([book, other]) == {book: position_of(book), other: position_of(other)}
    assert available(other) is None
