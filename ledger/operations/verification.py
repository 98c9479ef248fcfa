"""Verification of the ledger's invariants, with a fixed number of statements."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from ledger.operations.hash_chain import DIGEST_SQL
from tenancy.context import active_tenant_id


@dataclass(frozen=True, slots=True)
class Violation:
    """A violation of an invariant: its name, where it was found, and what was found."""

    invariant: str
    where: str
    found: str


_CHECKS = {
    "debits equal credits": (
        "SELECT j.source, sum(e.amount)::text FROM ledger_journal j JOIN ledger_entry e"
        " ON e.tenant_id = j.tenant_id AND e.journal_id = j.id WHERE j.tenant_id = %(tenant)s"
        " GROUP BY j.id, j.source HAVING sum(e.amount) <> 0"
    ),
    "entries stay in their book": (
        "SELECT j.source, a.book_id::text FROM ledger_entry e"
        " JOIN ledger_journal j ON j.tenant_id = e.tenant_id AND j.id = e.journal_id"
        " JOIN ledger_account a ON a.tenant_id = e.tenant_id AND a.id = e.account_id"
        " WHERE e.tenant_id = %(tenant)s AND a.book_id <> j.book_id"
    ),
    "a balance is the fold of its entries": (
        "SELECT a.book_id || ' ' || a.kind, 'balance ' || a.balance || ', entries ' || coalesce(f.amount, 0)"
        " FROM ledger_account a LEFT JOIN (SELECT account_id, sum(amount) AS amount FROM ledger_entry"
        " WHERE tenant_id = %(tenant)s GROUP BY account_id) f ON f.account_id = a.id"
        " WHERE a.tenant_id = %(tenant)s AND a.balance <> coalesce(f.amount, 0)"
    ),
    "open items add up to the receivable": (
        "SELECT a.book_id::text, 'receivable ' || a.balance || ', open ' || coalesce(o.amount, 0)"
        " FROM ledger_account a LEFT JOIN (SELECT book_id, sum(amount - settled) AS amount"
        " FROM ledger_openitem WHERE tenant_id = %(tenant)s GROUP BY book_id) o ON o.book_id = a.book_id"
        " WHERE a.tenant_id = %(tenant)s AND a.kind = 'receivable' AND a.balance <> coalesce(o.amount, 0)"
    ),
    "the chain of a book is unbroken": (
        "WITH c AS (SELECT book_id, seq, source, previous, digest,"
        " lag(digest, 1, '') OVER w AS before, row_number() OVER w AS place FROM ledger_journal"
        " WHERE tenant_id = %(tenant)s WINDOW w AS (PARTITION BY book_id ORDER BY seq))"
        " SELECT source, CASE WHEN seq <> place THEN 'number ' || seq || ' stands at place ' || place"
        " ELSE 'it does not follow the posting before it' END FROM c"
        " WHERE seq <> place OR previous <> before"
    ),
    "a book ends where its chain ends": (
        "SELECT b.id::text, 'number ' || b.seq || ', last posting ' || coalesce(j.seq, 0)"
        " FROM ledger_book b LEFT JOIN LATERAL (SELECT seq, digest FROM ledger_journal j"
        " WHERE j.tenant_id = b.tenant_id AND j.book_id = b.id ORDER BY seq DESC LIMIT 1) j ON true"
        " WHERE b.tenant_id = %(tenant)s"
        " AND (b.seq <> coalesce(j.seq, 0) OR b.head <> coalesce(j.digest, ''))"
    ),
    "a digest is that of its posting": (
        "SELECT j.source, 'its content was changed' FROM ledger_journal j"
        " LEFT JOIN (SELECT e.journal_id,"
        " string_agg(a.kind || '=' || e.amount, ';' ORDER BY (a.kind || '=' || e.amount) COLLATE \"C\")"
        " AS entries FROM ledger_entry e JOIN ledger_account a ON a.tenant_id = e.tenant_id"
        " AND a.id = e.account_id WHERE e.tenant_id = %(tenant)s GROUP BY e.journal_id) e"
        f" ON e.journal_id = j.id WHERE j.tenant_id = %(tenant)s AND j.digest <> {DIGEST_SQL}"
    ),
}


def violations(limit: int = 100) -> list[Violation]:
    """Return the violations in the active tenant's ledger, at most `limit` for each invariant."""
    found = []
    with connection.cursor() as cursor:
        for invariant, sql in _CHECKS.items():
            cursor.execute(f"{sql} LIMIT %(limit)s", {"tenant": active_tenant_id(), "limit": limit})
            found += [Violation(invariant, where, what) for where, what in cursor.fetchall()]
    return found


def size() -> tuple[int, int]:
    """Return the number of postings and of entries of the active tenant."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM ledger_journal WHERE tenant_id = %(tenant)s),"
            " (SELECT count(*) FROM ledger_entry WHERE tenant_id = %(tenant)s)",
            {"tenant": active_tenant_id()},
        )
        journals, entries = cursor.fetchone()
    return journals, entries
