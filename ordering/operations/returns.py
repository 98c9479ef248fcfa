"""Take goods back with reference to their order: value each line and charge unearned free units."""

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
from kernel.money import Taxed, as_cents, from_cents, taxed, unit_price
from kernel.quantities import line_amount
from kernel.refusals import Refusal
from ledger.operations.receipts import announce_credit_change
from ordering.audit_actions import OrderAction
from ordering.models import Order
from ordering.operations.delivering import delivery_source
from ordering.operations.locking import lock_order
from ordering.operations.order_lines import free_earned
from ordering.operations.proration import split
from ordering.operations.repeated_returns import ReturnContent, line_of_order, repeated_return
from ordering.operations.return_posting import (
    NothingReturned,
    Returned,
    count_facts,
    credit,
    find_return,
    move_stock,
    write_return,
)
from ordering.operations.scheme_uses import give_back_unused
from ordering.queries.orders import LineFacts, OrderFacts
from ordering.queries.returns import ReturnDetail, return_facts
from pricing.domain.free_goods import Return
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.models import new_id

State = Order.State


class MoreThanDelivered(Refusal):
    code = "more_than_delivered"


class ReturnPart(NamedTuple):
    """Returned units of one line, paid and free."""

    position: int
    qty: int
    free: int = 0


def take_back(
    *,
    order_id: UUID,
    lines: Sequence[ReturnPart | tuple[int, ...]],
    by: Actor,
    at: datetime,
    reason: str = "",
    source: str = "",
) -> ReturnDetail:
    """Take delivered goods of an order back as its seller, and return the return.

    A full return nets to 0.00. Free units that the remaining goods no longer earn come back too or are
    charged at the line's price. A `source` that was booked before with the same content returns that
    return, `replayed`. Raises SourceTaken, MoreThanDelivered (`lines[i].qty`, `lines[i].free`),
    NothingReturned.
    """
    by.must("order.return")
    with joined_transaction():
        locked = lock_order(order_id, by=by)
        if (known := find_return(source, buyer_id=locked.order.buyer_id)) is not None:
            return repeated_return(known, _content(locked.order, lines, reason))
        locked.must_be(State.PART_SHIPPED, State.SHIPPED, State.DELIVERED)
        order = locked.order
        back = returned_lines(order, [ReturnPart(*one) for one in lines])
        return_id = new_id()
        number = f"{order.number}-R{_count_of(order_id) + 1}"
        write_return(
            return_id, order_id, order.seller_id, order.buyer_id, number, back, locked, source, reason, at
        )
        _update_lines(back)
        on, first = locked.day_of(at), delivery_source(order_id)
        credit(locked.book, f"return:{return_id}", back, number, by, at, on, first)
        announce("ordering.returned", {"return_id": str(return_id)}, at=at)
        announce_credit_change(locked.book.book_id, at)
        record(OrderAction.TAKE_BACK, (Order, order_id), by=by, at=at, number=number, reason=reason)
        give_back_unused(order, _lines_after(order, back))
        move_stock(locked, order.seller_id, order.buyer_id, back, return_id, at)
        count_facts(locked, order.seller_id, order.buyer_id, back, at)
    return return_facts(return_id)


def _content(order: OrderFacts, lines: Sequence[ReturnPart | tuple[int, ...]], reason: str) -> ReturnContent:
    by_position = {line.position: line for line in order.lines}
    parts = [ReturnPart(*one) for one in lines]
    compared = [
        line_of_order(by_position.get(one.position), one.position, one.qty, one.free)
        for one in parts
        if one.qty or one.free
    ]
    return ReturnContent(order.id, order.seller_id, reason, compared)


def returned_lines(order: OrderFacts, wanted: Sequence[ReturnPart]) -> list[Returned]:
    """Return the value of each line and its charged free units. Source: rules.md, free-goods."""
    by_position = {line.position: line for line in order.lines}
    named: dict[int, ReturnPart] = {}
    for i, one in enumerate(wanted):
        line = by_position.get(one.position)
        if line is None or one.position in named:
            message = _("The order has no line %(position)s, or it is named twice.")
            raise MoreThanDelivered(message % {"position": one.position}, field=f"lines[{i}].position")
        holding = line.holding
        for field, units, limit in (("qty", one.qty, holding.returnable), ("free", one.free, holding.free)):
            if not 0 <= units <= limit:
                message = _("Returnable quantity of %(sku)s: %(held)s.") % {"sku": line.sku, "held": limit}
                raise MoreThanDelivered(message, field=f"lines[{i}].{field}", held=limit)
        named[one.position] = one
    if not any(one.qty or one.free for one in wanted):
        raise NothingReturned(_("Nothing is returned."), field="lines")
    nothing = ReturnPart(0, 0)
    parts = [named.get(line.position, nothing) for line in order.lines]
    after = [
        line.holding.less(Return(part.qty, part.free)) for line, part in zip(order.lines, parts, strict=True)
    ]
    paid = {line.position: holding.paid for line, holding in zip(order.lines, after, strict=True)}
    made = []
    for line, part, holding in zip(order.lines, parts, after, strict=True):
        charged = holding.unearned(free_earned(line.why.get("grants", ()), paid))
        if part.qty or part.free or charged:
            made.append(_returned(line, part, charged))
    return made


def _returned(line: LineFacts, back: ReturnPart, charged: int) -> Returned:
    """Return the value of a line's return: of paid units, then of charged ones, less what is charged now."""
    returned = line.returned_qty + back.qty
    net, tax = split(line, max(0, line.delivered_qty - returned), line.holding.paid)
    sent_back = _charge(
        line, max(0, line.returned_qty - line.delivered_qty), max(0, returned - line.delivered_qty)
    )
    bought = _charge(line, line.charged_free, line.charged_free + charged)
    net, tax = net + sent_back.net - bought.net, tax + sent_back.tax - bought.tax
    unit = unit_price(line.amount / line.qty if line.qty else line.unit_price / line.per)
    return Returned(line.id, line.product_id, line.sku, back.qty, back.free, charged, unit, net, tax)


def _charge(line: LineFacts, before: int, now: int) -> Taxed:
    """Return the charge for the free units after `before` up to `now`.

    It follows its running total, at the price of the line's paid units; for a gift, at its own.
    """
    first, last = (taxed(_price_of(line, units), line.tax_rate, tax_in_price=True) for units in (before, now))
    return Taxed(last.net - first.net, last.tax - first.tax, last.gross - first.gross)


def _price_of(line: LineFacts, units: int) -> Decimal:
    if line.qty:
        size = (2 * as_cents(line.amount) * units + line.qty) // (2 * line.qty)
        return from_cents(size)
    return line_amount(line.unit_price, units, line.per)


def _lines_after(order: OrderFacts, back: Sequence[Returned]) -> list[LineFacts]:
    by_line = {one.line_id: one for one in back}
    return [
        line._replace(
            returned_qty=line.returned_qty + one.qty,
            returned_free=line.returned_free + one.free,
            charged_free=line.charged_free + one.charged,
        )
        if (one := by_line.get(line.id)) is not None
        else line
        for line in order.lines
    ]


def _count_of(order_id: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM ordering_return WHERE tenant_id = %s AND order_id = %s",
            [active_tenant_id(), order_id],
        )
        return int(cursor.fetchone()[0])


def _update_lines(back: Sequence[Returned]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ordering_orderline l SET returned_qty = l.returned_qty + r.qty,"
            " returned_free = l.returned_free + r.free, charged_free = l.charged_free + r.charged,"
            " credited = l.credited + r.credit"
            " FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::int[], %s::numeric[])"
            " AS r(id, qty, free, charged, credit) WHERE l.tenant_id = %s AND l.id = r.id",
            [
                [str(one.line_id) for one in back],
                [one.qty for one in back],
                [one.free for one in back],
                [one.charged for one in back],
                [one.net + one.tax for one in back],
                active_tenant_id(),
            ],
        )
