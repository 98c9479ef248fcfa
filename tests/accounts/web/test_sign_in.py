import pytest
from django.test import Client

from accounts.models import User
from accounts.web.reauthentication import own_page
from dealers.models import Party
from dealers.operations.people import withdraw
from tenancy.context import tenant_active
from tests.factories import an_actor
from tests.people import PASSWORD, a_member_of, a_user, an_address, as_owner, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick_hashes(settings):
    """The real ones are slow, as they should be."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SIGN_IN_RATE_PER_ADDRESS = 0


@pytest.fixture
def director(acme):
    membership = a_member_of(acme, user=a_user("qiming", first_name="周启明"))
    membership.user.set_password(PASSWORD)
    membership.user.save()
    return membership


def _sign_in(client: Client, username: str, password: str, address: str = "10.0.0.1"):
    return client.post("/sign-in", {"username": username, "password": password}, REMOTE_ADDR=address)


def test_the_right_password_opens_the_home(client, director):
    assert _sign_in(client, "qiming", PASSWORD).headers["Location"] == "/"
    page = client.get("/")
    assert page.status_code == 200
    assert "周启明" in page.content.decode()


def test_a_wrong_password_keeps_the_name_and_says_what_is_wrong(client, director):
    page = _sign_in(client, "qiming", "wrong")
    assert page.status_code == 200
    assert 'value="qiming"' in page.content.decode()
    assert 'role="alert"' in page.content.decode()


def test_a_stranger_is_sent_to_the_sign_in_and_on_to_where_they_wanted(client):
    assert client.get("/").headers["Location"] == "/sign-in?next=/"


def test_an_attacker_is_locked_out_and_the_victim_elsewhere_is_not(director, settings):
    attacker, victim = Client(), Client()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        locked = _sign_in(attacker, "qiming", "guess", "203.0.113.9")
    assert locked.status_code == 429
    assert _sign_in(attacker, "qiming", PASSWORD, "203.0.113.9").status_code == 429
    assert "15" in locked.content.decode()
    assert _sign_in(victim, "qiming", PASSWORD, "10.0.0.2").headers["Location"] == "/"


def test_one_address_may_not_try_many_names(settings):
    settings.SIGN_IN_RATE_PER_ADDRESS = 3
    client = Client()
    here = an_address()
    pages = [_sign_in(client, f"name{index}", "guess", here) for index in range(4)]
    assert [page.status_code for page in pages] == [200, 200, 200, 429]
    assert int(pages[-1].headers["Retry-After"]) <= 60
    assert _sign_in(client, "name", "guess", an_address()).status_code == 200


def test_a_session_ends_when_the_account_is_disabled(director):
    client = signed_in(director)
    assert client.get("/").status_code == 200
    User.objects.filter(pk=director.user_id).update(is_active=False)
    assert client.get("/").headers["Location"] == "/sign-in?next=/"


def test_a_session_ends_when_the_membership_that_it_acts_by_is_withdrawn(acme, bolt, director):
    """Not even a second membership, in another tenant, keeps it open."""
    rep = a_member_of(acme, role="sales_rep")
    a_member_of(bolt, user=rep.user)
    client = signed_in(rep)
    assert acme.name in client.get("/").content.decode()
    with tenant_active(acme):
        withdraw(membership_id=rep.id, by=an_actor(director.party), at=director.created_at)
    assert client.get("/").headers["Location"] == "/sign-in?next=/"
    assert "_auth_user_id" not in client.session


def test_who_acts_for_a_party_that_is_no_longer_active_sees_nothing(acme):
    owner = a_member_of(acme, "dealer", role="owner")
    client = signed_in(owner)
    assert acme.name in client.get("/").content.decode()
    with tenant_active(acme):
        Party.objects.filter(id=owner.party_id).update(is_active=False)
    page = client.get("/")
    assert page.wsgi_request.actor is None
    assert acme.name not in page.content.decode()


def test_a_change_of_password_ends_the_other_sessions(director):
    here, elsewhere = signed_in(director), signed_in(director)
    new = "a much better password"
    typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/password", typed).headers["Location"] == "/me"
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302


def test_signing_out_is_a_post(director):
    client = signed_in(director)
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").headers["Location"] == "/sign-in"
    assert client.get("/").status_code == 302


def test_without_a_membership_the_page_says_whom_to_ask():
    client = Client()
    client.force_login(a_user("nobody"), backend="accounts.backends.AccountBackend")
    page = client.get("/")
    assert page.status_code == 403
    assert "nobody" in page.content.decode()


def test_a_person_switches_between_their_companies_with_a_new_session_key(acme, bolt):
    first = a_member_of(acme)
    second = a_member_of(bolt, user=first.user)
    client = signed_in(first)
    assert acme.name in client.get("/").content.decode()
    before = client.session.session_key
    assert client.post(f"/switch/{second.id}").headers["Location"] == "/"
    assert client.session.session_key != before
    page = client.get("/").content.decode()
    assert bolt.name in page
    assert f"/switch/{first.id}" in page


def test_only_to_their_own_and_only_by_post(acme, bolt):
    mine, foreign = a_member_of(acme), a_member_of(bolt)
    client = signed_in(mine)
    assert client.post(f"/switch/{foreign.id}").status_code == 404
    assert client.get(f"/switch/{mine.id}").status_code == 405
    assert acme.name in client.get("/").content.decode()


def test_the_host_name_chooses_the_tenant(acme, bolt, settings):
    settings.ALLOWED_HOSTS = ["*"]
    as_owner("INSERT INTO tenancy_tenanthost (host, tenant_id) VALUES ('bolt.localhost', %s)", bolt.pk)
    try:
        first = a_member_of(acme)
        a_member_of(bolt, user=first.user)
        client = signed_in(first)
        assert bolt.name in client.get("/", headers={"host": "bolt.localhost"}).content.decode()
        stranger = signed_in(a_member_of(acme))
        assert stranger.get("/", headers={"host": "bolt.localhost"}).status_code == 403
    finally:
        as_owner("DELETE FROM tenancy_tenanthost")


def test_the_language_is_remembered_with_the_person(director):
    client = signed_in(director)
    assert "首页" in client.get("/").content.decode()
    client.post("/language", {"language": "en", "next": "/"})
    assert User.objects.get(pk=director.user_id).language == "en"
    assert "Latest orders" in signed_in(director).get("/").content.decode()


def test_the_language_form_leads_nowhere_else(client):
    answer = client.post("/language", {"language": "en", "next": "https://example.com/"})
    assert answer.headers["Location"] == "/"
    assert client.post("/language", {"language": "xx"}).status_code == 404


def test_a_superuser_without_membership_sees_nothing(acme):
    root = User.objects.create_superuser("root", password=None)
    client = Client()
    client.force_login(root, backend="accounts.backends.AccountBackend")
    assert client.get("/").status_code == 403
    assert client.get("/admin/", follow=True).status_code == 403
    assert client.get("/admin/catalogue/product/", follow=True).status_code == 403


def test_a_closed_tenant_lets_nobody_in(director, acme):
    client = signed_in(director)
    assert client.get("/").status_code == 200
    as_owner("UPDATE tenancy_tenant SET is_open = false WHERE id = %s", acme.pk)
    try:
        assert client.get("/").headers["Location"] == "/sign-in?next=/"
    finally:
        as_owner("UPDATE tenancy_tenant SET is_open = true WHERE id = %s", acme.pk)


def test_signing_out_forgets_the_pages_that_back_would_show(acme):
    answer = signed_in(a_member_of(acme)).post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache"'


@pytest.mark.parametrize("to", ["nonsense", "admin:index", "https://evil.example/", "//evil.example"])
def test_the_second_step_leads_on_to_paths_of_ours_alone(acme, rf, to):
    """A name of a view would be looked up by the redirect, and one that there is not fails."""
    request = rf.get("/sign-in/second", {"next": to})
    assert own_page(request, to) == ""
    person = a_member_of(acme)
    assert signed_in(person).get("/sign-in/second", {"next": to}).headers["Location"] == "/"
