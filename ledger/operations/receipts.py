"""Payments and credit notes. A credit settles the oldest open items; the rest is unapplied.

Only this module and reversals settle open items, so that the open amounts always sum to the
receivable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from accounts.rights import Actor, NotAllowed
from approvals.models import Approval
from audit.operations.recording import record
from jobs.operations.outbox import announce
from kernel.money import MAX_MONEY, ZERO, cents
from kernel.refusals import Refusal
from ledger.audit_actions import BookAction
from ledger.models import Book
from ledger.operations.credit_terms import CreditTerms, request_terms
from ledger.operations.posting import (
    RECEIVABLE,
    Line,
    NoSuchBook,
    Posted,
    Posting,
    Unbalanced,
    known_sources,
    lock_books,
    write,
)
from tenancy.context import active_tenant_id, joined_transaction

UNAPPLIED, CASH = "unapplied", "cash"


class InvalidAmount(Refusal):
    code = "not_positive"


class AmountTooLarge(Refusal):
    code = "out_of_range"


@dataclass(frozen=True, slots=True)
class Credit:
    """An amount in the buyer's favour: a payment or a credit note.

    `debits` are the entries on the other side and sum to the amount. Open items whose source begins
    with `first` are settled before the others: a return settles its own delivery.
    """

    book_id: UUID
    kind: str
    source: str
    at: datetime
    debits: Sequence[Line]
    memo: str = ""
    posted_by: str = ""
    first: str = ""

    @property
    def amount(self) -> Decimal:
        return sum((amount for _, amount in self.debits), ZERO)


@dataclass(slots=True)
class _Open:
    id: UUID
    source: str
    left: Decimal
    settled: Decimal = ZERO


def credit_many(credits: Sequence[Credit]) -> dict[str, Posted]:
    """Book credits against open items, oldest first. Five statements for any number of credits.

    Return the journals by source. Raise Unbalanced or NoSuchBook.
    """
    if not credits:
        return {}
    with joined_transaction():
        for credit in credits:
            if credit.amount <= 0 or not credit.source:
                raise Unbalanced(_("A credit is positive and names its source."), source=credit.source)
        heads = lock_books({credit.book_id for credit in credits})
        known = known_sources([credit.source for credit in credits])
        fresh: dict[str, Credit] = {}
        for credit in credits:
            if credit.source not in known:
                fresh.setdefault(credit.source, credit)
        items = _open_items({credit.book_id for credit in fresh.values()})
        made = write([_apply(credit, items[credit.book_id]) for credit in fresh.values()], heads)
        _settle([item for of_book in items.values() for item in of_book if item.settled])
    return {source: Posted(journal, False) for source, journal in known.items()} | {
        source: Posted(journal, True) for source, journal in made.items()
    }


def _open_items(book_ids: set[UUID]) -> dict[UUID, list[_Open]]:
    """Return the open items of locked books, oldest first."""
    found: dict[UUID, list[_Open]] = {book: [] for book in book_ids}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT book_id, id, source, amount - settled FROM ledger_openitem"
            " WHERE tenant_id = %s AND book_id = ANY(%s::uuid[]) AND NOT settled = amount"
            " ORDER BY book_id, due_on, id",
            [active_tenant_id(), [str(book) for book in book_ids]],
        )
        for book_id, *item in cursor.fetchall():
            found[book_id].append(_Open(*item))
    return found


def _apply(credit: Credit, items: Sequence[_Open]) -> Posting:
    """Return the posting of a credit, and mark on the items the amounts that it settles."""
    rest = cents(credit.amount)
    for item in _in_turn(items, credit.first):
        part = min(rest, item.left)
        item.left, item.settled, rest = item.left - part, item.settled + part, rest - part
        if not rest:
            break
    applied = cents(credit.amount) - rest
    lines = [*credit.debits, (RECEIVABLE, -applied), (UNAPPLIED, -rest)]
    return Posting(
        credit.book_id,
        credit.kind,
        credit.source,
        credit.at,
        lines,
        credit.memo,
        posted_by=credit.posted_by,
    )


def _in_turn(items: Sequence[_Open], first: str) -> Iterator[_Open]:
    if first:
        yield from (item for item in items if item.source.startswith(first))
    yield from (item for item in items if not first or not item.source.startswith(first))


def _settle(items: Sequence[_Open]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_openitem o SET settled = o.settled + s.part"
            " FROM unnest(%s::uuid[], %s::numeric[]) AS s(id, part)"
            " WHERE o.tenant_id = %s AND o.id = s.id",
            [[str(item.id) for item in items], [item.settled for item in items], active_tenant_id()],
        )


def receive_payment(
    *,
    book_id: UUID,
    amount: Decimal,
    source: str,
    by: Actor,
    at: datetime,
    memo: str = "",
) -> Posted:
    """Record a payment: settle open items, oldest first, and keep the rest as unapplied.

    A source recorded before changes nothing. Raise InvalidAmount, NoSuchBook or NotAllowed.
    """
    must_sell(by, book_id)
    credit = Credit(book_id, "payment", source, at, [(CASH, checked_amount(amount))], memo, by.label)
    with joined_transaction():
        posted = credit_many([credit])[source]
        if posted.is_new:
            facts = {"amount": str(amount), "source": source}
            record(BookAction.RECEIVE_PAYMENT, (Book, book_id), by=by, at=at, **facts)
            announce_credit_change(book_id, at)
    return posted


def set_credit(
    *,
    book_id: UUID,
    credit_limit: Decimal | None,
    by: Actor,
    at: datetime,
    horizon_days: int | None = None,
    max_overdue_days: int | None = None,
    payment_days: int = 30,
) -> Approval | None:
    """Set the credit terms of a book, or return the approval for which they wait.

    `credit_limit` None means unlimited.

    Publishes `ledger.credit_changed`, so that orders on credit hold are checked again. Raise
    InvalidAmount, NoSuchBook, NotAllowed, and what `request_approval` raises.
    """
    must_sell(by, book_id)
    if credit_limit is not None and credit_limit < 0:
        raise InvalidAmount(_("A credit limit is not negative."), field="credit_limit")
    terms = CreditTerms(credit_limit, horizon_days, max_overdue_days, payment_days)
    return request_terms(book_id, terms, by=by, at=at)


def announce_credit_change(book_id: UUID, at: datetime) -> None:
    """Publish `ledger.credit_changed`, so that the orders of the book on credit hold are checked again."""
    announce("ledger.credit_changed", {"book_id": str(book_id)}, at=at)


def checked_amount(amount: Decimal) -> Decimal:
    """Return the amount in cents. Raise InvalidAmount or AmountTooLarge."""
    value = cents(amount)
    if value <= 0 or value != amount:
        raise InvalidAmount(_("An amount is positive and in whole cents."), field="amount")
    if value >= MAX_MONEY:
        raise AmountTooLarge(_("An amount has at most 13 digits before the point."), field="amount")
    return value


def must_sell(by: Actor, book_id: UUID, right: str = "ledger.post") -> None:
    """Raise NotAllowed unless the actor has the right and acts for the book's seller, or is the system."""
    by.must(right)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seller_id FROM ledger_book WHERE tenant_id = %s AND id = %s",
            [active_tenant_id(), book_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NoSuchBook(_("There is no such account."), field="book")
    if not by.acts_for(row[0]):
        raise NotAllowed(_("Only the seller decides on its buyers' accounts and credit."), field="book")
