"""The inbox and the preferences as pages, for staff, dealers and members."""

import pytest

from accounts.domain.topics import Addressee
from accounts.models import Hook, Message, Preference, User
from accounts.operations.notify import tell
from tenancy.context import tenant_active
from tenancy.rooms import NotificationTopic
from tests.people import a_member_of, a_user, signed_in

pytestmark = pytest.mark.django_db
TOPIC = NotificationTopic("test.told", "orders", "Told of %(what)s", "<b>%(what)s</b>")


@pytest.fixture(autouse=True)
def _providers(settings):
    settings.MESSAGE_PROVIDERS = {
        "mail": "accounts.providers.mail.Mail",
        "webhook": "accounts.providers.webhook.Webhook",
    }


def _told(tenant, membership, source="1", link="/me"):
    with tenant_active(tenant):
        people = [Addressee(membership.user_id, membership.party_id, link)]
        tell(
            topic=TOPIC,
            people=people,
            params={"what": f"action {source}"},
            source=source,
            at=membership.created_at,
        )
        return Message.objects.get(source=source)


@pytest.mark.parametrize(
    ("kind", "path"), [("manufacturer", "/inbox"), ("dealer", "/inbox"), ("member", "/m/inbox")]
)
def test_a_message_is_opened_and_then_read(acme, kind, path):
    membership = a_member_of(acme, kind, user=a_user(language="en"))
    message = _told(acme, membership)
    client = signed_in(membership)
    page = client.get(path).content.decode()
    assert "Told of action 1" in page
    assert "1 unread" in page
    assert "&lt;b&gt;" in page
    assert client.get(path + "?unread=1&group=orders").content.decode().count("Told of") == 1
    assert "Told of" not in client.get(path + "?group=jobs").content.decode()
    assert client.post(f"/inbox/{message.id}").headers["Location"] == "/me"
    assert "0 unread" in client.get(path).content.decode()
    assert "Told of" not in client.get(path + "?unread=1").content.decode()


def test_who_has_not_confirmed_an_address_is_told_that_no_mail_goes_there(acme, settings):
    """Mail went to addresses that somebody typed before; it must not stop without a word."""
    user = a_user(language="en", email="a@example.com")
    client = signed_in(a_member_of(acme, user=user))

    def told():
        pages = [client.get(path).content.decode() for path in ("/inbox", "/me/messages")]
        return ["No message goes to an address" in page and 'href="/me/mail"' in page for page in pages]

    assert told() == [True, True]
    User.objects.filter(pk=user.pk).update(proved_email="a@example.com")
    assert told() == [False, False]
    User.objects.filter(pk=user.pk).update(proved_email="")
    settings.MESSAGE_PROVIDERS = {"mail": ""}
    assert told() == [False, False]


def test_members_are_led_to_the_page_of_their_door(acme):
    client = signed_in(a_member_of(acme, "member"))
    assert client.get("/inbox?group=orders").headers["Location"] == "/m/inbox?group=orders"


def test_opening_is_a_post_and_anothers_is_not_there(acme):
    mine, other = a_member_of(acme), a_member_of(acme, "dealer")
    message = _told(acme, other)
    assert signed_in(other).get(f"/inbox/{message.id}").status_code == 405
    assert signed_in(mine).post(f"/inbox/{message.id}").status_code == 404


def test_a_link_to_another_site_is_not_followed(acme):
    membership = a_member_of(acme)
    message = _told(acme, membership, link="//evil.example/")
    assert signed_in(membership).post(f"/inbox/{message.id}").headers["Location"] == "/inbox"


def test_all_are_read_at_once(acme):
    membership = a_member_of(acme, user=a_user(language="en"))
    for number in range(3):
        _told(acme, membership, source=str(number))
    client = signed_in(membership)
    client.post("/inbox/read-all", {"group": ""})
    assert "0 unread" in client.get("/inbox").content.decode()


def test_a_wrong_cursor_is_the_first_page(acme):
    assert signed_in(a_member_of(acme)).get("/inbox?before=nonsense").status_code == 200


def test_preferences_are_kept_and_shown(acme):
    membership = a_member_of(acme, user=a_user(language="en"))
    client = signed_in(membership)
    page = client.get("/me/messages").content.decode()
    assert 'value="mail:contracts" checked' in page
    assert 'value="mail:jobs" checked' not in page
    typed = {"ways": ["mail:jobs", "webhook:orders", "nonsense:x"], "url": "https://example.com/hook"}
    assert client.post("/me/messages", typed).status_code == 302
    page = client.get("/me/messages").content.decode()
    assert 'value="mail:jobs" checked' in page
    assert 'value="mail:contracts" checked' not in page
    assert "whsec_" in page
    with tenant_active(acme):
        assert not Preference.objects.filter(channel="nonsense").exists()


def test_a_target_that_is_refused_keeps_what_was_typed(acme):
    client = signed_in(a_member_of(acme, user=a_user(language="en")))
    page = client.post("/me/messages", {"ways": ["mail:jobs"], "url": "https://10.0.0.1/hook"})
    assert page.status_code == 200
    assert "https://10.0.0.1/hook" in page.content.decode()
    assert "public addresses only" in page.content.decode()
    with tenant_active(acme):
        assert not Hook.objects.exists()


def test_the_bell_tells_how_many_are_unread(acme):
    membership = a_member_of(acme)
    _told(acme, membership)
    assert "tp-count-bad" in signed_in(membership).get("/me").content.decode()


def test_a_page_of_messages_takes_few_statements(acme, django_assert_max_num_queries):
    membership = a_member_of(acme)
    for number in range(12):
        _told(acme, membership, source=str(number))
    client = signed_in(membership)
    client.get("/inbox")
    with django_assert_max_num_queries(13):
        client.get("/inbox")
