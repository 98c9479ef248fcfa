"""A bank voucher is booked once, whatever the door, the spelling, the kind or the buyer."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections

from accounts.rights import the_system
from audit.models import AuditEntry
from ledger.models import Journal
from ledger.operations.books import open_book
from ledger.operations.vouchers import InvalidVoucher, VoucherConflict, receive_voucher
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.api_client import ApiClient
from tests.factories import a_manufacturer, a_party
from tests.ordering.trade import AT

STAFF = the_system()


@pytest.fixture
def books(in_acme):
    maker = a_manufacturer(code="F")
    buyers = [a_party(parent=maker, code=code) for code in ("D1", "D2")]
    return [open_book(seller_id=maker.id, buyer_id=buyer.id) for buyer in buyers]


def booked(book_id, **changed):
    given = {"kind": "payment", "amount": Decimal(100), "voucher": "BANK-1"} | changed
    return receive_voucher(book_id=book_id, by=STAFF, at=AT, **given)


@pytest.mark.django_db
@pytest.mark.parametrize("voucher", ["BANK-1", "bank 1", "ＢＡＮＫ－１"])
def test_the_same_voucher_again_is_the_first_posting(books, voucher):
    first, again = booked(books[0]), booked(books[0], voucher=voucher)
    assert (first.is_new, again.is_new, again.journal_id) == (True, False, first.journal_id)
    assert Journal.objects.count() == 1
    assert AuditEntry.objects.filter(action="book.receive_payment").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "field", "was", "now"),
    [
        ({"amount": Decimal(900)}, "amount", "100.00", "900.00"),
        ({"kind": "prepayment"}, "kind", "payment", "prepayment"),
        ({"book": 1}, "buyer", "D1", "D2"),
    ],
)
def test_other_content_is_a_conflict_that_names_it(books, changed, field, was, now):
    booked(books[0])
    book_id = books[changed.pop("book", 0)]
    with pytest.raises(VoucherConflict) as refused:
        booked(book_id, voucher="bank1", **changed)
    assert refused.value.details["differs"] == [{"field": field, "booked": was, "requested": now}]
    assert Journal.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("voucher", ["", " - ", "1" * 77])
def test_a_number_has_letters_or_digits(books, voucher):
    with pytest.raises(InvalidVoucher):
        booked(books[0], voucher=voucher)


@pytest.mark.django_db
def test_two_sellers_may_have_the_same_number(in_acme):
    maker = a_manufacturer(code="F")
    dealer = a_party(parent=maker, code="D1")
    member = a_party("member", parent=dealer, code="M1")
    ours = open_book(seller_id=maker.id, buyer_id=dealer.id)
    theirs = open_book(seller_id=dealer.id, buyer_id=member.id)
    assert booked(ours).is_new
    assert booked(theirs, amount=Decimal(7)).is_new


@pytest.mark.django_db
def test_the_api_marks_the_replay_and_names_what_differs(acme):
    with tenant_active(acme):
        maker = a_manufacturer(code="F")
        a_party(parent=maker, code="D001")
    finance = ApiClient(acme, maker, "finance")
    payment = {"buyer": "D001", "amount": "100.00", "source": "BANK-1"}
    answers = [finance.post("payments", payment | {"source": source}) for source in ("BANK-1", "bank1")]
    assert [(one.status_code, one.json()["replayed"]) for one in answers] == [(201, False), (201, True)]
    refused = finance.post("payments", payment | {"amount": "900.00"})
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:tripact:source_conflict"
    assert refused.json()["differs"] == [{"field": "amount", "booked": "100.00", "requested": "900.00"}]


def test_two_buyers_at_the_same_moment_are_booked_once(committed):
    acme = Tenant.objects.get(slug="acme")
    with tenant_active(acme):
        maker = a_manufacturer(code="F")
        buyers = [a_party(parent=maker, code=f"D{n}") for n in range(4)]
        books = [open_book(seller_id=maker.id, buyer_id=buyer.id) for buyer in buyers]

    def attempt(book_id):
        try:
            with tenant_active(acme):
                return booked(book_id).is_new
        except VoucherConflict:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, books)) == [False, False, False, True]
    with tenant_active(acme):
        assert Journal.objects.count() == 1
