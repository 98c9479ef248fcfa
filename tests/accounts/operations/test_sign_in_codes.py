"""Signing in by phone and code: the same answer for everybody, a few tries, five minutes."""

import re
from datetime import timedelta
from secrets import randbelow

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import SignInCode, User
from accounts.operations import sign_in_codes
from tests.people import a_member_of, a_user, an_address

pytestmark = pytest.mark.django_db
PHONE = "+8613800138000"
STRANGE = "+8613900139000"


@pytest.fixture(autouse=True)
def _open(settings):
    settings.MESSAGE_PROVIDERS = {"sms": "accounts.providers.console.Console", "mail": "", "webhook": ""}
    settings.SIGN_IN_RATE_PER_ADDRESS = settings.CODES_PER_PHONE_A_MINUTE = 0
    settings.CODES_PER_PHONE_AN_HOUR = settings.CODES_PER_PHONE_AN_HOUR_FROM_STRANGERS = 0


@pytest.fixture
def person(acme):
    return a_member_of(acme, user=a_user(phone=PHONE, language="en")).user


def _ask(phone=PHONE, client=None, address=""):
    client = client or Client()
    page = client.post("/sign-in/phone", {"phone": phone}, REMOTE_ADDR=address or an_address(), follow=True)
    return client, page


def _sent(capsys, phone=PHONE, at=None) -> str:
    """What the worker sends for the newest code."""
    with transaction.atomic(), sign_in_codes._about(phone):
        newest = (
            SignInCode.objects.order_by("-requested_at", "-id")
            .filter(phone_hash=sign_in_codes._hash(phone))
            .first()
        )
    sign_in_codes.send_code(code_id=newest.id, phone=phone, at=at or timezone.now())
    found = re.search(r"\b(\d{6})\b", capsys.readouterr().err)
    return found[1] if found else ""


def _type(client, code, **headers):
    return client.post("/sign-in/code", {"code": code}, **headers)


def test_the_code_that_came_opens_the_home(person, capsys):
    client, _page = _ask("138 0013 8000")
    answer = _type(client, _sent(capsys))
    assert answer.headers["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_number_that_nobody_has_is_answered_in_the_same_way(person, capsys):
    _client, known = _ask()
    _other, strange = _ask(STRANGE)
    assert known.status_code == strange.status_code == 200
    assert known.redirect_chain == strange.redirect_chain
    clean = [
        re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode()).replace(number, "N")
        for page, number in ((known, PHONE), (strange, STRANGE))
    ]
    assert clean[0] == clean[1]
    assert not _sent(capsys, STRANGE)


def test_a_code_is_good_once(person, capsys):
    client, _page = _ask()
    code = _sent(capsys)
    assert _type(client, code).status_code == 302
    other = Client()
    other.post("/sign-in/phone", {"phone": PHONE}, REMOTE_ADDR=an_address())
    assert _type(other, code).status_code == 200


def test_after_five_wrong_ones_the_right_one_is_wrong_too(person, capsys):
    client, _page = _ask()
    code = _sent(capsys)
    wrong = "000000" if code != "000000" else "111111"
    for _number in range(sign_in_codes.MAX_ATTEMPTS):
        assert _type(client, wrong).status_code == 200
    assert _type(client, code).status_code == 200
    assert client.get("/").status_code == 302


def test_it_is_good_for_five_minutes(person):
    now = timezone.now()
    with transaction.atomic():
        code_id = sign_in_codes.request_code(phone=PHONE, at=now)
    typed = {"code_id": code_id, "phone": PHONE, "typed": sign_in_codes._code(code_id, PHONE)}
    late = now + sign_in_codes.GOOD_FOR + timedelta(seconds=1)
    assert sign_in_codes.person_of_code(**typed, at=late) is None
    assert sign_in_codes.person_of_code(**typed, at=now + sign_in_codes.GOOD_FOR / 2) == person


def test_a_code_is_good_in_the_browser_that_asked_for_it_alone(person, capsys):
    """Who talks somebody out of their code has nowhere to type it."""
    mine, _page = _ask()
    code = _sent(capsys)
    others, _page = _ask()
    wrong = "000000" if code != "000000" else "111111"
    pages = [re.sub(r'value="\w+"', "", _type(others, typed).content.decode()) for typed in (code, wrong)]
    assert others.get("/").status_code == 302
    assert pages[0].replace(code, wrong) == pages[1]
    assert _type(mine, code).headers["Location"] == "/"


def test_a_browser_that_asked_for_none_is_led_to_ask(person, capsys):
    _ask()
    assert _type(Client(), _sent(capsys)).headers["Location"] == "/sign-in/phone"


def test_who_asks_for_codes_of_anothers_number_ends_none_of_theirs(person, capsys):
    mine, _page = _ask()
    code = _sent(capsys)
    _ask()
    assert _type(mine, code).status_code == 302


def test_only_the_newest_code_counts(person, capsys):
    client, _page = _ask()
    first = _sent(capsys)
    _ask(client=client)
    second = _sent(capsys)
    assert first == second or _type(client, first).status_code == 200
    assert _type(client, second).status_code == 302


def test_one_number_gets_one_a_minute_at_one_address(person, settings):
    settings.CODES_PER_PHONE_A_MINUTE = 1
    phone, here = f"138{randbelow(10**8):08d}", an_address()
    assert [_ask(phone, address=here)[1].status_code for _number in range(2)] == [200, 429]
    assert _ask(phone)[1].status_code == 200, "somebody elsewhere has not asked yet"


def test_a_stranger_does_not_use_up_the_codes_of_the_owner(person, settings, capsys):
    """Neither from another address nor, where the owner's browser is known, from the same one."""
    settings.CODES_PER_PHONE_AN_HOUR, settings.CODES_PER_PHONE_AN_HOUR_FROM_STRANGERS = 2, 4
    settings.SIGN_IN_RATE_PER_ADDRESS = 8
    phone, here = f"138{randbelow(10**8):08d}", an_address()
    User.objects.filter(pk=person.pk).update(phone=f"+86{phone}")
    mine, _page = _ask(phone, address=here)
    assert _type(mine, _sent(capsys, f"+86{phone}"), REMOTE_ADDR=here).status_code == 302
    mine.post("/sign-out")
    for address in (here, an_address(), an_address()):
        assert [_ask(phone, address=address)[1].status_code for _ in range(4)][-1] == 429
    assert [_ask(f"1390000000{n}", address=here)[1].status_code for n in range(9)][-1] == 429
    _client, page = _ask(phone, client=mine, address=here)
    assert page.status_code == 200
    assert _type(mine, _sent(capsys, f"+86{phone}"), REMOTE_ADDR=here).status_code == 302


def test_strangers_from_many_addresses_flood_no_phone(person, settings):
    settings.CODES_PER_PHONE_AN_HOUR_FROM_STRANGERS = 3
    phone = f"138{randbelow(10**8):08d}"
    assert [_ask(phone)[1].status_code for _ in range(4)] == [200, 200, 200, 429]


def test_one_address_gets_so_many_an_hour(settings):
    settings.SIGN_IN_RATE_PER_ADDRESS = 2
    here = an_address()
    pages = [_ask(f"1380013800{number}", address=here)[1].status_code for number in range(3)]
    assert pages == [200, 200, 429]


def test_a_closed_account_gets_none(person, capsys):
    User.objects.filter(pk=person.pk).update(is_active=False)
    _client, _page = _ask()
    assert not _sent(capsys)


def test_nothing_stored_says_the_code_or_the_number(person):
    with transaction.atomic():
        code_id = sign_in_codes.request_code(phone=PHONE, at=timezone.now())
        with sign_in_codes._about(PHONE):
            row = str(SignInCode.objects.filter(id=code_id).values().get())
    assert PHONE[3:] not in row
    assert f"'{sign_in_codes._code(code_id, PHONE)}'" not in row


def test_codes_are_hidden_from_who_does_not_name_the_number(person):
    with transaction.atomic():
        code_id = sign_in_codes.request_code(phone=PHONE, at=timezone.now())
        assert not SignInCode.objects.filter(id=code_id).exists()
        with sign_in_codes._about(STRANGE):
            assert not SignInCode.objects.filter(id=code_id).exists()
            assert not SignInCode.objects.filter(id=code_id).update(tries=0)
        with sign_in_codes._about(PHONE):
            assert SignInCode.objects.filter(id=code_id).exists()
    assert connection.connection is not None


def test_without_a_carrier_there_is_no_such_tab(client, settings):
    assert "/sign-in/phone" in client.get("/sign-in").content.decode()
    settings.MESSAGE_PROVIDERS = {"sms": ""}
    assert "/sign-in/phone" not in client.get("/sign-in").content.decode()
    assert client.get("/sign-in/phone").status_code == 404


def test_it_leads_on_to_where_one_wanted_and_nowhere_else(person, capsys):
    for wanted, reached in (("/inbox", "/inbox"), ("https://evil.example/", "/")):
        client = Client()
        client.post("/sign-in/phone", {"phone": PHONE}, REMOTE_ADDR=an_address())
        answer = client.post("/sign-in/code", {"code": _sent(capsys), "next": wanted})
        assert answer.headers["Location"] == reached
