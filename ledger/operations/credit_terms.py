"""Change the credit terms of a book: a second person approves what one person asks for."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop

from accounts.rights import Actor
from approvals.domain.rules import FieldChange
from approvals.models import Approval
from approvals.operations.requesting import request_approval
from audit.operations.recording import record
from jobs.operations.outbox import announce
from ledger.audit_actions import BookAction
from ledger.models import Book
from ledger.operations.posting import lock_books
from tenancy.context import joined_transaction

CREDIT = "ledger.credit"
LABELS = {
    "credit_limit": gettext_noop("Credit limit"),
    "horizon_days": gettext_noop("Horizon in days"),
    "max_overdue_days": gettext_noop("Days overdue at most"),
    "payment_days": gettext_noop("Payment terms (days)"),
}


@dataclass(frozen=True, slots=True)
class CreditTerms:
    """The credit terms of a book; None means unlimited."""

    credit_limit: Decimal | None
    horizon_days: int | None
    max_overdue_days: int | None
    payment_days: int


def request_terms(book_id: UUID, terms: CreditTerms, *, by: Actor, at: datetime) -> Approval | None:
    """Store the terms; return the approval if they wait for a second person. Raise NoSuchBook."""
    with joined_transaction():
        lock_books([book_id])
        book = Book.objects.select_related("buyer").get(id=book_id)
        values = {"book_id": str(book_id), **_as_json(terms)}
        waiting = request_approval(
            CREDIT,
            book,
            title=f"{book.buyer.code} {book.buyer.name}",
            values=values,
            changes=_changes(_terms_of(book), terms),
            amount=terms.credit_limit,
            about=book.buyer_id,
            by=by,
            at=at,
        )
        if waiting is None:
            apply_credit(values, by=by, at=at)
    return waiting


def apply_credit(values: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Store approved terms, and publish that orders on credit hold are checked again."""
    by.must("ledger.post")
    limit = values["credit_limit"]
    with joined_transaction():
        lock_books([UUID(values["book_id"])])
        Book.objects.filter(id=values["book_id"]).update(
            credit_limit=None if limit is None else Decimal(limit),
            **{name: values[name] for name in ("horizon_days", "max_overdue_days", "payment_days")},
        )
        target = (Book, values["book_id"])
        record(BookAction.SET_CREDIT, target, by=by, at=at, credit_limit=str(limit))
        announce("ledger.credit_changed", {"book_id": values["book_id"]}, at=at)


def credit_now(values: dict[str, Any]) -> dict[str, Any]:
    """Lock the book and return its present terms as JSON."""
    lock_books([UUID(values["book_id"])])
    return _as_json(_terms_of(Book.objects.get(id=values["book_id"])))


def _terms_of(book: Book) -> CreditTerms:
    limit: Any = book.credit_limit
    return CreditTerms(limit, book.horizon_days, book.max_overdue_days, book.payment_days)


def _as_json(terms: CreditTerms) -> dict[str, Any]:
    limit = None if terms.credit_limit is None else f"{terms.credit_limit:.2f}"
    return asdict(terms) | {"credit_limit": limit}


def _changes(old: CreditTerms, new: CreditTerms) -> list[FieldChange]:
    before, after = _as_json(old), _as_json(new)
    return [
        FieldChange(label, _text_of(before[name]), _text_of(after[name]))
        for name, label in LABELS.items()
        if before[name] != after[name]
    ]


def _text_of(value: Any) -> str:
    return "∞" if value is None else str(value)
