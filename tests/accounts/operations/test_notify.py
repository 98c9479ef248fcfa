"""What is told reaches the inbox once, in the reader's language, and goes on by the chosen ways."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import translation
from django.utils.translation import gettext_noop

from accounts.domain.topics import Addressee
from accounts.models import Delivery, Message, User
from accounts.operations import message_delivery
from accounts.operations.inbox import choose_ways, mark_all_read, mark_read, set_hook
from accounts.operations.message_delivery import MAX_ATTEMPTS
from accounts.operations.notify import tell
from accounts.providers import Outcome
from accounts.queries.inbox import PAGE_ROWS, inbox, unread_count
from accounts.rights import Actor
from dealers.models import Membership
from dealers.notifications.recipients import still_acts
from jobs.models import OutboxMessage
from kernel.refusals import Refusal
from tenancy.context import active_tenant_id
from tenancy.rooms import NotificationTopic
from tests.factories import a_party
from tests.people import a_membership, a_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 30, 8, tzinfo=UTC)
TOPIC = NotificationTopic(
    "test.told", "money", gettext_noop("New order %(number)s"), "%(total)s until %(day)s"
)
SAID = {"number": "DD-1", "total": {"money": "1234.5"}, "day": {"day": "2026-06-30"}}


@pytest.fixture(autouse=True)
def _providers(settings):
    settings.MESSAGE_PROVIDERS = {
        "mail": "accounts.providers.mail.Mail",
        "sms": "",
        "webhook": "accounts.providers.webhook.Webhook",
    }
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def owner(in_acme):
    return a_membership(a_party(), user=a_user(proved_email="owner@example.com", language="en"))


def _actor(membership) -> Actor:
    return Actor(membership.party_id, membership.party_kind, membership.role, membership.user_id)


def _tell(*memberships, source="order:1", topic=TOPIC, **values):
    people = [Addressee(one.user_id, one.party_id) for one in memberships]
    return tell(topic=topic, people=people, params=SAID, source=source, at=AT, **values)


def _waiting() -> list[dict]:
    rows = OutboxMessage.objects.filter(topic="accounts.deliver").order_by("id")
    return list(rows.values_list("body", flat=True))


def _send(at=AT) -> bool:
    """What a worker does that was asked to send the only delivery."""
    delivery_id = Delivery.objects.get().id
    return message_delivery.send(tenant_id=active_tenant_id(), delivery_id=delivery_id, at=at)


def test_an_event_is_told_once_however_often_it_comes(owner):
    assert _tell(owner) == 1
    assert _tell(owner) == 0
    assert unread_count(_actor(owner)) == 1
    assert len(_waiting()) == 1


def test_a_message_is_read_in_the_readers_language(owner):
    _tell(owner)
    with translation.override("en"):
        assert inbox(by=_actor(owner)).rows[0].title == "New order DD-1"
        assert inbox(by=_actor(owner)).rows[0].body.startswith("1,234.50 until")
    with translation.override("zh-hans"):
        assert "DD-1" in inbox(by=_actor(owner)).rows[0].title
        assert "New order" not in inbox(by=_actor(owner)).rows[0].title


def test_each_reads_their_own_and_only_for_the_party_that_they_act_for(owner, in_acme):
    second = a_membership(a_party("member"), user=owner.user)
    stranger = a_membership(a_party())
    _tell(owner)
    assert unread_count(_actor(second)) == unread_count(_actor(stranger)) == 0
    message = Message.objects.get()
    for other in (second, stranger):
        with pytest.raises(Refusal, match=r".") as refused:
            mark_read(message_id=message.id, by=_actor(other), at=AT)
        assert refused.value.code == "not_found"
    mark_read(message_id=message.id, by=_actor(owner), at=AT)
    mark_read(message_id=message.id, by=_actor(owner), at=AT + timedelta(days=1))
    assert Message.objects.get().read_at == AT
    assert unread_count(_actor(owner)) == 0


def test_nobody_without_a_person_has_an_inbox(owner):
    _tell(owner)
    key = Actor(owner.party_id, owner.party_kind, owner.role)
    assert unread_count(key) == 0
    assert not inbox(by=key).rows


def test_pages_go_on_where_the_last_one_ended(owner):
    for number in range(PAGE_ROWS + 3):
        _tell(owner, source=f"order:{number}")
    first = inbox(by=_actor(owner))
    assert len(first.rows) == PAGE_ROWS
    second = inbox(by=_actor(owner), before=first.older)
    assert len(second.rows) == 3
    assert not second.older
    assert not {one.id for one in first.rows} & {one.id for one in second.rows}


def test_all_of_a_group_are_marked_read_and_no_others(owner):
    _tell(owner)
    _tell(owner, source="job:1", topic=NotificationTopic("test.job", "jobs", "done"))
    assert mark_all_read(by=_actor(owner), at=AT, group="jobs") == 1
    assert unread_count(_actor(owner)) == 1


def test_cost_does_not_grow_with_people(in_acme, django_assert_max_num_queries):
    party = a_party()
    many = [a_membership(party, user=a_user(proved_email=f"p{number}@example.com")) for number in range(40)]
    with django_assert_max_num_queries(4):
        assert _tell(*many) == 40
    assert Delivery.objects.count() == 40


def test_mail_goes_out_once_with_a_name_that_stays(owner, settings):
    settings.PUBLIC_URL = "https://tripact.example/"
    _tell(owner, link="/orders/1")
    assert _send()
    assert not _send()
    assert len(mail.outbox) == 1
    sent = mail.outbox[0]
    assert sent.to == ["owner@example.com"]
    assert sent.subject == "New order DD-1"
    assert "https://tripact.example/orders/1" in sent.body
    assert str(Delivery.objects.get().id) in sent.extra_headers["Message-ID"]
    assert Delivery.objects.get().state == "sent"


def test_a_preference_switches_a_group_off_and_another_on(owner):
    choose_ways(wanted={("mail", "money"): False, ("mail", "jobs"): True}, by=_actor(owner))
    _tell(owner)
    assert not _waiting()
    _tell(owner, source="job:1", topic=NotificationTopic("test.job", "jobs", "done"))
    assert len(_waiting()) == 1
    choose_ways(wanted={("mail", "money"): True}, by=_actor(owner))
    _tell(owner, source="order:2")
    assert len(_waiting()) == 2


def test_what_fails_is_tried_again_later_each_time_and_then_given_up_visibly(owner, monkeypatch):
    tried = []

    def busy(self, address, text):
        tried.append(text.id)
        return Outcome(False, again=True, detail="SMTP 451")

    monkeypatch.setattr("accounts.providers.mail.Mail.send", busy)
    _tell(owner)
    at = AT
    waits: list = []
    for _number in range(MAX_ATTEMPTS + 2):
        assert not _send(at)
        assert not _send(at)
        due_at = Delivery.objects.get().due_at
        waits, at = [*waits, due_at - at], due_at
    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (1, 4, 16, 64)]
    delivery = Delivery.objects.get()
    assert len(tried) == MAX_ATTEMPTS
    assert len(set(tried)) == 1
    assert (delivery.state, delivery.attempts, delivery.last_error) == ("failed", MAX_ATTEMPTS, "SMTP 451")
    assert inbox(by=_actor(owner)).rows[0].failed == ("mail",)


def test_what_can_never_succeed_is_not_tried_again(owner, monkeypatch):
    monkeypatch.setattr(
        "accounts.providers.mail.Mail.send", lambda self, address, text: Outcome(False, detail="no such box")
    )
    _tell(owner)
    _send()
    assert len(_waiting()) == 1
    assert Delivery.objects.get().state == "failed"


def test_nothing_more_is_sent_to_a_closed_account(owner):
    _tell(owner)
    User.objects.filter(pk=owner.user_id).update(is_active=False)
    _send()
    assert not mail.outbox
    assert Delivery.objects.get().state == "failed"


def test_nothing_more_of_a_party_is_sent_to_who_has_left_it(owner):
    """A try may come hours after the event: to a webhook that the former clerk still reads."""
    assert still_acts(owner.user_id, owner.party_id)
    _tell(owner)
    Membership.objects.filter(id=owner.id).update(is_active=False)
    assert not _send()
    assert not mail.outbox
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.last_error) == ("failed", "left")


@pytest.mark.parametrize(
    "url", ["http://example.com/x", "https://user:secret@example.com/", "https://127.0.0.1/", "ftp://x", "x"]
)
def test_a_hook_that_could_not_be_posted_to_is_refused(owner, settings, url):
    settings.DEBUG = False
    with pytest.raises(Refusal) as refused:
        set_hook(url=url, by=_actor(owner))
    assert refused.value.code == "bad_target"


def test_a_new_target_has_a_new_secret_and_an_empty_one_has_none(owner):
    first = set_hook(url="https://example.com/a", by=_actor(owner))
    assert first.secret.startswith("whsec_")
    assert set_hook(url="https://example.com/a", by=_actor(owner)).secret == first.secret
    assert set_hook(url="https://example.com/b", by=_actor(owner)).secret != first.secret
    assert set_hook(url="", by=_actor(owner)) is None
