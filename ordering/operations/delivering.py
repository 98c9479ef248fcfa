"""Deliver a shipment: the commitment becomes a receivable, and stock and facts follow."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import record
from jobs.operations.outbox import announce
from kernel.money import ZERO_MONEY
from kernel.refusals import Refusal
from ledger.operations.posting import Posting, write
from ordering.audit_actions import OrderAction
from ordering.models import Order, Shipment
from ordering.operations.daily_facts import Fact, add_facts
from ordering.operations.locking import BUYER, SELLER, LockedOrder, WrongState, lock_order
from ordering.operations.reserving import Change, change_stock, open_rows
from ordering.queries.orders import OrderFacts
from ordering.queries.shipments import ShipmentDetail, shipment_facts
from tenancy.context import active_tenant_id, joined_transaction

State = Order.State


class NoSuchShipment(Refusal):
    code = "not_found"


class BeforeShipped(Refusal):
    code = "before_shipped"


class NotYet(Refusal):
    code = "in_the_future"


CLOCK_SKEW = timedelta(minutes=5)


def deliver(
    *, shipment_id: UUID, signed_by: str, by: Actor, at: datetime, delivered_at: datetime | None = None
) -> ShipmentDetail:
    """Mark a shipment as delivered and signed for, at `delivered_at` or else at `at`.

    `delivered_at` is not before the shipping and not after `at`; up to CLOCK_SKEW later is taken as `at`.
    Raises NoSuchShipment, WrongState, BeforeShipped, NotYet.
    """
    by.must("order.deliver")
    recorded_at, at = at, _moment(delivered_at, at)
    with joined_transaction():
        locked = lock_order(_order_of(shipment_id), by=by, sides=(SELLER, BUYER))
        shipment = shipment_facts(shipment_id)
        if shipment.state != "shipped":
            raise WrongState(_("This shipment is delivered already."), state=shipment.state)
        if at < shipment.shipped_at:
            raise BeforeShipped(_("Nothing is delivered before it is shipped."), field="delivered_at")
        _write(locked, shipment, signed_by, at)
        _post(locked, shipment, by, at)
        announce("ordering.delivered", {"shipment_id": str(shipment_id)}, at=recorded_at)
        facts = {"number": shipment.number, "signed_by": signed_by, "delivered_at": at.isoformat()}
        record(OrderAction.DELIVER, (Shipment, shipment_id), by=by, at=recorded_at, **facts)
        _receive(locked, shipment, at)
        _count(locked, shipment, at)
    return shipment_facts(shipment_id)


def _moment(delivered_at: datetime | None, at: datetime) -> datetime:
    if delivered_at is None:
        return at
    if delivered_at > at + CLOCK_SKEW:
        raise NotYet(_("Nothing is delivered in the future."), field="delivered_at")
    return min(delivered_at, at)


def _order_of(shipment_id: UUID) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT order_id FROM ordering_shipment WHERE tenant_id = %s AND id = %s",
            [active_tenant_id(), shipment_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NoSuchShipment(_("There is no such shipment."), field="shipment")
    order_id: UUID = row[0]
    return order_id


def _write(locked: LockedOrder, shipment: ShipmentDetail, signed_by: str, at: datetime) -> None:
    order = locked.order
    complete = _complete(order, shipment)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH lines AS (UPDATE ordering_orderline l SET delivered_qty = l.delivered_qty + s.qty,"
            " delivered_free = l.delivered_free + s.free_qty, posted = l.posted + s.net + s.tax"
            " FROM ordering_shipmentline s WHERE s.tenant_id = %(tenant)s AND s.shipment_id = %(shipment)s"
            " AND l.tenant_id = s.tenant_id AND l.id = s.order_line_id), "
            "shipments AS (UPDATE ordering_shipment SET state = 'delivered', delivered_at = %(at)s,"
            " delivered_on = %(on)s, signed_by = %(signed_by)s"
            " WHERE tenant_id = %(tenant)s AND id = %(shipment)s)"
            " UPDATE ordering_order SET open_amount = open_amount - %(amount)s,"
            " state = CASE WHEN %(complete)s THEN 'delivered' ELSE state END,"
            " delivered_at = CASE WHEN %(complete)s THEN %(at)s ELSE delivered_at END"
            " WHERE tenant_id = %(tenant)s AND id = %(order)s",
            {
                "tenant": active_tenant_id(),
                "shipment": shipment.id,
                "order": order.id,
                "at": at,
                "on": locked.day_of(at),
                "signed_by": signed_by,
                "amount": shipment.amount,
                "complete": complete,
            },
        )


def _complete(order: OrderFacts, shipment: ShipmentDetail) -> bool:
    """Return whether this shipment is the last open one of a fully shipped order."""
    if order.state != State.SHIPPED:
        return False
    now = {line.position: (line.qty, line.free_qty) for line in shipment.lines}
    return all(
        line.delivered_qty + now.get(line.position, (0, 0))[0] == line.shipped_qty
        and line.delivered_free + now.get(line.position, (0, 0))[1] == line.shipped_free
        for line in order.lines
    )


def delivery_source(order_id: UUID, shipment_id: UUID | str = "") -> str:
    """Return the source of a delivery's posting; without a shipment, the prefix for the whole order."""
    return f"delivery:{order_id}:{shipment_id}"


def _post(locked: LockedOrder, shipment: ShipmentDetail, by: Actor, at: datetime) -> None:
    net = sum((line.net for line in shipment.lines), ZERO_MONEY)
    tax: Decimal = shipment.amount - net
    lines = [
        ("committed", -shipment.amount),
        ("commitment", shipment.amount),
        ("receivable", shipment.amount),
        ("sales", -net),
        ("tax", -tax),
    ]
    posting = Posting(
        locked.book.book_id,
        "sale",
        delivery_source(locked.order.id, shipment.id),
        at,
        lines,
        shipment.number,
        due_on=locked.day_of(at) + timedelta(days=locked.book.position.payment_days),
        posted_by=by.label,
    )
    write([posting], locked.book.heads)


def _receive(locked: LockedOrder, shipment: ShipmentDetail, at: datetime) -> None:
    """Add the goods to the buyer's stock if the buyer tracks stock here."""
    if not locked.buyer_tracks:
        return
    changes: dict[UUID, Change] = {}
    for line in shipment.lines:
        more = Change(on_hand=line.qty + line.free_qty)
        changes[line.product_id] = changes.get(line.product_id, Change()).plus(more)
    open_rows(party_id=locked.order.buyer_id, product_ids=changes)
    change_stock(
        party_id=locked.order.buyer_id,
        changes=changes,
        kind="receipt",
        source=f"shipment:{shipment.id}",
        at=at,
        strict=False,
    )


def _count(locked: LockedOrder, shipment: ShipmentDetail, at: datetime) -> None:
    order = locked.order
    add_facts(
        Fact(
            locked.day_of(at),
            order.seller_id,
            order.buyer_id,
            line.product_id,
            delivered_qty=line.qty,
            delivered_free=line.free_qty,
            delivered_net=line.net,
        )
        for line in shipment.lines
    )
