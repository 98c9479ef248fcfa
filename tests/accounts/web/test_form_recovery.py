"""A session that ended while somebody typed: nothing typed is lost, and nobody else sees it."""

import re

import pytest
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.urls import include, path

from accounts.web import form_recovery
from accounts.web.form_refill import filled
from accounts.web.permissions import entering
from config.urls import urlpatterns as true_ones
from tests.people import PASSWORD, a_member_of, a_user, an_address

pytestmark = pytest.mark.django_db
PAGE = (
    '<main id="content"><form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    '<input type="hidden" name="version" value="7"><input name="code" value="old">'
    '<textarea name="note">old</textarea><select name="tier"><option value="a" selected>A</option>'
    '<option value="b">B</option></select><input type="checkbox" name="tick" value="1">'
    '<input name="qty" value="1"><input name="qty" value="2"></form></main>'
)


@entering("party.view")
def form(request):
    return HttpResponse(PAGE.format(get_token(request)) + f"<p>sent {request.method}</p>")


@entering("no.such.right")
def closed(request):
    return HttpResponse("inside")


urlpatterns = [path("form", form), path("closed", closed), path("", include(true_ones))]
TYPED = {
    "code": 'x"<b>',
    "note": "a\n</textarea>",
    "tier": "b",
    "tick": "1",
    "qty": ["5", "6"],
    "password": "secret",
    "version": "3",
    "gone": "only here",
}


@pytest.fixture(autouse=True)
def _site(settings):
    settings.ROOT_URLCONF = __name__
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SIGN_IN_RATE_PER_ADDRESS = 0


def _person(acme, **values):
    user = a_member_of(acme, user=a_user(language="en", **values)).user
    user.set_password(PASSWORD)
    user.save()
    return user


def _sign_in(client, user, onward="/"):
    typed = {"username": user.username, "password": PASSWORD, "next": onward}
    return client.post("/sign-in", typed, REMOTE_ADDR=an_address())


@pytest.fixture
def interrupted(acme):
    """A browser whose session has ended, and which then sent the form."""
    user, client = _person(acme), Client()
    _sign_in(client, user)
    client.post("/sign-out")
    answer = client.post("/form?x=1", TYPED, headers={"Referer": "http://testserver/form?x=1"})
    assert answer.headers["Location"] == "/sign-in?next=/form%3Fx%3D1"
    return client, user


def test_what_was_typed_stands_in_the_form_again(interrupted):
    client, user = interrupted
    assert _sign_in(client, user, "/form?x=1").headers["Location"] == "/form?x=1"
    page = client.get("/form?x=1").content.decode()
    assert 'name="code" value="x&quot;&lt;b&gt;"' in page
    assert '<textarea name="note">\na\n&lt;/textarea&gt;</textarea>' in page
    assert '<option value="b" selected>' in page
    assert '<option value="a">' in page
    assert 'value="1" checked>' in page
    assert re.findall(r'name="qty" value="(\d)"', page) == ["5", "6"]
    assert 'name="version" value="7"' in page
    assert "secret" not in page
    assert "only here" in page
    assert "sent GET" in page


def test_it_is_shown_once(interrupted):
    client, user = interrupted
    _sign_in(client, user)
    client.get("/form?x=1")
    assert "only here" not in client.get("/form?x=1").content.decode()


def test_another_page_does_not_use_it_up(interrupted):
    client, user = interrupted
    _sign_in(client, user)
    client.get("/inbox")
    assert "only here" in client.get("/form?x=1").content.decode()


def test_somebody_else_at_the_same_browser_does_not_see_it(interrupted, acme):
    client, _user = interrupted
    _sign_in(client, _person(acme))
    assert "only here" not in client.get("/form?x=1").content.decode()


def test_nor_does_another_browser(interrupted):
    _client, user = interrupted
    other = Client()
    _sign_in(other, user)
    assert "only here" not in other.get("/form?x=1").content.decode()


def test_a_fragment_is_told_to_go_to_the_sign_in_as_a_whole(client):
    answer = client.post(
        "/form", TYPED, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/form"}
    )
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/form"


def test_a_page_of_another_site_is_nowhere_to_go_back_to(client):
    answer = client.post("/form", TYPED, headers={"Referer": "https://evil.example/form"})
    assert answer.headers["Location"] == "/sign-in?next=/form"


def test_a_huge_form_is_not_kept(client):
    client.post("/form", {"note": "x" * 600_000})
    assert "kept" not in client.cookies


def test_an_address_has_only_so_many_forms_kept(settings):
    settings.SIGN_IN_RATE_PER_ADDRESS = 2
    kept, address = [], an_address()
    for _form in range(6):
        client = Client()
        client.post("/form", {"note": "x"}, REMOTE_ADDR=address)
        kept.append("kept" in client.cookies)
    assert sum(kept) in (2, 3, 4), "a minute may begin in between"


def test_who_lacks_the_right_sees_the_page_that_says_so(acme):
    client = Client()
    _sign_in(client, _person(acme))
    answer = client.get("/closed")
    assert answer.status_code == 403
    assert "inside" not in answer.content.decode()


def test_forms_that_only_search_and_scripts_are_left_alone():
    script = '<script>if (a < b && c) "</p>"</script>'
    page = f'{script}<form><input name="q" value="1"></form><p>a &amp; b&nbsp;c</p>'
    assert filled(page, {"q": ["2"]}) == (page, set())


def test_a_stranger_fills_no_memory(acme):
    """Forms are kept before anybody has signed in: small ones, so that the cache stays others' too."""
    stranger, known = Client(), Client()
    _sign_in(known, _person(acme))
    known.cookies.pop("sessionid")
    large = {"note": "x" * (form_recovery.MAX_CHARACTERS_UNKNOWN_BROWSER + 1)}
    assert form_recovery.COOKIE not in stranger.post("/form", large).cookies
    assert form_recovery.COOKIE in stranger.post("/form", {"note": "x"}).cookies
    kept = [
        form_recovery.COOKIE in known.post("/form", large).cookies
        for _number in range(form_recovery.MAX_FORMS_A_MINUTE + 2)
    ]
    assert kept[0]
    assert not kept[-1]
