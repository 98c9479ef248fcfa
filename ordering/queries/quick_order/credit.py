"""The credit that a draft would leave, for a screen; nothing is locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from ledger.domain.credit import CreditDecision, OpenOrder
from ledger.queries import Position, position
from ordering.queries.orders import open_orders_due
from ordering.queries.trade_terms import TradeTerms
from tenancy.context import active_tenant_id


@dataclass(frozen=True, slots=True)
class Credit:
    """The buyer's position and the decision on this order; both None where no credit is kept."""

    position: Position | None
    decision: CreditDecision | None

    @property
    def holds(self) -> bool:
        return self.decision is not None and self.decision.decision == "hold"


NO_CREDIT = Credit(None, None)


def credit_after(terms: TradeTerms, amount: Decimal, on: date) -> Credit:
    """Return the credit after an order of `amount`; two statements at most."""
    if terms.book_id is None:
        return NO_CREDIT
    current = credit_position(terms.book_id)
    open_orders = None
    if current.horizon_days is not None and current.limit is not None:
        due = open_orders_due(seller_id=terms.seller.id, buyer_id=terms.buyer.id)
        open_orders = [OpenOrder(owed, day) for owed, day in due]
    return Credit(current, current.decide_order(amount, today=on, open_orders=open_orders))


def credit_position(book_id: UUID) -> Position:
    """Return a book's credit position; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.credit_limit, b.horizon_days, b.max_overdue_days, b.payment_days,"
            " (SELECT min(i.due_on) FROM ledger_openitem i WHERE i.tenant_id = b.tenant_id"
            "  AND i.book_id = b.id AND NOT i.settled = i.amount), a.kind, a.balance"
            " FROM ledger_book b LEFT JOIN ledger_account a"
            " ON a.tenant_id = b.tenant_id AND a.book_id = b.id WHERE b.tenant_id = %s AND b.id = %s",
            [active_tenant_id(), book_id],
        )
        rows = cursor.fetchall()
    balances = {kind: balance for *_terms, kind, balance in rows if kind}
    return position(book_id, rows[0][:4], balances, rows[0][4])
