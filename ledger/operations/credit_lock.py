"""Locking a book in order to ask for credit: the chain's end and the position in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from ledger.operations.posting import Head, NoSuchBook
from ledger.queries import Position, oldest_due, position
from tenancy.context import active_tenant_id


@dataclass(frozen=True, slots=True)
class LockedBook:
    """A book that stays locked until the transaction ends; `heads` is what a posting wants."""

    book_id: UUID
    head: Head
    position: Position

    @property
    def heads(self) -> dict[UUID, Head]:
        return {self.book_id: self.head}


def lock_for_credit(book_id: UUID) -> LockedBook:
    """Locks a book and reads its credit position, fresh even after a wait.

    The accounts are locked with the book: a lock is what makes PostgreSQL answer with the row's
    latest version instead of the statement's snapshot. One statement, two where age holds orders.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.seq, b.head, b.orders, b.credit_limit, b.horizon_days, b.max_overdue_days,"
            " b.payment_days, a.kind, a.balance FROM ledger_book b"
            " JOIN ledger_account a ON a.tenant_id = b.tenant_id AND a.book_id = b.id"
            " AND a.kind IN ('receivable', 'unapplied', 'deposit', 'committed')"
            " WHERE b.tenant_id = %s AND b.id = %s ORDER BY a.kind FOR NO KEY UPDATE",
            [active_tenant_id(), book_id],
        )
        rows = cursor.fetchall()
    if not rows:
        raise NoSuchBook(_("This book is not there."), field="book")
    terms = rows[0][3:7]
    aged = terms[2] is not None
    balances = {kind: balance for *_, kind, balance in rows}
    found = position(book_id, terms, balances, oldest_due(book_id) if aged else None)
    return LockedBook(book_id, Head(*rows[0][:3]), found)
