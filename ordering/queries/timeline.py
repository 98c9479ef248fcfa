"""What happened to an order, in order: its own deeds and those of its shipments and returns."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from tenancy.context import active_tenant_id


class Deed(NamedTuple):
    at: datetime
    deed: str
    actor: str
    facts: dict[str, Any]


def timeline_of(order_id: UUID) -> list[Deed]:
    """The audit trail of an order, oldest first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at, deed, actor, facts::text FROM audit_trace WHERE tenant_id = %(tenant)s"
            " AND (noun = 'order' AND noun_id = %(order)s::text OR noun = 'shipment' AND noun_id IN"
            " (SELECT id::text FROM ordering_shipment WHERE tenant_id = %(tenant)s AND order_id = %(order)s))"
            " ORDER BY at, id",
            {"tenant": active_tenant_id(), "order": order_id},
        )
        return [Deed(at, deed, actor, json.loads(facts)) for at, deed, actor, facts in cursor.fetchall()]
