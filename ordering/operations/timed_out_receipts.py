"""Receive shipments by time-out: the seller uploaded a signed slip, and the buyer did not answer in time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from accounts.rights import Actor
from ledger.models import Book
from ledger.operations.posting import lock_books
from ordering.models import Order, Shipment
from ordering.operations.goods_receipts import GoodsReceipt, book_goods_receipts
from ordering.queries.delivery_windows import window_plan
from ordering.queries.shipments import shipments_facts
from tenancy.context import joined_transaction
from tenancy.queries import day_of_tenant

MAX_AT_ONCE = 500


def receive_timed_out(*, by: Actor, at: datetime, limit: int = MAX_AT_ONCE) -> int:
    """Receive the shipments whose slip is older than the tenant's hours, the oldest first; return how many.

    A constant number of statements. What the buyer confirms at the same moment is left alone, and what is
    beyond `limit` waits for the next round.
    """
    by.must("order.deliver")
    with joined_transaction():
        until = at - timedelta(hours=window_plan().receipt_hours)
        due = Shipment.objects.filter(state=Shipment.State.SHIPPED, slip_at__lte=until)
        orders = {one.id: one.order for one in due.select_related("order__buyer").order_by("slip_at")[:limit]}
        if not orders:
            return 0
        books = _books_of(orders.values())
        heads = lock_books({book.id for book in books.values()})
        ids = {order.id for order in orders.values()}
        list(Order.objects.select_for_update(no_key=True).filter(id__in=ids).order_by("id").values_list("id"))
        day, receipts = day_of_tenant(at), []
        for shipment in shipments_facts(orders):
            order = orders[shipment.id]
            book = books[order.seller_id, order.buyer_id]
            if shipment.state == Shipment.State.SHIPPED:
                receipts.append(
                    GoodsReceipt(
                        shipment,
                        order.seller_id,
                        order.buyer_id,
                        order.buyer.tracks_stock,
                        book.id,
                        book.payment_days,
                        at,
                        day,
                    )
                )
        if receipts:
            book_goods_receipts(receipts, heads, by=by, at=at, timed_out=True)
    return len(receipts)


def _books_of(orders: Iterable[Order]) -> dict[tuple[UUID, UUID], Book]:
    pairs = {(order.seller_id, order.buyer_id) for order in orders}
    sellers, buyers = {seller for seller, _buyer in pairs}, {buyer for _seller, buyer in pairs}
    rows = Book.objects.filter(seller_id__in=sellers, buyer_id__in=buyers)
    return {key: row for row in rows if (key := (row.seller_id, row.buyer_id)) in pairs}
