"""Place an order: price it, check credit, reserve stock, post it and announce it, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import MANUFACTURER, Actor
from approvals.operations.requesting import must_be_another
from kernel.money import MAX_MONEY, ZERO_MONEY
from kernel.quantities import MAX_LINES, MAX_UNITS
from ledger.operations.books import open_book
from ledger.operations.credit_lock import LockedBook, lock_for_credit
from ordering.domain.price_overrides import PriceOverride
from ordering.models import Order
from ordering.operations.confirming import REVIEW
from ordering.operations.credit_check import CreditExceeded, check_credit
from ordering.operations.manual_price_rows import manual_price_rows, write_manual_prices
from ordering.operations.order_checks import (
    InvalidWindow,
    NoPrice,
    NothingOrdered,
    PriceBlocked,
    ProductUnavailable,
    QuantityOutOfRange,
    Window,
    check_available,
    check_prices,
    check_request,
)
from ordering.operations.order_lines import lines_of, total_of
from ordering.operations.order_writer import write_order
from ordering.operations.repeated_orders import HOLD, OrderContent, repeated_order
from ordering.operations.scheme_uses import uses_of
from ordering.operations.sources import SourceTaken
from ordering.operations.trade_terms import must_trade, order_of_source
from ordering.queries.orders import LineFacts, OrderFacts
from ordering.queries.trade_terms import TradeTerms, terms_of_trade
from pricing.queries import PricedOrder, quote_for
from tenancy.context import joined_transaction
from tenancy.models import new_id

__all__ = [
    "MAX_LINES",
    "MAX_MONEY",
    "MAX_UNITS",
    "CreditExceeded",
    "InvalidWindow",
    "NoPrice",
    "NothingOrdered",
    "PriceBlocked",
    "ProductUnavailable",
    "QuantityOutOfRange",
    "SourceTaken",
    "Window",
    "place_order",
]


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
    overrides: Mapping[str, PriceOverride] | None = None,
) -> OrderFacts:
    """Place an order of (SKU, base units) lines, all of them or none, and return it.

    The order is PLACED; or in REVIEW if a price needs approval (where the tenant wants no second person, the
    seller, with order.confirm, may `accept_review` at once); or HELD if the credit does not suffice, or
    refused if `hold` is False. In review or held it takes neither stock nor credit. A `source` that was
    placed before with the same content returns that order, `replayed`; with other content it raises
    SourceTaken. `overrides` are prices by SKU that the seller set by hand (`manual_prices.price_override`
    has checked who); a draft may bring those of its lines.

    Raises NotAllowed, UnknownParty, NotInTrade, NothingOrdered, QuantityOutOfRange, InvalidWindow, NoPrice,
    PriceBlocked, ProductUnavailable, SamePerson, CreditExceeded, SchemeExhausted, OutOfStock, and what
    pricing.queries.quote_for raises. Seven statements for any number of lines; up to four more for a
    `source`, for the first order between two parties, for dated credit terms and for overdue debts; two
    more for manual prices.
    """
    by.must("order.place")
    terms = terms_of_trade(seller_id=seller_id, buyer_id=buyer_id, on=at, source=source)
    must_trade(terms, by)
    set_by_hand = overrides or {}
    prices = {sku: one.manual for sku, one in set_by_hand.items()}
    content = OrderContent(terms.seller.code, kind, window, reference, note, lines, hold, prices)
    if terms.existing is not None:
        return repeated_order(terms.existing, content, by)
    check_request(lines, kind, window, at)
    on = terms.day
    priced = quote_for(
        seller_id=seller_id,
        buyer_id=buyer_id,
        lines=lines,
        on=on,
        parties=terms.parties,
        manual=prices,
        is_order=True,
    )
    check_available(priced)
    check_prices(priced)
    made = lines_of(priced, set_by_hand)
    with joined_transaction():
        book_id = terms.book_id or open_book(seller_id=seller_id, buyer_id=buyer_id)
        book = lock_for_credit(book_id)
        if source and (placed := order_of_source(source, buyer_id=buyer_id)) is not None:
            return repeated_order(placed, content, by)
        order = _order(priced, terms, made, book, on, at, kind, window)
        order = replace(order, source=source, reference=reference, note=note)
        if source and not hold:
            order = replace(order, facts=order.facts | {HOLD: False})
        decides = by.acts_for(seller_id) and by.may("order.confirm")
        if order.verdict == "review" and accept_review and decides:
            must_be_another(REVIEW, first=by.person_id, by=by)
        if order.verdict == "review" and not (accept_review and decides):
            order = replace(order, state=Order.State.REVIEW)
        else:
            order = check_credit(order, book, on, hold)
        reserved = order.state == Order.State.PLACED and priced.seller.tracks_stock
        order = _with_reserved(order) if reserved else order
        write_order(order, book, by, reserved=reserved, uses=uses_of(priced, made))
        if by_hand := manual_price_rows(order, priced, set_by_hand):
            write_manual_prices(by_hand, order, by=by, at=at)
    return order


def _order(
    priced: PricedOrder,
    terms: TradeTerms,
    lines: tuple[LineFacts, ...],
    book: LockedBook,
    on: date,
    at: datetime,
    kind: str,
    window: Window | None,
) -> OrderFacts:
    """Return the order as it would be placed. If prices exclude tax, its subtotal includes the tax."""
    book.head.orders += 1
    total, tax = total_of(lines, "amount"), total_of(lines, "tax")
    if total >= MAX_MONEY:
        raise QuantityOutOfRange(_("The order is worth too much to be one."), field="lines")
    versions = {one.scheme.code: one.version for one in priced.schemes}
    applied = [
        {
            "code": one.code,
            "version": versions[one.code],
            "kind": one.kind,
            "reason": one.reason,
            "worth": str(one.worth),
            "units": one.units,
        }
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


def _number(terms: TradeTerms, on: date, count: int) -> str:
    """Return SO + yymmdd + the buyer's code + the count of orders in the book; no counter is shared.

    The books of two sellers may have equal counts, so every seller but the manufacturer is named too.
    """
    seller = "" if terms.seller.kind == MANUFACTURER else f"{terms.seller.code}."
    return f"SO{on:%y%m%d}-{seller}{terms.buyer.code}-{count}"


def _with_reserved(order: OrderFacts) -> OrderFacts:
    return replace(
        order, lines=tuple([line._replace(reserved_qty=line.qty + line.free_qty) for line in order.lines])
    )
