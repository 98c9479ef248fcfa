"""A phone number is a person's own once they have typed the code that went there."""

import re

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import SignInCode, User
from accounts.operations import codes
from tests.people import a_member_of, a_user, an_address, signed_in

pytestmark = pytest.mark.django_db
PHONE = "+8613800138011"


@pytest.fixture(autouse=True)
def _no_limits(settings):
    settings.SIGN_IN_RATE_PER_ADDRESS = 0
    settings.CODES_PER_PHONE_A_MINUTE = settings.CODES_PER_PHONE_AN_HOUR = 0
    settings.MESSAGE_PROVIDERS = {"sms": "accounts.providers.console.Console"}


@pytest.fixture
def person(acme):
    return a_member_of(acme, user=a_user("liang", language="en"))


def sent_to(person, capsys):
    with transaction.atomic(), codes._about(PHONE):
        newest = SignInCode.objects.order_by("-asked_at", "-id").first()
    codes.send_code(code_id=newest.id, phone=PHONE, person_id=person.user_id, at=timezone.now())
    found = re.search(r"\b(\d{6})\b", capsys.readouterr().err)
    assert found
    return found[1]


def asked(person):
    client = signed_in(person)
    client.post("/me/phone", {"phone": "138 0013 8011"}, REMOTE_ADDR=an_address())
    return client


def phone_of(person):
    return User.objects.get(pk=person.user_id).phone


def test_the_number_is_kept_with_the_code_and_not_before(person, capsys):
    client = asked(person)
    code = sent_to(person, capsys)
    wrong = "000000" if code != "000000" else "111111"
    assert client.post("/me/phone", {"code": wrong}).status_code == 200
    assert phone_of(person) == ""
    assert client.post("/me/phone", {"code": code}).headers["Location"] == "/me"
    assert phone_of(person) == PHONE


def test_the_number_of_another_stays_theirs(person, capsys):
    a_user("zhou", phone=PHONE)
    client = asked(person)
    page = client.post("/me/phone", {"code": sent_to(person, capsys)})
    assert page.status_code == 200
    assert phone_of(person) == ""
    assert client.get("/me").status_code == 200


def test_without_who_carries_codes_and_in_the_demonstration_there_is_no_such_page(person, settings):
    client = signed_in(person)
    session = client.session
    session["demo"] = True
    session.save()
    settings.DEMO_SIGN_IN = True
    assert client.get("/me/phone").status_code in (302, 403, 404)
    settings.MESSAGE_PROVIDERS = {"sms": ""}
    assert signed_in(person).get("/me/phone").status_code == 404
