from datetime import UTC, datetime

import pytest
from django.db import transaction

from accounts.models import User
from accounts.rights import the_system
from dealers.models import Membership
from dealers.operations.people import (
    BadPerson,
    LastManager,
    NoSuchMembership,
    PersonTaken,
    add_person,
    change_role,
    withdraw,
)
from tests.factories import a_manufacturer, a_party, an_actor
from tests.people import a_membership

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def director(in_acme):
    return an_actor(a_manufacturer())


def test_a_new_person_gets_a_password_that_is_shown_once(director):
    admitted = add_person(
        party=a_party(),
        role="owner",
        username="liang",
        name="梁敏",
        phone="13800138000",
        by=the_system(),
        at=AT,
    )
    user = User.objects.get(username="liang")
    assert len(admitted.password) >= 16
    assert user.check_password(admitted.password)
    assert user.phone == "+8613800138000"
    assert admitted.membership.party_kind == "dealer"


def test_a_person_who_is_known_keeps_the_password(director):
    add_person(party=a_party(), role="owner", username="liang", by=the_system(), at=AT)
    again = add_person(party=a_party(), role="finance", username="liang", by=the_system(), at=AT)
    assert again.password == ""
    assert User.objects.filter(username="liang").count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"role": "director"}, "role"),
        ({"role": "king"}, "role"),
        ({"username": "no spaces"}, "username"),
        ({"username": ""}, "username"),
        ({"email": "nowhere"}, "email"),
    ],
)
def test_bad_input_names_its_field(director, values, field):
    given = {"role": "owner", "username": "liang"} | values
    with pytest.raises(BadPerson) as refused:
        add_person(party=a_party(), by=the_system(), at=AT, **given)
    assert refused.value.field == field


def test_a_phone_belongs_to_one_person(director):
    dealer = a_party()
    add_person(party=dealer, role="owner", username="one", phone="13800138000", by=the_system(), at=AT)
    with pytest.raises(PersonTaken) as refused:
        add_person(party=dealer, role="finance", username="two", phone="13800138000", by=the_system(), at=AT)
    assert refused.value.field == "phone"


def test_nobody_acts_twice_for_one_party(director):
    dealer = a_party()
    add_person(party=dealer, role="owner", username="one", by=the_system(), at=AT)
    with pytest.raises(PersonTaken):
        add_person(party=dealer, role="finance", username="one", by=the_system(), at=AT)


def test_who_was_withdrawn_may_come_back(director):
    dealer = a_party()
    first = add_person(party=dealer, role="owner", username="one", by=the_system(), at=AT)
    withdraw(membership_id=first.membership.id, by=director, at=AT)
    assert not Membership.objects.get(id=first.membership.id).is_active
    again = add_person(party=dealer, role="finance", username="one", by=the_system(), at=AT)
    assert again.membership.id == first.membership.id
    assert again.membership.is_active


def test_an_owner_withdraws_people_of_the_own_company_only(director):
    theirs = a_membership(a_party())
    with pytest.raises(NoSuchMembership):
        withdraw(membership_id=theirs.id, by=an_actor(a_party()), at=AT)


def test_the_last_director_stays(director):
    manufacturer = a_manufacturer()
    first = a_membership(manufacturer)
    with pytest.raises(LastManager), transaction.atomic():
        withdraw(membership_id=first.id, by=director, at=AT)
    with pytest.raises(LastManager), transaction.atomic():
        change_role(membership=first, role="finance", by=director, at=AT)
    a_membership(manufacturer)
    withdraw(membership_id=first.id, by=director, at=AT)
