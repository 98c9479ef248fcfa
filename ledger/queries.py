"""Queries of the ledger: balances, credit positions, and the statement of account."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from kernel.money import ZERO
from kernel.periods import Period
from ledger.domain.credit import CreditDecision, CreditRequest, OpenOrder, TemporaryLimit, decide
from ledger.models import Book, OpenItem
from tenancy.context import active_tenant_id
from tenancy.rooms import registered, resolve
from ui.queries.open_matters import OpenMatter

Pair = tuple[UUID, UUID]
TEMPORARY = (
    "SELECT jsonb_agg(jsonb_build_array(t.amount::text, t.starts_on, t.until))::text"
    " FROM ledger_temporarycredit t WHERE t.tenant_id = b.tenant_id AND t.book_id = b.id"
    " AND t.ended_at IS NULL AND t.until > current_date - 1"
)


@dataclass(frozen=True, slots=True)
class Position:
    """The balances and credit terms of a book. Without a `limit` only age may hold an order.

    `open_orders` are known where a horizon counts them by their due days; else all of `committed` counts.
    """

    book_id: UUID
    limit: Decimal | None
    horizon_days: int | None
    max_overdue_days: int | None
    payment_days: int
    receivable: Decimal
    unapplied: Decimal
    prepayment: Decimal
    committed: Decimal
    security_deposit: Decimal = ZERO
    wallet: Decimal = ZERO
    oldest_due: date | None = None
    open_orders: tuple[OpenOrder, ...] | None = None
    temporary: tuple[TemporaryLimit, ...] = ()

    @property
    def owed(self) -> Decimal:
        """Return the total owed: the receivable less receipts that are not applied."""
        return self.receivable - self.unapplied

    def temporary_on(self, today: date) -> TemporaryLimit | None:
        """Return what raises the limit today, until the first of its ends; None for nothing."""
        active = [one for one in self.temporary if one.period.active_on(today)]
        if self.limit is None or not active:
            return None
        end = min(one.period.until for one in active if one.period.until is not None)
        return TemporaryLimit(sum((one.amount for one in active), ZERO), Period(today, end))

    def credit(self, today: date) -> CreditDecision | None:
        """Return exposure and available credit; None without a limit."""
        return None if self.limit is None else self.decide_order(ZERO, today=today)

    def available(self, today: date) -> Decimal | None:
        """Return the available credit: the limit less the exposure. None without a limit."""
        credit = self.credit(today)
        return None if credit is None else credit.available

    def decide_order(
        self, amount: Decimal, *, today: date, open_orders: Sequence[OpenOrder] | None = None
    ) -> CreditDecision | None:
        """Decide whether an order of `amount` passes; return None if neither money nor age is limited.

        Without `open_orders` the entire committed amount counts, as without a horizon. A prepayment is for
        any of the book's orders, so it counts as a receipt that is not applied; a security deposit never
        counts.
        """
        if self.limit is None and self.max_overdue_days is None:
            return None
        if open_orders is None:
            open_orders = self.open_orders
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
                unapplied_receipts=self.unapplied + self.prepayment,
                delivered_not_invoiced=ZERO,
                today=today,
                amount=amount,
                open_orders=tuple(open_orders),
                temporary=() if self.limit is None else self.temporary,
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
    return positions_of([book_id])[book_id]


def positions_of(book_ids: Sequence[UUID]) -> dict[UUID, Position]:
    """Return the current positions of books by their ids, without a lock. Two statements."""
    pairs: dict[UUID, Pair] = {}
    terms: dict[UUID, Sequence[Any]] = {}
    oldest: dict[UUID, date | None] = {}
    balances: dict[UUID, dict[str, Decimal]] = {}
    temporary: dict[UUID, str | None] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.id, b.seller_id, b.buyer_id, b.credit_limit, b.horizon_days, b.max_overdue_days,"  # noqa: S608 - a constant
            " b.payment_days, (SELECT min(i.due_on) FROM ledger_openitem i WHERE i.tenant_id = b.tenant_id"
            "  AND i.book_id = b.id AND NOT i.settled = i.amount),"
            " (" + TEMPORARY + "), a.kind, a.balance"
            " FROM ledger_book b LEFT JOIN ledger_account a"
            " ON a.tenant_id = b.tenant_id AND a.book_id = b.id"
            " WHERE b.tenant_id = %s AND b.id = ANY(%s::uuid[])",
            [active_tenant_id(), [str(book) for book in book_ids]],
        )
        for book_id, seller_id, buyer_id, *of_book, due, extra, kind, balance in cursor.fetchall():
            pairs[book_id], terms[book_id], oldest[book_id] = (seller_id, buyer_id), of_book, due
            balances.setdefault(book_id, {})[kind] = balance
            temporary[book_id] = extra
    with_horizon = [book for book, (limit, horizon, *_) in terms.items() if None not in (limit, horizon)]
    orders = open_orders_of([pairs[book] for book in with_horizon])
    return {
        book: position(
            book, terms[book], balances[book], oldest[book], orders.get(pairs[book]), temporary[book]
        )
        for book in terms
    }


def open_orders_of(pairs: Sequence[Pair]) -> Mapping[Pair, tuple[OpenOrder, ...]]:
    """Return the open orders of each (seller, buyer), from the rooms that register `open_order_queries`."""
    found: dict[Pair, tuple[OpenOrder, ...]] = dict.fromkeys(pairs, ())
    for path in registered("open_order_queries") if pairs else ():
        for seller_id, buyer_id, amount, due in resolve(path)(pairs):
            found[seller_id, buyer_id] += (OpenOrder(amount, due),)
    return found


def position(
    book_id: UUID,
    terms: Sequence[Any],
    balances: dict[str, Decimal],
    oldest: date | None,
    open_orders: tuple[OpenOrder, ...] | None = None,
    temporary: str | None = None,
) -> Position:
    """Build a Position. `terms` are credit limit, horizon days, max. overdue days and payment days.

    `temporary` are the temporary credits as JSON: [amount, first day, day after the last].
    """
    limit, horizon_days, max_overdue_days, payment_days = terms
    return Position(
        book_id=book_id,
        limit=limit,
        horizon_days=horizon_days,
        max_overdue_days=max_overdue_days,
        payment_days=payment_days,
        receivable=balances.get("receivable", ZERO),
        unapplied=-balances.get("unapplied", ZERO),
        prepayment=-balances.get("prepayment", ZERO),
        committed=balances.get("committed", ZERO),
        security_deposit=-balances.get("security_deposit", ZERO),
        wallet=-balances.get("rebate_wallet", ZERO) - balances.get("guarantee_wallet", ZERO),
        oldest_due=oldest,
        open_orders=open_orders,
        temporary=tuple(map(_temporary, json.loads(temporary or "[]"))),
    )


def _temporary(row: Sequence[str]) -> TemporaryLimit:
    amount, start, end = row
    return TemporaryLimit(Decimal(amount), Period(date.fromisoformat(start), date.fromisoformat(end)))


def overdue_items(today: date) -> QuerySet[OpenItem]:
    """Return the open items that were due before today."""
    found: QuerySet[OpenItem] = OpenItem.objects.filter(due_on__lt=today).exclude(settled=F("amount"))
    return found


def overdue_of(book_ids: Sequence[UUID], today: date) -> dict[UUID, Decimal]:
    """Return what is overdue in each book that has something overdue."""
    rows = overdue_items(today).filter(book_id__in=book_ids).order_by().values_list("book_id")
    return dict(rows.annotate(money=Sum(F("amount") - F("settled"))))


def amount_posted(journal_id: UUID) -> Decimal:
    """Return the amount of a posting: the sum of its debits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(amount), 0) FROM ledger_entry"
            " WHERE tenant_id = %s AND journal_id = %s AND amount > 0",
            [active_tenant_id(), journal_id],
        )
        (amount,) = cursor.fetchone()
    return Decimal(amount)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One change of a balance, and the balance after it."""

    at: datetime
    kind: str
    source: str
    memo: str
    amount: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """The opening balance of a period, each change, and the closing balance.

    What is owed is positive, and so is a prepayment or security deposit that the seller holds.
    """

    opening: Decimal = ZERO
    lines: tuple[StatementLine, ...] = ()
    closing: Decimal = ZERO


# The accounts of each statement, and the sign with which its balance is displayed.
STATEMENTS = {
    "owed": (("receivable", "unapplied"), 1),
    "prepayment": (("prepayment",), -1),
    "security_deposit": (("security_deposit",), -1),
}


def statements_of_account(*, book_id: UUID, since: datetime, until: datetime) -> dict[str, Statement]:
    """Return the statement of each of STATEMENTS in `[since, until)`. One SQL statement."""
    of_kind = {kind: name for name, (kinds, _sign) in STATEMENTS.items() for kind in kinds}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.name, j.at, j.kind, j.source, j.memo, sum(e.amount), j.at < %s"
            " FROM ledger_journal j JOIN ledger_entry e ON e.tenant_id = j.tenant_id AND e.journal_id = j.id"
            " JOIN ledger_account a ON a.tenant_id = e.tenant_id AND a.id = e.account_id"
            " JOIN unnest(%s::text[], %s::text[]) AS k(kind, name) ON k.kind = a.kind"
            " WHERE j.tenant_id = %s AND j.book_id = %s AND j.at < %s"
            " GROUP BY j.id, j.at, j.kind, j.source, j.memo, j.seq, k.name"
            " ORDER BY j.at, j.seq",
            [since, list(of_kind), list(of_kind.values()), active_tenant_id(), book_id, until],
        )
        rows = cursor.fetchall()
    return {
        name: _statement([row[1:] for row in rows if row[0] == name], sign)
        for name, (_kinds, sign) in STATEMENTS.items()
    }


def _statement(rows: Sequence[tuple[Any, ...]], sign: int) -> Statement:
    balance = opening = sum((sign * row[4] for row in rows if row[5]), ZERO)
    lines = []
    for at, kind, source, memo, amount, before in rows:
        if not before:
            balance += sign * amount
            lines.append(StatementLine(at, kind, source, memo, sign * amount, balance))
    return Statement(opening, tuple(lines), balance)


@dataclass(frozen=True, slots=True)
class HeldDeposit:
    """The security deposit that a seller holds of a buyer, with the book it is in."""

    book_id: UUID
    amount: Decimal


def deposits_held(pairs: Sequence[Pair]) -> dict[Pair, HeldDeposit]:
    """Return the security deposit of each (seller, buyer) that has a book. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.seller_id, b.buyer_id, b.id, coalesce(-a.balance, 0)"
            " FROM unnest(%s::uuid[], %s::uuid[]) AS pair(seller, buyer) JOIN ledger_book b"
            " ON b.tenant_id = %s AND b.buyer_id = pair.buyer AND b.seller_id = pair.seller"
            " LEFT JOIN ledger_account a ON a.tenant_id = b.tenant_id AND a.book_id = b.id"
            "  AND a.kind = 'security_deposit'",
            [[str(pair[0]) for pair in pairs], [str(pair[1]) for pair in pairs], active_tenant_id()],
        )
        return {(seller, buyer): HeldDeposit(book, held) for seller, buyer, book, held in cursor.fetchall()}


def open_matters(*, seller_id: UUID, buyer_id: UUID, actor: Actor) -> list[OpenMatter]:
    """Return what a book that the actor may see has open: debt, held money, wallets. Three statements."""
    visible = Book.objects.visible_to(actor).filter(seller=seller_id, buyer=buyer_id)
    book_id = visible.values_list("id", flat=True).first()
    if book_id is None:
        return []
    position = position_of(book_id)
    matters = (
        (_("Receivables"), "receipt", position.owed),
        (_("Prepayment"), "wallet", position.prepayment),
        (_("Security deposit held"), "lock", position.security_deposit),
        (_("Rebates and guarantees in the wallet"), "coins", position.wallet),
    )
    return [
        OpenMatter(label, icon, amount=money, page="book", arguments={"book_id": book_id})
        for label, icon, money in matters
        if money
    ]
