"""Hand deliveries down to the alliance, which measures region guarantees by them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from alliance.operations.region_event_returns import take_back_region_events
from alliance.operations.region_events import DeliveredLine, Delivery, record_region_events
from alliance.queries.guarded_regions import guarded_buyers
from kernel.periods import months_after
from ordering.models import Order, Shipment
from ordering.queries.shipments import ShipmentDetail, shipments_facts
from tenancy.context import joined_transaction

BATCH_SIZE = 500


def hand_down_deliveries(shipment_ids: Iterable[UUID], *, at: datetime, measure: bool = True) -> int:
    """Hand down deliveries, and return how many went into a region that others guard."""
    shipments = shipments_facts(shipment_ids)
    parties = _parties_of(shipments)
    delivered = [_delivery(one, *parties[one.order_id]) for one in shipments if one.delivered_at is not None]
    return record_region_events(delivered, at=at, measure=measure)


def hand_down_month(*, month: date, at: datetime) -> int:
    """Hand down the deliveries of a month to buyers in guarded regions; return the number of new events.

    Deliveries are handed down when they arrive; this finds those that were missed. The month is to be
    measured afterwards.
    """
    first = month.replace(day=1)
    until = months_after(first, 1)
    buyers = guarded_buyers(first=first, until=until)
    if not buyers:
        return 0
    rows = Shipment.objects.filter(delivered_on__gte=first, delivered_on__lt=until, order__buyer__in=buyers)
    ids = list(rows.order_by("id").values_list("id", flat=True))
    with joined_transaction():
        batches = [ids[start : start + BATCH_SIZE] for start in range(0, len(ids), BATCH_SIZE)]
        return sum(hand_down_deliveries(batch, at=at, measure=False) for batch in batches)


def take_back_deliveries(
    *, source: str, shipment_ids: Sequence[UUID], lines: Sequence[tuple[UUID, int]], at: datetime
) -> int:
    """Hand down a return, by its order's deliveries; return how many region events it corrected.

    The deliveries are handed down first, because messages may arrive in any order.
    """
    if not shipment_ids:
        return 0
    hand_down_deliveries(shipment_ids, at=at, measure=False)
    return take_back_region_events(source=source, shipment_ids=shipment_ids, lines=lines, at=at)


def _parties_of(shipments: Sequence[ShipmentDetail]) -> dict[UUID, tuple[UUID, UUID]]:
    rows = Order.objects.filter(id__in={one.order_id for one in shipments})
    return {row[0]: (row[1], row[2]) for row in rows.values_list("id", "seller_id", "buyer_id")}


def _delivery(one: ShipmentDetail, seller_id: UUID, buyer_id: UUID) -> Delivery:
    assert one.delivered_at is not None
    return Delivery(
        shipment_id=one.id,
        shipment=one.number,
        order_id=one.order_id,
        order=one.order_number,
        seller_id=seller_id,
        buyer_id=buyer_id,
        on=one.delivered_on or one.delivered_at.date(),
        lines=[
            DeliveredLine(line.product_id, line.qty + line.free_qty, line.net + line.tax)
            for line in one.lines
        ],
    )
