"""Notify people: write messages to their inbox and send them by the channels that they have chosen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from accounts.domain.topics import MAIL, SMS, WEBHOOK, Addressee, wants
from accounts.models import Delivery
from accounts.providers import offered
from jobs.operations.dispatch import nudge
from jobs.operations.outbox import MAX_NUDGES, announce_many
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.models import new_id
from tenancy.rooms import NotificationTopic

DELIVER, SEND = "accounts.deliver", "accounts.send_message"
RINGS_AFTER = timedelta(seconds=30)


def tell(
    *,
    topic: NotificationTopic,
    people: Iterable[Addressee],
    params: Mapping[str, Any],
    source: str,
    at: datetime,
    link: str = "",
) -> int:
    """Notify each person once; return how many were notified now.

    `source` identifies the event. A person notified of it before is skipped, so that a repeated message
    of the outbox changes nothing. For the shape of `params` see
    accounts.queries.message_text.params_displayed. Executes at most four statements for any number of people.
    """
    rows = sorted({(one.person_id, one.party_id): one.link or link for one in people}.items())
    if not rows:
        return 0
    columns: dict[str, Any] = {
        "ids": [str(new_id()) for _ in rows],
        "people": [str(person) for (person, _party), _link in rows],
        "parties": [str(party) for (_person, party), _link in rows],
        "links": [to for _key, to in rows],
        "tenant": active_tenant_id(),
        "topic": topic.code,
        "group": topic.group,
        "title": topic.title,
        "body": topic.body,
        "params": json.dumps(dict(params)),
        "source": source,
        "at": at,
    }
    with joined_transaction():
        with connection.cursor() as cursor:
            cursor.execute(
                'INSERT INTO accounts_message (id, tenant_id, person_id, party_id, topic, "group", title,'
                " body, params, link, source, created_at) SELECT one.id, %(tenant)s, one.person, one.party,"
                " %(topic)s, %(group)s, %(title)s, %(body)s, %(params)s, one.link, %(source)s, %(at)s"
                " FROM unnest(%(ids)s::uuid[], %(people)s::uuid[], %(parties)s::uuid[], %(links)s::text[])"
                " AS one(id, person, party, link)"
                " ON CONFLICT (tenant_id, person_id, party_id, source) DO NOTHING RETURNING id, person_id",
                columns,
            )
            messages: list[tuple[UUID, UUID]] = cursor.fetchall()
        _deliver_by_channels(messages, topic.group, at)
    return len(messages)


def _deliver_by_channels(messages: Sequence[tuple[UUID, UUID]], group: str, at: datetime) -> None:
    """Create the deliveries of new messages, given as (message id, person id)."""
    channels = [channel for channel in (MAIL, SMS, WEBHOOK) if channel in offered()]
    if not messages or not channels:
        return
    wanted = _channels_of({person for _id, person in messages}, group)
    deliveries = [
        Delivery(message_id=message_id, channel=channel, created_at=at)
        for message_id, person in messages
        for channel in channels
        if wanted[person].get(channel)
    ]
    if deliveries:
        Delivery.objects.bulk_create(deliveries)
        announce_many(DELIVER, [{"delivery_id": str(one.id)} for one in deliveries], at=at, wait=RINGS_AFTER)
        ring_for(one.id for one in deliveries[:MAX_NUDGES])


def ring_for(ids: Iterable[UUID]) -> None:
    """Nudge workers to send these deliveries after the commit."""
    tenant_id = active_tenant_id()
    for one in ids:
        transaction.on_commit(partial(nudge, SEND, tenant_id=tenant_id, delivery_id=one), robust=True)


def _channels_of(people: set[UUID], group: str) -> dict[UUID, dict[str, bool]]:
    """Return by person whether each channel can reach them and is wanted for this group."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u.id, u.proved_email <> '', u.phone <> '', EXISTS (SELECT FROM accounts_hook h"
            " WHERE h.tenant_id = %(tenant)s AND h.person_id = u.id),"
            " coalesce((SELECT json_object_agg(p.channel, p.wanted) FROM accounts_preference p"
            " WHERE p.tenant_id = %(tenant)s AND p.person_id = u.id AND p.\"group\" = %(group)s), '{}')::text"
            " FROM accounts_user u WHERE u.is_active AND u.id = ANY (%(people)s::uuid[])",
            {"tenant": active_tenant_id(), "group": group, "people": sorted(map(str, people))},
        )
        rows = cursor.fetchall()
    found: dict[UUID, dict[str, bool]] = {person: {} for person in people}
    for person, mail, phone, hook, text in rows:
        chosen = {(channel, group): wanted for channel, wanted in json.loads(text).items()}
        reachable = {MAIL: mail, SMS: phone, WEBHOOK: hook}
        found[person] = {
            channel: is_reachable and wants(chosen, channel, group)
            for channel, is_reachable in reachable.items()
        }
    return found
