from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from tests.people import a_member_of, a_user, as_owner, just_signed_in

pytestmark = pytest.mark.django_db
OWN = (
    "/me/devices",
    "/me/messages",
    "/me/second-factor",
    "/me/second-factor/begin",
    "/me/second-factor/on",
    "/me/phone",
    "/me/mail",
    "/me/again",
    "/password",
    "/invitations",
)


@pytest.fixture
def demo(acme):
    """acme is a demonstration while the test runs; only the owner's role may say so."""
    as_owner("UPDATE tenancy_tenant SET is_demo = true WHERE id = %s", acme.pk)
    yield acme
    as_owner("UPDATE tenancy_tenant SET is_demo = false WHERE id = %s", acme.pk)


@pytest.fixture(autouse=True)
def _off(settings):
    settings.DEMO_SIGN_IN = False


@pytest.fixture
def switched_on(settings):
    settings.DEMO_SIGN_IN = True


def test_one_click_signs_in(client, demo, switched_on):
    director = a_member_of(demo)
    assert f"/demo-sign-in/{director.id}" in client.get("/sign-in").content.decode()
    assert client.post(f"/demo-sign-in/{director.id}").headers["Location"] == "/"
    assert demo.name in client.get("/").content.decode()


def test_a_click_is_a_post_with_a_token(demo, switched_on):
    director = a_member_of(demo)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/demo-sign-in/{director.id}").status_code == 403
    page = strict.get(f"/demo-sign-in/{director.id}")
    assert page.status_code == 200
    assert "_auth_user_id" not in strict.session
    token = page.context["csrf_token"]
    assert strict.post(f"/demo-sign-in/{director.id}", {"csrfmiddlewaretoken": token}).status_code == 302


def test_there_is_none_while_the_setting_is_off(client, demo):
    director = a_member_of(demo)
    assert "demo-sign-in" not in client.get("/sign-in").content.decode()
    assert client.get(f"/demo-sign-in/{director.id}").status_code == 404
    assert client.post(f"/demo-sign-in/{director.id}").status_code == 404


def test_there_is_none_into_a_real_tenant(client, bolt, demo, switched_on):
    director = a_member_of(bolt)
    assert client.post(f"/demo-sign-in/{director.id}").status_code == 404
    assert str(director.id) not in client.get("/sign-in").content.decode()


def test_it_never_leads_on_into_a_real_tenant(client, bolt, demo, switched_on):
    director = a_member_of(demo)
    client.post(f"/demo-sign-in/{director.id}")
    real = a_member_of(bolt, user=director.user)
    assert client.post(f"/switch/{real.id}").status_code == 404
    assert bolt.name not in client.get("/").content.decode()


def test_nobody_becomes_a_person_who_acts_in_a_real_tenant_too(client, bolt, demo, switched_on):
    """A visitor invites whom they like into the demonstration; who says yes is not everybody's."""
    invited = a_member_of(demo)
    a_member_of(bolt, user=invited.user)
    assert client.post(f"/demo-sign-in/{invited.id}").status_code == 404
    assert client.get("/").status_code == 302


def test_its_people_are_everybodys_and_stay_as_they_are(client, demo, switched_on):
    director = a_member_of(demo, user=a_user(language="en"))
    client.post(f"/demo-sign-in/{director.id}", headers={"accept-language": "en"})
    page = client.get("/me").content.decode().partition("<main")[2]
    assert "Every visitor of the demonstration is this person" in page
    for path in OWN:
        assert f'href="{path}"' not in page
        for answer in (client.get(path), client.post(path, {"password": "x", "url": "https://e.example/"})):
            assert answer.status_code in (403, 405), path
            if answer.status_code == 403:
                assert "Every visitor of the demonstration is this person" in answer.content.decode()
    assert "/me/messages" not in client.get("/inbox").content.decode()
    assert client.post("/me/devices/end-all").status_code == 403
    assert client.post(f"/me/devices/{director.id}/end").status_code == 403
    assert client.get("/").status_code == 200


def test_the_same_people_signed_in_by_password_have_them(demo, switched_on, settings):
    console = "accounts.providers.console.Console"
    settings.MESSAGE_PROVIDERS = {"mail": console, "sms": console, "webhook": console}
    director = a_member_of(demo)
    client = just_signed_in(director)
    for path in OWN:
        assert client.get(path).status_code in (200, 405), path


def test_its_sessions_end_when_it_is_switched_off(client, demo, switched_on, settings):
    client.post(f"/demo-sign-in/{a_member_of(demo).id}")
    settings.DEMO_SIGN_IN = False
    assert client.get("/").status_code == 302


def test_a_visitor_changes_roles_with_one_click_more(client, demo, switched_on):
    director, owner = a_member_of(demo), a_member_of(demo, "dealer")
    client.post(f"/demo-sign-in/{director.id}")
    assert client.get(f"/demo-sign-in/{owner.id}").status_code == 200
    client.post(f"/demo-sign-in/{owner.id}")
    assert owner.party_name in client.get("/").content.decode()


def test_the_command_prints_a_line_for_each_role(demo, switched_on):
    director = a_member_of(demo, user=a_user(first_name="周启明"))
    a_member_of(demo, role="director")
    owner = a_member_of(demo, "member")
    out = StringIO()
    call_command("demo_sign_ins", "http://localhost:8001", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == 2
    assert "周启明" in lines[0]
    assert lines[0].endswith(f"http://localhost:8001/demo-sign-in/{director.id}")
    assert lines[1].endswith(str(owner.id))


def test_the_command_says_when_it_is_off(demo):
    out, err = StringIO(), StringIO()
    call_command("demo_sign_ins", stdout=out, stderr=err)
    assert out.getvalue() == ""
    assert "DEMO_SIGN_IN" in err.getvalue()
