"""Queries of the ledger: balances, the credit position, and the statement of account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from kernel.money import ZERO
from ledger.domain.credit import CreditDecision, CreditRequest, OpenOrder, decide
from tenancy.context import active_tenant_id


@dataclass(frozen=True, slots=True)
class Position:
    """The balances and credit terms of a book. Without a `limit` only age may hold an order."""

    book_id: UUID
    limit: Decimal | None
    horizon_days: int | None
    max_overdue_days: int | None
    payment_days: int
    receivable: Decimal
    unapplied: Decimal
    deposit: Decimal
    committed: Decimal
    oldest_due: date | None = None

    def decide_order(
        self, amount: Decimal, *, today: date, open_orders: Sequence[OpenOrder] | None = None
    ) -> CreditDecision | None:
        """Decide whether an order of `amount` passes; return None if neither money nor age is limited.

        Without `open_orders` the entire committed amount counts, as without a horizon. The deposit of a
        book secures all of its orders, so it counts as a receipt that is not applied.
        """
        if self.limit is None and self.max_overdue_days is None:
            return None
        if open_orders is None:
            open_orders = [OpenOrder(self.committed, today)]
        overdue = (today - self.oldest_due).days if self.oldest_due else None
        limit = self.limit
        if limit is None:
            limit = self.receivable + sum((order.amount for order in open_orders), ZERO) + amount
        return decide(
            CreditRequest(
                limit=limit,
                open_items=self.receivable,
                unapplied_receipts=self.unapplied + self.deposit,
                delivered_not_invoiced=ZERO,
                today=today,
                amount=amount,
                open_orders=tuple(open_orders),
                horizon_days=self.horizon_days,
                oldest_overdue_days=overdue if overdue is None or overdue > 0 else None,
                max_overdue_days=self.max_overdue_days,
            )
        )


def balances_of(book_ids: Sequence[UUID]) -> dict[UUID, dict[str, Decimal]]:
    """Return the balances of each book by kind of account. Debit is positive, credit negative."""
    found: dict[UUID, dict[str, Decimal]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT book_id, kind, balance FROM ledger_account"
            " WHERE tenant_id = %s AND book_id = ANY(%s::uuid[])",
            [active_tenant_id(), [str(book) for book in book_ids]],
        )
        for book_id, kind, balance in cursor.fetchall():
            found.setdefault(book_id, {})[kind] = balance
    return found


def oldest_due(book_id: UUID) -> date | None:
    """Return the due day of the oldest open item, or None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(due_on) FROM ledger_openitem"
            " WHERE tenant_id = %s AND book_id = %s AND NOT settled = amount",
            [active_tenant_id(), book_id],
        )
        (day,) = cursor.fetchone()
    return day


def position_of(book_id: UUID) -> Position:
    """Return the current credit position for display, without a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT credit_limit, horizon_days, max_overdue_days, payment_days FROM ledger_book"
            " WHERE tenant_id = %s AND id = %s",
            [active_tenant_id(), book_id],
        )
        terms = cursor.fetchone()
    balances = balances_of([book_id]).get(book_id, {})
    return position(book_id, terms, balances, oldest_due(book_id))


def position(
    book_id: UUID, terms: Sequence[Any], balances: dict[str, Decimal], oldest: date | None
) -> Position:
    """Build a Position. `terms` are credit limit, horizon days, max. overdue days and payment days."""
    limit, horizon_days, max_overdue_days, payment_days = terms
    return Position(
        book_id=book_id,
        limit=limit,
        horizon_days=horizon_days,
        max_overdue_days=max_overdue_days,
        payment_days=payment_days,
        receivable=balances.get("receivable", ZERO),
        unapplied=-balances.get("unapplied", ZERO),
        deposit=-balances.get("deposit", ZERO),
        committed=balances.get("committed", ZERO),
        oldest_due=oldest,
    )


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One change of what the buyer owes, and the balance after it."""

    at: datetime
    kind: str
    source: str
    memo: str
    amount: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """The opening balance of a period, each change, and the closing balance. What is owed is positive."""

    opening: Decimal
    lines: tuple[StatementLine, ...]
    closing: Decimal


def statement_of_account(*, book_id: UUID, since: datetime, until: datetime) -> Statement:
    """Return the receivable less unapplied receipts in `[since, until)`. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT j.at, j.kind, j.source, j.memo, sum(e.amount), j.at < %s"
            " FROM ledger_journal j JOIN ledger_entry e ON e.tenant_id = j.tenant_id AND e.journal_id = j.id"
            " JOIN ledger_account a ON a.tenant_id = e.tenant_id AND a.id = e.account_id"
            " AND a.kind IN ('receivable', 'unapplied')"
            " WHERE j.tenant_id = %s AND j.book_id = %s AND j.at < %s"
            " GROUP BY j.id, j.at, j.kind, j.source, j.memo, j.seq ORDER BY j.at, j.seq",
            [since, active_tenant_id(), book_id, until],
        )
        rows = cursor.fetchall()
    balance = opening = sum((row[4] for row in rows if row[5]), ZERO)
    lines = []
    for at, kind, source, memo, amount, before in rows:
        if not before:
            balance += amount
            lines.append(StatementLine(at, kind, source, memo, amount, balance))
    return Statement(opening, tuple(lines), balance)
