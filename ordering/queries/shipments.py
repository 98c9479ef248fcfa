"""Read shipments with their lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from ordering.models import DeliverySlip
from tenancy.context import active_tenant_id


class ShippedLine(NamedTuple):
    order_line_id: UUID
    position: int
    product_id: UUID
    sku: str
    qty: int
    free_qty: int
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class ShipmentDetail:
    """A shipment. `slip_at` is when its first signed slip was uploaded; `timed_out` marks a receipt that the
    buyer did not confirm; `replayed` marks the answer to a request that was made before.
    """

    id: UUID
    order_id: UUID
    order_number: str
    number: str
    state: str
    shipped_at: datetime
    delivered_at: datetime | None
    delivered_on: date | None
    signed_by: str
    amount: Decimal
    slip_at: datetime | None = None
    timed_out: bool = False
    seller_id: UUID | None = None
    buyer_id: UUID | None = None
    source: str = ""
    lines: tuple[ShippedLine, ...] = ()
    replayed: bool = False


_SHIPMENTS = (
    "SELECT s.id, s.order_id, o.number, s.number, s.state, s.shipped_at, s.delivered_at, s.delivered_on,"
    " s.signed_by, s.amount, s.slip_at, s.timed_out, o.seller_id, o.buyer_id, s.source"
    " FROM ordering_shipment s"
    " JOIN ordering_order o ON o.tenant_id = s.tenant_id AND o.id = s.order_id"
    " WHERE s.tenant_id = %s AND s.id = ANY(%s::uuid[]) ORDER BY s.id"
)
_LINES = (
    "SELECT l.shipment_id, l.order_line_id, o.position, o.product_id, o.sku, l.qty, l.free_qty, l.net, l.tax"
    " FROM ordering_shipmentline l"
    " JOIN ordering_orderline o ON o.tenant_id = l.tenant_id AND o.id = l.order_line_id"
    " WHERE l.tenant_id = %s AND l.shipment_id = ANY(%s::uuid[]) ORDER BY o.position"
)


def shipment_facts(shipment_id: UUID) -> ShipmentDetail:
    """Return a shipment with its lines. Two statements. Raises LookupError if it does not exist."""
    for shipment in shipments_facts([shipment_id]):
        return shipment
    raise LookupError(shipment_id)


def shipments_facts(shipment_ids: Iterable[UUID]) -> list[ShipmentDetail]:
    """Return the shipments that exist, with their lines, by id. Two statements."""
    key: list[Any] = [active_tenant_id(), [str(one) for one in shipment_ids]]
    lines: dict[UUID, list[ShippedLine]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SHIPMENTS, key)
        found = [ShipmentDetail(*row) for row in cursor.fetchall()]
        cursor.execute(_LINES, key)
        for shipment_id, *line in cursor.fetchall():
            lines.setdefault(shipment_id, []).append(ShippedLine(*line))
    return [replace(one, lines=tuple(lines.get(one.id, ()))) for one in found]


def slips_of(shipment_id: UUID) -> QuerySet[DeliverySlip]:
    """Return the signed slips of a shipment without their content, the first one first."""
    rows: QuerySet[DeliverySlip] = DeliverySlip.objects.filter(shipment_id=shipment_id).defer("content")
    return rows.order_by("uploaded_at", "id")
