"""Check the buyer's credit for an order; the caller holds the lock on the book."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kernel.refusals import Refusal
from ledger.domain.credit import OpenOrder
from ledger.operations.credit_lock import LockedBook
from ordering.models import Order
from ordering.queries.orders import OrderFacts, open_orders_due


class CreditExceeded(Refusal):
    code = "credit_exceeded"


def check_credit(order: OrderFacts, book: LockedBook, on: date, hold: bool) -> OrderFacts:
    """Return the order, placed or held. Raises CreditExceeded when it may not be held."""
    refused = credit_refusal(order, book, on)
    if not refused:
        return replace(order, open_amount=order.total)
    if not hold:
        raise CreditExceeded(_("Credit limit exceeded."), **refused)
    return replace(order, state=Order.State.HELD.value, facts=order.facts | {"credit": refused})


def credit_refusal(order: OrderFacts, book: LockedBook, on: date) -> dict[str, Any]:
    """Return the figures and reasons of a credit refusal; an empty dict when the credit suffices."""
    open_orders = None
    if book.position.horizon_days is not None and book.position.limit is not None:
        due = open_orders_due(seller_id=order.seller_id, buyer_id=order.buyer_id)
        open_orders = [OpenOrder(amount, day) for amount, day in due]
    decision = book.position.decide_order(order.total, today=on, open_orders=open_orders)
    if decision is None or decision.decision == "pass":
        return {}
    return {
        "reasons": list(decision.reasons),
        "exposure": str(decision.exposure),
        "available": str(decision.available),
        "asked": str(decision.requested),
    }
