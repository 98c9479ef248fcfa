import pytest
from django.test import Client, RequestFactory

from accounts.client_address import client_address, subscriber_of
from accounts.rate_limits import address_of
from tests.people import PASSWORD, a_member_of, a_user

PROXY = "172.18.0.1"


def _from(forwarded: str = "", peer: str = PROXY):
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=peer, **headers)


def test_without_proxies_nobody_names_an_address_of_their_own(settings):
    settings.PROXY_COUNT = 0
    assert client_address(_from("6.6.6.6", peer="203.0.113.9")) == "203.0.113.9"


@pytest.mark.parametrize(
    ("count", "forwarded", "seen"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (1, "2001:DB8::9", "2001:db8::9"),
        (1, "", PROXY),
        (2, "203.0.113.9", PROXY),
        (1, "203.0.113.9, not-an-address", PROXY),
    ],
)
def test_behind_proxies_the_outermost_of_ours_tells_who_came(settings, count, forwarded, seen):
    settings.PROXY_COUNT = count
    assert client_address(_from(forwarded)) == seen
    assert address_of(_from(forwarded)) == subscriber_of(seen)


@pytest.mark.parametrize(
    ("seen", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("unknown", "unknown"),
    ],
)
def test_who_has_a_whole_network_counts_once(seen, counted):
    assert subscriber_of(seen) == counted


@pytest.mark.django_db
def test_behind_a_proxy_too_an_attacker_locks_out_nobody_else(acme, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.PROXY_COUNT = 1
    membership = a_member_of(acme, user=a_user("qiming"))
    membership.user.set_password(PASSWORD)
    membership.user.save()

    def sign_in(password: str, forwarded: str):
        told = {"username": "qiming", "password": password}
        return Client().post("/sign-in", told, REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=forwarded)

    for number in range(settings.AXES_FAILURE_LIMIT):
        locked = sign_in("guess", f"6.6.6.{number}, 203.0.113.9")
    assert locked.status_code == 429
    assert sign_in(PASSWORD, "10.0.0.2").headers["Location"] == "/"
