"""Book what a voucher documents: once, whatever the door, the spelling, the kind or the buyer."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.rights import Actor
from approvals.domain.rules import FieldChange
from approvals.models import Approval
from approvals.operations.requesting import request_approval
from kernel.money import ZERO
from kernel.refusals import Refusal
from kernel.sources import SourceConflict, differing_values
from ledger.domain.vouchers import MAX_KEY_CHARACTERS, voucher_key
from ledger.models import Account, Book, Entry, Journal
from ledger.operations.held_money import (
    MOVEMENTS,
    PREPAYMENT_USE,
    move_held_money,
    must_have_reason,
    use_prepayment,
)
from ledger.operations.posting import NoSuchBook, Posted, lock_books
from ledger.operations.receipts import checked_amount, must_sell, receive_payment
from ledger.queries import amount_posted

PAYMENT = "ledger.payment"
RIGHTS = {kind: movement.right for kind, movement in MOVEMENTS.items()}
LABELS = {
    "payment": gettext_noop("Payment received"),
    PREPAYMENT_USE: gettext_noop("Prepayment used on open items"),
    "prepayment": gettext_noop("Prepayment received"),
    "prepayment_refund": gettext_noop("Prepayment refunded"),
    "security_deposit": gettext_noop("Security deposit received"),
    "security_deposit_refund": gettext_noop("Security deposit refunded"),
    "security_deposit_forfeit": gettext_noop("Security deposit forfeited"),
}


class InvalidVoucher(Refusal):
    code = "bad_text"


class VoucherConflict(SourceConflict):
    """The voucher is booked with other content; `differs` has each field's booked and requested value."""


def receive_voucher(
    *,
    book_id: UUID,
    kind: str,
    amount: Decimal,
    voucher: str,
    by: Actor,
    at: datetime,
    memo: str = "",
) -> Posted | Approval:
    """Book one of LABELS by the number of a voucher or of a decision, or request the approval.

    A seller's voucher counts once. The same voucher with the same content returns the first
    posting. What exceeds the tenant's limit for an account and day waits for a second person. Raise
    VoucherConflict for other content, InvalidVoucher, and what the operation and `request_approval` raise.
    """
    key, memo = voucher_key(voucher), memo.strip()
    if not 1 <= len(key) <= MAX_KEY_CHARACTERS:
        message = _("The number of a voucher has 1 to %(max)s letters and digits.")
        raise InvalidVoucher(message % {"max": MAX_KEY_CHARACTERS}, field="source")
    book = Book.objects.filter(id=book_id).select_related("buyer").first()
    if book is None:
        raise NoSuchBook(_("There is no such account."), field="book")
    must_sell(by, book_id, RIGHTS.get(kind, "ledger.post"))
    must_have_reason(kind, memo)
    source = f"voucher:{book.seller_id.hex}:{key}"
    if not Journal.objects.filter(source=source).exists():
        values = {"book_id": str(book_id), "kind": kind, "amount": f"{checked_amount(amount):.2f}"}
        waiting = _waiting(source, {**values, "memo": memo}) or request_approval(
            PAYMENT,
            book,
            key=source,
            title=f"{book.buyer.code} {book.buyer.name} · {voucher}",
            values={**values, "voucher": voucher, "memo": memo},
            changes=[FieldChange(LABELS[kind], "—", values["amount"])],
            amount=amount,
            total=amount + _received_alone(book, at),
            about=book.buyer_id,
            by=by,
            at=at,
        )
        if waiting is not None:
            return waiting
    return _book(book, kind=kind, amount=amount, source=source, by=by, at=at, memo=memo or voucher)


def apply_voucher(values: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Book what was approved."""
    book = Book.objects.select_related("buyer").get(id=values["book_id"])
    source = f"voucher:{book.seller_id.hex}:{voucher_key(values['voucher'])}"
    memo, amount = values["memo"] or values["voucher"], Decimal(values["amount"])
    _book(book, kind=values["kind"], amount=amount, source=source, by=by, at=at, memo=memo)


def voucher_now(values: dict[str, Any]) -> list[str]:
    """Lock the book and return the postings of the voucher: none, until it is booked."""
    lock_books([UUID(values["book_id"])])
    book = Book.objects.get(id=values["book_id"])
    source = f"voucher:{book.seller_id.hex}:{voucher_key(values['voucher'])}"
    return [str(one) for one in Journal.objects.filter(source=source).values_list("id", flat=True)]


def _received_alone(book: Book, at: datetime) -> Decimal:
    """Return what was recorded by vouchers on this day without a second person: parts are no way around."""
    approved = Approval.objects.filter(kind=PAYMENT, about_id=book.buyer_id, state=Approval.State.APPROVED)
    day = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    entries = Entry.objects.filter(
        account__kind=Account.Kind.CASH,
        journal__book=book,
        journal__source__startswith="voucher:",
        journal__at__gte=day,
    ).exclude(journal__source__in=approved.values("key"))
    return entries.aggregate(total=Sum("amount"))["total"] or ZERO


def _waiting(source: str, values: dict[str, str]) -> Approval | None:
    """Return the approval for which this voucher waits already. Raise VoucherConflict for other content."""
    found: Approval | None = Approval.objects.filter(
        kind=PAYMENT, key=source, state=Approval.State.PENDING
    ).first()
    if found is not None and any(found.values[name] != value for name, value in values.items()):
        message = _("This voucher waits for approval already, with other content.")
        raise VoucherConflict(message, field="source", approval=found.id)
    return found


def _book(
    book: Book, *, kind: str, amount: Decimal, source: str, by: Actor, at: datetime, memo: str
) -> Posted:
    given: dict[str, Any] = {"amount": amount, "source": source, "by": by, "at": at, "memo": memo}
    try:
        with transaction.atomic():
            posted = _post(kind, book_id=book.id, **given)
    except IntegrityError as error:
        if "journal_source_once" not in str(error):
            raise
        # Another buyer's book was posted to at the same moment.
        _must_equal(source, book, kind, amount, memo)
        raise VoucherConflict(_("This voucher is booked already."), field="source") from error
    if not posted.is_new:
        _must_equal(source, book, kind, amount, memo)
    return posted


def _post(kind: str, **given: Any) -> Posted:
    if kind in MOVEMENTS:
        return move_held_money(kind=kind, **given)
    return use_prepayment(**given) if kind == PREPAYMENT_USE else receive_payment(**given)


def _must_equal(source: str, book: Book, kind: str, amount: Decimal, memo: str) -> None:
    """Raise VoucherConflict if the journal of this source has another buyer, kind, amount or memo."""
    booked = Journal.objects.filter(source=source).select_related("book__buyer").get()
    first = {
        "buyer": booked.book.buyer.code,
        "kind": booked.kind,
        "amount": f"{amount_posted(booked.id):.2f}",
        "memo": _typed_memo(booked.memo, source),
    }
    now = {
        "buyer": book.buyer.code,
        "kind": kind,
        "amount": f"{amount:.2f}",
        "memo": _typed_memo(memo, source),
    }
    differs = differing_values(first, now)
    if differs:
        message = _("This voucher is booked already with other content. Nothing was booked now.")
        raise VoucherConflict(message, field="source", journal=booked.id, differs=differs)


def _typed_memo(memo: str, source: str) -> str:
    """Return the memo; "" for the number of the voucher, which stands in for a memo that was left blank."""
    return "" if voucher_key(memo) == source.rpartition(":")[2] else memo.strip()
