"""Locking a book for a credit check: the end of its hash chain and its credit position."""

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
    """A book that is locked until the transaction ends; `heads` is the argument of a posting."""

    book_id: UUID
    head: Head
    position: Position

    @property
    def heads(self) -> dict[UUID, Head]:
        return {self.book_id: self.head}


def lock_for_credit(book_id: UUID) -> LockedBook:
    """Lock a book and return its credit position as of the moment the lock is granted.

    The accounts are locked with the book, because only a locked row is read in its latest version
    after a wait, not in that of the statement's snapshot; what was committed
    meanwhile counts, the temporary credits included. One statement; two if age may hold orders.
    Raise NoSuchBook.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM lock_for_credit(%s, %s)", [active_tenant_id(), book_id])
        rows = cursor.fetchall()
    if not rows:
        raise NoSuchBook(_("There is no such account."), field="book")
    terms, temporary = rows[0][3:7], rows[0][7]
    aged = terms[2] is not None
    balances = {kind: balance for *_, kind, balance in rows}
    oldest = oldest_due(book_id) if aged else None
    found = position(book_id, terms, balances, oldest, temporary=temporary)
    return LockedBook(book_id, Head(*rows[0][:3]), found)
