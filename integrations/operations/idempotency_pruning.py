"""Delete the stored answers of the API after the period in which a retry gets them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from accounts.rights import Actor
from tenancy.context import active_tenant_id, joined_transaction

RETENTION = timedelta(days=30)
_TIMESTAMP_SHIFT_BITS = 80


def prune_answers(*, by: Actor, at: datetime) -> int:
    """Delete the active tenant's stored answers of more than 30 days ago and return their number.

    An Idempotency-Key used again after that makes a new write. The ids are in order of creation (UUIDv7),
    so the primary key finds the old records.
    """
    with joined_transaction(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM integrations_idempotencyrecord WHERE tenant_id = %s AND id < %s",
            [active_tenant_id(), first_id_of(at - RETENTION)],
        )
        return int(cursor.rowcount)


def first_id_of(at: datetime) -> UUID:
    """Return the smallest UUIDv7 that can be created at this moment."""
    return UUID(int=int(at.timestamp() * 1000) << _TIMESTAMP_SHIFT_BITS)
