"""Write a new order in one statement: its rows, posting, audit entry and message; then stock and facts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import partial
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import WRITE_ENTRY, entry_columns
from jobs.operations.dispatch import nudge_soon
from jobs.operations.outbox import WRITE_MESSAGE, message_columns
from kernel.array_literals import with_array_literals
from ledger.operations.credit_lock import LockedBook
from ledger.operations.posting import WRITE_POSTINGS, Posting, check_written, posting_columns
from ordering.audit_actions import OrderAction
from ordering.models import Order
from ordering.operations.daily_facts import ADD_FACTS, Fact, fact_columns
from ordering.operations.order_lines import line_columns
from ordering.operations.reserving import RESERVE_STOCK, Wanted, check_reserved, stock_columns
from ordering.operations.sources import SourceTaken
from ordering.queries.orders import OrderFacts
from pricing.operations.scheme_uses import USE_SCHEMES, NewUse, check_used, use_columns
from tenancy.models import new_id

TOPICS: dict[str, str] = {
    Order.State.PLACED: "ordering.placed",
    Order.State.HELD: "ordering.held",
    Order.State.REVIEW: "ordering.review",
}


WRITE_ORDER = (
    "write_order("
    "%(tenant)s, %(order)s, %(number)s, %(kind)s, %(state)s, %(seller)s, %(buyer)s, %(contract)s, "
    "%(at)s, %(on)s, %(user)s, %(window_from)s, %(window_until)s, %(currency)s, %(subtotal)s, "
    "%(discount)s, %(total)s, %(tax)s, %(open_amount)s, %(due_on)s, %(verdict)s, %(source)s, "
    "%(reference)s, %(note)s, %(facts)s, %(reserved)s, %(line_ids)s, %(positions)s, "
    "%(line_products)s, %(skus)s, %(qtys)s, %(free_qtys)s, %(pers)s, %(base_prices)s, "
    "%(unit_prices)s, %(net_unit_prices)s, %(discounts)s, %(line_amounts)s, %(tax_rates)s, %(nets)s, "
    "%(taxes)s, %(price_lists)s, %(whys)s)"
)


def write_order(
    order: OrderFacts, book: LockedBook, by: Actor, *, reserved: bool, uses: Sequence[NewUse] = ()
) -> None:
    """Insert the order, its lines, posting, audit entry and message; for a placed one also take the goods.

    The calls of the statement run in their order: the budgets of the schemes that it `uses`, `reserved`
    stock and the facts come last, because many orders lock these rows. Raises SourceTaken, SchemeExhausted
    and OutOfStock; then the caller rolls back.
    """
    placed = order.state == Order.State.PLACED
    calls = [WRITE_POSTINGS, WRITE_ORDER, WRITE_ENTRY, WRITE_MESSAGE]
    postings = [commitment(order, book.book_id, by)] if placed else []
    message_id = new_id()
    columns, _made = posting_columns(postings, book.heads)
    columns |= line_columns(order.id, order.lines, reserved=reserved)
    columns |= {
        "number": order.number,
        "kind": order.kind,
        "state": order.state,
        "seller": order.seller_id,
        "buyer": order.buyer_id,
        "contract": order.contract_id,
        "at": order.placed_at,
        "on": order.placed_on,
        "user": by.person_id,
        "window_from": order.window_from,
        "window_until": order.window_until,
        "currency": order.currency,
        "subtotal": order.subtotal,
        "discount": order.discount,
        "total": order.total,
        "tax": order.tax,
        "open_amount": order.open_amount,
        "due_on": order.due_on,
        "verdict": order.verdict,
        "source": order.source,
        "reference": order.reference,
        "note": order.note,
        "facts": json.dumps(order.facts),
    }
    facts = {"number": order.number, "state": order.state, "total": str(order.total)}
    columns |= entry_columns(OrderAction.PLACE, (Order, order.id), by=by, at=order.placed_at, **facts)
    columns |= message_columns(
        message_id, TOPICS[order.state], {"order_id": str(order.id)}, at=order.placed_at
    )
    if uses:
        calls.append(USE_SCHEMES)
        columns |= use_columns(uses)
    wanted = wanted_of(order) if reserved else []
    if reserved:
        calls.append(RESERVE_STOCK)
        columns |= stock_columns(order.seller_id, wanted)
    if placed:
        calls.append(ADD_FACTS)
        columns |= fact_columns(ordered_facts(order))
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(calls)}", with_array_literals(columns))
            written = dict(zip(calls, cursor.fetchone(), strict=True))
    except IntegrityError as error:
        if "order_source_once" in str(error):
            # Another seller's book was locked: with the same one, placing would have found the order.
            raise SourceTaken(_("Another order has this outside number."), field="source") from error
        raise
    check_written(written[WRITE_POSTINGS], columns)
    if uses:
        check_used(uses, written[USE_SCHEMES])
    if reserved:
        check_reserved(order.seller_id, wanted, written[RESERVE_STOCK])
    transaction.on_commit(partial(nudge_soon, columns["tenant"], message_id), robust=True)


def commitment(order: OrderFacts, book_id: UUID, by: Actor) -> Posting:
    """Return the memo posting of an open order: its total counts as exposure until it is delivered."""
    lines = [("committed", order.total), ("commitment", -order.total)]
    return Posting(
        book_id,
        "commitment",
        f"order:{order.id}:placed",
        order.placed_at,
        lines,
        order.number,
        posted_by=by.label,
    )


def ordered_facts(order: OrderFacts) -> Iterable[Fact]:
    """Yield the facts of the ordered units; gift lines have none."""
    for line in order.lines:
        if line.qty:
            yield Fact(
                order.placed_on,
                order.seller_id,
                order.buyer_id,
                line.product_id,
                ordered_qty=line.qty,
                ordered_net=line.net,
            )


def wanted_of(order: OrderFacts) -> list[Wanted]:
    """Return the units that each line needs from stock, paid and free."""
    return [
        Wanted(line.product_id, line.qty + line.free_qty, line.sku, f"lines[{line.position - 1}].qty")
        for line in order.lines
    ]
