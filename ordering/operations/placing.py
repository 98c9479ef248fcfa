"""Placing an order: priced, asked for credit, reserved, posted and told of, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from accounts.rights import MANUFACTURER, Actor
from kernel.money import ZERO_MONEY
from kernel.refusals import Refusal
from ledger.domain.credit import OpenOrder
from ledger.operations.asking import LockedBook, lock_for_credit
from ledger.operations.books import open_book
from ledger.operations.posting import POSTING_CTES, Posting, check_written, posting_columns
from ordering.models import Order
from ordering.operations.facts import Fact, add_facts
from ordering.operations.lines import INSERT_LINES, line_columns, lines_of, total_of
from ordering.operations.reserving import Wanted, reserve_softly
from ordering.operations.terms import Terms, must_trade, order_of_source, terms_of_trade
from ordering.queries.orders import LineFacts, OrderFacts, open_orders_due, order_facts
from pricing.queries import PricedOrder, quote_for
from tenancy.context import joined_transaction
from tenancy.models import new_id
from tenancy.operations.nudging import nudge
from tenancy.operations.outbox import PATIENCE

MOST_LINES = 5000
MOST_UNITS = 1_000_000_000
MOST_MONEY = Decimal(10) ** 13


class NothingOrdered(Refusal):
    code = "nothing_ordered"


class QuantityOutOfRange(Refusal):
    code = "out_of_range"


class NoPrice(Refusal):
    code = "no_price"


class PriceBlocked(Refusal):
    code = "price_blocked"


class CreditExceeded(Refusal):
    code = "credit_exceeded"


class WindowWrong(Refusal):
    code = "window"


@dataclass(frozen=True, slots=True)
class Window:
    """When a pre-sale order may be delivered: `[start, end)`."""

    start: datetime
    end: datetime


def place_order(
    *,
    seller_id: UUID,
    buyer_id: UUID,
    lines: Sequence[tuple[str, int]],
    by: Actor,
    at: datetime,
    kind: str = Order.Kind.STANDARD,
    window: Window | None = None,
    reference: str = "",
    note: str = "",
    source: str = "",
    hold: bool = True,
    accept_review: bool = False,
) -> OrderFacts:
    """Places an order of (SKU, base units) lines; all of it or nothing.

    The order is PLACED; or in REVIEW where a price wants a person (one with order.confirm may
    `accept_review` at once); or HELD where the credit does not reach, or with `hold` False
    refused. In review or held it takes neither stock nor credit. A `source` that was placed
    before answers with that order. Raises NotAllowed, NoSuchTrade, NotInTrade, NothingOrdered,
    QuantityOutOfRange, WindowWrong, NoPrice, PriceBlocked, CreditExceeded, OutOfStock, and what
    pricing.queries.quote_for refuses. Fifteen statements at most, however many lines.
    """
    by.must("order.place")
    terms = terms_of_trade(seller_id=seller_id, buyer_id=buyer_id, source=source)
    must_trade(terms, by)
    if terms.existing is not None:
        return _same_order(terms)
    _check(lines, kind, window, at)
    on = terms.day_of(at)
    priced = quote_for(seller_id=seller_id, buyer_id=buyer_id, lines=lines, on=on)
    _check_prices(priced)
    made = lines_of(priced, terms)
    with joined_transaction():
        book_id = terms.book_id or open_book(seller_id=seller_id, buyer_id=buyer_id)
        book = lock_for_credit(book_id)
        if source and (placed := order_of_source(source)) is not None:
            return _same_order(replace(terms, existing=placed))
        order = _order(priced, terms, made, book, on, at, kind, window)
        order = replace(order, source=source, reference=reference, note=note)
        if order.verdict == "review" and not (accept_review and by.may("order.confirm")):
            order = replace(order, state=Order.State.REVIEW)
        else:
            order = _ask_credit(order, book, on, hold)
        reserved = order.state == Order.State.PLACED and priced.seller.tracks_stock
        order = _with_reserved(order) if reserved else order
        _write(order, book, by)
        if order.state == Order.State.PLACED:
            _take(order, reserved)
    return order


def _same_order(terms: Terms) -> OrderFacts:
    order = order_facts(terms.existing) if terms.existing else None
    if order is None or (order.seller_id, order.buyer_id) != (terms.seller.id, terms.buyer.id):
        raise SourceTaken(_("Another order has this outside number."), field="source")
    return order


class SourceTaken(Refusal):
    code = "conflict"


def _check(lines: Sequence[tuple[str, int]], kind: str, window: Window | None, at: datetime) -> None:
    if not lines:
        raise NothingOrdered(_("An order has at least one line."), field="lines")
    if len(lines) > MOST_LINES:
        raise NothingOrdered(_("An order has at most %(most)s lines.") % {"most": MOST_LINES}, field="lines")
    for i, (_sku, qty) in enumerate(lines):
        if not 1 <= qty <= MOST_UNITS:
            message = _("A quantity is between 1 and %(most)s.") % {"most": MOST_UNITS}
            raise QuantityOutOfRange(message, field=f"lines[{i}].qty")
    if kind not in Order.Kind.values:
        raise NothingOrdered(_("There is no such kind of order."), field="kind")
    if kind == Order.Kind.PRESALE and window is None:
        raise WindowWrong(_("A pre-sale order names its delivery window."), field="window")
    if window is not None:
        if window.end <= window.start:
            raise WindowWrong(_("The delivery window ends after it starts."), field="window.until")
        if window.end <= at:
            raise WindowWrong(_("The delivery window is over already."), field="window.until")


def _check_prices(priced: PricedOrder) -> None:
    verdict = priced.quote.verdict
    if verdict not in {"no_price", "block"}:
        return
    bad = [(i, line) for i, line in enumerate(priced.quote.lines) if line.verdict == verdict]
    told = [{"field": f"lines[{i}]", "sku": line.sku, "clauses": list(line.clauses)} for i, line in bad]
    skus = ", ".join(line.sku for _i, line in bad[:10])
    field = f"lines[{bad[0][0]}].sku"
    if verdict == "no_price":
        raise NoPrice(_("There is no price for %(skus)s.") % {"skus": skus}, field=field, lines=told)
    clauses = ", ".join(sorted({clause for _i, line in bad for clause in line.clauses}))
    message = _("The price of %(skus)s breaks the limit %(clauses)s.")
    raise PriceBlocked(message % {"skus": skus, "clauses": clauses}, field=field, lines=told)


def _order(
    priced: PricedOrder,
    terms: Terms,
    lines: tuple[LineFacts, ...],
    book: LockedBook,
    on: date,
    at: datetime,
    kind: str,
    window: Window | None,
) -> OrderFacts:
    """The order as it would be placed. Where prices exclude tax, its subtotal includes it on top."""
    book.head.orders += 1
    total, tax = total_of(lines, "amount"), total_of(lines, "tax")
    if total >= MOST_MONEY:
        raise QuantityOutOfRange(_("The order is worth too much to be one."), field="lines")
    applied = [
        {"code": one.code, "kind": one.kind, "reason": one.reason, "worth": str(one.worth)}
        for one in priced.quote.schemes
        if one.reason in {"applied", "group_taken"}
    ]
    return OrderFacts(
        id=new_id(),
        number=_number(terms, on, book.head.orders),
        kind=str(kind),
        state=Order.State.PLACED.value,
        seller_id=terms.seller.id,
        seller_code=terms.seller.code,
        seller_name=terms.seller.name,
        buyer_id=terms.buyer.id,
        buyer_code=terms.buyer.code,
        buyer_name=terms.buyer.name,
        contract_id=priced.buyer.contract_id,
        placed_at=at,
        placed_on=on,
        confirmed_at=None,
        delivered_at=None,
        window_from=window.start if window else None,
        window_until=window.end if window else None,
        currency=terms.currency,
        subtotal=total + priced.quote.discount,
        discount=priced.quote.discount,
        total=total,
        tax=tax,
        open_amount=ZERO_MONEY,
        due_on=on + timedelta(days=book.position.payment_days),
        verdict=priced.quote.verdict,
        source="",
        reference="",
        note="",
        facts={"schemes": applied} if applied else {},
        lines=lines,
    )


def _number(terms: Terms, on: date, count: int) -> str:
    """SO + yymmdd + the buyer's code + the count of orders in their book; no counter is shared.

    Books of two sellers count alike, so that all but the manufacturer's name the seller too.
    """
    seller = "" if terms.seller.kind == MANUFACTURER else f"{terms.seller.code}."
    return f"SO{on:%y%m%d}-{seller}{terms.buyer.code}-{count}"


def _ask_credit(order: OrderFacts, book: LockedBook, on: date, hold: bool) -> OrderFacts:
    """The order, placed or held. Raises CreditExceeded for one that may not be held."""
    refused = credit_refusal(order, book, on)
    if not refused:
        return replace(order, open_amount=order.total)
    if not hold:
        raise CreditExceeded(_("The buyer's credit does not reach."), **refused)
    return replace(order, state=Order.State.HELD.value, facts=order.facts | {"credit": refused})


def credit_refusal(order: OrderFacts, book: LockedBook, on: date) -> dict[str, Any]:
    """Why the buyer's credit does not let the order pass; empty where it does."""
    open_orders = None
    if book.position.horizon_days is not None and book.position.limit is not None:
        due = open_orders_due(seller_id=order.seller_id, buyer_id=order.buyer_id)
        open_orders = [OpenOrder(amount, day) for amount, day in due]
    decision = book.position.ask(order.total, today=on, open_orders=open_orders)
    if decision is None or decision.decision == "pass":
        return {}
    return {
        "reasons": list(decision.reasons),
        "exposure": str(decision.exposure),
        "available": str(decision.available),
        "asked": str(decision.asked),
    }


def _with_reserved(order: OrderFacts) -> OrderFacts:
    return replace(
        order, lines=tuple([line._replace(reserved_qty=line.qty + line.free_qty) for line in order.lines])
    )


_INSERT = (
    "orders AS (INSERT INTO ordering_order (id, tenant_id, number, kind, state, seller_id, buyer_id,"
    " contract_id, placed_at, placed_on, placed_by_id, window_from, window_until, currency, subtotal,"
    " discount, total, tax, open_amount, due_on, verdict, source, reference, note, facts)"
    " VALUES (%(order)s, %(tenant)s, %(number)s, %(kind)s, %(state)s, %(seller)s, %(buyer)s,"
    " %(contract)s, %(at)s, %(on)s, %(user)s, %(window_from)s, %(window_until)s, %(currency)s,"
    " %(subtotal)s, %(discount)s, %(total)s, %(tax)s, %(open_amount)s, %(due_on)s, %(verdict)s,"
    " %(source)s, %(reference)s, %(note)s, %(facts)s)), "
    f"orderlines AS ({INSERT_LINES}), "
    "traces AS (INSERT INTO audit_trace (id, tenant_id, at, user_id, party_id, actor, deed, noun,"
    " noun_id, facts) VALUES (%(trace)s, %(tenant)s, %(at)s, %(user)s, %(party)s, %(actor)s, 'place',"
    " 'order', %(order)s::text, %(traced)s)), "
    "messages AS (INSERT INTO tenancy_outboxmessage (id, tenant_id, created_at, topic, body, attempts,"
    " last_error) SELECT %(message)s, %(tenant)s, %(at)s, 'ordering.placed', %(told)s, 0, ''"
    " WHERE %(placed)s RETURNING id, tenant_id, created_at), "
    "due AS (INSERT INTO tenancy_outboxdue (id, tenant_id, created_at, due_at, nudges)"
    " SELECT id, tenant_id, created_at, now() + %(patience)s::interval, 0 FROM messages)"
)


def _write(order: OrderFacts, book: LockedBook, by: Actor) -> None:
    """The order, its lines, posting, line in the audit trail and message: one statement."""
    placed = order.state == Order.State.PLACED
    postings = [commitment(order, book.book_id, by)] if placed else []
    message_id = new_id()
    columns, _made = posting_columns(postings, book.heads)
    columns |= line_columns(order.id, order.lines, reserved=any(line.reserved_qty for line in order.lines))
    columns |= {
        "number": order.number, "kind": order.kind, "state": order.state, "seller": order.seller_id,
        "buyer": order.buyer_id, "contract": order.contract_id, "at": order.placed_at,
        "on": order.placed_on, "user": by.user_id, "window_from": order.window_from,
        "window_until": order.window_until, "currency": order.currency, "subtotal": order.subtotal,
        "discount": order.discount, "total": order.total, "tax": order.tax,
        "open_amount": order.open_amount, "due_on": order.due_on, "verdict": order.verdict,
        "source": order.source, "reference": order.reference, "note": order.note,
        "facts": json.dumps(order.facts), "trace": new_id(), "party": by.party_id, "actor": by.label,
        "traced": json.dumps({"number": order.number, "state": order.state, "total": str(order.total)}),
    }  # fmt: skip
    columns |= {
        "placed": placed, "message": message_id, "told": json.dumps({"order_id": str(order.id)}),
        "patience": str(PATIENCE),
    }  # fmt: skip
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {POSTING_CTES}, {_INSERT} SELECT count(*) FROM lines", columns)
            (written,) = cursor.fetchone()
    except IntegrityError as error:
        if "order_source_once" in str(error):
            raise SourceTaken(_("Another order has this outside number."), field="source") from error
        raise
    check_written(written, columns)
    if placed:
        tell = {"tenant_id": columns["tenant"], "message_id": message_id}
        transaction.on_commit(lambda: nudge("tenancy.deliver_message", **tell), robust=True)


def commitment(order: OrderFacts, book_id: UUID, by: Actor) -> Posting:
    """The memo posting of an open order: what is committed is its exposure."""
    lines = [("committed", order.total), ("commitment", -order.total)]
    return Posting(
        book_id, "commitment", f"order:{order.id}:placed", order.placed_at, lines, order.number,
        posted_by=by.label,
    )  # fmt: skip


def ordered_facts(order: OrderFacts) -> Iterable[Fact]:
    for line in order.lines:
        if line.qty:
            yield Fact(
                order.placed_on, order.seller_id, order.buyer_id, line.product_id,
                ordered_qty=line.qty, ordered_net=line.net,
            )  # fmt: skip


def wanted_of(order: OrderFacts) -> list[Wanted]:
    return [
        Wanted(line.product_id, line.qty + line.free_qty, line.sku, f"lines[{line.position - 1}].qty")
        for line in order.lines
    ]


def _take(order: OrderFacts, reserved: bool) -> None:
    """Stock and facts, last of all: a row that many orders want is locked for the shortest time."""
    if reserved:
        reserve_softly(party_id=order.seller_id, wanted=wanted_of(order), facts=ordered_facts(order))
    else:
        add_facts(ordered_facts(order))
