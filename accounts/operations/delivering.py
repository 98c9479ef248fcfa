"""A message's way out, from the outbox: each try in a transaction of its own, each longer after the last.

A delivery that was sent is never sent again. One whose worker died between the sending and the
commit is sent a second time under the same Message-ID or webhook-id, by which the other side
knows it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation

from accounts.domain.topics import MAIL, SMS, WEBHOOK
from accounts.models import Delivery, Hook, User
from accounts.operations.telling import DELIVER
from accounts.providers import Address, Outcome, Text, provider_for
from accounts.queries.texts import worded
from tenancy.operations.outbox import announce_many, on

TRIES = 8
FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=6)


@on(DELIVER)
def deliver_by_channel(body: dict[str, Any], at: datetime) -> None:
    """Tries a waiting delivery once; what may succeed later is announced again for later."""
    waiting = Delivery.objects.filter(id=UUID(body["delivery_id"]), state=Delivery.State.WAITING)
    delivery = waiting.select_for_update(of=("self",)).select_related("message").first()
    if delivery is None:
        return
    outcome = _sent(delivery)
    attempts = delivery.attempts + 1
    again = not outcome.sent and outcome.again and attempts < TRIES
    state = Delivery.State.WAITING if again else Delivery.State.SENT
    if not outcome.sent and not again:
        state = Delivery.State.FAILED
    Delivery.objects.filter(id=delivery.id).update(
        state=state, attempts=attempts, last_error=outcome.detail[:300], ended_at=None if again else at
    )
    if again:
        wait = min(FIRST * 4 ** (attempts - 1), LONGEST)
        announce_many(DELIVER, [body], at=at, wait=wait)


def _sent(delivery: Delivery) -> Outcome:
    message = delivery.message
    person = User.objects.filter(id=message.person_id, is_active=True).first()
    provider = provider_for(delivery.channel)
    address = _address(person, delivery.channel) if person else None
    if person is None or provider is None or address is None:
        return Outcome(False, detail="address" if provider else "provider")
    with translation.override(person.language):
        text = Text(
            id=str(delivery.id),
            topic=message.topic,
            title=worded(message.title, message.params),
            body=worded(message.body, message.params),
            link=settings.PUBLIC_URL.rstrip("/") + message.link if message.link else "",
            at=message.created_at,
        )
    return provider.send(address, text)


def _address(person: User, channel: str) -> Address | None:
    if channel == WEBHOOK:
        hook = Hook.objects.filter(person=person).first()
        return Address(hook.url, hook.secret) if hook else None
    value = {MAIL: person.email, SMS: person.phone}.get(channel, "")
    return Address(value) if value else None
