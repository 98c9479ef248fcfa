"""A message's way out: held by one worker, sent outside any transaction, and written down.

The outbox keeps one message for each delivery that waits. It rings for the delivery when that is
due, and comes again, later each time, until the delivery has ended: so a ring that was lost is made
good. Sending itself (`send`) holds no transaction: what is slow at the other end holds a worker for
some seconds and no row. One whose worker died between the sending and the writing down is sent a
second time under the same Message-ID or webhook-id, by which the other side knows it.

Of the deliveries to one host only so many are under way at a time, and so many webhooks of a
tenant; a target that fails rests, with all that waits for it, longer each time.
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
from accounts.queries.message_text import worded
from jobs.operations.outbox import announce_many, on
from tenancy.context import active_tenant_id, tenant_active

TRIES = 8
FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=6)
TOO_OLD = timedelta(days=3)
HELD_FOR = timedelta(minutes=2)
RINGS_AT_LAST_EVERY = timedelta(minutes=15)
TO_ONE_HOST, OF_ONE_TENANT = 2, 4
REST, LONGEST_REST = timedelta(seconds=30), timedelta(hours=1)


Gate = Callable[[UUID, UUID], bool]
_gates: list[Gate] = []


def only_if(gate: Gate) -> Gate:
    """Registers `gate(person_id, party_id)`, asked before each try: who has left a party in the
    meantime gets nothing more that is the party's. A room above this one knows who acts for which."""
    if gate not in _gates:
        _gates.append(gate)
    return gate


@dataclass(frozen=True, slots=True)
class Held:
    """A delivery that this worker sends; `attempt` tells it from a later holder's."""

    id: UUID
    attempt: int
    channel: str
    person_id: UUID
    provider: Provider
    address: Address
    text: Text


@on(DELIVER)
def ring(body: dict[str, Any], at: datetime) -> None:
    """Asks a worker to send a delivery that is due, and looks at it again until it has ended."""
    delivery = Delivery.objects.filter(id=UUID(body["delivery_id"]), state=Delivery.State.WAITING).first()
    if delivery is None:
        return
    turn = int(body.get("turn", 0))
    free_at = max(delivery.due_at or at, delivery.sending_until or at)
    if free_at <= at:
        ring_for([delivery.id])
    wait = max(free_at - at, min(RINGS_AFTER * 2 ** min(turn, 10), RINGS_AT_LAST_EVERY))
    announce_many(DELIVER, [{"delivery_id": str(delivery.id), "turn": turn + 1}], at=at, wait=wait)


def send(*, tenant_id: UUID, delivery_id: UUID, at: datetime) -> bool:
    """Tries a delivery once, if it is due and in nobody's hands; whether it went out."""
    with tenant_active(tenant_id):
        held = _held(delivery_id, at)
    if held is None:
        return False
    outcome = held.provider.send(held.address, held.text)
    with tenant_active(tenant_id):
        _write_down(held, outcome, at)
    return outcome.sent


def _held(delivery_id: UUID, at: datetime) -> Held | None:
    """Takes it for HELD_FOR and counts the attempt; ends one that can go nowhere any more."""
    free = Delivery.objects.filter(
        Q(sending_until=None) | Q(sending_until__lte=at), Q(due_at=None) | Q(due_at__lte=at),
        id=delivery_id, state=Delivery.State.WAITING,
    )  # fmt: skip
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
    if at - delivery.created_at > TOO_OLD or delivery.attempts >= TRIES:
        _end(delivery, delivery.last_error or "too old", at)
        return None
    if hook is not None and not _has_room(delivery, hook, at):
        return None
    attempt = delivery.attempts + 1
    Delivery.objects.filter(id=delivery.id).update(attempts=attempt, sending_until=at + HELD_FOR)
    text = _text(delivery, person)
    return Held(delivery.id, attempt, delivery.channel, person.pk, provider, address, text)


def _has_room(delivery: Delivery, hook: Hook, at: datetime) -> bool:
    """Whether its target may be posted to now; else it waits, and that is no attempt."""
    mine, host = Delivery.objects.filter(id=delivery.id), host_of(hook.url)
    if hook.rests_until is not None and hook.rests_until > at:
        mine.update(target=host, due_at=hook.rests_until)
        return False
    mine.update(target=host)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"webhooks:{active_tenant_id()}"]
        )
    under_way = _under_way(at)
    return under_way[host] < TO_ONE_HOST and under_way.total() < OF_ONE_TENANT


def _under_way(at: datetime) -> Counter[str]:
    """How many webhooks of the tenant are being sent now, by host."""
    rows = Delivery.objects.filter(channel=WEBHOOK, state=Delivery.State.WAITING, sending_until__gt=at)
    return Counter(rows.values_list("target", flat=True))


def _write_down(held: Held, outcome: Outcome, at: datetime) -> None:
    again = not outcome.sent and outcome.again and held.attempt < TRIES
    state = Delivery.State.SENT if outcome.sent else Delivery.State.FAILED
    values: dict[str, Any] = {"last_error": outcome.detail[:300], "sending_until": None}
    values |= (
        {"due_at": at + min(FIRST * 4 ** (held.attempt - 1), LONGEST)}
        if again
        else {"state": state, "ended_at": at}
    )
    mine = Delivery.objects.filter(id=held.id, state=Delivery.State.WAITING, attempts=held.attempt)
    mine.update(**values)
    if held.channel == WEBHOOK:
        _rest(held, outcome, at)
        _ring_for_the_next(at)


def _rest(held: Held, outcome: Outcome, at: datetime) -> None:
    """After a failure that may pass the target rests, twice as long each time in a row."""
    hook = Hook.objects.filter(person_id=held.person_id, url=held.address.value)
    if outcome.sent:
        hook.filter(failures__gt=0).update(failures=0, rests_until=None)
    elif outcome.again and (found := hook.select_for_update().first()):
        rest = min(REST * 2 ** min(found.failures, 10), LONGEST_REST)
        hook.update(failures=min(found.failures + 1, 1000), rests_until=at + rest)


def _ring_for_the_next(at: datetime) -> None:
    """The oldest one that waited for room and may be posted now."""
    full = [host for host, count in _under_way(at).items() if count >= TO_ONE_HOST]
    waiting = Delivery.objects.filter(
        Q(sending_until=None) | Q(sending_until__lte=at), Q(due_at=None) | Q(due_at__lte=at),
        channel=WEBHOOK, state=Delivery.State.WAITING, target__gt="",
    ).exclude(target__in=full)  # fmt: skip
    ring_for(waiting.order_by("id").values_list("id", flat=True)[:1])


def _end(delivery: Delivery, why: str, at: datetime) -> None:
    Delivery.objects.filter(id=delivery.id).update(
        state=Delivery.State.FAILED, last_error=why, attempts=F("attempts") + 1, sending_until=None,
        ended_at=at,
    )  # fmt: skip


def _text(delivery: Delivery, person: User) -> Text:
    message = delivery.message
    with translation.override(person.language):
        return Text(
            id=str(delivery.id),
            topic=message.topic,
            title=worded(message.title, message.params),
            body=worded(message.body, message.params),
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
    """What is counted as one target, however the rest of the address reads."""
    try:
        return (urlsplit(url).hostname or "-").rstrip(".")[:253]
    except ValueError:
        return "-"
