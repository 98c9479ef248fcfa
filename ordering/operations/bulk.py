"""Run one operation on several orders in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.rights import Actor
from ledger.operations.posting import lock_books
from tenancy.context import active_tenant_id, joined_transaction

_BOOKS = (
    "SELECT DISTINCT k.id FROM ordering_order o JOIN ledger_book k ON k.tenant_id = o.tenant_id"
    " AND k.seller_id = o.seller_id AND k.buyer_id = o.buyer_id"
    " WHERE o.tenant_id = %s AND o.id = ANY(%s::uuid[])"
)
_STOCK = (
    "SELECT s.id FROM ordering_stock s WHERE s.tenant_id = %s AND (s.party_id, s.product_id) IN ("
    " SELECT o.seller_id, l.product_id FROM ordering_order o"
    " JOIN ordering_orderline l ON l.tenant_id = o.tenant_id AND l.order_id = o.id"
    " WHERE o.tenant_id = %s AND o.id = ANY(%s::uuid[])) ORDER BY s.id FOR NO KEY UPDATE OF s"
)


def run_on_orders(
    operation: Callable[..., Any], *, order_ids: Sequence[UUID], by: Actor, at: datetime
) -> None:
    """Run the operation (confirm_order, approve_review or release_held) on all orders, or on none.

    All locks are taken first, in the order of ADR 0012. Otherwise the book of the second order would be
    locked after the stock of the first one, and two such runs could deadlock.
    """
    ids = [str(one) for one in order_ids]
    with joined_transaction():
        with connection.cursor() as cursor:
            cursor.execute(_BOOKS, [active_tenant_id(), ids])
            lock_books(book for (book,) in cursor.fetchall())
            cursor.execute(_STOCK, [active_tenant_id(), active_tenant_id(), ids])
        for order_id in order_ids:
            operation(order_id=order_id, by=by, at=at)
