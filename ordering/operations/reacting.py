"""What follows from an order, a delivery, a change of credit: done once, by the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.rights import the_system
from alliance.operations.evidence import evidence_of_delivery, record_evidence
from dealers.models import Party
from kernel.refusals import Refusal
from ordering.models import Order
from ordering.operations.confirming import confirm_order, release_what_fits
from ordering.queries.orders import order_facts
from ordering.queries.shipments import shipment_facts
from tenancy.operations.outbox import on


@on("ordering.placed")
def confirm_what_confirms_itself(body: dict[str, Any], at: datetime) -> None:
    """Confirms an order to a seller that wants no person to; one that has gone on stays as it is."""
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
def evidence_for_the_contract(body: dict[str, Any], at: datetime) -> None:
    """Holds a delivery against the contract it was made under: spread, and hours."""
    shipment = shipment_facts(UUID(body["shipment_id"]))
    order = order_facts(shipment.order_id)
    if order is None or order.contract_id is None or shipment.delivered_at is None:
        return
    prices = {line.id: line.net_unit_price for line in order.lines}
    record_evidence(
        evidence_of_delivery(
            contract_id=order.contract_id,
            source=f"shipment:{shipment.id}",
            delivered_on=shipment.delivered_on or shipment.delivered_at.date(),
            ordered_at=min(order.window_from or order.placed_at, shipment.delivered_at),
            delivered_at=shipment.delivered_at,
            lines=[
                (line.product_id, prices[line.order_line_id], line.qty + line.free_qty)
                for line in shipment.lines
                if line.qty
            ],
        )
    )


@on("ledger.credit_changed")
def release_held_orders(body: dict[str, Any], at: datetime) -> None:
    """A payment, a deposit or a higher limit came: asks again for the book's held orders."""
    release_what_fits(book_id=UUID(body["book_id"]), by=the_system("outbox"), at=at)
