"""Record what a bank voucher paid: once, whatever the door, the spelling, the kind or the buyer."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.rights import Actor
from kernel.refusals import Refusal
from kernel.sources import SourceConflict, differing_values
from ledger.domain.vouchers import MAX_KEY_CHARACTERS, voucher_key
from ledger.models import Account, Book, Entry
from ledger.operations.posting import NoSuchBook, Posted
from ledger.operations.receipts import DEPOSIT, receive_deposit, receive_payment


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
) -> Posted:
    """Record a payment or a deposit by the number of its bank voucher.

    A seller's voucher counts once. The same voucher with the same buyer, kind and amount returns the first
    posting. Raise VoucherConflict for other content, InvalidVoucher, and what `receive_payment` raises.
    """
    key = voucher_key(voucher)
    if not 1 <= len(key) <= MAX_KEY_CHARACTERS:
        message = _("The number of a voucher has 1 to %(max)s letters and digits.")
        raise InvalidVoucher(message % {"max": MAX_KEY_CHARACTERS}, field="source")
    book = Book.objects.filter(id=book_id).select_related("buyer").first()
    if book is None:
        raise NoSuchBook(_("There is no such account."), field="book")
    source = f"voucher:{book.seller_id.hex}:{key}"
    given: dict[str, Any] = {"amount": amount, "source": source, "by": by, "at": at, "memo": memo or voucher}
    try:
        with transaction.atomic():
            if kind == DEPOSIT:
                posted = receive_deposit(book_id=book_id, **given)
            else:
                posted = receive_payment(book_id=book_id, **given)
    except IntegrityError as error:
        if "journal_source_once" not in str(error):
            raise
        # Another buyer's book was posted to at the same moment.
        _must_equal(source, book, kind, amount)
        raise VoucherConflict(_("This voucher is booked already."), field="source") from error
    if not posted.is_new:
        _must_equal(source, book, kind, amount)
    return posted


def _must_equal(source: str, book: Book, kind: str, amount: Decimal) -> None:
    """Raise VoucherConflict if the journal of this source has another buyer, kind or amount."""
    booked = (
        Entry.objects.filter(journal__source=source, account__kind=Account.Kind.CASH)
        .select_related("journal", "journal__book", "journal__book__buyer")
        .get()
    )
    first = {
        "buyer": booked.journal.book.buyer.code,
        "kind": booked.journal.kind,
        "amount": f"{booked.amount:.2f}",
    }
    now = {"buyer": book.buyer.code, "kind": kind, "amount": f"{amount:.2f}"}
    differs = differing_values(first, now)
    if differs:
        message = _("This voucher is booked already with other content. Nothing was booked now.")
        raise VoucherConflict(message, field="source", journal=booked.journal_id, differs=differs)
