"""Confirm the receipt of a shipment, as its buyer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from accounts.rights import Actor
from kernel.refusals import Refusal
from kernel.sources import Values, differing_values
from ordering.operations.goods_receipts import GoodsReceipt, book_goods_receipts, delivery_source
from ordering.operations.locking import BUYER, WrongState, lock_order
from ordering.operations.sources import must_be_same
from ordering.queries.shipments import ShipmentDetail, shipment_facts
from tenancy.context import active_tenant_id, joined_transaction

__all__ = ["BeforeShipped", "NoSuchShipment", "NotYet", "deliver", "delivery_source", "order_of_shipment"]


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
    """Mark a shipment as received and signed for by its buyer, at `delivered_at` or else at `at`.

    `delivered_at` is not before the shipping and not after `at`; up to CLOCK_SKEW later is taken as `at`.
    A receipt that was confirmed before with the same content is returned, `replayed`. Raises NotAllowed,
    NoSuchShipment, SourceTaken, WrongState, BeforeShipped, NotYet.
    """
    by.must("order.deliver")
    with joined_transaction():
        locked = lock_order(order_of_shipment(shipment_id), by=by, sides=(BUYER,))
        shipment = shipment_facts(shipment_id)
        if shipment.state != "shipped":
            return _repeated(shipment, signed_by, delivered_at)
        moment = _moment(delivered_at, at)
        if moment < shipment.shipped_at:
            raise BeforeShipped(_("Nothing is delivered before it is shipped."), field="delivered_at")
        order, book = locked.order, locked.book
        receipt = GoodsReceipt(
            shipment,
            order.seller_id,
            order.buyer_id,
            locked.buyer_tracks,
            book.book_id,
            book.position.payment_days,
            moment,
            locked.day_of(moment),
            signed_by,
        )
        book_goods_receipts([receipt], book.heads, by=by, at=at)
    return shipment_facts(shipment_id)


def _repeated(shipment: ShipmentDetail, signed_by: str, delivered_at: datetime | None) -> ShipmentDetail:
    """Return the receipt that was confirmed before. Raises WrongState, and SourceTaken for another one."""
    if shipment.timed_out:
        raise WrongState(_("This shipment was received by time-out already."), state=shipment.state)
    booked: Values = {"signed_by": shipment.signed_by, "delivered_at": shipment.delivered_at}
    requested: Values = {"signed_by": signed_by}
    if delivered_at is not None and not _same_moment(shipment.delivered_at, delivered_at):
        requested = {**requested, "delivered_at": delivered_at}
    differs = differing_values(booked, requested)
    message = _("%(number)s is delivered already with other content: %(differences)s. Nothing was changed.")
    must_be_same(differs, number=shipment.number, booked=("shipment", shipment.id), message=message)
    return replace(shipment, replayed=True)


def _same_moment(booked: datetime | None, requested: datetime) -> bool:
    """Return whether a moment was booked as this one, which a fast clock may have given a little later."""
    return booked is not None and booked <= requested <= booked + CLOCK_SKEW


def _moment(delivered_at: datetime | None, at: datetime) -> datetime:
    if delivered_at is None:
        return at
    if delivered_at > at + CLOCK_SKEW:
        raise NotYet(_("Nothing is delivered in the future."), field="delivered_at")
    return min(delivered_at, at)


def order_of_shipment(shipment_id: UUID) -> UUID:
    """Return the order of a shipment. Raises NoSuchShipment."""
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
