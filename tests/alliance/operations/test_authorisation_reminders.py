"""Reminders before an authorisation expires: 30 and 7 days before, once each."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import Message
from accounts.rights import the_system
from alliance.models import Authorisation
from alliance.notifications.recruitment import expiring
from alliance.operations.authorisation_reminders import remind_of_expiry
from alliance.operations.authorising import issue_authorisation
from alliance.queries.verification import displayed_state, state_of
from audit.models import AuditEntry
from jobs.models import OutboxMessage
from tests.alliance.recruiting import AT, GUANGZHOU, HUICHENG
from tests.alliance.world import World
from tests.people import a_membership

pytestmark = pytest.mark.django_db
TODAY = AT.date()
UNTIL = TODAY + timedelta(days=40)


def issued(world: World, **changed: Any) -> Authorisation:
    given: dict[str, Any] = {
        "party_id": world.dealer.id,
        "regions": [HUICHENG],
        "categories": ["soy"],
        "starts_on": TODAY,
        "until": UNTIL,
        "by": world.director,
        "at": AT,
    }
    return issue_authorisation(**given | changed)


def before(days: int) -> datetime:
    return AT + (UNTIL - timedelta(days=days) - TODAY)


def remind(days: int) -> int:
    return remind_of_expiry(by=the_system(), at=before(days))


def test_each_reminder_is_sent_once(world: World) -> None:
    made = issued(world)
    assert [remind(days) for days in (31, 30, 29, 8, 7, 7, 1, 0)] == [0, 1, 0, 0, 1, 0, 0, 0]
    bodies = OutboxMessage.objects.filter(topic="alliance.authorisation_expiring").order_by("created_at")
    assert [one.body["days"] for one in bodies] == [30, 7]
    assert AuditEntry.objects.filter(target_id=str(made.id), action="authorisation.remind").count() == 2


def test_a_revoked_one_and_one_that_another_follows_are_not_reminded_of(world: World) -> None:
    made = issued(world)
    later = UNTIL + timedelta(days=300)
    issued(world, starts_on=UNTIL, until=later, regions=[GUANGZHOU])
    assert remind(30) == 1, "the later one grants other regions"
    issued(world, starts_on=UNTIL, until=later, regions=[HUICHENG, GUANGZHOU])
    assert remind(7) == 0
    Authorisation.objects.filter(id=made.id).update(revoked_at=AT, revoked_by="x", revoke_reason="x")
    assert remind(7) == 0


def test_staff_and_the_partner_are_notified_once(world: World) -> None:
    made = issued(world)
    people = [a_membership(world.maker, "director"), a_membership(world.dealer, "owner")]
    a_membership(world.member(), "owner")
    for _turn in range(2):
        expiring({"authorisation_id": str(made.id), "days": 30}, AT)
    found = Message.objects.filter(topic="alliance.authorisation_expiring")
    assert set(found.values_list("person_id", flat=True)) == {one.user_id for one in people}


def test_lists_say_that_it_expires_soon_and_the_verification_does_not(world: World) -> None:
    made = issued(world)
    soon = UNTIL - timedelta(days=30)
    assert (displayed_state(made, soon), state_of(made, soon)) == ("expiring", "valid")
    assert displayed_state(made, soon - timedelta(days=1)) == "valid"
    assert displayed_state(made, UNTIL) == "expired"
    assert displayed_state(made, date(2020, 1, 1)) == "upcoming"
