"""The outbox: a message is written together with its cause and handled exactly once afterwards.

Redis may lose or repeat a task. The outbox tolerates both: a worker locks the message, runs its
handlers and marks it done in one transaction, and the sweeper sends overdue messages again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from jobs.models import OutboxDue, OutboxMessage
from jobs.operations.dispatch import nudge_messages, nudge_soon
from jobs.operations.loading import load_tasks
from tenancy.context import active_tenant_id, set_local, tenant_active
from tenancy.models import new_id

log = logging.getLogger(__name__)
Handler = Callable[[dict[str, Any], datetime], None]
_handlers: dict[str, list[Handler]] = {}
PATIENCE, MAX_WAIT = timedelta(seconds=20), timedelta(hours=6)
MAX_NUDGES = 50


def on(topic: str) -> Callable[[Handler], Handler]:
    """Register `handler(body, at)` for a topic. It runs inside the message's transaction."""

    def register(handler: Handler) -> Handler:
        handlers = _handlers.setdefault(topic, [])
        if handler not in handlers:
            handlers.append(handler)
        return handler

    return register


def announce(topic: str, body: dict[str, Any], *, at: datetime) -> UUID:
    """Write one message in one statement, nudge a worker after the commit, and return the id."""
    message_id, tenant_id = new_id(), active_tenant_id()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {WRITE_MESSAGE}", message_columns(message_id, topic, body, at=at))
    transaction.on_commit(lambda: _nudge(tenant_id, message_id), robust=True)
    return message_id


# The call that writes one message, for an operation that writes everything in one statement.
WRITE_MESSAGE = (
    "write_outbox_message(%(message)s, %(message_tenant)s, %(message_at)s, %(message_topic)s,"
    " %(message_body)s, %(message_patience)s)"
)


def message_columns(message_id: UUID, topic: str, body: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    """Return the parameters of WRITE_MESSAGE. The caller nudges a worker after the commit."""
    return {
        "message": message_id,
        "message_tenant": active_tenant_id(),
        "message_at": at,
        "message_topic": topic,
        "message_body": json.dumps(body),
        "message_patience": PATIENCE,
    }


def announce_many(
    topic: str, bodies: Sequence[dict[str, Any]], *, at: datetime, wait: timedelta | None = None
) -> int:
    """Write a message for each body in one statement; return their number.

    With `wait` the sweeper sends them after that time. Without it a worker is nudged after the commit
    for the first MAX_NUDGES messages, and the sweeper sends the others.
    """
    if not bodies:
        return 0
    tenant_id, ids = active_tenant_id(), [str(new_id()) for _ in bodies]
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH message AS (INSERT INTO jobs_outboxmessage"
            " (id, tenant_id, created_at, topic, body, attempts, last_error)"
            " SELECT one.id, %s, %s, %s, one.body::jsonb, 0, ''"
            " FROM unnest(%s::uuid[], %s::text[]) AS one(id, body) RETURNING id, tenant_id, created_at)"
            " INSERT INTO jobs_outboxdue (id, tenant_id, created_at, due_at, nudges)"
            " SELECT id, tenant_id, created_at, now() + %s::interval, 0 FROM message",
            [tenant_id, at, topic, ids, [json.dumps(body) for body in bodies], str(wait or PATIENCE)],
        )
    if wait is None:
        for message_id in map(UUID, ids[:MAX_NUDGES]):
            transaction.on_commit(partial(_nudge, tenant_id, message_id), robust=True)
    return len(ids)


def _nudge(tenant_id: UUID, message_id: UUID) -> None:
    nudge_soon(tenant_id, message_id)


def deliver(*, tenant_id: UUID, message_id: UUID, at: datetime) -> bool:
    """Run the handlers of one message once.

    Return False if the message is done, does not exist or is locked by another worker. If a handler
    fails, the message is postponed and the error is raised.
    """
    load_tasks()
    try:
        with tenant_active(tenant_id):
            due = OutboxDue.objects.filter(id=message_id)
            taken = due.select_for_update(skip_locked=True).first()
            if taken is None:
                return False
            message = OutboxMessage.objects.get(id=message_id, created_at=taken.created_at)
            if message.topic not in _handlers:
                log.warning("outbox_topic_unheard: %s", message.topic)
            for handler in _handlers.get(message.topic, []):
                handler(message.body, at)
            OutboxMessage.objects.filter(id=message_id, created_at=taken.created_at).update(done_at=at)
            due.delete()
            return True
    except Exception as error:
        _postpone(tenant_id, message_id, error, at)
        raise


def deliver_all(messages: Iterable[tuple[UUID, UUID]], *, at: datetime) -> int:
    """Deliver each (tenant, message) in its own transaction; return the number delivered.

    A message that fails is postponed and does not delay the others. Raises the first error at the end.
    """
    done, failed = 0, None
    for tenant_id, message_id in messages:
        try:
            done += deliver(tenant_id=tenant_id, message_id=message_id, at=at)
        except Exception as error:
            log.warning("outbox_message_failed: %s: %s", message_id, error)
            failed = failed or error
    if failed is not None:
        raise failed
    return done


def _postpone(tenant_id: UUID, message_id: UUID, error: Exception, at: datetime) -> None:
    with tenant_active(tenant_id):
        due = OutboxDue.objects.filter(id=message_id).first()
        if due is None:
            return
        messages = OutboxMessage.objects.filter(id=message_id, created_at=due.created_at)
        messages.update(attempts=F("attempts") + 1, last_error=f"{type(error).__name__}: {error}"[:2000])
        attempts = messages.values_list("attempts", flat=True).get()
        wait = min(PATIENCE * 2 ** min(attempts, 12), MAX_WAIT)
        OutboxDue.objects.filter(id=message_id).update(due_at=at + wait)


def sweep(*, at: datetime, limit: int = 500) -> int:
    """Nudge workers for overdue messages, at most `limit` of each tenant; return their number.

    Two sweepers take different messages, no lock spans tenants, and a tenant with many messages does
    not delay another. The pause doubles with each nudge, so that a long queue does not fill with copies.
    """
    sent = 0
    for tenant_id in _tenants_with_overdue(at):
        with tenant_active(tenant_id):
            overdue = _take_overdue(tenant_id, at, limit)
        nudge_messages([(tenant_id, message_id) for message_id in overdue])
        sent += len(overdue)
    return sent


def _tenants_with_overdue(at: datetime) -> list[UUID]:
    with transaction.atomic(), connection.cursor() as cursor:
        set_local("app.sweeping", "on")
        cursor.execute(
            "SELECT DISTINCT due.tenant_id FROM jobs_outboxdue due"
            " JOIN tenancy_tenant ON tenancy_tenant.id = due.tenant_id AND is_open WHERE due_at <= %s",
            [at],
        )
        found = [tenant_id for (tenant_id,) in cursor.fetchall()]
        set_local("app.sweeping", "")
    return found


def _take_overdue(tenant_id: UUID, at: datetime, limit: int) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH taken AS MATERIALIZED (SELECT id FROM jobs_outboxdue"
            " WHERE tenant_id = %(tenant)s AND due_at <= %(at)s ORDER BY due_at LIMIT %(limit)s"
            " FOR UPDATE SKIP LOCKED) UPDATE jobs_outboxdue due SET nudges = nudges + 1,"
            " due_at = %(at)s"
            " + least(%(patience)s::interval * power(2, least(nudges + 1, 12)), %(longest)s::interval)"
            " FROM taken WHERE due.tenant_id = %(tenant)s AND due.id = taken.id RETURNING due.id",
            {
                "at": at,
                "patience": str(PATIENCE),
                "longest": str(MAX_WAIT),
                "tenant": tenant_id,
                "limit": limit,
            },
        )
        return [message_id for (message_id,) in cursor.fetchall()]
