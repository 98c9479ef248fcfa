"""A mail address is a person's own once the link that went there was followed by that person."""

import re

import pytest
from django.core import mail, signing
from django.test import Client, TestCase
from django.utils import timezone

from accounts.models import User
from accounts.operations import own_mail
from tests.people import a_member_of, a_user, an_address, just_signed_in, signed_in

pytestmark = pytest.mark.django_db
ADDRESS = "liang@example.com"


@pytest.fixture(autouse=True)
def _mail(settings):
    settings.SIGN_IN_RATE_PER_ADDRESS = 0
    settings.CODES_PER_PHONE_A_MINUTE = settings.CODES_PER_PHONE_AN_HOUR = 0
    settings.CODES_PER_PHONE_AN_HOUR_FROM_STRANGERS = 0
    settings.MESSAGE_PROVIDERS = {"mail": "accounts.providers.mail.Mail"}
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def person(acme):
    return a_member_of(acme, user=a_user(language="en", email="typed@by.another.example"))


def proved(person):
    return User.objects.get(pk=person.user_id).proved_email


def link_to(person, address=ADDRESS) -> str:
    own_mail.send_proof(person_id=person.user_id, address=address, at=timezone.now())
    assert mail.outbox[-1].to == [address]
    (path,) = re.findall(r"/me/mail/proof/\S+", mail.outbox[-1].body)
    return path


def test_a_link_goes_there_and_proves_it(person, monkeypatch):
    asked = []
    monkeypatch.setattr("accounts.operations.own_mail.nudge", lambda task, **ids: asked.append(ids))
    client = just_signed_in(person)
    assert "typed@by.another.example" in client.get("/me/mail").content.decode()
    with TestCase.captureOnCommitCallbacks(execute=True):
        sent = client.post("/me/mail", {"email": ADDRESS}, REMOTE_ADDR=an_address())
    assert sent.headers["Location"] == "/me"
    assert asked == [{"person_id": person.user_id, "address": ADDRESS}]
    assert proved(person) == ""
    link = link_to(person)
    assert ADDRESS in client.get(link).content.decode()
    assert proved(person) == "", "a scanner of links confirms nothing"
    assert client.post(link).headers["Location"] == "/me"
    assert proved(person) == ADDRESS
    assert "not confirmed" not in client.get("/me").content.decode()


def test_the_link_is_good_for_its_person_alone_and_once(person, acme):
    link = link_to(person)
    assert Client().post(link).headers["Location"].startswith("/sign-in?")
    other = a_member_of(acme)
    assert signed_in(other).post(link).status_code == 404
    assert (proved(person), proved(other)) == ("", "")
    assert signed_in(person).post(link).status_code == 302
    signed_in(person).post(link_to(person, "new@example.com"))
    assert signed_in(person).post(link).status_code == 404
    assert proved(person) == "new@example.com"


def test_who_presses_twice_is_not_told_that_the_link_has_ended(person):
    client, link = signed_in(person), link_to(person)
    (token,) = re.findall(r'name="once" value="([^"]+)"', client.get(link).content.decode())
    answers = [client.post(link, {"once": token}) for _press in range(2)]
    assert [answer.headers.get("Location") for answer in answers] == ["/me", "/me"]
    assert proved(person) == ADDRESS


def test_an_old_or_a_changed_one_proves_nothing(person, monkeypatch):
    link = link_to(person)
    assert signed_in(person).post(link[:-1] + ("A" if link[-1] != "A" else "B")).status_code == 404
    later = signing.time.time() + own_mail.GOOD_FOR.total_seconds() + 1
    monkeypatch.setattr(signing.time, "time", lambda: later)
    assert own_mail.address_of(link.rsplit("/", 1)[1], user=person.user) == ""


def test_an_address_is_removed_and_gets_no_more(person):
    signed_in(person).post(link_to(person))
    assert just_signed_in(person).post("/me/mail", {"action": "drop"}).status_code == 302
    assert proved(person) == ""


def test_a_browser_left_open_is_asked_for_the_password_first(person):
    assert signed_in(person).post("/me/mail", {"email": ADDRESS}).headers["Location"].startswith("/me/again?")


def test_one_address_gets_one_a_minute(person, settings):
    settings.CODES_PER_PHONE_A_MINUTE = 1
    client, address = just_signed_in(person), f"{person.user_id}@example.com"
    typed = [address, address.upper().replace("EXAMPLE.COM", "example.com")]
    assert [client.post("/me/mail", {"email": one}).status_code for one in typed] == [302, 429]


def test_without_mail_there_is_no_such_page(person, settings):
    settings.MESSAGE_PROVIDERS = {"mail": ""}
    assert just_signed_in(person).get("/me/mail").status_code == 404
    assert own_mail.send_proof(person_id=person.user_id, address=ADDRESS, at=timezone.now()) is False
