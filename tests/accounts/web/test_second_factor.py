"""The second step: asked of who has one, remembered for a browser, and helped when it is lost."""

import re
import time
from binascii import unhexlify
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import BackupCode, Device, Message, SignInPolicy, User
from accounts.operations.row_security import as_person
from accounts.rate_limits import forget
from accounts.web.reauthentication import password_turns
from dealers.models import Membership
from integrations.authentication import new_key
from integrations.models import ApiKey
from kernel.refusals import Refusal
from portal.web.sign_in_policy import lift_lost_factor
from tenancy.context import tenant_active
from tests.factories import an_actor
from tests.people import PASSWORD, a_member_of, a_user, an_address, noted, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SIGN_IN_RATE_PER_ADDRESS = 0
    settings.OTP_TOTP_THROTTLE_FACTOR = 0


@pytest.fixture
def director(acme):
    membership = a_member_of(acme, user=a_user(language="en"))
    membership.user.set_password(PASSWORD)
    membership.user.save()
    return membership


def _key(user) -> str:
    with as_person(user.pk):
        return TOTPDevice.objects.get(user=user).key


def _code(user, steps=0) -> str:
    totp = TOTP(unhexlify(_key(user)), 30, 0, 6, 0)
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06d}"


def _sign_in(user, client=None):
    client = client or Client()
    client.post("/sign-in", {"username": user.username, "password": PASSWORD}, REMOTE_ADDR=an_address())
    return client


def _switched_on(user, client=None) -> tuple[Client, list[str]]:
    client = client or _sign_in(user)
    client.post("/me/second-factor/begin")
    page = client.post("/me/second-factor/on", {"code": _code(user, -1)})
    return client, re.findall(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>", page.content.decode())


def test_it_is_set_up_by_a_picture_without_inline_style(director):
    client = _sign_in(director.user)
    page = client.post("/me/second-factor/begin").content.decode()
    assert "<svg" in page
    assert "style=" not in page
    assert client.post("/me/second-factor/on", {"code": "000000"}).status_code == 200
    assert User.objects.get(pk=director.user_id).second_factor_at is None
    _client, codes = _switched_on(director.user, client)
    assert len(set(codes)) == 10
    assert User.objects.get(pk=director.user_id).second_factor_at is not None


def _secret(page) -> str:
    (secret,) = re.findall(r'<p class="tp-mono">([A-Z2-7 ]+)</p>', page.content.decode())
    return secret


def test_a_secret_is_shown_once_and_each_beginning_has_its_own(director):
    client = _sign_in(director.user)
    assert "tp-qr" not in client.get("/me/second-factor").content.decode()
    assert client.get("/me/second-factor/begin").status_code == 405
    first = client.post("/me/second-factor/begin")
    assert "tp-qr" not in client.get("/me/second-factor").content.decode()
    old = _code(director.user, -1)
    second = client.post("/me/second-factor/begin")
    assert _secret(first) != _secret(second)
    if old != _code(director.user, -1):
        assert client.post("/me/second-factor/on", {"code": old}).status_code == 200
    wrong = client.post("/me/second-factor/on", {"code": "000000"}).content.decode()
    assert "tp-qr" not in wrong
    assert _secret(second) not in wrong
    client.post("/me/second-factor/on", {"code": _code(director.user, -1)})
    for page in (client.get("/me/second-factor"), client.post("/me/second-factor/begin", follow=True)):
        assert "tp-qr" not in page.content.decode()
    assert User.objects.get(pk=director.user_id).second_factor_at is not None


def test_a_browser_left_open_is_asked_for_the_password_first(director):
    """Else who sits down at it would lock its person out with a second factor of their own."""
    client = noted(_sign_in(director.user), proved_at=int(time.time()) - 601)
    answer = client.post("/me/second-factor/begin")
    assert answer.headers["Location"] == "/me/again?next=%2Fme%2Fsecond-factor"
    with as_person(director.user_id):
        assert not TOTPDevice.objects.exists()
    wrong = client.post("/me/again", {"password": "no", "next": "/me/second-factor"})
    assert wrong.status_code == 200
    assert client.post("/me/second-factor/begin").status_code == 302
    right = client.post("/me/again", {"password": PASSWORD, "next": "//evil.example/"})
    assert right.headers["Location"] == "/me"
    assert client.post("/me/second-factor/begin").status_code == 200


def test_guesses_at_the_password_of_an_open_browser_have_to_wait(director):
    client = noted(_sign_in(director.user), proved_at=0)
    for path in ("/me/again", "/password"):
        typed = {"password": "no", "old_password": "no", "new_password1": "x", "new_password2": "y"}
        answers = [client.post(path, typed).status_code for _number in range(24)]
        assert answers[-1] == 429, path
        forget(password_turns(director.user))


def test_another_session_does_not_confirm_what_this_one_began(director):
    mine, others = _sign_in(director.user), _sign_in(director.user)
    mine.post("/me/second-factor/begin")
    code = _code(director.user, -1)
    assert others.post("/me/second-factor/on", {"code": code}).headers["Location"] == "/me/second-factor"
    late = noted(mine, second_factor_setup=[*mine.session["second-factor-setup"][:1], int(time.time()) - 901])
    assert late.post("/me/second-factor/on", {"code": code}).status_code == 302
    assert User.objects.get(pk=director.user_id).second_factor_at is None


def test_who_has_no_password_signs_in_once_more(director):
    User.objects.filter(pk=director.user_id).update(password="!")
    director.user.refresh_from_db()
    page = signed_in(director).get("/me/again").content.decode()
    assert "Sign in once more" in page
    assert 'name="password"' not in page


def test_who_has_one_is_asked_before_any_page(director):
    _switched_on(director.user)
    client = _sign_in(director.user)
    for path in ("/", "/inbox", "/me", "/admin/", "/me/second-factor"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in/second?next=")
    assert client.post("/me/devices/end-all").headers["Location"].startswith("/sign-in/second")
    answer = client.post("/sign-in/second", {"code": _code(director.user), "next": "/inbox"})
    assert answer.headers["Location"] == "/inbox"
    assert client.get("/").status_code == 200


def test_a_code_opens_once(director):
    _switched_on(director.user)
    code = _code(director.user)
    assert _sign_in(director.user).post("/sign-in/second", {"code": code}).status_code == 302
    assert _sign_in(director.user).post("/sign-in/second", {"code": code}).status_code == 200


def test_a_backup_code_opens_once(director):
    _client, codes = _switched_on(director.user)
    typed = codes[0].upper().replace("-", " ")
    assert _sign_in(director.user).post("/sign-in/second", {"code": typed}).status_code == 302
    assert _sign_in(director.user).post("/sign-in/second", {"code": typed}).status_code == 200
    assert _sign_in(director.user).post("/sign-in/second", {"code": codes[1]}).status_code == 302


def test_guesses_have_to_wait(director, settings):
    _client, codes = _switched_on(director.user)
    settings.OTP_TOTP_THROTTLE_FACTOR = 60
    client = _sign_in(director.user)
    assert client.post("/sign-in/second", {"code": "000000"}).status_code == 200
    stopped = client.post("/sign-in/second", {"code": codes[0]})
    assert stopped.status_code == 429
    assert int(stopped.headers["Retry-After"]) > 1
    other = _sign_in(director.user)
    assert other.post("/sign-in/second", {"code": codes[0]}).status_code == 429


def test_a_browser_is_remembered_for_thirty_days_and_no_other(director):
    _switched_on(director.user)
    client = _sign_in(director.user)
    client.post("/sign-in/second", {"code": _code(director.user), "remember": "on"})
    client.post("/sign-out")
    assert _sign_in(director.user, client).get("/").status_code == 200
    assert _sign_in(director.user).get("/").status_code == 302
    client.post("/sign-out")
    with as_person(director.user_id):
        Device.objects.update(trusted_until=timezone.now() - timedelta(seconds=1))
    assert _sign_in(director.user, client).get("/").status_code == 302


def test_staff_of_a_tenant_that_asks_for_it_set_it_up_first(director, acme):
    dealer = a_member_of(acme, "dealer")
    client = _sign_in(director.user)
    assert client.post("/people/sign-in", {"staff_second_factor": "on"}).status_code == 302
    assert client.get("/").headers["Location"].startswith("/me/second-factor?next=")
    assert client.get("/me/second-factor").status_code == 200
    assert signed_in(dealer).get("/").status_code == 200
    _switched_on(director.user, client)
    assert client.get("/").status_code == 200


def test_the_demands_of_one_tenant_are_not_those_of_another(bolt, director, acme):
    with tenant_active(bolt):
        SignInPolicy.objects.create(staff_second_factor=True)
    assert _sign_in(director.user).get("/").status_code == 200


def test_only_a_director_of_the_manufacturer_decides(acme):
    owner = signed_in(a_member_of(acme, "dealer"))
    assert owner.post("/people/sign-in", {"staff_second_factor": "on"}).status_code == 403
    clerk = signed_in(a_member_of(acme, role="finance"))
    assert clerk.post("/people/sign-in", {"staff_second_factor": "on"}).status_code == 403
    with tenant_active(acme):
        assert not SignInPolicy.objects.exists()


def test_it_is_switched_off_with_a_code_only(director):
    client, codes = _switched_on(director.user)
    assert client.post("/me/second-factor", {"code": "000000", "action": "off"}).status_code == 200
    assert client.post("/me/second-factor", {"code": codes[0], "action": "off"}).headers["Location"] == "/me"
    assert _sign_in(director.user).get("/").status_code == 200
    with as_person(director.user_id):
        assert not BackupCode.objects.exists()


def test_new_backup_codes_end_the_old_ones(director):
    client, codes = _switched_on(director.user)
    page = client.post("/me/second-factor", {"code": _code(director.user), "action": "codes"})
    fresh = re.findall(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>", page.content.decode())
    assert len(fresh) == 10
    assert _sign_in(director.user).post("/sign-in/second", {"code": codes[0]}).status_code == 200
    assert _sign_in(director.user).post("/sign-in/second", {"code": fresh[0]}).status_code == 302


def test_a_director_lifts_a_lost_one_and_its_sessions_end(director, acme):
    chief = a_member_of(acme)
    lost, _codes = _switched_on(director.user)
    boss = signed_in(chief)
    assert director.user.username in boss.get("/people/sign-in").content.decode()
    assert boss.post(f"/people/{director.id}/lift-second-factor").status_code == 302
    assert lost.get("/").headers["Location"].startswith("/sign-in?")
    assert _sign_in(director.user).get("/").status_code == 200
    with tenant_active(acme):
        assert Message.objects.filter(person_id=director.user_id, group="account").exists()


def test_nobody_lifts_that_of_the_platforms_operator(director, acme):
    User.objects.filter(pk=director.user_id).update(is_superuser=True)
    boss = signed_in(a_member_of(acme))
    assert boss.post(f"/people/{director.id}/lift-second-factor").status_code == 403


def test_nobody_lifts_their_own(director):
    client, _codes = _switched_on(director.user)
    assert client.post(f"/people/{director.id}/lift-second-factor").status_code == 403


def test_an_owner_does_not_lift_that_of_a_person_who_acts_elsewhere(director, acme, bolt):
    """Else who lets a stranger into their own party would take that stranger's second factor away."""
    dealer = a_member_of(acme, "dealer")
    _switched_on(director.user)
    with tenant_active(acme):
        invited = Membership.objects.create(
            user=director.user, party=dealer.party, role="finance", party_kind="dealer", party_name="x"
        )
        with pytest.raises(Refusal) as refused:
            lift_lost_factor(membership_id=invited.id, by=an_actor(dealer.party), at=timezone.now())
    assert refused.value.code == "not_allowed"


def test_nor_a_director_that_of_a_person_of_another_tenant(director, acme, bolt):
    there = a_member_of(bolt, user=director.user)
    a_chief = a_member_of(bolt)
    _switched_on(director.user)
    assert signed_in(a_chief).post(f"/people/{there.id}/lift-second-factor").status_code == 403
    call_command("lift_second_factor", director.user.username)
    assert User.objects.get(pk=director.user_id).second_factor_at is None


def test_keys_of_the_api_are_not_asked(director, acme):
    key, key_hash = new_key()
    with tenant_active(acme):
        SignInPolicy.objects.create(staff_second_factor=True)
        ApiKey.objects.create(
            name="erp",
            key_hash=key_hash,
            hint=key[:8],
            party=director.party,
            party_kind="manufacturer",
            role="system",
            scopes=["order.view"],
            is_platforms=True,
        )
    answer = Client().get("/api/v1/orders", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200


def test_the_secrets_of_one_person_are_hidden_from_another(director, acme):
    _switched_on(director.user)
    other = a_user()
    with as_person(other.pk):
        assert not TOTPDevice.objects.filter(user=director.user).exists()
        assert not BackupCode.objects.exists()
        assert not Device.objects.exists()
