"""Run one operation on several orders in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.rights import Actor
from kernel.refusals import Refusal
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


class OrdersRefused(Refusal):
    """Refusals of several orders; `messages` has one for each, with its number."""

    code = "several_refused"


def run_on_orders(
    operation: Callable[..., Any], *, orders: Mapping[UUID, str], by: Actor, at: datetime
) -> None:
    """Run the operation (confirm_order, approve_review or release_held) on all orders, or on none.

    `orders` are their numbers by id. Raise OrdersRefused with the reason of every order that is refused.
    All locks are taken first, in the order of ADR 0012. Otherwise the book of the second order would be
    locked after the stock of the first one, and two such runs could deadlock.
    """
    ids = [str(one) for one in orders]
    with joined_transaction():
        with connection.cursor() as cursor:
            cursor.execute(_BOOKS, [active_tenant_id(), ids])
            lock_books(book for (book,) in cursor.fetchall())
            cursor.execute(_STOCK, [active_tenant_id(), active_tenant_id(), ids])
        refused = [
            refusal.message if number in refusal.message else f"{number}: {refusal.message}"
            for order_id, number in orders.items()
            if (refusal := _refusal_of(operation, order_id, by, at)) is not None
        ]
        if refused:
            message = _("%(refused)s of %(orders)s orders were refused; nothing was changed.")
            words = {"refused": len(refused), "orders": len(orders)}
            raise OrdersRefused(message % words, messages=refused)


def _refusal_of(operation: Callable[..., Any], order_id: UUID, by: Actor, at: datetime) -> Refusal | None:
    try:
        with transaction.atomic():
            operation(order_id=order_id, by=by, at=at)
    except Refusal as refusal:
        return refusal
    return None
