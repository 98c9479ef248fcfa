"""Read orders as facts: with their lines, the reasons for their prices, and their shipments."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from kernel.money import ZERO_MONEY
from pricing.domain.free_goods import Holding
from tenancy.context import active_tenant_id

Json = dict[str, Any]


class LineFacts(NamedTuple):
    """A line of an order; quantities are in base units.

    `why` holds its schemes with the amounts they save, its clauses, its verdict, and its free-goods rules.
    """

    id: UUID
    position: int
    product_id: UUID
    sku: str
    name: str
    qty: int
    free_qty: int
    per: int
    base_price: Decimal
    unit_price: Decimal
    net_unit_price: Decimal
    discount: Decimal
    amount: Decimal
    tax_rate: Decimal
    net: Decimal
    tax: Decimal
    price_list: str
    why: Json
    reserved_qty: int = 0
    cancelled_qty: int = 0
    cancelled_free: int = 0
    shipped_qty: int = 0
    shipped_free: int = 0
    delivered_qty: int = 0
    delivered_free: int = 0
    returned_qty: int = 0
    returned_free: int = 0
    charged_free: int = 0
    posted: Decimal = ZERO_MONEY
    credited: Decimal = ZERO_MONEY

    @property
    def uncancelled_qty(self) -> int:
        return self.qty - self.cancelled_qty

    @property
    def uncancelled_free(self) -> int:
        return self.free_qty - self.cancelled_free

    @property
    def holding(self) -> Holding:
        """Return what the buyer holds of the line, by the rule of free goods."""
        free = self.delivered_free - self.returned_free - self.charged_free
        return Holding(self.delivered_qty, free, self.returned_qty, self.charged_free)


class ShipmentFacts(NamedTuple):
    id: UUID
    number: str
    state: str
    shipped_at: datetime
    delivered_at: datetime | None
    signed_by: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order. `facts` holds the schemes that applied, and why it is held or in review.

    `replayed` marks the answer to a request whose source was placed before.
    """

    id: UUID
    number: str
    kind: str
    state: str
    seller_id: UUID
    seller_code: str
    seller_name: str
    buyer_id: UUID
    buyer_code: str
    buyer_name: str
    contract_id: UUID | None
    placed_at: datetime
    placed_on: date
    confirmed_at: datetime | None
    delivered_at: datetime | None
    window_from: datetime | None
    window_until: datetime | None
    currency: str
    subtotal: Decimal
    discount: Decimal
    total: Decimal
    tax: Decimal
    open_amount: Decimal
    due_on: date
    verdict: str
    source: str
    reference: str
    note: str
    facts: Json
    lines: tuple[LineFacts, ...] = ()
    shipments: tuple[ShipmentFacts, ...] = ()
    replayed: bool = False


_ORDER = (
    "SELECT o.id, o.number, o.kind, o.state, o.seller_id, s.code, s.name, o.buyer_id, b.code, b.name,"
    " o.contract_id, o.placed_at, o.placed_on, o.confirmed_at, o.delivered_at, o.window_from,"
    " o.window_until, o.currency, o.subtotal, o.discount, o.total, o.tax, o.open_amount, o.due_on,"
    " o.verdict, o.source, o.reference, o.note, o.facts::text FROM ordering_order o"
    " JOIN dealers_party s ON s.tenant_id = o.tenant_id AND s.id = o.seller_id"
    " JOIN dealers_party b ON b.tenant_id = o.tenant_id AND b.id = o.buyer_id"
    " WHERE o.tenant_id = %s AND o.id = %s"
)
_LINES = (
    "SELECT l.id, l.position, l.product_id, l.sku, p.name, l.qty, l.free_qty, l.per, l.base_price,"
    " l.unit_price, l.net_unit_price, l.discount, l.amount, l.tax_rate, l.net, l.tax, l.price_list,"
    " l.why::text, l.reserved_qty, l.cancelled_qty, l.cancelled_free, l.shipped_qty, l.shipped_free,"
    " l.delivered_qty, l.delivered_free, l.returned_qty, l.returned_free, l.charged_free, l.posted,"
    " l.credited"
    " FROM ordering_orderline l JOIN catalogue_product p ON p.tenant_id = l.tenant_id AND p.id = l.product_id"
    " WHERE l.tenant_id = %s AND l.order_id = %s ORDER BY l.position"
)
_SHIPMENTS = (
    "SELECT id, number, state, shipped_at, delivered_at, signed_by, amount FROM ordering_shipment"
    " WHERE tenant_id = %s AND order_id = %s ORDER BY shipped_at, id"
)


def order_facts(order_id: UUID, *, lock: bool = False) -> OrderFacts | None:
    """Return an order with its lines and shipments, or None. Three statements; `lock` locks its row."""
    key = [active_tenant_id(), order_id]
    with connection.cursor() as cursor:
        cursor.execute(_ORDER + (" FOR NO KEY UPDATE OF o" if lock else ""), key)
        row = cursor.fetchone()
        if row is None:
            return None
        order = OrderFacts(*[*row[:-1], _read(row[-1])])
        cursor.execute(_LINES, key)
        lines = tuple([LineFacts(*[*row[:17], _read(row[17]), *row[18:]]) for row in cursor.fetchall()])
        cursor.execute(_SHIPMENTS, key)
        shipments = tuple([ShipmentFacts(*row) for row in cursor.fetchall()])
    return replace(order, lines=lines, shipments=shipments)


def _read(text: Any) -> Any:
    return json.loads(text) if isinstance(text, str) else text


def open_orders_due(*, seller_id: UUID, buyer_id: UUID) -> list[tuple[Decimal, date]]:
    """Return the open amounts by due date, for a credit horizon."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(open_amount), due_on FROM ordering_order WHERE tenant_id = %s AND buyer_id = %s"
            " AND seller_id = %s AND open_amount > 0 GROUP BY due_on",
            [active_tenant_id(), buyer_id, seller_id],
        )
        return list(cursor.fetchall())


def open_orders_of_pairs(pairs: Sequence[tuple[UUID, UUID]]) -> list[tuple[UUID, UUID, Decimal, date]]:
    """Return (seller, buyer, open amount, due day) of the open orders of many pairs, for their credit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.seller_id, o.buyer_id, sum(o.open_amount), o.due_on FROM ordering_order o"
            " JOIN unnest(%s::uuid[], %s::uuid[]) p(seller_id, buyer_id)"
            " ON p.seller_id = o.seller_id AND p.buyer_id = o.buyer_id"
            " WHERE o.tenant_id = %s AND o.open_amount > 0 GROUP BY o.seller_id, o.buyer_id, o.due_on",
            [[str(seller) for seller, _ in pairs], [str(buyer) for _, buyer in pairs], active_tenant_id()],
        )
        return list(cursor.fetchall())
