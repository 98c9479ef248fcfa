"""Read the history of an order and its shipments."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from audit.models import AuditEntry
from audit.queries import trail
from ordering.models import Order, Shipment


def timeline_of(order_id: UUID, shipment_ids: Iterable[UUID] = ()) -> QuerySet[AuditEntry]:
    """Return the audit trail of an order and of these shipments of it, oldest first. One statement."""
    return trail((Order, order_id), *((Shipment, one) for one in shipment_ids))
