"""Read returns with their lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from tenancy.context import active_tenant_id


class ReturnLineFacts(NamedTuple):
    position: int | None
    product_id: UUID
    sku: str
    qty: int
    free_qty: int
    charged_free: int
    unit_price: Decimal
    net: Decimal
    tax: Decimal
    name: str


@dataclass(frozen=True, slots=True)
class ReturnDetail:
    """A return. `replayed` marks the answer to a request whose source was booked before."""

    id: UUID
    order_id: UUID | None
    seller_id: UUID
    buyer_id: UUID
    number: str
    source: str
    returned_at: datetime
    reason: str
    net: Decimal
    tax: Decimal
    credit: Decimal
    lines: tuple[ReturnLineFacts, ...] = ()
    replayed: bool = False


def return_facts(return_id: UUID) -> ReturnDetail:
    """Return a return with its lines. Two statements. Raises LookupError if it does not exist."""
    key = [active_tenant_id(), return_id]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, order_id, seller_id, buyer_id, number, source, returned_at, reason, net, tax, credit"
            " FROM ordering_return WHERE tenant_id = %s AND id = %s",
            key,
        )
        row = cursor.fetchone()
        if row is None:
            raise LookupError(return_id)
        cursor.execute(
            "SELECT o.position, r.product_id, p.sku, r.qty, r.free_qty, r.charged_free, r.unit_price,"
            " r.net, r.tax, p.name FROM ordering_returnline r"
            " JOIN catalogue_product p ON p.tenant_id = r.tenant_id AND p.id = r.product_id"
            " LEFT JOIN ordering_orderline o ON o.tenant_id = r.tenant_id AND o.id = r.order_line_id"
            " WHERE r.tenant_id = %s AND r.parent_id = %s ORDER BY o.position, r.id",
            key,
        )
        return replace(ReturnDetail(*row), lines=tuple([ReturnLineFacts(*one) for one in cursor.fetchall()]))
