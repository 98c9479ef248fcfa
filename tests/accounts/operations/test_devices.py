"""Where a person is signed in; and that an end is an end at once."""

import pytest
from django.test import Client

from accounts.models import Device
from accounts.operations.row_security import as_person
from accounts.web.user_agents import browser_name
from tests.people import PASSWORD, a_member_of, a_user, an_address, signed_in

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile MicroMessenger/8.0"


@pytest.fixture(autouse=True)
def _quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SIGN_IN_RATE_PER_ADDRESS = 0


@pytest.fixture
def person(acme):
    user = a_member_of(acme, user=a_user(language="en")).user
    user.set_password(PASSWORD)
    user.save()
    return user


def _sign_in(user, agent=FIREFOX, client=None):
    client = client or Client(headers={"User-Agent": agent})
    client.post("/sign-in", {"username": user.username, "password": PASSWORD}, REMOTE_ADDR=an_address())
    return client


def _devices(user):
    with as_person(user.pk):
        return list(Device.objects.order_by("made_at"))


def test_each_browser_is_listed_by_its_name(person):
    here, _phone = _sign_in(person), _sign_in(person, WECHAT)
    page = here.get("/me/devices").content.decode()
    assert "Firefox · Windows" in page
    assert "WeChat · Android" in page
    assert len(_devices(person)) == 2


def test_signing_in_again_in_a_browser_makes_no_second_one(person):
    client = _sign_in(person)
    client.post("/sign-out")
    assert _devices(person)[0].session_key == ""
    _sign_in(person, client=client)
    assert len(_devices(person)) == 1


def test_one_is_ended_at_once(person):
    here, lost = _sign_in(person), _sign_in(person, WECHAT)
    assert lost.get("/").status_code == 200
    gone = _devices(person)[1]
    assert here.post(f"/me/devices/{gone.id}/end").status_code == 302
    assert lost.get("/").headers["Location"] == "/sign-in?next=/"
    assert here.get("/").status_code == 200


def test_also_one_whose_session_has_changed_its_key(person, acme):
    here, lost = _sign_in(person), _sign_in(person, WECHAT)
    session = lost.session
    session.cycle_key()
    session.save()
    lost.cookies["sessionid"] = session.session_key
    here.post(f"/me/devices/{_devices(person)[1].id}/end")
    assert lost.get("/").headers["Location"] == "/sign-in?next=/"


def test_everywhere_else_is_ended_at_once(person, acme):
    here, lost = _sign_in(person), _sign_in(person, WECHAT)
    unlisted = Client()
    unlisted.force_login(person, backend="accounts.backends.AccountBackend")
    assert unlisted.get("/").status_code == 200
    assert here.post("/me/devices/end-all").status_code == 302
    assert here.get("/").status_code == 200
    assert lost.get("/").headers["Location"] == "/sign-in?next=/"
    assert unlisted.get("/").headers["Location"] == "/sign-in?next=/"


def test_nobody_ends_anothers(person, acme):
    _sign_in(person)
    stranger = signed_in(a_member_of(acme))
    assert stranger.post(f"/me/devices/{_devices(person)[0].id}/end").status_code == 404
    assert len(_devices(person)) == 1


def test_a_page_costs_no_statement_more_for_knowing_the_device(person, django_assert_max_num_queries):
    client = _sign_in(person)
    client.get("/me")
    with django_assert_max_num_queries(12):
        client.get("/me")


@pytest.mark.parametrize(
    ("agent", "name"),
    [(FIREFOX, "Firefox · Windows"), (WECHAT, "WeChat · Android"), ("", "—"), ("curl/8", "curl/8")],
)
def test_browsers_have_names(agent, name):
    assert browser_name(agent) == name
