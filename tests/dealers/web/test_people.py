"""The people of a party: its owner invites, changes roles and disables; nobody else's."""

import pytest
from django.urls import reverse

from dealers.models import Invitation, Membership
from tests.people import a_membership
from tests.scene import Scene, said, text_of

pytestmark = pytest.mark.django_db
PAGE = reverse("people")


@pytest.fixture
def scene(acme):
    return Scene(acme)


def a_purchaser(scene, party=None):
    with scene.inside():
        return a_membership(party or scene.trade.buyer, "purchaser")


def stored(scene, membership):
    with scene.inside():
        return Membership.objects.get(id=membership.id)


def test_an_owner_invites_and_takes_the_invitation_back(scene):
    page = scene.buyer.post(PAGE, {"role": "warehouse", "name": "罗建军", "phone": "13800138000"})
    with scene.inside():
        sent = Invitation.objects.get()
    assert (page.status_code, sent.party_id, sent.role) == (200, scene.trade.buyer.id, "warehouse")
    assert reverse("invitation-link", args=["x"]).removesuffix("x") in text_of(page)
    assert "罗建军" in text_of(scene.buyer.get(PAGE))
    scene.buyer.post(reverse("invitation-withdraw", args=[sent.id]))
    with scene.inside():
        assert Invitation.objects.get().state == "withdrawn"


@pytest.mark.parametrize(
    "typed", [{"role": "director", "username": "x"}, {"role": "finance"}, {"role": "finance", "phone": "12"}]
)
def test_a_wrong_invitation_is_refused_and_stays_typed(scene, typed):
    page = scene.buyer.post(PAGE, typed)
    assert page.status_code == 422
    with scene.inside():
        assert not Invitation.objects.exists()


def test_an_owner_changes_a_role_and_disables_a_person(scene):
    person = a_purchaser(scene)
    url = reverse("person", args=[person.id])
    page = scene.buyer.post(url, {"action": "role", "role": "finance"})
    assert said(page) == [f"{person.user} is now finance."]
    assert stored(scene, person).role == "finance"
    scene.buyer.post(url, {"action": "role", "role": "director"})
    assert stored(scene, person).role == "finance"
    scene.buyer.post(url, {"action": "withdraw"})
    assert not stored(scene, person).is_active


def test_nobody_disables_themselves_or_another_partys_people(scene):
    mine = scene.buyer.get(PAGE).context["people"][0]
    assert (
        "their own role"
        in said(scene.buyer.post(reverse("person", args=[mine.id]), {"action": "withdraw"}))[0]
    )
    assert stored(scene, mine).is_active
    theirs = a_purchaser(scene, scene.stranger)
    assert scene.buyer.post(reverse("person", args=[theirs.id]), {"action": "withdraw"}).status_code == 404
    assert stored(scene, theirs).is_active


@pytest.mark.parametrize("role", ["purchaser", "warehouse", "finance", "sales_rep"])
def test_only_who_may_manage_people_opens_the_page(scene, role):
    assert scene.as_(role, scene.trade.buyer).get(PAGE).status_code == 403
