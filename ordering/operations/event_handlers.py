"""React to messages about orders, deliveries, returns and credit; the outbox runs each handler once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.rights import the_system
from alliance.operations.duty_evidence import NewDutyEvidence, report_duty_evidence
from alliance.operations.evidence import NewEvidence, evidence_of_delivery, record_evidence
from alliance.operations.evidence_corrections import evidence_of_return
from alliance.operations.measurement import measure_month
from dealers.models import Party
from jobs.operations.outbox import on
from kernel.refusals import Refusal
from ordering.models import Order
from ordering.operations.alliance_figures import measure_plan_months
from ordering.operations.confirming import confirm_order, release_affordable
from ordering.operations.region_deliveries import hand_down_deliveries, take_back_deliveries
from ordering.queries.orders import OrderFacts, order_facts
from ordering.queries.returns import return_facts
from ordering.queries.shipments import ShipmentDetail, shipment_facts
from tenancy.queries import day_of_tenant


@on("ordering.placed")
def confirm_automatically(body: dict[str, Any], at: datetime) -> None:
    """Confirm a placed order whose seller confirms automatically; skip one that has moved on."""
    order = order_facts(UUID(body["order_id"]))
    if order is None or order.state != Order.State.PLACED:
        return
    if not Party.objects.filter(id=order.seller_id, confirms_itself=True).exists():
        return
    try:
        with transaction.atomic():
            confirm_order(order_id=order.id, by=the_system("outbox"), at=at)
    except Refusal:
        return


@on("ordering.delivered")
def record_delivery_evidence(body: dict[str, Any], at: datetime) -> None:
    """Record evidence of a delivery for the order's contract: the price spread and the hours it took.

    It is also evidence for the contracts of others, if it went into a region that they guard.
    """
    shipment = shipment_facts(UUID(body["shipment_id"]))
    order = order_facts(shipment.order_id)
    if order is not None and order.contract_id is not None:
        _record(order.contract_id, _evidence_of(order, shipment), at)
        _fulfil_duties(order.contract_id, shipment, at)
    hand_down_deliveries([shipment.id], at=at)


def _fulfil_duties(contract_id: UUID, shipment: ShipmentDetail, at: datetime) -> None:
    """Fulfil the duties of the contract that orders prove."""
    if shipment.delivered_on is not None:
        fact = NewDutyEvidence(
            contract_id, "order", shipment.delivered_on, _source_of(shipment.id), reference=shipment.number
        )
        report_duty_evidence(facts=[fact], by=the_system("outbox"), at=at)


@on("alliance.plan_handed_down")
def measure_new_plan(body: dict[str, Any], at: datetime) -> None:
    """Measure the months of the year that have begun, as soon as a plan is handed down."""
    today = day_of_tenant(at)
    measure_plan_months(first=today.replace(month=1, day=1), last=today.replace(day=1), at=at)


@on("ordering.returned")
def record_return_evidence(body: dict[str, Any], at: datetime) -> None:
    """Reduce the spread evidence of an order's deliveries by the returned goods, on the delivery days.

    A delivery into a region that others guard is no event any more once all of its goods are back.
    Evidence of deliveries is recorded first where it is missing, because messages may arrive in any order.
    The order is locked, so that two of its returns are handled one after the other.
    """
    back = return_facts(UUID(body["return_id"]))
    order = order_facts(back.order_id, lock=True) if back.order_id is not None else None
    if order is None:
        return
    delivered = [one for one in order.shipments if one.delivered_at is not None]
    delivered.sort(key=lambda one: (one.delivered_at, one.id))
    take_back_deliveries(
        source=f"return:{back.id}",
        shipment_ids=[one.id for one in delivered],
        lines=[(line.product_id, line.qty + line.free_qty) for line in back.lines],
        at=at,
    )
    if order.contract_id is None:
        return
    for one in delivered:
        _record(order.contract_id, _evidence_of(order, shipment_facts(one.id)), at)
    paid = {line.position for line in order.lines if line.qty}
    corrections = evidence_of_return(
        contract_id=order.contract_id,
        source=f"return:{back.id}",
        deliveries=[_source_of(one.id) for one in delivered],
        lines=[(line.product_id, line.qty + line.free_qty) for line in back.lines if line.position in paid],
    )
    _record(order.contract_id, corrections, at)


def _source_of(shipment_id: UUID) -> str:
    return f"shipment:{shipment_id}"


def _evidence_of(order: OrderFacts, shipment: ShipmentDetail) -> list[NewEvidence]:
    if order.contract_id is None or shipment.delivered_at is None:
        return []
    # The buyer's silence is no delay of the seller: a receipt by time-out arrived with its slip.
    slip_at = shipment.slip_at if shipment.timed_out else None
    arrived_at = slip_at or shipment.delivered_at
    prices = {line.id: line.net_unit_price for line in order.lines}
    return evidence_of_delivery(
        contract_id=order.contract_id,
        source=_source_of(shipment.id),
        delivered_on=shipment.delivered_on or shipment.delivered_at.date(),
        ordered_at=min(order.window_from or order.placed_at, arrived_at),
        delivered_at=arrived_at,
        lines=[
            (line.product_id, prices[line.order_line_id], line.qty + line.free_qty)
            for line in shipment.lines
            if line.qty
        ],
    )


def _record(contract_id: UUID, rows: list[NewEvidence], at: datetime) -> None:
    """Record new evidence, and measure the past months that it concerns again.

    The difference of a past month is booked with the next month that is booked.
    """
    if not record_evidence(rows):
        return
    this_month = day_of_tenant(at).replace(day=1)
    for month in sorted({row.on.replace(day=1) for row in rows}):
        if month < this_month:
            measure_month(month=month, at=at, contract_id=contract_id)


@on("ledger.credit_changed")
def release_held_orders(body: dict[str, Any], at: datetime) -> None:
    """Release held orders of a book when credit became free: money came in, a limit rose, an order or its
    rest was cancelled, goods came back.
    """
    release_affordable(book_id=UUID(body["book_id"]), by=the_system("outbox"), at=at)
