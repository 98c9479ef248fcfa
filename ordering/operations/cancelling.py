"""Cancel an order, or the part of it that is not shipped."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import record
from jobs.operations.outbox import announce
from kernel.money import ZERO_MONEY
from ledger.operations.posting import Posting, write
from ledger.operations.receipts import announce_credit_change
from ordering.audit_actions import OrderAction
from ordering.models import Order
from ordering.operations.confirming import SOFT, reload_order
from ordering.operations.daily_facts import Fact, add_facts
from ordering.operations.locking import BUYER, SELLER, LockedOrder, WrongState, lock_order
from ordering.operations.order_lines import free_earned
from ordering.operations.proration import split
from ordering.operations.reserving import Change, change_stock
from ordering.operations.scheme_uses import give_back_unused
from ordering.queries.orders import LineFacts, OrderFacts
from tenancy.context import active_tenant_id, joined_transaction

State = Order.State
WAITING = {State.REVIEW, State.HELD}
CANCELLABLE_BY_BUYER = (State.REVIEW, State.HELD, State.PLACED)
CANCELLABLE = (*CANCELLABLE_BY_BUYER, State.CONFIRMED, State.RESERVED, State.PART_SHIPPED)


class _Cancelled(NamedTuple):
    line: LineFacts
    qty: int
    free: int
    net: Decimal
    tax: Decimal
    reserved_left: int


def cancel_order(*, order_id: UUID, by: Actor, at: datetime, reason: str = "") -> OrderFacts:
    """Cancel what is not shipped yet, and return the order.

    The buyer may cancel until the seller has confirmed; the seller may also cancel the rest of a partly
    shipped order. Free units that the shipped units have earned are not cancelled. The credit that this frees
    is offered to the buyer's held orders. Raises NoSuchOrder, NotAllowed, WrongState.
    """
    if not by.may("order.confirm"):
        by.must("order.place")
    with joined_transaction():
        locked = lock_order(order_id, by=by, sides=(SELLER, BUYER))
        order = locked.order
        locked.must_be(*CANCELLABLE)
        selling = by.acts_for(order.seller_id)
        if not (selling and by.may("order.confirm")):
            by.must("order.place")
            if order.state not in CANCELLABLE_BY_BUYER:
                raise WrongState(_("The seller has confirmed already: ask the seller."), state=order.state)
        cancelled = [_rest_of(line, order) for line in order.lines]
        if order.state == State.PART_SHIPPED and not any(one.qty or one.free for one in cancelled):
            raise WrongState(_("No unshipped quantity is left."), state=order.state)
        _write(locked, cancelled, by, at, reason)
    return reload_order(order_id)


def _rest_of(line: LineFacts, order: OrderFacts) -> _Cancelled:
    shipped = {one.position: one.shipped_qty for one in order.lines}
    free_left = max(free_earned(line.why.get("grants", ()), shipped), line.shipped_free)
    qty = line.uncancelled_qty - line.shipped_qty
    free = line.uncancelled_free - min(free_left, line.uncancelled_free)
    units_left = line.uncancelled_free - free - line.shipped_free
    net, tax = split(line, line.shipped_qty, line.uncancelled_qty)
    return _Cancelled(line, qty, free, net, tax, min(line.reserved_qty, units_left))


def _write(locked: LockedOrder, cancelled: list[_Cancelled], by: Actor, at: datetime, reason: str) -> None:
    order, waiting = locked.order, locked.order.state in WAITING
    gross = sum((one.net + one.tax for one in cancelled), ZERO_MONEY)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH lines AS (UPDATE ordering_orderline l SET cancelled_qty = l.cancelled_qty + c.qty,"
            " cancelled_free = l.cancelled_free + c.free, reserved_qty = c.reserved"
            " FROM unnest(%(ids)s::uuid[], %(qtys)s::int[], %(frees)s::int[], %(reserved)s::int[])"
            " AS c(id, qty, free, reserved) WHERE l.tenant_id = %(tenant)s AND l.id = c.id)"
            " UPDATE ordering_order SET state = %(state)s, open_amount = open_amount - %(gross)s"
            " WHERE tenant_id = %(tenant)s AND id = %(order)s",
            {
                "tenant": active_tenant_id(),
                "order": order.id,
                "state": _state_after(order, cancelled),
                "gross": ZERO_MONEY if waiting else gross,
                "ids": [str(one.line.id) for one in cancelled],
                "qtys": [one.qty for one in cancelled],
                "frees": [one.free for one in cancelled],
                "reserved": [one.reserved_left for one in cancelled],
            },
        )
    record(OrderAction.CANCEL, (Order, order.id), by=by, at=at, number=order.number, reason=reason)
    announce("ordering.cancelled", {"order_id": str(order.id), "by": str(by.party_id or "")}, at=at)
    give_back_unused(order, [_after(one) for one in cancelled])
    if waiting:
        return
    lines = [("committed", -gross), ("commitment", gross)]
    posting = Posting(
        locked.book.book_id,
        "commitment",
        f"order:{order.id}:cancelled",
        at,
        lines,
        order.number,
        posted_by=by.label,
    )
    write([posting], locked.book.heads)
    announce_credit_change(locked.book.book_id, at)
    change_stock(
        party_id=order.seller_id,
        changes=_released(order, cancelled),
        kind="cancel",
        source=f"order:{order.id}:cancelled",
        at=at,
    )
    add_facts(
        Fact(
            order.placed_on,
            order.seller_id,
            order.buyer_id,
            one.line.product_id,
            ordered_qty=-one.qty,
            ordered_net=-one.net,
        )
        for one in cancelled
        if one.qty
    )


def _after(cancelled: _Cancelled) -> LineFacts:
    line = cancelled.line
    return line._replace(
        cancelled_qty=line.cancelled_qty + cancelled.qty, cancelled_free=line.cancelled_free + cancelled.free
    )


def _released(order: OrderFacts, cancelled: list[_Cancelled]) -> dict[UUID, Change]:
    changes: dict[UUID, Change] = {}
    for one in cancelled:
        units = one.reserved_left - one.line.reserved_qty
        more = Change(soft=units) if order.state in SOFT else Change(hard=units)
        changes[one.line.product_id] = changes.get(one.line.product_id, Change()).plus(more)
    return changes


def _state_after(order: OrderFacts, cancelled: list[_Cancelled]) -> str:
    if not any(one.line.shipped_qty or one.line.shipped_free for one in cancelled):
        return State.CANCELLED
    if any(one.line.uncancelled_free - one.free > one.line.shipped_free for one in cancelled):
        return State.PART_SHIPPED
    arrived = all(
        line.delivered_qty == line.shipped_qty and line.delivered_free == line.shipped_free
        for line in order.lines
    )
    return State.DELIVERED if arrived else State.SHIPPED
