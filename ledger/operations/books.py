"""Operations that open the book of a seller and a buyer, with one account of each kind."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from ledger.models import Account
from tenancy.context import active_tenant_id
from tenancy.models import new_id

Pair = tuple[UUID, UUID]


def open_books(pairs: Iterable[Pair]) -> dict[Pair, UUID]:
    """Return the book of each (seller, buyer), creating those that are missing. Three statements.

    Safe under concurrency: of two callers that open the same book, the second returns the first one's.
    """
    wanted = sorted(set(pairs))
    if not wanted:
        return {}
    tenant_id = active_tenant_id()
    sellers, buyers = [str(seller) for seller, _ in wanted], [str(buyer) for _, buyer in wanted]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_book"
            " (id, tenant_id, seller_id, buyer_id, currency, payment_days, orders, seq, head)"
            " SELECT p.id, t.id, p.seller_id, p.buyer_id, t.currency, 30, 0, 0, ''"
            " FROM tenancy_tenant t,"
            " unnest(%s::uuid[], %s::uuid[], %s::uuid[]) AS p(id, seller_id, buyer_id)"
            " WHERE t.id = %s AND NOT EXISTS (SELECT 1 FROM ledger_book b WHERE b.tenant_id = t.id"
            " AND b.seller_id = p.seller_id AND b.buyer_id = p.buyer_id)"
            " ON CONFLICT (tenant_id, buyer_id, seller_id) DO NOTHING",
            [[str(new_id()) for _ in wanted], sellers, buyers, tenant_id],
        )
        cursor.execute(
            "SELECT b.seller_id, b.buyer_id, b.id FROM ledger_book b"
            " JOIN unnest(%s::uuid[], %s::uuid[]) AS p(seller_id, buyer_id)"
            " ON p.seller_id = b.seller_id AND p.buyer_id = b.buyer_id WHERE b.tenant_id = %s",
            [sellers, buyers, tenant_id],
        )
        books: dict[Pair, UUID] = {(seller, buyer): book for seller, buyer, book in cursor.fetchall()}
        kinds = sorted(Account.Kind.values)
        missing = [(str(new_id()), str(book), kind) for book in sorted(books.values()) for kind in kinds]
        ids, of_books, of_kinds = zip(*missing, strict=True) if missing else ((), (), ())
        cursor.execute(
            "INSERT INTO ledger_account (id, tenant_id, book_id, kind, balance)"
            " SELECT a.id, %s, a.book_id, a.kind, 0"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS a(id, book_id, kind)"
            " WHERE NOT EXISTS (SELECT 1 FROM ledger_account o WHERE o.tenant_id = %s"
            " AND o.book_id = a.book_id AND o.kind = a.kind)"
            " ON CONFLICT (tenant_id, book_id, kind) DO NOTHING",
            [tenant_id, list(ids), list(of_books), list(of_kinds), tenant_id],
        )
    return books


def open_book(*, seller_id: UUID, buyer_id: UUID) -> UUID:
    """Return the book of a seller and a buyer, creating it if it is missing."""
    return open_books([(seller_id, buyer_id)])[seller_id, buyer_id]
