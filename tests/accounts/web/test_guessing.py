"""Guessing one name's password from many addresses gets slow; who has been there before does not wait."""

import pytest
from django.test import Client

from accounts import rate_limits
from accounts.models import User
from tests.people import PASSWORD, a_member_of, a_user, an_address

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(settings, monkeypatch):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SIGN_IN_RATE_PER_ADDRESS = 0
    monkeypatch.setattr(rate_limits, "FREE", 4)


@pytest.fixture
def victim(acme):
    membership = a_member_of(acme, user=a_user(f"victim-{an_address()}".replace(":", "-")))
    membership.user.set_password(PASSWORD)
    membership.user.save()
    return membership.user


def _try(user, password, *, client=None, address=None):
    typed = {"username": user.username, "password": password}
    return (client or Client()).post("/sign-in", typed, REMOTE_ADDR=address or an_address())


def _attack(user, times=6):
    return [_try(user, f"guess {number}").status_code for number in range(times)]


def test_guesses_from_ever_new_addresses_have_to_wait(victim):
    assert _attack(victim) == [200, 200, 200, 200, 200, 429]
    stopped = _try(victim, PASSWORD)
    assert stopped.status_code == 429
    assert int(stopped.headers["Retry-After"]) >= 1


def test_a_browser_that_signed_in_before_need_not_wait(victim):
    mine = Client()
    assert _try(victim, PASSWORD, client=mine).status_code == 302
    mine.post("/sign-out")
    assert 429 in _attack(victim)
    assert _try(victim, PASSWORD, client=mine).status_code == 302


def test_nor_does_a_network_from_which_the_person_signed_in_before(victim):
    assert _try(victim, PASSWORD, address="2001:db8:77:1::5").status_code == 302
    assert 429 in _attack(victim)
    assert _try(victim, PASSWORD, address="2001:db8:77:1:9::9").status_code == 302


def test_a_stranger_in_the_same_network_locks_nobody_out_of_their_own_browser(victim, settings):
    settings.SIGN_IN_RATE_PER_ADDRESS = 20
    here, mine = an_address(), Client()
    assert _try(victim, PASSWORD, client=mine, address=here).status_code == 302
    mine.post("/sign-out")
    strangers = [_try(victim, "guess", address=here).status_code for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert strangers[-1] == 429
    assert _try(victim, PASSWORD, address=here).status_code == 429
    others = [_try(User(username=f"x{n}"), "guess", address=here).status_code for n in range(20)]
    assert others[-1] == 429
    assert _try(victim, PASSWORD, client=mine, address=here).status_code == 302


def test_guesses_in_the_persons_own_browser_have_to_wait_too(victim):
    mine = Client()
    assert _try(victim, PASSWORD, client=mine).status_code == 302
    mine.post("/sign-out")
    codes = [_try(victim, f"guess {number}", client=mine).status_code for number in range(6)]
    assert codes[-1] == 429
    assert _try(victim, PASSWORD, address=an_address()).status_code == 302, "elsewhere nobody waits for it"


def test_a_stolen_cookie_of_somebody_else_is_a_stranger_here(victim, acme):
    other = a_member_of(acme, user=a_user(f"other-{an_address()}".replace(":", "-"))).user
    other.set_password(PASSWORD)
    other.save()
    theirs = Client()
    assert _try(other, PASSWORD, client=theirs).status_code == 302
    theirs.post("/sign-out")
    assert 429 in _attack(victim)
    assert _try(victim, PASSWORD, client=theirs).status_code == 429


def test_a_name_that_nobody_has_gets_slow_in_the_same_way(victim):
    nobody = User(username=f"nobody-{an_address()}".replace(":", "-"))
    assert _attack(nobody) == [200, 200, 200, 200, 200, 429]


def test_the_right_password_takes_the_count_back(victim):
    for number in range(3):
        _try(victim, f"guess {number}")
    assert _try(victim, PASSWORD).status_code == 302
    assert _attack(victim, 4) == [200, 200, 200, 200]


def test_waits_double_up_to_a_quarter_of_an_hour(monkeypatch):
    name, waits = f"name:{an_address()}", []
    line = rate_limits._client(rate_limits.settings.REDIS_URL)
    for _turn in range(rate_limits.FREE + 14):
        rate_limits.wait_longer_each_time(name)
        waits.append(line.ttl(f"{rate_limits._slow(name)}:wait"))
        line.delete(f"{rate_limits._slow(name)}:wait")
    assert waits[rate_limits.FREE : rate_limits.FREE + 4] == [2, 4, 8, 16]
    assert waits[-1] == rate_limits.MAX_WAIT_SECONDS


def test_addresses_of_one_ipv6_network_count_together(settings):
    settings.SIGN_IN_RATE_PER_ADDRESS = 3
    network = an_address().rsplit(":", 4)[0]
    nobody = User(username="nobody")
    codes = [_try(nobody, "x", address=f"{network}::{number}").status_code for number in range(1, 5)]
    assert codes[-1] == 429
