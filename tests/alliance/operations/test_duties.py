"""Duties fall due by their rhythm, are fulfilled by evidence, and remind the people who owe them."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from accounts.models import Message
from accounts.rights import the_system
from alliance.domain.duties import STATES, duty_state
from alliance.models import Duty, DutyEvidence, Responsibility
from alliance.notifications.duty_handlers import duties_due
from alliance.operations.duty_evidence import (
    NewDutyEvidence,
    report_duty,
    report_duty_evidence,
)
from alliance.operations.duty_round import create_duties, run_day
from tests.alliance.world import NOW
from tests.factories import a_contract, a_party, an_actor, in_force
from tests.people import a_membership
from tests.refusing import refused

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 10)
SYSTEM = the_system()


@pytest.fixture
def contract(world):
    return a_contract(world.dealer, world.member(), state="draft")


def a_responsibility(contract, role="dealer", **values):
    given = {
        "link": "coverage",
        "duty": "Visit the outlets",
        "owner_role": "owner",
        "rhythm": "monthly",
        "proof": "document",
    }
    return Responsibility.objects.create(contract=contract, role=role, **given | values)


def a_duty(contract, day=TODAY, **values):
    (duty,) = duties_of(contract, values, day=day)
    return duty


def duties_of(contract, *cells, day=TODAY):
    """Return the duties of a day for these responsibilities of a draft, which is signed with them."""
    made = [a_responsibility(contract, **cell) for cell in cells]
    in_force(contract)
    create_duties(on=day)
    days = {"starts_on__lte": day, "due_on__gte": day}
    return [Duty.objects.get(responsibility=one, **days) for one in made]


def test_each_rhythm_has_its_last_day_and_a_repeated_round_changes_nothing(contract):
    roles = {"weekly": "coverage", "monthly": "planning", "quarterly": "promotion", "yearly": "maintenance"}
    for rhythm, link in roles.items():
        a_responsibility(contract, link=link, rhythm=rhythm)
    in_force(contract)
    assert create_duties(on=TODAY) == 7
    assert create_duties(on=TODAY) == 0
    due = {
        (one.responsibility.rhythm, one.due_on)
        for one in Duty.objects.filter(due_on__gte=TODAY).select_related("responsibility")
    }
    assert due == {
        ("weekly", date(2026, 6, 14)),
        ("monthly", date(2026, 6, 30)),
        ("quarterly", date(2026, 6, 30)),
        ("yearly", date(2026, 12, 31)),
    }


def test_duties_belong_to_their_side_and_to_contracts_in_force(contract, world):
    for role in ("manufacturer", "dealer", "member"):
        a_responsibility(contract, role=role)
    in_force(contract)
    draft = a_contract(world.dealer, world.member(), state="draft")
    a_responsibility(draft)
    create_duties(on=TODAY)
    parties = set(Duty.objects.values_list("party_id", flat=True))
    assert parties == {contract.manufacturer_id, contract.dealer_id, contract.member_id}
    assert not Duty.objects.filter(contract=draft).exists()


def test_a_duty_lies_within_the_term(world):
    term = {"starts_on": date(2026, 5, 15), "until": date(2026, 7, 1)}
    made = a_contract(world.dealer, world.member(), state="draft", **term)
    a_responsibility(made)
    in_force(made)
    create_duties(on=TODAY)
    assert list(Duty.objects.order_by("due_on").values_list("starts_on", "due_on")) == [
        (date(2026, 5, 15), date(2026, 5, 31)),
        (date(2026, 6, 1), date(2026, 6, 30)),
    ]


def test_the_filter_by_state_is_the_rule_of_the_domain(contract):
    duty = a_duty(contract)
    for days in (-20, 0, 1, 14, 15):
        today = duty.due_on + timedelta(days=days)
        for moment in (None, NOW):
            Duty.objects.update(fulfilled_at=moment)
            state = duty_state(due_on=duty.due_on, is_fulfilled=moment is not None, today=today)
            own = Duty.objects.filter(id=duty.id)
            assert [one for one in STATES if own.in_state(one, today).exists()] == [state]
            assert own.with_state(today).get().state == state


def test_an_order_fulfils_the_duties_of_its_period_that_orders_prove(contract):
    duty, other = duties_of(contract, {"proof": "order"}, {"role": "member", "proof": "visit"})
    fact = NewDutyEvidence(contract.id, "order", TODAY, "shipment:1", "S-1")
    later = NewDutyEvidence(contract.id, "order", TODAY, "shipment:2", "S-2")
    assert report_duty_evidence(facts=[fact, later], by=SYSTEM, at=NOW) == 1
    assert report_duty_evidence(facts=[fact], by=SYSTEM, at=NOW) == 0
    assert report_duty_evidence(facts=[], by=SYSTEM, at=NOW) == 0
    duty.refresh_from_db()
    other.refresh_from_db()
    assert (duty.fulfilled_at, other.fulfilled_at) == (NOW, None)
    assert DutyEvidence.objects.get().reference == "S-1"


def test_a_visit_of_one_side_does_not_fulfil_the_other_side(contract):
    dealer, member = duties_of(contract, *({"role": role, "proof": "visit"} for role in ("dealer", "member")))
    fact = NewDutyEvidence(contract.id, "visit", TODAY, "visit:1", role="member")
    assert report_duty_evidence(facts=[fact], by=SYSTEM, at=NOW) == 1
    dealer.refresh_from_db()
    member.refresh_from_db()
    assert dealer.fulfilled_at is None
    assert member.fulfilled_at == NOW


def test_the_owner_reports_with_a_note_once(contract, world):
    duty, by = a_duty(contract), an_actor(world.dealer)
    given = {"duty_id": duty.id, "reference": "DOC-1", "note": "", "source": "s", "by": by, "at": NOW}
    first = report_duty(**given)
    assert report_duty(**given).id == first.id
    with refused("source_conflict", "source"):
        report_duty(**given | {"note": "other words"})
    report_duty(**given | {"source": "second"})
    duty.refresh_from_db()
    assert duty.fulfilled_at == NOW
    assert duty.evidence.count() == 2


def test_a_report_has_words_and_comes_from_the_side_and_role_that_owe_it(contract, world):
    duty = a_duty(contract, owner_role="sales_rep")
    given = {"duty_id": duty.id, "reference": "", "note": "done", "source": "s", "at": NOW}
    with refused("bad_evidence", "note"):
        report_duty(**given | {"note": " "}, by=an_actor(world.dealer))
    with refused("not_allowed"):
        report_duty(**given, by=world.director)
    for stranger in (an_actor(world.dealer, "warehouse"), an_actor(a_party("dealer", parent=world.maker))):
        with refused("not_found", "duty"):
            report_duty(**given, by=stranger)
    with refused("not_found", "duty"):
        report_duty(**given | {"duty_id": uuid4()}, by=an_actor(world.dealer))
    assert report_duty(**given, by=an_actor(world.dealer, "sales_rep")).note == "done"


def test_what_orders_prove_is_not_reported_by_hand(contract, world):
    duty = a_duty(contract, proof="order")
    with refused("not_allowed"):
        report_duty(duty_id=duty.id, reference="x", note="", source="s", by=an_actor(world.dealer), at=NOW)


def test_a_partner_sees_only_its_own_sides_duties(contract, world):
    for role in ("manufacturer", "dealer", "member"):
        a_responsibility(contract, role=role)
    in_force(contract)
    create_duties(on=TODAY)
    assert set(Duty.objects.visible_to(an_actor(world.dealer)).values_list("party_id", flat=True)) == {
        contract.dealer_id
    }
    assert Duty.objects.visible_to(world.director).count() == 6
    assert Duty.objects.visible_to(an_actor(a_party("outlet"), "owner")).count() == 0


def test_one_digest_a_day_reaches_the_role_or_else_the_owner(contract, world):
    owner = a_membership(world.dealer, "owner")
    purchaser = a_membership(world.dealer, "purchaser")
    manager = a_membership(world.maker, "region_manager")
    duties_of(
        contract,
        {"owner_role": "purchaser"},
        {"link": "planning", "owner_role": "warehouse"},
        {"role": "manufacturer", "owner_role": "region_manager"},
    )
    for _ in range(2):
        duties_due({"day": "2026-06-28"}, NOW)
    rows = Message.objects.filter(topic="alliance.duties_due")
    assert {(one.person_id, one.params["due"]) for one in rows} == {
        (owner.user_id, 1),
        (purchaser.user_id, 1),
    }
    assert not rows.filter(person_id=manager.user_id).exists()


def test_nothing_due_reminds_nobody(contract, world):
    a_membership(world.dealer, "owner")
    a_duty(contract)
    duties_due({"day": "2026-06-20"}, NOW)
    assert not Message.objects.filter(topic="alliance.duties_due").exists()


def test_the_daily_round_creates_duties_and_announces_the_digest(contract):
    a_responsibility(contract)
    in_force(contract)
    run_day(by=SYSTEM, at=datetime(2026, 6, 10, 1, tzinfo=UTC))
    assert Duty.objects.count() == 2
