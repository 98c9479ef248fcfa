from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.rights import the_system
from alliance.models import GuaranteeMonth
from alliance.operations.evidence import NewEvidence, record_evidence
from ledger.models import Account, Entry, Journal
from rebates.operations.guarantees import book_month, book_step, request_booking
from rebates.operations.settlement_requests import NotDue
from tests import factories as make

MARCH, APRIL_2 = date(2026, 3, 1), datetime(2026, 4, 2, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _inside(in_acme, monkeypatch):
    monkeypatch.setattr("jobs.operations.jobs.nudge_job", lambda *ids: None)


@pytest.fixture
def contract():
    return make.a_contract(make.a_party(), make.a_party("member"))


def told(contract, number, owed, *, kind="spread", on=date(2026, 3, 9)):
    owed = Decimal(owed)
    record_evidence([NewEvidence(contract.id, kind, f"delivery:{number}", on, not owed, owed)])


def wallet(contract):
    accounts = Account.objects.filter(book__seller=contract.dealer, book__buyer=contract.member)
    return -accounts.get(kind="guarantee_wallet").balance


def test_what_a_broken_guarantee_owes_lies_in_the_members_wallet_with_the_dealer(contract):
    told(contract, 1, "12.50")
    told(contract, 2, "0")
    told(contract, 3, "7.50")
    told(contract, 4, "30.00", kind="service")
    told(contract, 5, "99.00", on=date(2026, 4, 1))
    booked = book_month(month=date(2026, 3, 31), at=APRIL_2)
    assert (booked.measured, booked.booked, booked.amount) == (2, 2, Decimal("50.00"))
    assert wallet(contract) == Decimal("50.00")
    assert set(Journal.objects.values_list("source", flat=True)) == {
        f"guarantee:{contract.id}:spread:2026-03:1",
        f"guarantee:{contract.id}:service:2026-03:1",
    }
    assert sum(Entry.objects.values_list("amount", flat=True)) == 0


def test_booking_again_books_nothing(contract):
    told(contract, 1, "12.50")
    book_month(month=MARCH, at=APRIL_2)
    assert book_month(month=MARCH, at=APRIL_2).booked == 0
    assert Journal.objects.count() == 1


def test_evidence_that_came_late_is_booked_as_a_difference(contract):
    told(contract, 1, "12.50")
    book_month(month=MARCH, at=APRIL_2)
    told(contract, 2, "5.00")
    assert book_month(month=MARCH, at=APRIL_2).amount == Decimal("5.00")
    assert Journal.objects.filter(source__endswith="2026-03:2").exists()
    assert GuaranteeMonth.objects.get().booked == wallet(contract) == Decimal("17.50")


def test_kept_guarantees_post_nothing(contract):
    told(contract, 1, "0")
    assert book_month(month=MARCH, at=APRIL_2).booked == 0
    assert not Journal.objects.exists()


def test_the_months_job_books_it_once_and_what_came_late_for_the_two_before(contract):
    told(contract, 1, "1.00", on=date(2026, 1, 31))
    told(contract, 2, "2.00", on=date(2026, 2, 1))
    told(contract, 3, "4.00")
    told(contract, 4, "8.00", on=date(2025, 12, 31))
    job = request_booking(month=MARCH, by=the_system(), at=APRIL_2)
    assert request_booking(month=MARCH, by=the_system(), at=APRIL_2).id == job.id
    while (step := book_step(job)).cursor is not None:
        job.cursor = step.cursor
    assert wallet(contract) == Decimal("7.00")


def test_a_month_is_booked_when_it_has_passed():
    with pytest.raises(NotDue):
        request_booking(month=date(2026, 4, 1), by=the_system(), at=APRIL_2)
