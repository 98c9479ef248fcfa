"""A webhook that is slow, drips or fails holds up nobody: not a transaction, not the other targets."""

import socket
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import Delivery, Hook, Message
from accounts.operations import message_delivery
from accounts.providers import Address, Outcome, Text
from accounts.providers import webhook as webhooks
from accounts.providers.webhook import Webhook, new_secret
from tenancy.context import has_active_tenant, tenant_active
from tests.factories import a_party
from tests.people import a_membership

AT = datetime(2026, 6, 30, 8, tzinfo=UTC)
TEXT = Text(id="msg_1", topic="test.told", title="x")


@pytest.fixture(autouse=True)
def _plain(settings, monkeypatch):
    settings.DEBUG = True
    settings.MESSAGE_PROVIDERS = {"mail": "", "sms": "", "webhook": "accounts.providers.webhook.Webhook"}
    monkeypatch.setattr(webhooks, "TIMEOUT_SECONDS", 1.0)


def a_server(talk):
    """A listening socket whose first caller is given to `talk`; its URL."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        caller, _address = listening.accept()
        with closing(listening), closing(caller):
            talk(caller)

    threading.Thread(target=serve, daemon=True).start()
    return f"http://localhost:{listening.getsockname()[1]}/hook"


def drip(caller):
    caller.sendall(b"HTTP/1.1 ")
    try:
        for _number in range(40):
            caller.sendall(b"1")
            time.sleep(0.2)
    except OSError:
        pass


def answer_for_ever(caller):
    try:
        while True:
            caller.sendall(b"HTTP/1.1 100 Continue\r\nX: " + b"y" * 8000 + b"\r\n\r\n")
    except OSError:
        pass


@pytest.mark.parametrize("talk", [drip, answer_for_ever, lambda caller: time.sleep(3)])
def test_one_time_limit_holds_for_all_of_it(talk):
    began = time.monotonic()
    outcome = Webhook(may_dial=lambda address: True).send(Address(a_server(talk), new_secret()), TEXT)
    assert (outcome.sent, outcome.again) == (False, True)
    assert time.monotonic() - began < 2


def test_a_name_that_is_not_answered_has_the_same_limit(monkeypatch):
    def slow(*args, **how):
        time.sleep(3)
        return []

    monkeypatch.setattr(webhooks.socket, "getaddrinfo", slow)
    began = time.monotonic()
    assert Webhook().send(Address("http://slow.example/", new_secret()), TEXT).again
    assert time.monotonic() - began < 2


class Posted:
    """Stands in for the provider: what it was asked to send, and how it fared."""

    def __init__(self, monkeypatch, outcome):
        self.texts, self.inside, self.outcome = [], [], outcome
        monkeypatch.setattr(Webhook, "send", lambda _self, address, text: self.send(address, text))

    def send(self, address, text):
        self.texts.append((address.value, text.id))
        self.inside.append(has_active_tenant() or bool(connection.savepoint_ids))
        return self.outcome(address) if callable(self.outcome) else self.outcome


@pytest.fixture
def rung(monkeypatch):
    """The deliveries that workers were asked to send."""
    found: list = []
    monkeypatch.setattr(message_delivery, "ring_for", found.extend)
    return found


def waiting(tenant, url="https://a.example/hook", who=None):
    """A message that waits to be posted to a person's hook."""
    with tenant_active(tenant):
        if who is None:
            who = a_membership(a_party())
            Hook.objects.create(person=who.user, url=url, secret=new_secret())
        message = Message.objects.create(
            person=who.user,
            party_id=who.party_id,
            topic="test.told",
            group="jobs",
            title="done",
            source=str(uuid4()),
            created_at=AT,
        )
        return who, Delivery.objects.create(message=message, channel="webhook", created_at=AT)


def send(tenant, delivery, at=AT):
    return message_delivery.send(tenant_id=tenant.id, delivery_id=delivery.id, at=at)


def now(tenant, delivery):
    with tenant_active(tenant):
        return Delivery.objects.get(id=delivery.id)


@pytest.mark.django_db
def test_nothing_is_held_in_the_database_while_it_is_sent(acme, rung, monkeypatch):
    posted = Posted(monkeypatch, Outcome(True))
    _who, delivery = waiting(acme)
    assert send(acme, delivery)
    assert posted.texts == [("https://a.example/hook", str(delivery.id))]
    assert posted.inside == [False]
    assert now(acme, delivery).state == "sent"
    assert not send(acme, delivery)


@pytest.mark.django_db
def test_while_one_worker_sends_it_no_other_does(acme, rung, monkeypatch):
    _who, delivery = waiting(acme)
    again = []

    def meanwhile(_address):
        again.append(send(acme, delivery))
        return Outcome(True)

    posted = Posted(monkeypatch, meanwhile)
    assert send(acme, delivery)
    assert again == [False]
    assert len(posted.texts) == 1


@pytest.mark.django_db
def test_what_a_worker_died_with_is_sent_again_under_the_same_id(acme, rung, monkeypatch):
    def die(_address):
        raise SystemExit

    posted = Posted(monkeypatch, die)
    _who, delivery = waiting(acme)
    with pytest.raises(SystemExit):
        send(acme, delivery)
    posted.outcome = Outcome(True)
    assert not send(acme, delivery, AT + timedelta(seconds=30))
    assert send(acme, delivery, AT + message_delivery.CLAIMED_FOR)
    assert [text_id for _url, text_id in posted.texts] == [str(delivery.id)] * 2


@pytest.mark.django_db
def test_a_late_worker_does_not_write_over_what_a_later_one_found(acme, rung, monkeypatch):
    _who, delivery = waiting(acme)

    def slow(_address):
        posted.outcome = Outcome(True)
        assert send(acme, delivery, AT + message_delivery.CLAIMED_FOR)
        return Outcome(False, again=False, detail="late")

    posted = Posted(monkeypatch, slow)
    send(acme, delivery)
    assert now(acme, delivery).state == "sent"


@pytest.mark.django_db
def test_one_host_has_so_many_at_a_time_and_the_others_go_on(acme, bolt, rung, monkeypatch):
    posted = Posted(monkeypatch, Outcome(True))
    slow = [waiting(acme, "https://slow.example/a")[1] for _number in range(3)]
    with tenant_active(acme):
        held = [one.id for one in slow[: message_delivery.MAX_SENDING_PER_HOST]]
        Delivery.objects.filter(id__in=held).update(
            sending_until=AT + message_delivery.CLAIMED_FOR, target="slow.example", attempts=1
        )
    assert not send(acme, slow[-1])
    assert (now(acme, slow[-1]).attempts, now(acme, slow[-1]).state) == (0, "waiting")
    assert send(acme, waiting(acme, "https://quick.example/b")[1])
    assert send(bolt, waiting(bolt, "https://slow.example/a")[1])
    assert len(posted.texts) == 2


@pytest.mark.django_db
def test_one_tenant_has_so_many_at_a_time(acme, bolt, rung, monkeypatch):
    Posted(monkeypatch, Outcome(True))
    for number in range(message_delivery.MAX_SENDING_PER_TENANT):
        delivery = waiting(acme, f"https://h{number}.example/")[1]
        with tenant_active(acme):
            Delivery.objects.filter(id=delivery.id).update(
                sending_until=AT + message_delivery.CLAIMED_FOR, target=f"h{number}.example"
            )
    assert not send(acme, waiting(acme, "https://more.example/")[1])
    assert send(bolt, waiting(bolt, "https://more.example/")[1])


@pytest.mark.django_db
def test_what_waited_for_room_is_rung_for_when_there_is_some(acme, rung, monkeypatch):
    who, first = waiting(acme)
    second = waiting(acme, who=who)[1]
    third = waiting(acme, who=who)[1]

    def meanwhile(_address):
        posted.outcome = lambda _again: send(acme, third) or Outcome(True)
        assert send(acme, second)
        return Outcome(True)

    posted = Posted(monkeypatch, meanwhile)
    send(acme, first)
    assert now(acme, third).state == "waiting"
    assert third.id in rung


@pytest.mark.django_db
def test_a_target_that_fails_rests_with_all_that_waits_for_it(acme, rung, monkeypatch):
    posted = Posted(monkeypatch, Outcome(False, again=True, detail="TimeoutError"))
    who, first = waiting(acme)
    second = waiting(acme, who=who)[1]
    send(acme, first)
    assert not send(acme, second, AT + timedelta(seconds=1))
    assert len(posted.texts) == 1
    rested = now(acme, second)
    assert (rested.attempts, rested.due_at) == (0, AT + message_delivery.FIRST_REST)
    send(acme, second, rested.due_at)
    with tenant_active(acme):
        hook = Hook.objects.get(person=who.user)
    assert (hook.failures, hook.rests_until - rested.due_at) == (2, 2 * message_delivery.FIRST_REST)
    posted.outcome = Outcome(True)
    assert send(acme, first, AT + timedelta(hours=1))
    with tenant_active(acme):
        assert Hook.objects.get(person=who.user).failures == 0


@pytest.mark.django_db
def test_what_found_no_room_for_days_ends(acme, rung, monkeypatch):
    posted = Posted(monkeypatch, Outcome(True))
    _who, delivery = waiting(acme)
    assert not send(acme, delivery, AT + message_delivery.MAX_AGE + timedelta(seconds=1))
    assert (now(acme, delivery).state, posted.texts) == ("failed", [])


@pytest.mark.django_db
def test_a_ring_that_was_lost_is_made_good_until_it_has_ended(acme, rung, monkeypatch):
    _who, delivery = waiting(acme)
    body, waits = {"delivery_id": str(delivery.id)}, []
    monkeypatch.setattr(
        message_delivery, "announce_many", lambda topic, bodies, at, wait: waits.append((bodies[0], wait))
    )
    with tenant_active(acme):
        for _turn in range(8):
            message_delivery.ring(body, AT)
            body = waits[-1][0]
        assert rung == [delivery.id] * 8
        assert [wait.total_seconds() for _body, wait in waits] == [30, 60, 120, 240, 480, 900, 900, 900]
        Delivery.objects.update(due_at=AT + timedelta(hours=4))
        message_delivery.ring(body, AT)
        assert (len(rung), waits[-1][1]) == (8, timedelta(hours=4))
        Delivery.objects.update(state="sent")
        message_delivery.ring(body, AT)
    assert len(waits) == 9
