"""Ship an order in parts; free goods and money follow cumulative totals.

However an order is split, its shipments add up to it in units, net, tax and total.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from kernel.refusals import Refusal
from ordering.audit_actions import OrderAction
from ordering.models import Order
from ordering.operations.confirming import SOFT, hardening
from ordering.operations.locking import LockedOrder, lock_order
from ordering.operations.order_lines import free_earned
from ordering.operations.proration import split
from ordering.operations.repeated_shipments import (
    Part,
    ShipmentContent,
    find_shipment,
    repeated_shipment,
    source_taken_meanwhile,
)
from ordering.operations.reserving import Change, Wanted, must_change_stock
from ordering.queries.orders import LineFacts, OrderFacts
from ordering.queries.shipments import ShipmentDetail, shipment_facts
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.models import new_id

__all__ = ["MoreThanOpen", "NothingShipped", "Part", "ship"]
State = Order.State


class MoreThanOpen(Refusal):
    code = "more_than_there_is"


class NothingShipped(Refusal):
    code = "nothing_shipped"


class _Going(NamedTuple):
    line: LineFacts
    qty: int
    free: int
    net: Decimal
    tax: Decimal
    place: int

    @property
    def units(self) -> int:
        return self.qty + self.free


def ship(
    *,
    order_id: UUID,
    by: Actor,
    at: datetime,
    lines: Sequence[Part | tuple[int, ...]] | None = None,
    source: str = "",
) -> ShipmentDetail:
    """Ship parts of an order or, with `lines` None, everything that is open; return the shipment.

    Gifts are shipped as they are earned. A `source` that was shipped before with the same content returns
    that shipment, `replayed`. Raises SourceTaken, WrongState, MoreThanOpen (`lines[i].qty`), NothingShipped,
    OutOfStock.
    """
    by.must("order.ship")
    parts = None if lines is None else [Part(*one) for one in lines]
    with joined_transaction():
        locked = lock_order(order_id, by=by)
        requested = ShipmentContent(locked.order.number, locked.order.seller_id, parts)
        if (known := find_shipment(source)) is not None:
            return repeated_shipment(known, requested)
        locked.must_be(State.CONFIRMED, State.RESERVED, State.PART_SHIPPED)
        going = _going(locked.order, parts)
        with source_taken_meanwhile():
            shipment_id = _write(locked, going, at, source, requested)
        facts = {"number": locked.order.number, "shipment": str(shipment_id)}
        record(OrderAction.SHIP, (Order, order_id), by=by, at=at, **facts)
        announce("ordering.shipped", {"shipment_id": str(shipment_id)}, at=at)
        _move_stock(locked, going, shipment_id, at)
    return shipment_facts(shipment_id)


def _going(order: OrderFacts, wanted: Sequence[Part] | None) -> list[_Going]:
    by_position = {line.position: line for line in order.lines}
    if wanted is None:
        wanted = [Part(line.position, line.uncancelled_qty - line.shipped_qty) for line in order.lines]
    named: dict[int, tuple[int, Part]] = {}
    for i, one in enumerate(wanted):
        line = by_position.get(one.position)
        if line is None or one.position in named:
            message = _("The order has no line %(position)s, or it is named twice.")
            raise MoreThanOpen(message % {"position": one.position}, field=f"lines[{i}].position")
        left = line.uncancelled_qty - line.shipped_qty
        if not 0 <= one.qty <= left:
            message = _("Unshipped quantity of %(sku)s: %(left)s.") % {"sku": line.sku, "left": left}
            raise MoreThanOpen(message, field=f"lines[{i}].qty", left=left)
        named[one.position] = (i, one)
    shipped = {
        line.position: line.shipped_qty + (named[line.position][1].qty if line.position in named else 0)
        for line in order.lines
    }
    ordered = {line.position: line.uncancelled_qty for line in order.lines}
    going = []
    for line in order.lines:
        i, one = named.get(line.position, (-1, Part(line.position, 0)))
        due = (
            min(free_earned(line.why.get("grants", ()), shipped, ordered), line.uncancelled_free)
            - line.shipped_free
        )
        free = max(due, 0) if one.free is None and (i >= 0 or not line.qty) else one.free or 0
        if not 0 <= free <= max(due, 0):
            message = _("Free units of %(sku)s earned so far: %(due)s.") % {"sku": line.sku, "due": due}
            raise MoreThanOpen(message, field=f"lines[{i}].free", due=due)
        if one.qty or free:
            net, tax = split(line, line.shipped_qty, line.shipped_qty + one.qty)
            going.append(_Going(line, one.qty, free, net, tax, max(i, 0)))
    if not going:
        raise NothingShipped(_("Nothing is shipped."), field="lines")
    return going


_WRITE = (
    "WITH going AS (SELECT * FROM unnest(%(ids)s::uuid[], %(lines)s::uuid[], %(qtys)s::int[],"
    " %(frees)s::int[], %(nets)s::numeric[], %(taxes)s::numeric[])"
    " AS g(id, line_id, qty, free, net, tax)), "
    "shipments AS (INSERT INTO ordering_shipment (id, tenant_id, order_id, number, state, shipped_at,"
    " signed_by, amount, source, requested) VALUES (%(shipment)s, %(tenant)s, %(order)s, %(number)s,"
    " 'shipped', %(at)s, '', %(amount)s, %(source)s, %(requested)s::jsonb)), "
    "parts AS (INSERT INTO ordering_shipmentline (id, tenant_id, shipment_id, order_line_id, qty,"
    " free_qty, net, tax) SELECT id, %(tenant)s, %(shipment)s, line_id, qty, free, net, tax FROM going), "
    "moved AS (UPDATE ordering_orderline l SET shipped_qty = l.shipped_qty + g.qty,"
    " shipped_free = l.shipped_free + g.free,"
    " reserved_qty = l.reserved_qty - least(l.reserved_qty, g.qty + g.free)"
    " FROM going g WHERE l.tenant_id = %(tenant)s AND l.id = g.line_id) "
    "UPDATE ordering_order SET state = %(state)s WHERE tenant_id = %(tenant)s AND id = %(order)s"
)


def _write(
    locked: LockedOrder, going: list[_Going], at: datetime, source: str, requested: ShipmentContent
) -> UUID:
    order, shipment_id = locked.order, new_id()
    now = {one.line.position: (one.qty, one.free) for one in going}
    complete = all(
        line.uncancelled_qty == line.shipped_qty + now.get(line.position, (0, 0))[0]
        and line.uncancelled_free == line.shipped_free + now.get(line.position, (0, 0))[1]
        for line in order.lines
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "tenant": active_tenant_id(),
                "order": order.id,
                "shipment": shipment_id,
                "at": at,
                "number": f"{order.number}/{len(order.shipments) + 1}",
                "amount": sum((one.net + one.tax for one in going), ZERO_MONEY),
                "source": source,
                "requested": requested.stored if source else None,
                "state": State.SHIPPED if complete else State.PART_SHIPPED,
                "ids": [str(new_id()) for _one in going],
                "lines": [str(one.line.id) for one in going],
                "qtys": [one.qty for one in going],
                "frees": [one.free for one in going],
                "nets": [one.net for one in going],
                "taxes": [one.tax for one in going],
            },
        )
    return shipment_id


def _move_stock(locked: LockedOrder, going: list[_Going], shipment_id: UUID, at: datetime) -> None:
    order = locked.order
    changes = hardening(order) if order.state in SOFT else {}
    wanted = []
    for one in going:
        reserved = min(one.line.reserved_qty, one.units)
        if reserved or locked.seller_tracks:
            more = Change(on_hand=-one.units, hard=-reserved)
            changes[one.line.product_id] = changes.get(one.line.product_id, Change()).plus(more)
            wanted.append(Wanted(one.line.product_id, one.units, one.line.sku, f"lines[{one.place}].qty"))
    must_change_stock(
        party_id=order.seller_id,
        changes=changes,
        wanted=wanted,
        kind="shipment",
        source=f"shipment:{shipment_id}",
        at=at,
    )
