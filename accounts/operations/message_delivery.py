"""Delivery of messages: claimed by one worker, sent outside any transaction, then recorded.

The outbox contains one message for each waiting delivery. Its handler `ring` nudges a worker when the
delivery is due and schedules itself again, with a longer pause each time, until the delivery has ended; so
a lost nudge is repeated. `send` holds no transaction while it sends: a slow target blocks a worker for
some seconds but no row. If a worker dies after sending and before recording, the delivery is sent again
under the same Message-ID or webhook-id, by which the receiver recognises it.

The number of webhooks sent at the same time is limited for each host and for each tenant. A target that
fails gets no delivery for a while, longer after each failure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from django.utils import translation

from accounts.domain.topics import MAIL, SMS, WEBHOOK
from accounts.models import Delivery, Hook, User
from accounts.operations.notify import DELIVER, RINGS_AFTER, ring_for
from accounts.providers import Address, Outcome, Provider, Text, provider_for
from accounts.queries.message_text import message_text
from jobs.operations.outbox import announce_many, on
from tenancy.context import active_tenant_id, tenant_active

MAX_ATTEMPTS = 8
FIRST_WAIT, MAX_WAIT = timedelta(minutes=1), timedelta(hours=6)
MAX_AGE = timedelta(days=3)
CLAIMED_FOR = timedelta(minutes=2)
MAX_RING_INTERVAL = timedelta(minutes=15)
MAX_SENDING_PER_HOST, MAX_SENDING_PER_TENANT = 2, 4
FIRST_REST, MAX_REST = timedelta(seconds=30), timedelta(hours=1)


Gate = Callable[[UUID, UUID], bool]
_gates: list[Gate] = []


def delivery_gate(gate: Gate) -> Gate:
    """Register `gate(person_id, party_id) -> bool`, checked before each attempt to deliver.

    A person who has left a party gets no more of its messages. A room above this one knows the
    memberships.
    """
    if gate not in _gates:
        _gates.append(gate)
    return gate


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery that this worker sends; `attempt` distinguishes it from a later worker's claim."""

    id: UUID
    attempt: int
    channel: str
    person_id: UUID
    provider: Provider
    address: Address
    text: Text


@on(DELIVER)
def ring(body: dict[str, Any], at: datetime) -> None:
    """Nudge a worker for a delivery that is due, and check again later until it has ended."""
    delivery = Delivery.objects.filter(id=UUID(body["delivery_id"]), state=Delivery.State.WAITING).first()
    if delivery is None:
        return
    turn = int(body.get("turn", 0))
    free_at = max(delivery.due_at or at, delivery.sending_until or at)
    if free_at <= at:
        ring_for([delivery.id])
    wait = max(free_at - at, min(RINGS_AFTER * 2 ** min(turn, 10), MAX_RING_INTERVAL))
    announce_many(DELIVER, [{"delivery_id": str(delivery.id), "turn": turn + 1}], at=at, wait=wait)


def send(*, tenant_id: UUID, delivery_id: UUID, at: datetime) -> bool:
    """Attempt a delivery once if it is due and not claimed; return whether it was sent."""
    with tenant_active(tenant_id):
        claimed = _claim(delivery_id, at)
    if claimed is None:
        return False
    outcome = claimed.provider.send(claimed.address, claimed.text)
    with tenant_active(tenant_id):
        _record_outcome(claimed, outcome, at)
    return outcome.sent


def _claim(delivery_id: UUID, at: datetime) -> ClaimedDelivery | None:
    """Claim a delivery for CLAIMED_FOR and count the attempt; end it if it cannot be sent any more."""
    free = Delivery.objects.filter(
        Q(sending_until=None) | Q(sending_until__lte=at),
        Q(due_at=None) | Q(due_at__lte=at),
        id=delivery_id,
        state=Delivery.State.WAITING,
    )
    delivery = free.select_for_update(of=("self",), skip_locked=True).select_related("message").first()
    if delivery is None:
        return None
    person = User.objects.filter(id=delivery.message.person_id, is_active=True).first()
    provider = provider_for(delivery.channel)
    hook = Hook.objects.filter(person=person).first() if person and delivery.channel == WEBHOOK else None
    address = _address(person, hook, delivery.channel)
    if person is None or provider is None or address is None:
        _end(delivery, "address" if provider else "provider", at)
        return None
    if not all(gate(person.pk, delivery.message.party_id) for gate in _gates):
        _end(delivery, "left", at)
        return None
    if at - delivery.created_at > MAX_AGE or delivery.attempts >= MAX_ATTEMPTS:
        _end(delivery, delivery.last_error or "too old", at)
        return None
    if hook is not None and not _may_send_to(delivery, hook, at):
        return None
    attempt = delivery.attempts + 1
    Delivery.objects.filter(id=delivery.id).update(attempts=attempt, sending_until=at + CLAIMED_FOR)
    text = _text(delivery, person)
    return ClaimedDelivery(delivery.id, attempt, delivery.channel, person.pk, provider, address, text)


def _may_send_to(delivery: Delivery, hook: Hook, at: datetime) -> bool:
    """Return whether the target may be posted to now; if not, the delivery waits without an attempt."""
    mine, host = Delivery.objects.filter(id=delivery.id), host_of(hook.url)
    if hook.rests_until is not None and hook.rests_until > at:
        mine.update(target=host, due_at=hook.rests_until)
        return False
    mine.update(target=host)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"webhooks:{active_tenant_id()}"]
        )
    sending = _sending_by_host(at)
    return sending[host] < MAX_SENDING_PER_HOST and sending.total() < MAX_SENDING_PER_TENANT


def _sending_by_host(at: datetime) -> Counter[str]:
    """Return the number of the tenant's webhooks that are being sent now, by host."""
    rows = Delivery.objects.filter(channel=WEBHOOK, state=Delivery.State.WAITING, sending_until__gt=at)
    return Counter(rows.values_list("target", flat=True))


def _record_outcome(claimed: ClaimedDelivery, outcome: Outcome, at: datetime) -> None:
    again = not outcome.sent and outcome.again and claimed.attempt < MAX_ATTEMPTS
    state = Delivery.State.SENT if outcome.sent else Delivery.State.FAILED
    values: dict[str, Any] = {"last_error": outcome.detail[:300], "sending_until": None}
    values |= (
        {"due_at": at + min(FIRST_WAIT * 4 ** (claimed.attempt - 1), MAX_WAIT)}
        if again
        else {"state": state, "ended_at": at}
    )
    mine = Delivery.objects.filter(id=claimed.id, state=Delivery.State.WAITING, attempts=claimed.attempt)
    mine.update(**values)
    if claimed.channel == WEBHOOK:
        _update_rest(claimed, outcome, at)
        _ring_for_the_next(at)


def _update_rest(claimed: ClaimedDelivery, outcome: Outcome, at: datetime) -> None:
    """Pause the target after a temporary failure, twice as long after each consecutive one."""
    hook = Hook.objects.filter(person_id=claimed.person_id, url=claimed.address.value)
    if outcome.sent:
        hook.filter(failures__gt=0).update(failures=0, rests_until=None)
    elif outcome.again and (found := hook.select_for_update().first()):
        rest = min(FIRST_REST * 2 ** min(found.failures, 10), MAX_REST)
        hook.update(failures=min(found.failures + 1, 1000), rests_until=at + rest)


def _ring_for_the_next(at: datetime) -> None:
    """Nudge a worker for the oldest delivery that waited for another one to its target to end."""
    full = [host for host, count in _sending_by_host(at).items() if count >= MAX_SENDING_PER_HOST]
    waiting = Delivery.objects.filter(
        Q(sending_until=None) | Q(sending_until__lte=at),
        Q(due_at=None) | Q(due_at__lte=at),
        channel=WEBHOOK,
        state=Delivery.State.WAITING,
        target__gt="",
    ).exclude(target__in=full)
    ring_for(waiting.order_by("id").values_list("id", flat=True)[:1])


def _end(delivery: Delivery, why: str, at: datetime) -> None:
    Delivery.objects.filter(id=delivery.id).update(
        state=Delivery.State.FAILED,
        last_error=why,
        attempts=F("attempts") + 1,
        sending_until=None,
        ended_at=at,
    )


def _text(delivery: Delivery, person: User) -> Text:
    message = delivery.message
    with translation.override(person.language):
        return Text(
            id=str(delivery.id),
            topic=message.topic,
            title=message_text(message.title, message.params),
            body=message_text(message.body, message.params),
            link=settings.PUBLIC_URL.rstrip("/") + message.link if message.link else "",
            at=message.created_at,
        )


def _address(person: User | None, hook: Hook | None, channel: str) -> Address | None:
    if person is None:
        return None
    if channel == WEBHOOK:
        return Address(hook.url, hook.secret) if hook else None
    value = {MAIL: person.proved_email, SMS: person.phone}.get(channel, "")
    return Address(value) if value else None


def host_of(url: str) -> str:
    """Return the host of a URL, by which targets are counted; "-" if it has none."""
    try:
        return (urlsplit(url).hostname or "-").rstrip(".")[:253]
    except ValueError:
        return "-"
