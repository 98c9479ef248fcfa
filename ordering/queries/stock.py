"""Read available stock, by the rules of ordering.domain.stock, and goods on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from ordering.domain.stock import Available, Movement, StockRequest, available
from tenancy.context import active_tenant_id


def available_to_promise(
    *, party_id: UUID, product_id: UUID, future: Sequence[Movement] = ()
) -> tuple[Available, ...]:
    """Return the stock available now and after each day with movements.

    A shipment on its way to the party counts on the day that `future` gives for it. A product without a
    stock row has no stock.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT on_hand, safety, quarantine, hard, soft FROM ordering_stock"
            " WHERE tenant_id = %s AND party_id = %s AND product_id = %s",
            [active_tenant_id(), party_id, product_id],
        )
        on_hand, safety, quarantine, hard, soft = cursor.fetchone() or (0, 0, 0, 0, 0)
    return available(StockRequest(on_hand, safety, quarantine, hard, soft, tuple(future)))


def incoming(*, party_id: UUID, product_id: UUID) -> list[tuple[date, int]]:
    """Return the units shipped to the party and not delivered, by the tenant's day of shipping."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (s.shipped_at AT TIME ZONE t.timezone)::date, sum(p.qty + p.free_qty)"
            " FROM ordering_shipment s JOIN tenancy_tenant t ON t.id = s.tenant_id"
            " JOIN ordering_order o ON o.tenant_id = s.tenant_id AND o.id = s.order_id"
            " JOIN ordering_shipmentline p ON p.tenant_id = s.tenant_id AND p.shipment_id = s.id"
            " JOIN ordering_orderline l ON l.tenant_id = p.tenant_id AND l.id = p.order_line_id"
            " WHERE s.tenant_id = %s AND s.state = 'shipped' AND o.buyer_id = %s AND l.product_id = %s"
            " GROUP BY 1 ORDER BY 1",
            [active_tenant_id(), party_id, product_id],
        )
        return list(cursor.fetchall())


class OnTheWay(NamedTuple):
    """Base units shipped to a party and not delivered yet, and the first day of shipping.

    A shipment has no expected day of arrival.
    """

    units: int
    since: date


def on_the_way(*, party_id: UUID, product_ids: Iterable[UUID]) -> dict[UUID, OnTheWay]:
    """Return the goods on their way to the party, by product."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.product_id, sum(p.qty + p.free_qty), min(s.shipped_at AT TIME ZONE t.timezone)::date"
            " FROM ordering_order o JOIN tenancy_tenant t ON t.id = o.tenant_id"
            " JOIN ordering_shipment s ON s.tenant_id = o.tenant_id AND s.order_id = o.id"
            " JOIN ordering_shipmentline p ON p.tenant_id = s.tenant_id AND p.shipment_id = s.id"
            " JOIN ordering_orderline l ON l.tenant_id = p.tenant_id AND l.id = p.order_line_id"
            " WHERE o.tenant_id = %s AND o.buyer_id = %s AND s.state = 'shipped'"
            " AND o.state IN ('part_shipped', 'shipped') AND l.product_id = ANY(%s::uuid[]) GROUP BY 1",
            [active_tenant_id(), party_id, [str(one) for one in product_ids]],
        )
        return {product: OnTheWay(int(units), since) for product, units, since in cursor.fetchall()}


def available_of(party_id: UUID, product_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return the units that may still be sold now, by product."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT product_id, on_hand - safety - quarantine - hard - soft FROM ordering_stock"
            " WHERE tenant_id = %s AND party_id = %s AND product_id = ANY(%s::uuid[])",
            [active_tenant_id(), party_id, [str(product) for product in product_ids]],
        )
        return dict(cursor.fetchall())
