import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client, TestCase
from django.utils import timezone

from accounts.domain.topics import Addressee
from accounts.models import Delivery, User
from accounts.operations.notify import tell
from accounts.rights import the_system
from dealers.models import Invitation, Membership
from dealers.operations.invitations import (
    accept_invitation,
    invite,
    withdraw_invitation,
)
from dealers.operations.people import BadPerson, add_person
from tenancy.context import tenant_active
from tenancy.rooms import NotificationTopic
from tests.factories import a_manufacturer, a_party, an_actor
from tests.people import a_member_of, a_membership, a_user, signed_in
from tests.refusing import refused

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, tzinfo=UTC)
TOPIC = NotificationTopic("test.told", "money", "x")


@pytest.fixture(autouse=True)
def _quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SIGN_IN_RATE_PER_ADDRESS = 0


@pytest.fixture
def director(in_acme):
    return an_actor(a_manufacturer())


def _invited(tenant, username, party=None, **values):
    """By the platform, today; the invitation and its link."""
    with tenant_active(tenant):
        found = invite(
            party=party or a_party(),
            role="owner",
            username=username,
            by=the_system(),
            at=timezone.now(),
            **values,
        )
    return found.invitation, f"/invitations/link/{found.token}"


def _acts(tenant, username):
    with tenant_active(tenant):
        return Membership.objects.filter(user__username=username, is_active=True).exists()


def test_a_known_person_acts_for_nobody_before_saying_yes(director):
    user = a_user("liang")
    invited = invite(party=a_party(), role="owner", username="liang", by=director, at=AT)
    assert not Membership.objects.filter(user=user).exists()
    membership = accept_invitation(invitation_id=invited.invitation.id, user=user, at=AT)
    assert (membership.user_id, membership.role, membership.party_kind) == (user.id, "owner", "dealer")
    assert Invitation.objects.get().state == "accepted"


def test_only_the_platform_lets_people_in_unasked(director):
    with refused("not_allowed"):
        add_person(party=a_party(), role="owner", username="liang", by=director, at=AT)


def test_the_answer_is_the_same_for_names_that_are_known_and_that_are_not(director, client):
    a_user("known", phone="+8613800138000")
    typed = [{"username": "known"}, {"username": "fresh"}, {"phone": "13800138000"}, {"phone": "13900139000"}]
    dealer, at = a_party(), timezone.now()
    tokens = [invite(party=dealer, role="owner", by=director, at=at, **one).token for one in typed]
    pages = []
    for token in tokens:
        page = client.get(f"/invitations/link/{token}")
        text = page.content.decode().partition("<main")[2].replace(token, "").replace("known", "fresh")
        pages.append((page.status_code, re.sub('name="csrfmiddlewaretoken" value="[^"]+"', "", text)))
    known, fresh, known_phone, fresh_phone = pages
    assert known[0] == 200
    assert 'value="fresh"' in known[1]
    assert known == fresh
    assert known_phone == fresh_phone


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"role": "director"}, "role"),
        ({"username": "no spaces"}, "username"),
        ({"username": ""}, "username"),
        ({"email": "nowhere"}, "email"),
    ],
)
def test_bad_input_names_its_field(director, values, field):
    given = {"role": "owner", "username": "liang"} | values
    with pytest.raises(BadPerson) as wrong:
        invite(party=a_party(), by=director, at=AT, **given)
    assert wrong.value.field == field


def test_an_owner_invites_into_the_own_company_only(director):
    dealer, other = a_party(), a_party()
    theirs = invite(party=other, role="finance", username="two", by=director, at=AT)
    with refused("not_found", "party"):
        invite(party=other, role="finance", username="one", by=an_actor(dealer), at=AT)
    with refused("not_found", "party"):
        withdraw_invitation(invitation_id=theirs.invitation.id, by=an_actor(dealer), at=AT)
    with refused("not_allowed"):
        invite(party=dealer, role="finance", username="one", by=an_actor(dealer, "finance"), at=AT)


@pytest.mark.parametrize("how", ["withdrawn", "too old", "of a sender who was withdrawn", "answered"])
def test_an_invitation_that_has_ended_lets_nobody_in(director, how):
    user, dealer, at = a_user("liang"), a_party(), AT
    sender = a_membership(dealer)
    by = an_actor(dealer)
    by = type(by)(party_id=dealer.id, party_kind="dealer", role="owner", user_id=sender.user_id)
    found = invite(party=dealer, role="finance", username="liang", by=by, at=AT).invitation
    if how == "withdrawn":
        withdraw_invitation(invitation_id=found.id, by=by, at=AT)
    elif how == "too old":
        at = AT + timedelta(days=15)
    elif how == "answered":
        Invitation.objects.update(state="declined")
    else:
        Membership.objects.update(is_active=False)
    with refused("conflict"):
        accept_invitation(invitation_id=found.id, user=user, at=at)


def test_a_second_invitation_ends_the_first(director):
    dealer = a_party()
    for role in ("owner", "finance"):
        invite(party=dealer, role=role, username="liang", by=director, at=AT)
    assert set(Invitation.objects.values_list("role", "state")) == {
        ("owner", "withdrawn"),
        ("finance", "open"),
    }


def test_nobody_accepts_what_another_was_sent(director):
    a_user("liang")
    found = invite(party=a_party(), role="owner", username="liang", by=director, at=AT).invitation
    with refused("not_found"):
        accept_invitation(invitation_id=found.id, user=a_user("zhou"), at=AT)


def test_who_works_in_another_tenant_finds_the_invitation_and_accepts_it(acme, bolt):
    liang = a_member_of(bolt, user=a_user("liang"))
    zhou = a_member_of(bolt, user=a_user("zhou"))
    found, _link = _invited(acme, "liang")
    assert "accept" not in signed_in(zhou).get("/invitations").content.decode()
    assert signed_in(zhou).post(f"/invitations/{found.id}", {"answer": "accept"}).status_code == 404
    page = signed_in(liang).get("/invitations").content.decode()
    assert found.party_name in page
    assert not _acts(acme, "liang")
    assert signed_in(liang).post(f"/invitations/{found.id}", {"answer": "accept"}).status_code == 302
    assert _acts(acme, "liang")
    assert signed_in(liang).post(f"/invitations/{found.id}", {"answer": "accept"}).status_code == 404


def test_a_person_may_decline(acme, bolt):
    liang = a_member_of(bolt, user=a_user("liang"))
    found, _link = _invited(acme, "liang")
    signed_in(liang).post(f"/invitations/{found.id}", {"answer": "decline"})
    assert not _acts(acme, "liang")
    assert found.party_name not in signed_in(liang).get("/invitations").content.decode()


def test_who_is_new_sets_a_password_by_the_link_once(acme):
    _found, link = _invited(acme, "liang", name="梁敏", phone="13800138000")
    client, typed = (
        Client(),
        {"username": "liang", "password": "a long enough one", "again": "a long enough one"},
    )
    assert client.post(link, typed | {"again": "another"}).status_code == 200
    assert client.post(link, typed | {"password": "short", "again": "short"}).status_code == 200
    assert not User.objects.filter(username="liang").exists()
    assert client.post(link, typed).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    user = User.objects.get(username="liang")
    assert user.check_password("a long enough one")
    assert (user.first_name, user.phone) == ("梁敏", ""), "who typed the number could sign in by it"
    assert _acts(acme, "liang")
    assert Client().get(link).status_code == 404
    assert Client().post(link, typed | {"username": "zhou"}).status_code == 404


def test_the_address_that_the_inviter_typed_gets_a_link_and_nothing_else(acme, monkeypatch):
    """Whoever typed a wrong one, or their own, would read what the new person is told."""
    asked = []
    monkeypatch.setattr("accounts.operations.own_mail.nudge", lambda task, **ids: asked.append((task, ids)))
    _found, link = _invited(acme, "liang", email="boss@evil.example")
    typed = {"username": "liang", "password": "a long enough one", "again": "a long enough one"}
    with TestCase.captureOnCommitCallbacks(execute=True):
        Client().post(link, typed)
    user = User.objects.get(username="liang")
    assert user.proved_email == ""
    assert asked == [("accounts.send_mail_proof", {"person_id": user.pk, "address": "boss@evil.example"})]
    with tenant_active(acme):
        to = [Addressee(user.pk, Membership.objects.get(user=user).party_id)]
        tell(topic=TOPIC, people=to, params={}, source="x", at=AT)
        assert not Delivery.objects.exists()


def test_the_link_does_not_open_an_account_that_is_there(acme):
    user = a_user("liang")
    user.set_password("the old password")
    user.save()
    _found, link = _invited(acme, "liang")
    typed = {"username": "liang", "password": "a long enough one", "again": "a long enough one"}
    assert Client().post(link, typed).status_code == 200
    user.refresh_from_db()
    assert user.check_password("the old password")
    assert not _acts(acme, "liang")


def test_who_holds_the_link_and_is_signed_in_accepts_by_it(acme, bolt):
    person = signed_in(a_member_of(bolt, user=a_user("other-name")))
    _found, link = _invited(acme, "liang")
    assert "other-name" in person.get(link).content.decode()
    assert person.post(link).status_code == 302
    assert _acts(acme, "other-name")


def test_a_row_is_read_by_its_person_and_by_its_link_alone(acme, bolt):
    """The policy itself, asked with no tenant."""
    liang, zhou = a_user("liang"), a_user("zhou")
    _invited(acme, "liang")
    with transaction.atomic(), connection.cursor() as cursor:
        for who, seen in ((zhou, 0), (liang, 1)):
            cursor.execute('SET LOCAL app."user" = %s', [str(who.id)])
            cursor.execute("SELECT count(*) FROM dealers_invitation")
            assert cursor.fetchone()[0] == seen
            cursor.execute("UPDATE dealers_invitation SET state = 'accepted'")
            assert cursor.rowcount == 0
