"""Raise the credit limit of a book for a time, and end that early."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.rights import Actor
from approvals.domain.rules import FieldChange
from approvals.models import Approval
from approvals.operations.requesting import request_approval
from audit.operations.recording import record
from kernel.refusals import Refusal
from ledger.audit_actions import BookAction
from ledger.models import Book, TemporaryCredit
from ledger.operations.posting import lock_books
from ledger.operations.receipts import announce_credit_change, checked_amount, must_sell
from tenancy.context import joined_transaction

TEMPORARY = "ledger.temporary_credit"
AMOUNT, PERIOD, REASON = (
    gettext_noop("Temporary credit"),
    gettext_noop("Period"),
    gettext_noop("Reason"),
)
DAY = timedelta(days=1)


class InvalidPeriod(Refusal):
    code = "invalid_period"


class ReasonMissing(Refusal):
    code = "reason_missing"


class NoSuchTemporaryCredit(Refusal):
    code = "not_found"


def grant_temporary_credit(
    *,
    book_id: UUID,
    amount: Decimal,
    starts_on: date,
    until: date,
    reason: str,
    by: Actor,
    at: datetime,
) -> TemporaryCredit | Approval:
    """Raise the limit in `[starts_on, until)` as the book's seller, or return the approval that waits.

    Raise InvalidAmount, InvalidPeriod, ReasonMissing, NoSuchBook, NotAllowed, and what `request_approval`
    raises.
    """
    must_sell(by, book_id)
    amount, reason = checked_amount(amount), reason.strip()
    if until <= starts_on or until <= timezone.localdate(at):
        raise InvalidPeriod(_("The period ends after it begins, and not in the past."), field="until")
    if not reason:
        raise ReasonMissing(_("A temporary credit needs a reason."), field="reason")
    with joined_transaction():
        lock_books([book_id])
        book = Book.objects.select_related("buyer").get(id=book_id)
        values = {
            "book_id": str(book_id),
            "amount": f"{amount:.2f}",
            "starts_on": starts_on.isoformat(),
            "until": until.isoformat(),
            "reason": reason,
        }
        waiting = request_approval(
            TEMPORARY,
            book,
            title=f"{book.buyer.code} {book.buyer.name}",
            values=values,
            changes=[
                FieldChange(AMOUNT, "—", values["amount"]),
                FieldChange(PERIOD, "—", f"{starts_on} – {until - DAY}"),
                FieldChange(REASON, "—", reason),
            ],
            amount=amount,
            about=book.buyer_id,
            by=by,
            at=at,
        )
        return waiting if waiting is not None else _grant(values, by=by, at=at)


def apply_temporary_credit(values: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Store what was approved."""
    by.must("ledger.post")
    with joined_transaction():
        lock_books([UUID(values["book_id"])])
        _grant(values, by=by, at=at)


def temporary_credit_now(values: dict[str, Any]) -> list[str]:
    """Lock the book and return its temporary credits, by which an approval sees that they changed."""
    lock_books([UUID(values["book_id"])])
    rows = TemporaryCredit.objects.filter(book_id=values["book_id"], ended_at__isnull=True).order_by("id")
    return [str(one) for one in rows.values_list("id", flat=True)]


def _grant(values: dict[str, Any], *, by: Actor, at: datetime) -> TemporaryCredit:
    starts_on = date.fromisoformat(values["starts_on"])
    has_begun = starts_on <= timezone.localdate(at)
    made: TemporaryCredit = TemporaryCredit.objects.create(
        book_id=UUID(values["book_id"]),
        amount=Decimal(values["amount"]),
        starts_on=starts_on,
        until=date.fromisoformat(values["until"]),
        reason=values["reason"],
        granted_by=by.label,
        is_announced=has_begun,
    )
    facts = {name: values[name] for name in ("amount", "starts_on", "until", "reason")}
    record(BookAction.GRANT_TEMPORARY_CREDIT, (Book, made.book_id), by=by, at=at, **facts)
    if has_begun:
        announce_credit_change(made.book_id, at)
    return made


def end_temporary_credit(*, temporary_credit_id: UUID, by: Actor, at: datetime) -> TemporaryCredit:
    """End a temporary credit early, as the seller alone; a repeat changes nothing."""
    found: TemporaryCredit | None = TemporaryCredit.objects.filter(id=temporary_credit_id).first()
    if found is None:
        raise NoSuchTemporaryCredit(_("There is no such temporary credit."), field="temporary_credit")
    must_sell(by, found.book_id)
    with joined_transaction():
        lock_books([found.book_id])
        found.refresh_from_db()
        if found.ended_at is None:
            found.ended_at = at
            found.save(update_fields=["ended_at"])
            facts = {"amount": f"{found.amount:.2f}", "until": found.until.isoformat()}
            record(BookAction.END_TEMPORARY_CREDIT, (Book, found.book_id), by=by, at=at, **facts)
    return found


def announce_begun(*, by: Actor, at: datetime) -> None:
    """Let the orders on credit hold be checked again where a temporary credit began today or before."""
    today = timezone.localdate(at)
    with joined_transaction():
        begun = TemporaryCredit.objects.select_for_update().filter(
            is_announced=False, ended_at__isnull=True, starts_on__lte=today, until__gt=today
        )
        rows = list(begun.order_by("id").values_list("id", "book_id"))
        TemporaryCredit.objects.filter(id__in=[row[0] for row in rows]).update(is_announced=True)
        for book_id in dict.fromkeys(row[1] for row in rows):
            announce_credit_change(book_id, at)
