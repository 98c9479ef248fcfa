"""Orders that credit holds, and those that it released."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from audit.queries import trail
from jobs.models import OutboxDue, OutboxMessage
from ledger.models import Book
from ordering.audit_actions import OrderAction
from ordering.models import Order
from ordering.models.order import UNDER_WAY

MAX_ORDERS = 50


def held_orders_of(book: Book, visible: QuerySet[Order]) -> list[Order]:
    """Return the orders of the book's parties that credit holds, oldest first."""
    rows = visible.filter(seller_id=book.seller_id, buyer_id=book.buyer_id, state=Order.State.HELD)
    return list(rows.order_by("placed_at", "id")[:MAX_ORDERS])


def released_orders_of(
    book: Book, visible: QuerySet[Order], *, since: datetime
) -> list[tuple[Order, datetime]]:
    """Return the orders under way that credit released since then, with the moment, newest first."""
    rows = visible.filter(seller_id=book.seller_id, buyer_id=book.buyer_id, state__in=UNDER_WAY)
    orders = {str(one.id): one for one in rows.order_by("-placed_at", "-id")[:MAX_ORDERS]}
    if not orders:
        return []
    entries = trail(*((Order, key) for key in orders)).filter(action=OrderAction.RELEASE, at__gte=since)
    moments = dict(entries.values_list("target_id", "at"))
    return [(order, moments[key]) for key, order in orders.items() if key in moments]


def credit_is_checked(book_id: UUID) -> bool:
    """Return whether a payment or a new limit of the book still waits for the check of its held orders."""
    waiting = OutboxMessage.objects.filter(
        id__in=OutboxDue.objects.values("id"), topic="ledger.credit_changed", body__book_id=str(book_id)
    )
    return bool(waiting.exists())
