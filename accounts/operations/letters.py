"""Letters: messages by mail or text message to somebody who has no account, such as an applicant.

They are sent as the messages to a person are (`message_delivery`): claimed in one transaction, sent outside
any, recorded in another; the outbox wakes a worker until the sending has ended. A repeated event finds the
letter of its source and writes no second one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation

from accounts.domain.topics import MAIL, SMS
from accounts.models import Delivery, Letter
from accounts.operations.message_delivery import (
    CLAIMED_FOR,
    FIRST_WAIT,
    MAX_AGE,
    MAX_ATTEMPTS,
    MAX_RING_INTERVAL,
    MAX_WAIT,
)
from accounts.operations.notify import RINGS_AFTER
from accounts.providers import Address, Outcome, Text, offered, provider_for
from accounts.queries.message_text import message_text
from jobs.operations.dispatch import nudge
from jobs.operations.outbox import announce, announce_many, on
from tenancy.context import active_tenant_id, joined_transaction, tenant_active

LETTER, SEND = "accounts.letter", "accounts.send_letter"
State = Delivery.State


@dataclass(frozen=True, slots=True)
class Correspondent:
    """How somebody without an account is reached; mail goes before a text message."""

    mail: str = ""
    phone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class LetterText:
    """A letter's title and body: messages of the catalogue with %(name)s placeholders."""

    title: str
    body: str


def write_letter(
    *,
    text: LetterText,
    to: Correspondent,
    params: Mapping[str, Any],
    source: str,
    at: datetime,
    link: str = "",
) -> bool:
    """Write a letter and have it sent; return False if the source has one or nothing reaches the reader."""
    channels = offered()
    ways = [(MAIL, to.mail), (SMS, to.phone)]
    channel, address = next((one for one in ways if one[1] and one[0] in channels), ("", ""))
    if not channel:
        return False
    values = {
        "channel": channel,
        "address": address,
        "language": to.language,
        "title": text.title,
        "body": text.body,
        "params": dict(params),
        "link": link,
        "created_at": at,
    }
    with joined_transaction():
        letter, is_new = Letter.objects.get_or_create(source=source, defaults=values)
        if is_new:
            announce(LETTER, {"letter_id": str(letter.id)}, at=at)
    return bool(is_new)


@on(LETTER)
def ring_for_letter(body: dict[str, Any], at: datetime) -> None:
    """Nudge a worker for a letter that is due, and check again later until its sending has ended."""
    letter = Letter.objects.filter(id=UUID(body["letter_id"]), state=State.WAITING).first()
    if letter is None:
        return
    turn = int(body.get("turn", 0))
    free_at = max(letter.due_at or at, letter.sending_until or at)
    if free_at <= at:
        send = partial(nudge, SEND, tenant_id=active_tenant_id(), letter_id=letter.id)
        transaction.on_commit(send, robust=True)
    wait = max(free_at - at, min(RINGS_AFTER * 2 ** min(turn, 10), MAX_RING_INTERVAL))
    announce_many(LETTER, [{"letter_id": str(letter.id), "turn": turn + 1}], at=at, wait=wait)


def send_letter(*, tenant_id: UUID, letter_id: UUID, at: datetime) -> bool:
    """Attempt to send a letter once if it is due and not claimed; return whether it was sent."""
    with tenant_active(tenant_id):
        letter = _claim(letter_id, at)
    if letter is None:
        return False
    provider = provider_for(letter.channel)
    text = _text(letter)
    outcome = provider.send(Address(letter.address), text) if provider else Outcome(False, detail="provider")
    with tenant_active(tenant_id):
        _record_outcome(letter, outcome, at)
    return outcome.sent


def _claim(letter_id: UUID, at: datetime) -> Letter | None:
    """Claim a letter for CLAIMED_FOR and count the attempt; end it if it cannot be sent any more."""
    free = Letter.objects.filter(
        Q(sending_until=None) | Q(sending_until__lte=at),
        Q(due_at=None) | Q(due_at__lte=at),
        id=letter_id,
        state=State.WAITING,
    )
    letter: Letter | None = free.select_for_update(skip_locked=True).first()
    if letter is None:
        return None
    if at - letter.created_at > MAX_AGE or letter.attempts >= MAX_ATTEMPTS:
        _end(letter, State.FAILED, letter.last_error or "too old", at)
        return None
    letter.attempts, letter.sending_until = letter.attempts + 1, at + CLAIMED_FOR
    letter.save(update_fields=["attempts", "sending_until"])
    return letter


def _record_outcome(letter: Letter, outcome: Outcome, at: datetime) -> None:
    mine = Letter.objects.filter(id=letter.id, state=State.WAITING, attempts=letter.attempts)
    if not mine.exists():
        return
    if outcome.sent or not outcome.again or letter.attempts >= MAX_ATTEMPTS:
        _end(letter, State.SENT if outcome.sent else State.FAILED, outcome.detail, at)
        return
    wait = min(FIRST_WAIT * 4 ** (letter.attempts - 1), MAX_WAIT)
    mine.update(due_at=at + wait, sending_until=None, last_error=outcome.detail[:300])


def _end(letter: Letter, state: str, why: str, at: datetime) -> None:
    """End the sending; the link, which may hold a token, is removed."""
    ended = {"state": state, "last_error": why[:300], "ended_at": at, "sending_until": None, "link": ""}
    Letter.objects.filter(id=letter.id).update(**ended)


def _text(letter: Letter) -> Text:
    with translation.override(letter.language or settings.LANGUAGE_CODE):
        return Text(
            id=str(letter.id),
            topic="letter",
            title=message_text(letter.title, letter.params),
            body=message_text(letter.body, letter.params),
            link=settings.PUBLIC_URL.rstrip("/") + letter.link if letter.link else "",
            at=letter.created_at,
        )
