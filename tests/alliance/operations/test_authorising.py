"""Authorisations: issued to a party for regions and categories, verified by anybody, revoked by two."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Message
from accounts.rights import NotAllowed
from alliance.models import Authorisation
from alliance.notifications import recruitment
from alliance.operations.authorising import (
    BadAuthorisation,
    NoSuchAuthorisation,
    RevokedAlready,
    authorisation_now,
    issue_authorisation,
    revoke_authorisation,
)
from alliance.operations.certificates import certificate_pdf
from alliance.queries.verification import state_of, verified, verified_here
from approvals.models import Approval
from approvals.operations.deciding import approve
from tests.alliance.recruiting import AT, GUANGZHOU, HUICHENG
from tests.alliance.world import World
from tests.approving import a_person
from tests.factories import an_actor
from tests.people import a_membership

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


def issued(world: World, **changed: Any) -> Authorisation:
    given: dict[str, Any] = {
        "party_id": world.dealer.id,
        "regions": [HUICHENG, GUANGZHOU],
        "categories": ["soy"],
        "starts_on": TODAY,
        "until": date(2027, 1, 1),
        "by": world.director,
        "at": AT,
    }
    return issue_authorisation(**given | changed)


def test_an_authorisation_holds_in_its_term(world: World) -> None:
    made = issued(world)
    assert [one["code"] for one in made.regions] == [HUICHENG, GUANGZHOU]
    assert state_of(made, TODAY) == "valid"
    assert state_of(made, TODAY - timedelta(days=1)) == "upcoming"
    assert state_of(made, date(2026, 12, 31)) == "valid"
    assert state_of(made, date(2027, 1, 1)) == "expired"
    assert verified_here(made.code, at=AT) == "valid"
    assert verified_here("nothing", at=AT) == "unknown"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"regions": []}, "regions"),
        ({"regions": ["999999"]}, "regions[0]"),
        ({"categories": ["soy", "nothing"]}, "categories[1]"),
        ({"until": TODAY}, "until"),
        ({"until": date(2050, 1, 1)}, "until"),
        ({"starts_on": date(2020, 1, 1), "until": date(2021, 1, 1)}, "until"),
    ],
)
def test_what_is_refused(world: World, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(BadAuthorisation) as refused:
        issued(world, **changed)
    assert refused.value.field == field


def test_only_dealers_and_members_are_authorised_by_those_who_may(world: World) -> None:
    with pytest.raises(BadAuthorisation):
        issued(world, party_id=world.maker.id)
    for actor in (an_actor(world.dealer), an_actor(world.maker, "sales_rep")):
        with pytest.raises(NotAllowed):
            issued(world, by=actor)
    with pytest.raises(BadAuthorisation):  # without a territory a region manager sees no party
        issued(world, by=a_person(world.maker, "region_manager"))


def test_a_second_person_revokes(world: World) -> None:
    made = issued(world)
    first, second = a_person(world.maker), a_person(world.maker)
    given: dict[str, Any] = {"authorisation_id": made.id, "reason": "diversion", "by": first, "at": AT}
    waiting = revoke_authorisation(**given)
    assert isinstance(waiting, Approval)
    assert verified_here(made.code, at=AT) == "valid"
    approve(approval_id=waiting.id, by=second, at=AT)
    made.refresh_from_db()
    assert (made.revoke_reason, verified_here(made.code, at=AT)) == ("diversion", "revoked")
    with pytest.raises(RevokedAlready), transaction.atomic():
        revoke_authorisation(**given)
    for wrong in ("", "x" * 301, "a\nb"):
        with pytest.raises(BadAuthorisation), transaction.atomic():
            revoke_authorisation(**given | {"reason": wrong})
    assert authorisation_now({"authorisation_id": str(made.id)}) == {"revoked": True}
    assert authorisation_now({"authorisation_id": str(world.maker.id)}) == {}


def test_partners_see_their_own_only(world: World) -> None:
    made = issued(world)
    other = world.member()
    assert list(Authorisation.objects.visible_to(an_actor(world.dealer))) == [made]
    assert not Authorisation.objects.visible_to(an_actor(other)).exists()
    assert not Authorisation.objects.visible_to(an_actor(world.maker, "finance")).exists()
    with pytest.raises(NoSuchAuthorisation), transaction.atomic():
        revoke_authorisation(authorisation_id=world.maker.id, reason="x", by=a_person(world.maker), at=AT)


def test_the_database_keeps_a_certificate_as_it_was_issued(world: World) -> None:
    made = issued(world)
    others: list[dict[str, Any]] = [{"until": date(2030, 1, 1)}, {"regions": []}, {"party_name": "x"}]
    for changed in others:
        with pytest.raises(DatabaseError), transaction.atomic():
            Authorisation.objects.filter(id=made.id).update(**changed)
    with pytest.raises(DatabaseError), transaction.atomic():
        Authorisation.objects.filter(id=made.id).delete()
    Authorisation.objects.filter(id=made.id).update(revoked_at=AT, revoke_reason="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        Authorisation.objects.filter(id=made.id).update(revoked_at=None)


def test_the_certificate_is_one_pdf_with_whatever_the_name_is(world: World) -> None:
    world.dealer.name = "“Acme” #let $x$ [老王] \\ 商贸"
    world.dealer.save()
    made = issued(world)
    address = "https://example.test/verify/X"
    pdf = certificate_pdf(made, issuer="厂家", address=address)
    assert pdf.startswith(b"%PDF-")
    assert pdf == certificate_pdf(made, issuer="厂家", address=address)


def test_the_party_is_notified(world: World) -> None:
    owner = a_membership(world.dealer)
    made = issued(world)
    body = {"authorisation_id": str(made.id)}
    recruitment.authorised(body, AT)
    recruitment.authorised(body, AT)
    recruitment.revoked(body, AT)
    assert [*Message.objects.values_list("person", flat=True)] == [owner.user_id] * 2


def test_verification_before_a_tenant_is_active_reads_one_row_only(world: World) -> None:
    made = issued(world)
    assert verified(made.code, at=AT) == "valid"
    assert verified("%", at=AT) is None
    assert verified("' OR 1=1 --", at=AT) is None
