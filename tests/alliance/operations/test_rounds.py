"""A contract begins, reminds of its end and ends by its dates."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Message
from accounts.rights import the_system
from alliance.models import Contract, ContractArea, ContractNotice, SpreadTerm
from alliance.models.terms import (
    Clause,
    ContractPortfolio,
    GuaranteeShare,
    GuaranteeTerm,
    Kpi,
    KpiMetric,
    Responsibility,
)
from alliance.notifications import handlers
from alliance.operations.ending import end_contract
from alliance.operations.rounds import remind_of_ends, turn_contracts
from alliance.operations.signing import submit_contract
from alliance.operations.versions import draft_next_version
from alliance.queries import contract_in_force
from audit.queries import trail
from catalogue.models import Portfolio
from jobs.models import OutboxMessage
from tests.alliance.world import HUIZHOU, NOW
from tests.approving import by_two
from tests.factories import a_channel
from tests.people import a_membership
from tests.refusing import refused

pytestmark = pytest.mark.django_db
SYSTEM = the_system()


def noon(day):
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def topics():
    return list(OutboxMessage.objects.order_by("created_at", "id").values_list("topic", flat=True))


def turn(day):
    return turn_contracts(by=SYSTEM, at=noon(day))


def remind(day):
    return remind_of_ends(by=SYSTEM, at=noon(day))


def in_force(contract, on):
    found = contract_in_force(seller_id=contract.dealer_id, buyer_id=contract.member_id, on=on)
    return found is not None


def test_a_contract_signed_before_its_first_day_begins_on_it_by_itself(world):
    first = date(2026, 7, 1)
    contract = world.active(("soy", HUIZHOU), starts_on=first)
    assert (contract.state, contract.activated_at) == ("active", None)
    assert topics()[-1] == "alliance.concluded"
    assert turn(first - timedelta(days=1)) == (0, 0)
    assert not in_force(contract, first - timedelta(days=1))
    assert turn(first) == (1, 0)
    contract.refresh_from_db()
    assert contract.activated_at == noon(first)
    assert topics()[-1] == "alliance.activated"
    assert in_force(contract, first)
    assert turn(first) == (0, 0)


def test_a_contract_ends_by_its_date_and_what_came_before_counts_for_it(world):
    last = date(2026, 7, 1)
    contract = world.active(("soy", HUIZHOU), until=last)
    assert turn(last - timedelta(days=1)) == (0, 0)
    assert turn(last) == (0, 1)
    contract.refresh_from_db()
    assert (contract.state, contract.ended_on, contract.end_reason) == ("ended", last, "term_over")
    assert not ContractArea.objects.filter(holds=True).exists()
    assert topics()[-1] == "alliance.ended"
    assert in_force(contract, last - timedelta(days=1))
    assert not in_force(contract, last)
    assert turn(last) == (0, 0)


def test_a_replaced_version_ends_without_a_message(world):
    old = world.active(("soy", HUIZHOU))
    made = draft_next_version(contract_id=old.id, starts_on=date(2026, 7, 1), by=world.director, at=NOW)
    world.sign(submit_contract(contract_id=made.id, by=world.director, at=NOW))
    before = topics().count("alliance.ended")
    assert turn(date(2026, 7, 1)) == (1, 1)
    old.refresh_from_db()
    assert (old.state, old.end_reason) == ("ended", "replaced")
    assert topics().count("alliance.ended") == before
    assert in_force(old, date(2026, 7, 2))


def test_each_reminder_comes_once_to_each_person_of_the_three(world):
    until = date(2026, 12, 1)
    contract = world.active(("soy", HUIZHOU), until=until)
    people = [a_membership(party) for party in (world.maker, world.dealer, contract.member)]
    sent = []
    for left in (91, 90, 89, 30, 30, 8, 7, 1):
        sent.append(remind(until - timedelta(days=left)))
    assert sent == [0, 1, 0, 1, 0, 0, 1, 0]
    assert [one.kind for one in ContractNotice.objects.order_by("at")] == [
        "expiring_90",
        "expiring_30",
        "expiring_7",
    ]
    for message in OutboxMessage.objects.filter(topic="alliance.expiring"):
        for _again in range(2):
            handlers.expiring(message.body, NOW)
    for person in people:
        mine = Message.objects.filter(person_id=person.user_id, topic="alliance.expiring")
        assert mine.count() == 3


def test_a_contract_that_is_followed_or_ends_early_is_not_reminded_of(world):
    old = world.active(("soy", HUIZHOU), until=date(2026, 8, 1))
    made = draft_next_version(
        contract_id=old.id, starts_on=old.until, until=date(2027, 8, 1), by=world.director, at=NOW
    )
    world.sign(submit_contract(contract_id=made.id, by=world.director, at=NOW))
    other = world.active(code="C-2", until=date(2026, 8, 1))
    day = date(2026, 7, 20)
    by_two(end_contract, contract_id=other.id, reason="x", ends_on=day, by=world.director, at=NOW)
    assert remind(date(2026, 6, 2)) == 0


def test_the_rounds_take_as_many_statements_for_one_as_for_many(world, django_assert_max_num_queries):
    for number in range(3):
        world.active(code=f"C-{number}", until=date(2026, 7, 1))
    with django_assert_max_num_queries(12):
        assert remind(date(2026, 6, 2)) == 3
    with django_assert_max_num_queries(12):
        assert turn(date(2026, 7, 1)) == (0, 3)


def test_an_end_with_notice_goes_on_until_its_day(world):
    contract = world.active(("soy", HUIZHOU))
    day = date(2026, 7, 1)
    given = {"reason": "regions", "kind": "reorganised", "ended_by": "manufacturer", "ends_on": day}
    by_two(end_contract, contract_id=contract.id, by=world.director, at=NOW, **given)
    contract.refresh_from_db()
    assert (contract.state, contract.until, contract.ended_on) == ("active", day, day)
    assert contract.end_notice_on == date(2026, 6, 1)
    assert contract.text["term"]["until"] == "2027-01-01"
    area = ContractArea.objects.get(contract=contract)
    assert (area.term.upper, area.holds) == (day, True)
    assert topics()[-1] == "alliance.end_announced"
    assert trail((Contract, contract.id)).last().facts["announced"] is True
    assert in_force(contract, day - timedelta(days=1))
    assert turn(day) == (0, 1)
    contract.refresh_from_db()
    assert (contract.state, contract.end_reason) == ("ended", "reorganised")
    assert topics()[-1] == "alliance.ended"
    with refused("wrong_state"):
        end_contract(contract_id=contract.id, reason="again", by=world.director, at=noon(day))


def test_an_unannounced_end_is_possible_and_recorded_as_such(world):
    contract = world.active(("soy", HUIZHOU))
    by_two(end_contract, contract_id=contract.id, reason="x", by=world.director, at=NOW)
    contract.refresh_from_db()
    assert (contract.state, contract.ended_on) == ("ended", date(2026, 6, 1))
    facts = trail((Contract, contract.id)).last().facts
    assert (facts["announced"], facts["notice_days"]) == (False, 0)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"kind": "term_over"}, "kind"),
        ({"ended_by": "nobody"}, "ended_by"),
        ({"ends_on": date(2026, 5, 31)}, "ends_on"),
        ({"ends_on": date(2027, 1, 1)}, "ends_on"),
    ],
)
def test_an_end_names_its_reason_its_side_and_a_day_within_the_term(world, given, field):
    contract = world.active(("soy", HUIZHOU))
    with refused("bad_end", field):
        end_contract(contract_id=contract.id, by=world.director, at=NOW, **({"reason": "x"} | given))


def a_row_of_every_term(contract):
    ContractPortfolio.objects.create(
        contract=contract,
        channel=a_channel("retail"),
        portfolio=Portfolio.objects.create(code="P", name="P"),
    )
    rows = (
        SpreadTerm.objects.filter(contract=contract),
        GuaranteeTerm.objects.filter(contract=contract),
        GuaranteeShare.objects.filter(contract=contract),
        Responsibility.objects.filter(contract=contract),
        Kpi.objects.filter(contract=contract),
        ContractPortfolio.objects.filter(contract=contract),
        Clause.objects.filter(contract=contract),
    )
    GuaranteeTerm.objects.create(contract=contract, clause="3.2", metric="notice", target=30)
    GuaranteeShare.objects.get_or_create(contract=contract, kind="term", role="dealer", defaults={"share": 1})
    Responsibility.objects.create(
        contract=contract, link="planning", role="dealer", duty="plan", owner_role="owner"
    )
    Kpi.objects.create(contract=contract, metric=KpiMetric.values[0], target=1, weight=1)
    Clause.objects.create(contract=contract, number="9", heading="more", body="more")
    return rows


@pytest.mark.parametrize("state", ["submitted", "active", "ended"])
def test_no_term_and_no_column_of_a_submitted_contract_changes(world, state):
    draft = world.draft(("soy", HUIZHOU))
    rows = [one for one in a_row_of_every_term(draft) if one.exists()]
    contract = submit_contract(contract_id=draft.id, by=world.director, at=NOW)
    if state != "submitted":
        world.sign(contract)
    if state == "ended":
        by_two(end_contract, contract_id=contract.id, reason="x", by=world.director, at=NOW)
    mine = Contract.objects.filter(id=contract.id)
    changes = [
        *(lambda rows=rows, name=name: rows.update(**{name: "9"}) for rows, name in texts(rows)),
        *(lambda rows=rows: rows.all()._raw_delete("default") for rows in rows),
        lambda: mine.update(security_deposit=1),
        lambda: mine.update(notice_days=1),
        lambda: mine.update(reply_days=1),
        lambda: mine.update(book_up_to=1),
        lambda: mine.update(proposed_by=world.dealer),
        lambda: mine.update(proposed_text={"term": {}}),
        lambda: mine.update(submitted_at=noon(date(2026, 5, 1))),
    ]
    if state == "submitted":
        changes.append(lambda: mine.update(ended_on=date(2026, 7, 1), end_reason="other"))
    if state == "active":
        changes.append(lambda: mine.update(activated_at=noon(date(2026, 5, 1))))
        changes.append(lambda: mine.update(until=date(2026, 7, 1)))
    if state == "ended":
        changes += [
            lambda: mine.update(ended_on=date(2026, 5, 1)),
            lambda: mine.update(end_reason="agreed"),
            lambda: mine.update(end_note="else"),
            lambda: mine.update(ended_by_role="mutual"),
            lambda: mine.update(end_notice_on=date(2026, 1, 1)),
        ]
    assert len(rows) == 6
    for number, change in enumerate(changes):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
            pytest.fail(f"change {number} passed")


def texts(rows):
    fields = {"guaranteeterm": "clause", "guaranteeshare": "role", "responsibility": "duty"}
    more = {"kpi": "target", "clause": "body"}
    return [
        (one, (fields | more).get(one.model._meta.model_name))
        for one in rows
        if one.model is not ContractPortfolio
    ]


def test_an_announced_end_is_not_taken_back_or_put_off(world):
    contract = world.active(("soy", HUIZHOU))
    day = date(2026, 7, 1)
    by_two(end_contract, contract_id=contract.id, reason="x", ends_on=day, by=world.director, at=NOW)
    mine = Contract.objects.filter(id=contract.id)
    for values in (
        {"ended_on": date(2026, 8, 1)},
        {"ended_on": None, "end_reason": ""},
        {"until": date(2027, 1, 1)},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            mine.update(**values)
