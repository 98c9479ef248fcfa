"""Book received shipments: the commitment becomes a receivable, and stock and facts follow.

A constant number of statements for any number of shipments.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from accounts.rights import Actor
from audit.operations.recording import record_many
from jobs.operations.outbox import announce_many
from kernel.money import ZERO_MONEY
from ledger.operations.posting import Head, Posting, write
from ordering.audit_actions import OrderAction
from ordering.models import Shipment
from ordering.operations.daily_facts import Fact, add_facts
from ordering.queries.shipments import ShipmentDetail
from tenancy.context import active_tenant_id
from tenancy.models import new_id


class GoodsReceipt(NamedTuple):
    """A shipment that is received at a moment, on the tenant's day of it, and the trade it belongs to."""

    shipment: ShipmentDetail
    seller_id: UUID
    buyer_id: UUID
    buyer_tracks: bool
    book_id: UUID
    payment_days: int
    at: datetime
    day: date
    signed_by: str = ""


def delivery_source(order_id: UUID, shipment_id: UUID | str = "") -> str:
    """Return the source of a delivery's posting; without a shipment, the prefix for the whole order."""
    return f"delivery:{order_id}:{shipment_id}"


def book_goods_receipts(
    receipts: Sequence[GoodsReceipt],
    heads: dict[UUID, Head],
    *,
    by: Actor,
    at: datetime,
    timed_out: bool = False,
) -> None:
    """Book shipments as received. The caller has locked their books (`heads`) and orders."""
    _update_rows(receipts, timed_out=timed_out)
    write([_posting(one, by) for one in receipts], heads)
    announce_many("ordering.delivered", [{"shipment_id": str(one.shipment.id)} for one in receipts], at=at)
    action = OrderAction.TIME_OUT if timed_out else OrderAction.DELIVER
    record_many(action, [((Shipment, one.shipment.id), _entry(one)) for one in receipts], by=by, at=at)
    _receive_stock([one for one in receipts if one.buyer_tracks])
    add_facts(
        Fact(
            one.day,
            one.seller_id,
            one.buyer_id,
            line.product_id,
            delivered_qty=line.qty,
            delivered_free=line.free_qty,
            delivered_net=line.net,
        )
        for one in receipts
        for line in one.shipment.lines
    )


def _entry(one: GoodsReceipt) -> dict[str, str]:
    slip_at = one.shipment.slip_at
    facts = {"number": one.shipment.number, "signed_by": one.signed_by, "delivered_at": one.at.isoformat()}
    return facts | ({"slip_at": slip_at.isoformat()} if slip_at else {})


def _update_rows(receipts: Sequence[GoodsReceipt], *, timed_out: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH received AS (SELECT * FROM unnest(%(ids)s::uuid[], %(ats)s::timestamptz[],"
            " %(days)s::date[], %(signed)s::text[]) AS r(id, at, day, signed_by)), "
            "lines AS (UPDATE ordering_orderline l SET delivered_qty = l.delivered_qty + s.qty,"
            " delivered_free = l.delivered_free + s.free, posted = l.posted + s.amount"
            " FROM (SELECT order_line_id, sum(qty) AS qty, sum(free_qty) AS free, sum(net + tax) AS amount"
            "  FROM ordering_shipmentline WHERE tenant_id = %(tenant)s AND shipment_id = ANY(%(ids)s::uuid[])"
            "  GROUP BY order_line_id) s WHERE l.tenant_id = %(tenant)s AND l.id = s.order_line_id), "
            "shipments AS (UPDATE ordering_shipment s SET state = 'delivered', delivered_at = r.at,"
            " delivered_on = r.day, signed_by = r.signed_by, timed_out = %(timed_out)s"
            " FROM received r WHERE s.tenant_id = %(tenant)s AND s.id = r.id"
            " RETURNING s.order_id, s.amount, s.delivered_at), "
            "orders AS (SELECT order_id, sum(amount) AS amount, max(delivered_at) AS at FROM shipments"
            " GROUP BY order_id), "
            "complete AS (SELECT o.id FROM ordering_order o WHERE o.tenant_id = %(tenant)s"
            " AND o.id IN (SELECT order_id FROM orders) AND o.state = 'shipped'"
            " AND NOT EXISTS (SELECT 1 FROM ordering_shipment x WHERE x.tenant_id = %(tenant)s"
            "  AND x.order_id = o.id AND x.state = 'shipped' AND x.id <> ALL(%(ids)s::uuid[])))"
            " UPDATE ordering_order o SET open_amount = o.open_amount - d.amount,"
            " state = CASE WHEN c.id IS NOT NULL THEN 'delivered' ELSE o.state END,"
            " delivered_at = CASE WHEN c.id IS NOT NULL THEN d.at ELSE o.delivered_at END"
            " FROM orders d LEFT JOIN complete c ON c.id = d.order_id"
            " WHERE o.tenant_id = %(tenant)s AND o.id = d.order_id",
            {
                "tenant": active_tenant_id(),
                "ids": [str(one.shipment.id) for one in receipts],
                "ats": [one.at for one in receipts],
                "days": [one.day for one in receipts],
                "signed": [one.signed_by for one in receipts],
                "timed_out": timed_out,
            },
        )


def _posting(one: GoodsReceipt, by: Actor) -> Posting:
    shipment = one.shipment
    net = sum((line.net for line in shipment.lines), ZERO_MONEY)
    lines = [
        ("committed", -shipment.amount),
        ("commitment", shipment.amount),
        ("receivable", shipment.amount),
        ("sales", -net),
        ("tax", net - shipment.amount),
    ]
    return Posting(
        one.book_id,
        "sale",
        delivery_source(shipment.order_id, shipment.id),
        one.at,
        lines,
        shipment.number,
        due_on=one.day + timedelta(days=one.payment_days),
        posted_by=by.label,
    )


_OPEN_STOCK = (
    "INSERT INTO ordering_stock"
    " (id, tenant_id, party_id, product_id, on_hand, safety, quarantine, hard, soft)"
    " SELECT p.id, %(tenant)s, p.party_id, p.product_id, 0, 0, 0, 0, 0"
    " FROM unnest(%(ids)s::uuid[], %(parties)s::uuid[], %(products)s::uuid[]) AS p(id, party_id, product_id)"
    " ON CONFLICT (tenant_id, party_id, product_id) DO NOTHING"
)
_ADD_STOCK = (
    "WITH goods AS MATERIALIZED (SELECT * FROM unnest(%(parties)s::uuid[], %(products)s::uuid[],"
    " %(units)s::bigint[], %(sources)s::text[], %(ats)s::timestamptz[])"
    " AS g(party_id, product_id, units, source, at)), "
    "locked AS MATERIALIZED (SELECT s.id, s.party_id, s.product_id FROM ordering_stock s"
    " WHERE s.tenant_id = %(tenant)s"
    " AND (s.party_id, s.product_id) IN (SELECT g.party_id, g.product_id FROM goods g)"
    " ORDER BY s.id FOR NO KEY UPDATE), "
    "changed AS (UPDATE ordering_stock s SET on_hand = s.on_hand + m.units"
    " FROM (SELECT l.id, sum(g.units)::bigint AS units FROM locked l"
    "  JOIN goods g ON g.party_id = l.party_id AND g.product_id = l.product_id GROUP BY l.id) m"
    " WHERE s.tenant_id = %(tenant)s AND s.id = m.id)"
    " INSERT INTO ordering_stockmovement (id, tenant_id, stock_id, kind, qty, source, at)"
    " SELECT gen_random_uuid(), %(tenant)s, l.id, 'receipt', g.units, g.source, g.at"
    " FROM locked l JOIN goods g ON g.party_id = l.party_id AND g.product_id = l.product_id"
)


def _receive_stock(receipts: Sequence[GoodsReceipt]) -> None:
    """Add the goods to the stock of buyers who track theirs, in two statements."""
    units: dict[tuple[UUID, UUID, GoodsReceipt], int] = {}
    for one in receipts:
        for line in one.shipment.lines:
            key = (one.buyer_id, line.product_id, one)
            units[key] = units.get(key, 0) + line.qty + line.free_qty
    if not units:
        return
    columns: dict[str, Any] = {
        "tenant": active_tenant_id(),
        "ids": [str(new_id()) for _ in units],
        "parties": [str(party) for party, _product, _one in units],
        "products": [str(product) for _party, product, _one in units],
        "units": list(units.values()),
        "sources": [f"shipment:{one.shipment.id}" for _party, _product, one in units],
        "ats": [one.at for _party, _product, one in units],
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_STOCK, columns)
        cursor.execute(_ADD_STOCK, columns)
