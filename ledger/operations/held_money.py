"""Prepayments and security deposits: money of the buyer's that the seller holds.

A prepayment lowers the exposure; it is spent on open items or refunded. A security deposit secures the
contract: it is refunded or forfeited, and neither lowers the exposure nor pays for goods.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import record
from kernel.money import ZERO
from kernel.refusals import Refusal
from ledger.audit_actions import BookAction
from ledger.models import Account, Book
from ledger.operations.posting import Posted, Posting, known_sources, lock_books, write
from ledger.operations.receipts import (
    CASH,
    Credit,
    announce_credit_change,
    checked_amount,
    credit_many,
    must_sell,
)
from ledger.queries import balances_of
from tenancy.context import joined_transaction

PREPAYMENT, SECURITY_DEPOSIT, FORFEITED = (
    Account.Kind.PREPAYMENT.value,
    Account.Kind.SECURITY_DEPOSIT.value,
    Account.Kind.FORFEITED.value,
)
PREPAYMENT_USE = "prepayment_use"


class OverBalance(Refusal):
    """More is requested than the account holds; `available` is the balance."""

    code = "over_balance"


class NoReason(Refusal):
    code = "missing"


class Movement(NamedTuple):
    """A kind of posting between two accounts. Of an account in HELD no more is taken than it holds."""

    debit: str
    credit: str
    action: BookAction
    right: str = "ledger.post"
    needs_reason: bool = False


HELD = (PREPAYMENT, SECURITY_DEPOSIT)
MOVEMENTS = {
    "prepayment": Movement(CASH, PREPAYMENT, BookAction.RECEIVE_PREPAYMENT),
    "prepayment_refund": Movement(PREPAYMENT, CASH, BookAction.REFUND_PREPAYMENT),
    "security_deposit": Movement(CASH, SECURITY_DEPOSIT, BookAction.RECEIVE_SECURITY_DEPOSIT),
    "security_deposit_refund": Movement(SECURITY_DEPOSIT, CASH, BookAction.REFUND_SECURITY_DEPOSIT),
    "security_deposit_forfeit": Movement(
        SECURITY_DEPOSIT, FORFEITED, BookAction.FORFEIT_SECURITY_DEPOSIT, "ledger.forfeit", needs_reason=True
    ),
}


def move_held_money(
    *,
    kind: str,
    book_id: UUID,
    amount: Decimal,
    source: str,
    by: Actor,
    at: datetime,
    memo: str = "",
) -> Posted:
    """Post one of MOVEMENTS: a prepayment or security deposit received, refunded or forfeited.

    A source recorded before changes nothing. Raise OverBalance, NoReason for a forfeit without a memo,
    InvalidAmount, NoSuchBook or NotAllowed.
    """
    movement = MOVEMENTS[kind]
    must_sell(by, book_id, movement.right)
    value = checked_amount(amount)
    must_have_reason(kind, memo)
    with joined_transaction():
        heads, known = lock_books([book_id]), known_sources([source])
        if source in known:
            return Posted(known[source], False)
        if movement.debit in HELD:
            must_hold(book_id, movement.debit, value)
        lines = [(movement.debit, value), (movement.credit, -value)]
        made = write([Posting(book_id, kind, source, at, lines, memo, posted_by=by.label)], heads)
        facts = {"amount": str(amount), "source": source}
        if movement.needs_reason:
            facts["reason"] = memo
        record(movement.action, (Book, book_id), by=by, at=at, **facts)
        announce_credit_change(book_id, at)
    return Posted(made[source], True)


def use_prepayment(
    *, book_id: UUID, amount: Decimal, source: str, by: Actor, at: datetime, memo: str = ""
) -> Posted:
    """Settle open items, oldest first, with the prepayment. The exposure stays the same.

    A source recorded before changes nothing. Raise OverBalance for more than is prepaid or open,
    InvalidAmount, NoSuchBook or NotAllowed.
    """
    must_sell(by, book_id)
    value = checked_amount(amount)
    with joined_transaction():
        lock_books([book_id])
        known = known_sources([source])
        if source in known:
            return Posted(known[source], False)
        must_hold(book_id, PREPAYMENT, value)
        open_amount = balances_of([book_id])[book_id][Account.Kind.RECEIVABLE]
        if value > open_amount:
            message = _("Only %(amount)s is open; no more of the prepayment can be used.")
            raise OverBalance(message % {"amount": open_amount}, field="amount", available=str(open_amount))
        credit = Credit(book_id, PREPAYMENT_USE, source, at, [(PREPAYMENT, value)], memo, by.label)
        posted = credit_many([credit])[source]
        facts = {"amount": str(amount), "source": source}
        record(BookAction.USE_PREPAYMENT, (Book, book_id), by=by, at=at, **facts)
        announce_credit_change(book_id, at)
    return posted


def must_have_reason(kind: str, memo: str) -> None:
    """Raise NoReason for a forfeit without a memo."""
    movement = MOVEMENTS.get(kind)
    if movement is not None and movement.needs_reason and not memo.strip():
        raise NoReason(_("A security deposit is forfeited with a reason."), field="memo")


def must_hold(book_id: UUID, kind: str, amount: Decimal) -> None:
    """Raise OverBalance if the account of a locked book holds less than the amount."""
    available = -balances_of([book_id]).get(book_id, {}).get(kind, ZERO)
    if amount > available:
        message = _("The account holds only %(amount)s.") % {"amount": available}
        raise OverBalance(message, field="amount", available=str(available))
