"""Reversals: the entries of a posting with opposite signs, under a source of their own.

Only payments, the movements of prepayments and security deposits, and manual adjustments are reversed
here. What follows from goods or contracts is corrected where it arises; INSTEAD says how.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rights import Actor
from audit.operations.recording import record
from kernel.money import ZERO
from kernel.refusals import Refusal
from ledger.audit_actions import JournalAction
from ledger.models import Journal
from ledger.operations.held_money import HELD, MOVEMENTS, PREPAYMENT_USE, must_hold
from ledger.operations.posting import RECEIVABLE, Posted, Posting, known_sources, lock_books, write
from ledger.operations.receipts import UNAPPLIED, must_sell
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.queries import day_of_tenant

REVERSIBLE = ("payment", "adjustment", PREPAYMENT_USE, *MOVEMENTS)
INSTEAD = {
    "sale": gettext_lazy("A sale is not reversed: record a return instead."),
    "return": gettext_lazy("A return is not reversed: order and deliver the goods again."),
    "commitment": gettext_lazy("What is committed follows its order: cancel the order."),
    "rebate": gettext_lazy(
        "A rebate is not reversed: correct the delivery or the return, and the next settlement carries"
        " the difference."
    ),
    "guarantee": gettext_lazy(
        "A guarantee is not reversed: it is measured again, and the difference is posted."
    ),
    "price_drop": gettext_lazy("A price-drop compensation is not reversed: post an adjustment."),
    "reversal": gettext_lazy("A reversal is not reversed: post what is right."),
}


class NotReversible(Refusal):
    code = "wrong_state"


class NoSuchPosting(Refusal):
    code = "not_found"


def reverse(*, journal_id: UUID, by: Actor, at: datetime, memo: str = "") -> Posted:
    """Reverse a posting of a kind in REVERSIBLE. A repeated call returns the first reversal.

    An open item of the posting is closed; the amount already settled on it becomes unapplied. The
    reversal of a payment creates an open item that is due at once. Raise NotReversible, whose message
    says what to do instead, OverBalance for money received that was used since, or NoSuchPosting.
    """
    by.must("ledger.post")
    with joined_transaction():
        book_id, kind, original = _journal(journal_id)
        must_sell(by, book_id)
        if kind not in REVERSIBLE:
            message = INSTEAD.get(kind) or _("This posting is not reversed here.")
            raise NotReversible(str(message), field="journal", journal=journal_id, kind=kind)
        source = f"reversal:{journal_id}"
        heads, known = lock_books([book_id]), known_sources([source])
        if source in known:
            return Posted(known[source], False)
        lines = [(account, -amount) for account, amount in _lines(journal_id)]
        for account, amount in lines:
            if account in HELD and amount > 0:
                must_hold(book_id, account, amount)
        settled = _close_item(journal_id)
        if settled:
            lines += [(RECEIVABLE, settled), (UNAPPLIED, -settled)]
        made = write(
            [
                Posting(
                    book_id,
                    "reversal",
                    source,
                    at,
                    lines,
                    memo or original,
                    due_on=day_of_tenant(at),
                    posted_by=by.label,
                    reverses=journal_id,
                )
            ],
            heads,
        )
        record(JournalAction.REVERSE, (Journal, journal_id), by=by, at=at)
    return Posted(made[source], True)


def _journal(journal_id: UUID) -> tuple[UUID, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT book_id, kind, source FROM ledger_journal WHERE tenant_id = %s AND id = %s",
            [active_tenant_id(), journal_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NoSuchPosting(_("There is no such posting."), field="journal")
    return row[0], row[1], row[2]


def _lines(journal_id: UUID) -> list[tuple[str, Decimal]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.kind, e.amount FROM ledger_entry e JOIN ledger_account a"
            " ON a.tenant_id = e.tenant_id AND a.id = e.account_id"
            " WHERE e.tenant_id = %s AND e.journal_id = %s ORDER BY a.kind, e.amount",
            [active_tenant_id(), journal_id],
        )
        return list(cursor.fetchall())


def _close_item(journal_id: UUID) -> Decimal:
    """Close the open item of a posting; return the amount that had been settled on it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH item AS (SELECT id, amount, settled FROM ledger_openitem"
            " WHERE tenant_id = %s AND journal_id = %s)"
            " UPDATE ledger_openitem o SET settled = o.amount FROM item"
            " WHERE o.tenant_id = %s AND o.id = item.id RETURNING item.settled",
            [active_tenant_id(), journal_id, active_tenant_id()],
        )
        row = cursor.fetchone()
    return row[0] if row else ZERO
