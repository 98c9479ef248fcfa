"""What the API keeps for retries, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from accounts.rights import Actor
from tenancy.context import active_tenant_id, joined_transaction

KEPT = timedelta(days=30)
_MILLISECONDS_FROM = 80


def prune_answers(*, by: Actor, at: datetime) -> int:
    """Forgets the active tenant's answers to writes of more than 30 days ago; how many.

    A key used again after that makes a new write. The records' ids are in the order of their
    making, so the primary key finds the old ones.
    """
    with joined_transaction(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM integrations_idempotencyrecord WHERE tenant_id = %s AND id < %s",
            [active_tenant_id(), first_id_of(at - KEPT)],
        )
        return int(cursor.rowcount)


def first_id_of(at: datetime) -> UUID:
    """No UUIDv7 that was made at this moment or later is smaller."""
    return UUID(int=int(at.timestamp() * 1000) << _MILLISECONDS_FROM)
