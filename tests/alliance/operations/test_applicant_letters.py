"""Letters to applicants: once for each event, in their language, with links that are not stored for long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import translation

from accounts.models import Letter
from accounts.operations import letters
from accounts.operations.message_delivery import MAX_AGE, MAX_ATTEMPTS
from accounts.providers import Outcome
from alliance.models import Application
from alliance.notifications import recruitment
from alliance.operations import reviewing
from alliance.operations.applying import answer_question, applicant
from tenancy.context import active_tenant_id
from tests.alliance.recruiting import AT, COMPLETE, an_application
from tests.alliance.world import World
from tests.approving import a_person

pytestmark = pytest.mark.django_db
ADDRESS = "wang@example.com"


@pytest.fixture(autouse=True)
def ways(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.MESSAGE_PROVIDERS = {"mail": "accounts.providers.mail.Mail", "sms": ""}


def applied(language: str = "zh-hans", **changed: Any) -> Application:
    with translation.override(language):
        return an_application(**{"email": ADDRESS} | changed)


def send_all(at: Any = AT) -> int:
    waiting = Letter.objects.filter(state="waiting").order_by("id")
    tenant = active_tenant_id()
    return sum(letters.send_letter(tenant_id=tenant, letter_id=one.id, at=at) for one in waiting)


def test_a_receipt_is_sent_once_in_the_language_of_the_form_without_what_was_typed(world: World) -> None:
    made = applied("zh-hans", company="点这里领奖 example.org")
    for _turn in range(2):
        recruitment.applied({"application_id": str(made.id)}, AT)
        send_all()
    (sent,) = mail.outbox
    assert (sent.to, made.code in sent.subject) == ([ADDRESS], True)
    assert "领奖" not in sent.subject + sent.body
    letter = Letter.objects.get()
    assert (letter.state, letter.language) == ("sent", "zh-hans")


def test_a_question_and_an_acceptance_carry_links_that_work_once_and_are_removed(world: World) -> None:
    made = applied("en")
    given: dict[str, Any] = {"application_id": made.id, "by": a_person(world.maker), "at": AT}
    question = reviewing.ask_back(text="Which outlets?", **given)
    assert send_all() == 1
    link = mail.outbox[0].body.splitlines()[-1]
    assert link.endswith(f"/{question.token}")
    answer_question(token=link.rsplit("/", 1)[-1], text="These.", files=[], by=applicant("x"), at=AT)
    reviewing.qualify(checklist=COMPLETE, points={}, **given)
    done = reviewing.accept(code="M-9", supplier_id=world.dealer.id, **given)
    recruitment.decided({"application_id": str(made.id)}, AT)
    assert send_all() == 1
    assert done.token in mail.outbox[1].body
    assert "accepted" in mail.outbox[1].subject
    assert not Letter.objects.exclude(link="").exists()


def test_a_refusal_gives_no_reason(world: World) -> None:
    made = applied("en")
    reviewing.refuse(application_id=made.id, reason="too small", by=world.director, at=AT)
    for _turn in range(2):
        recruitment.decided({"application_id": str(made.id)}, AT)
    assert send_all() == 1
    assert "too small" not in mail.outbox[0].body


def test_an_acceptance_without_an_invitation_promises_a_call(world: World) -> None:
    made = applied("en")
    Application.objects.filter(id=made.id).update(state="accepted", decided_at=AT)
    recruitment.decided({"application_id": str(made.id)}, AT)
    assert send_all() == 1
    assert "contacts you" in mail.outbox[0].body


def test_without_an_address_a_text_message_is_sent_and_without_a_way_none(
    world: World, settings: Any
) -> None:
    made = applied(email="")
    recruitment.applied({"application_id": str(made.id)}, AT)
    assert not Letter.objects.exists()
    settings.MESSAGE_PROVIDERS = settings.MESSAGE_PROVIDERS | {"sms": "accounts.providers.console.Console"}
    recruitment.applied({"application_id": str(made.id)}, AT)
    letter = Letter.objects.get()
    assert (letter.channel, letter.address, send_all()) == ("sms", made.phone, 1)


class Broken:
    """A provider that fails, for now or for good."""

    def __init__(self, *, again: bool) -> None:
        self.again = again

    def send(self, address: Any, text: Any) -> Outcome:
        return Outcome(False, again=self.again, detail="421 busy")


@pytest.mark.parametrize("again", [True, False])
def test_a_failure_is_tried_again_unless_it_is_final(world: World, monkeypatch: Any, again: bool) -> None:
    recruitment.applied({"application_id": str(applied().id)}, AT)
    monkeypatch.setattr(letters, "provider_for", lambda channel: Broken(again=again))
    at = AT
    for _turn in range(MAX_ATTEMPTS + 2):
        assert send_all(at) == 0
        assert send_all(at) == 0, "it waits for its next attempt"
        at += timedelta(hours=6)
    letter = Letter.objects.get()
    assert (letter.state, letter.attempts) == ("failed", MAX_ATTEMPTS if again else 1)
    assert letter.last_error == "421 busy"


def test_an_old_letter_is_not_sent(world: World) -> None:
    recruitment.applied({"application_id": str(applied().id)}, AT)
    assert send_all(AT + MAX_AGE + timedelta(minutes=1)) == 0
    assert (Letter.objects.get().state, mail.outbox) == ("failed", [])


def test_the_outbox_rings_until_it_has_ended(world: World, django_capture_on_commit_callbacks: Any) -> None:
    recruitment.applied({"application_id": str(applied().id)}, AT)
    letter = Letter.objects.get()
    body = {"letter_id": str(letter.id)}
    with django_capture_on_commit_callbacks() as rung:
        letters.ring_for_letter(body, AT)
    assert rung
    send_all()
    with django_capture_on_commit_callbacks() as rung:
        letters.ring_for_letter(body, AT)
    assert not rung
