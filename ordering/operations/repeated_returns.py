"""Answer a return whose outside number was booked before: with the first return, or with what differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from kernel.money import unit_price
from kernel.sources import Values, differing_lines, differing_values
from ordering.models import Order
from ordering.operations.sources import SourceTaken, by_sku, must_be_same
from ordering.queries.orders import LineFacts
from ordering.queries.returns import ReturnDetail, return_facts


@dataclass(frozen=True, slots=True)
class ReturnContent:
    """What a return asks for: goods of an order, or goods at given prices without one."""

    order_id: UUID | None
    seller_id: UUID
    reason: str
    lines: Sequence[tuple[str, Values]]


def line_of_order(line: LineFacts | None, position: int, qty: int, free: int) -> tuple[str, Values]:
    """Return a returned line of an order as it is compared; `line` is None for a position without one."""
    return f"{position} {line.sku}" if line else str(position), {"qty": qty, "free": free}


def line_at_price(sku: str, qty: int, price: Decimal) -> tuple[str, Values]:
    """Return a returned line without an order as it is compared."""
    return sku, {"qty": qty, "price": f"{unit_price(price):.4f}"}


def repeated_return(return_id: UUID, requested: ReturnContent) -> ReturnDetail:
    """Return the first return of a source, marked as a replay. Raises SourceTaken if it was another one.

    What differs is not named where another seller took the goods back.
    """
    known = return_facts(return_id)
    if known.seller_id != requested.seller_id:
        raise SourceTaken(_("Another return has this outside number."), field="source")
    lines = requested.lines
    if known.order_id is None:
        booked = [line_at_price(one.sku, one.qty, one.unit_price) for one in known.lines]
        lines = by_sku(lines, booked)
    else:
        booked = [
            (f"{one.position} {one.sku}", {"qty": one.qty, "free": one.free_qty})
            for one in known.lines
            if one.qty or one.free_qty
        ]
    values = {"order": _number(known.order_id), "reason": known.reason.strip()}
    now = {"order": _number(requested.order_id), "reason": requested.reason.strip()}
    differs = [*differing_values(values, now), *differing_lines(booked, lines)]
    must_be_same(differs, number=known.number, booked=("return", known.id))
    return replace(known, replayed=True)


def _number(order_id: UUID | None) -> str | None:
    if order_id is None:
        return None
    number: str | None = Order.objects.filter(id=order_id).values_list("number", flat=True).first()
    return number
