from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.rights import the_system
from alliance.models import Breach, Contract, GuaranteeMonth, GuaranteeShare
from alliance.operations.breaches import decide_breach, reply_to_breach
from alliance.operations.evidence import NewEvidence, record_evidence
from alliance.operations.measurement import measure_month
from audit.models import AuditEntry
from ledger.models import Account, Entry, Journal
from rebates.operations.guarantees import (
    book_breach,
    book_decided,
    book_month,
    book_step,
    book_undisputed,
    request_booking,
)
from rebates.operations.settlement_requests import NotDue
from tests import factories as make

MARCH, APRIL_2 = date(2026, 3, 1), datetime(2026, 4, 2, tzinfo=UTC)
APRIL_1, APRIL_9 = APRIL_2 - timedelta(days=1), APRIL_2 + timedelta(days=7)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _inside(in_acme, monkeypatch):
    monkeypatch.setattr("jobs.operations.jobs.nudge_job", lambda *ids: None)


@pytest.fixture
def contract():
    """A contract that books small breaches without a decision, once nobody contested them on the day."""
    return make.a_contract(make.a_party(), make.a_party("member"), reply_days=0, book_up_to=1000)


def told(contract, number, owed, *, kind="spread", on=date(2026, 3, 9)):
    owed = Decimal(owed)
    record_evidence([NewEvidence(contract.id, kind, f"delivery:{number}", on, not owed, owed)])


def after_the_replies(month=MARCH):
    """The month is measured, its breaches open, and the day to reply passes."""
    measure_month(month=month, at=APRIL_1)
    return book_month(month=month, at=APRIL_2)


def wallet(contract, seller=None):
    accounts = Account.objects.filter(book__seller=seller or contract.dealer, book__buyer=contract.member)
    return -accounts.get(kind="guarantee_wallet").balance


def decided(breach, decision="upheld", **values):
    given = {"reason": "The slips say so.", "by": the_system("judge"), "at": APRIL_2}
    return decide_breach(breach_id=breach.id, decision=decision, **given | values)


def test_what_a_broken_guarantee_owes_lies_in_the_members_wallet_with_the_dealer(contract):
    told(contract, 1, "12.50")
    told(contract, 2, "0")
    told(contract, 3, "7.50")
    told(contract, 4, "30.00", kind="service")
    told(contract, 5, "99.00", on=date(2026, 4, 1))
    booked = after_the_replies(date(2026, 3, 31))
    assert (booked.measured, booked.booked, booked.amount) == (2, 2, Decimal("50.00"))
    assert wallet(contract) == Decimal("50.00")
    assert set(Journal.objects.values_list("source", flat=True)) == {
        f"guarantee:{contract.id}:spread:2026-03:1",
        f"guarantee:{contract.id}:service:2026-03:1",
    }
    assert sum(Entry.objects.values_list("amount", flat=True)) == 0
    assert set(Breach.objects.values_list("state", "decision")) == {("booked", "")}
    assert AuditEntry.objects.filter(action="guarantee.book").count() == 2


def test_booking_again_books_nothing(contract):
    told(contract, 1, "12.50")
    after_the_replies()
    assert book_month(month=MARCH, at=APRIL_2).booked == 0
    assert Journal.objects.count() == 1


def test_a_breach_waits_for_its_replies_before_it_is_booked(contract):
    told(contract, 1, "12.50")
    assert book_month(month=MARCH, at=APRIL_2).booked == 0
    assert not Journal.objects.exists()
    assert book_undisputed(by=the_system(), at=APRIL_9).amount == Decimal("12.50")
    assert book_undisputed(by=the_system(), at=APRIL_9).booked == 0


def test_evidence_that_came_late_is_booked_as_a_difference(contract):
    told(contract, 1, "12.50")
    after_the_replies()
    told(contract, 2, "5.00")
    assert book_month(month=MARCH, at=APRIL_2).amount == Decimal("5.00")
    assert Journal.objects.filter(source__endswith="2026-03:2").exists()
    assert GuaranteeMonth.objects.get().booked == wallet(contract) == Decimal("17.50")


def test_kept_guarantees_post_nothing(contract):
    told(contract, 1, "0")
    assert after_the_replies().booked == 0
    assert not Journal.objects.exists()
    assert not Breach.objects.exists()


def test_the_months_job_books_it_once_and_what_came_late_for_the_two_before(contract):
    told(contract, 1, "1.00", on=date(2026, 1, 31))
    told(contract, 2, "2.00", on=date(2026, 2, 1))
    told(contract, 3, "4.00")
    told(contract, 4, "8.00", on=date(2025, 12, 31))
    for month in (date(2026, 1, 1), date(2026, 2, 1), MARCH):
        measure_month(month=month, at=APRIL_1)
    job = request_booking(month=MARCH, by=the_system(), at=APRIL_2)
    assert request_booking(month=MARCH, by=the_system(), at=APRIL_2).id == job.id
    while (step := book_step(job)).cursor is not None:
        job.cursor = step.cursor
    assert wallet(contract) == Decimal("7.00")


def test_a_month_is_booked_when_it_has_passed():
    with pytest.raises(NotDue):
        request_booking(month=date(2026, 4, 1), by=the_system(), at=APRIL_2)


def large(contract, owed="3000.00"):
    told(contract, 1, owed)
    measure_month(month=MARCH, at=APRIL_1)
    return Breach.objects.get()


def test_a_large_breach_waits_for_a_person_and_is_booked_once(contract):
    breach = large(contract)
    assert book_undisputed(by=the_system(), at=APRIL_9).booked == 0
    decided(breach)
    for _ in range(2):
        book_decided({"breach_id": str(breach.id)}, APRIL_2)
    assert wallet(contract) == Decimal("3000.00")
    breach.refresh_from_db()
    assert (breach.state, breach.decision, breach.booked) == ("booked", "upheld", 3000)
    assert Journal.objects.count() == 1


def test_a_contested_breach_waits_for_a_person_however_small(contract):
    told(contract, 1, "10.00")
    measure_month(month=MARCH, at=APRIL_1)
    breach = Breach.objects.get()
    owner = make.an_actor(contract.dealer)
    reply_to_breach(breach_id=breach.id, accepts=False, reason="Flood.", by=owner, at=APRIL_1)
    assert book_undisputed(by=the_system(), at=APRIL_9).booked == 0
    decided(breach, "dismissed")
    assert book_breach(breach_id=breach.id, at=APRIL_2).booked == 0
    assert not Journal.objects.exists()
    breach.refresh_from_db()
    assert (breach.state, breach.booked) == ("decided", 0)


def test_an_accepted_small_breach_is_booked_at_once(contract):
    told(contract, 1, "10.00")
    measure_month(month=MARCH, at=APRIL_1)
    owner = make.an_actor(contract.dealer)
    reply_to_breach(breach_id=Breach.objects.get().id, accepts=True, reason="", by=owner, at=APRIL_1)
    assert book_undisputed(by=the_system(), at=APRIL_1).amount == Decimal("10.00")


def test_a_part_that_was_upheld_is_booked_and_never_grows(contract):
    breach = large(contract)
    decided(breach, "partly", amount=Decimal("1200.00"))
    assert book_breach(breach_id=breach.id, at=APRIL_2).amount == Decimal("1200.00")
    told(contract, 2, "500.00")
    assert book_month(month=MARCH, at=APRIL_2).booked == 0
    told(contract, 3, "-2500.00")
    assert book_month(month=MARCH, at=APRIL_2).amount == Decimal("-200.00")
    assert wallet(contract) == Decimal("1000.00")


def test_each_side_pays_its_share_and_the_member_bears_its_own():
    contract = make.a_contract(
        make.a_party(), make.a_party("member"), reply_days=0, book_up_to=1000, state="draft"
    )
    for role, share in (("manufacturer", "0.3333"), ("dealer", "0.3333"), ("member", "0.3334")):
        GuaranteeShare.objects.create(contract=contract, kind="spread", role=role, share=share)
    Contract.objects.filter(id=contract.id).update(state="active")
    told(contract, 1, "100.00")
    assert after_the_replies().amount == Decimal("66.66")
    assert wallet(contract) == wallet(contract, contract.manufacturer) == Decimal("33.33")
    breach = Breach.objects.get()
    assert sum(breach.shares.values_list("amount", flat=True)) == Decimal("100.00")
    assert breach.booked == GuaranteeMonth.objects.get().booked == Decimal("66.66")
    assert book_month(month=MARCH, at=APRIL_2).booked == 0
