"""Read shipments with their lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection

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
    lines: tuple[ShippedLine, ...] = ()


_SHIPMENT = (
    "SELECT s.id, s.order_id, o.number, s.number, s.state, s.shipped_at, s.delivered_at, s.delivered_on,"
    " s.signed_by, s.amount FROM ordering_shipment s"
    " JOIN ordering_order o ON o.tenant_id = s.tenant_id AND o.id = s.order_id"
    " WHERE s.tenant_id = %s AND s.id = %s"
)
_LINES = (
    "SELECT l.order_line_id, o.position, o.product_id, o.sku, l.qty, l.free_qty, l.net, l.tax"
    " FROM ordering_shipmentline l"
    " JOIN ordering_orderline o ON o.tenant_id = l.tenant_id AND o.id = l.order_line_id"
    " WHERE l.tenant_id = %s AND l.shipment_id = %s ORDER BY o.position"
)


def shipment_facts(shipment_id: UUID) -> ShipmentDetail:
    """Return a shipment with its lines. Two statements. Raises LookupError if it does not exist."""
    key = [active_tenant_id(), shipment_id]
    with connection.cursor() as cursor:
        cursor.execute(_SHIPMENT, key)
        row = cursor.fetchone()
        if row is None:
            raise LookupError(shipment_id)
        cursor.execute(_LINES, key)
        return replace(ShipmentDetail(*row), lines=tuple([ShippedLine(*one) for one in cursor.fetchall()]))
