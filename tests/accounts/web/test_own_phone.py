"""A phone number is a person's own once they have typed the code that went there."""

import re
import time

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import SignInCode, User
from accounts.operations import sign_in_codes
from tests.people import a_member_of, a_user, an_address, just_signed_in, noted, signed_in

pytestmark = pytest.mark.django_db
PHONE = "+8613800138011"


@pytest.fixture(autouse=True)
def _no_limits(settings):
    settings.SIGN_IN_RATE_PER_ADDRESS = 0
    settings.CODES_PER_PHONE_A_MINUTE = settings.CODES_PER_PHONE_AN_HOUR = 0
    settings.CODES_PER_PHONE_AN_HOUR_FROM_STRANGERS = 0
    settings.MESSAGE_PROVIDERS = {"sms": "accounts.providers.console.Console"}


@pytest.fixture
def person(acme):
    return a_member_of(acme, user=a_user("liang", language="en"))


def sent_to(person, capsys):
    with transaction.atomic(), sign_in_codes._about(PHONE):
        newest = SignInCode.objects.order_by("-requested_at", "-id").first()
    sign_in_codes.send_code(code_id=newest.id, phone=PHONE, person_id=person.user_id, at=timezone.now())
    found = re.search(r"\b(\d{6})\b", capsys.readouterr().err)
    assert found
    return found[1]


def asked(person):
    client = just_signed_in(person)
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


def test_without_who_carries_codes_there_is_no_such_page(person, settings):
    settings.MESSAGE_PROVIDERS = {"sms": ""}
    assert just_signed_in(person).get("/me/phone").status_code == 404


def test_a_code_that_another_browser_asked_for_is_a_wrong_one(person, capsys):
    mine, others = asked(person), just_signed_in(person)
    code = sent_to(person, capsys)
    others.post("/me/phone", {"phone": "138 0013 8011"}, REMOTE_ADDR=an_address())
    assert "does not fit" in others.post("/me/phone", {"code": code}).content.decode()
    assert phone_of(person) == ""
    assert mine.post("/me/phone", {"code": code}).status_code == 302


def test_a_browser_left_open_is_asked_for_the_password_first(person):
    """Else who sits down at it would sign in by their own number from then on."""
    client = noted(signed_in(person), proved_at=int(time.time()) - 601)
    for answer in (client.get("/me/phone"), client.post("/me/phone", {"phone": "138 0013 8011"})):
        assert answer.headers["Location"] == "/me/again?next=%2Fme%2Fphone"
    assert signed_in(person).get("/me/phone").status_code == 302
