"""Operations by which the ledger's room books breaches: what is payable now, and what is booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from tenancy.context import active_tenant_id, joined_transaction


@dataclass(frozen=True, slots=True)
class PayableShare:
    """What a side owes the member of a breach and is not booked; `seq` is the number of the posting."""

    id: UUID
    breach_id: UUID
    contract_id: UUID
    code: str
    kind: str
    role: str
    debtor_id: UUID
    member_id: UUID
    month: date
    difference: Decimal
    seq: int


def release_undisputed(*, today: date) -> int:
    """Release the breaches that the contract books without a decision; return their number.

    They are those of at most `book_up_to` that nobody contested, once all sides have accepted or the last
    day to reply has passed.
    """
    with joined_transaction(), connection.cursor() as cursor:
        cursor.execute(
            "WITH small AS (SELECT b.id FROM alliance_breach b JOIN alliance_contract c"
            "  ON c.tenant_id = b.tenant_id AND c.id = b.contract_id"
            "  WHERE b.tenant_id = %(tenant)s AND b.state IN ('open', 'replied') AND NOT b.is_contested"
            "   AND b.amount <= c.book_up_to AND (b.state = 'replied' OR b.reply_by < %(today)s)"
            "  ORDER BY b.id FOR NO KEY UPDATE OF b)"
            " UPDATE alliance_breach b SET state = 'booked' FROM small"
            " WHERE b.tenant_id = %(tenant)s AND b.id = small.id",
            {"tenant": active_tenant_id(), "today": today},
        )
        return int(cursor.rowcount)


def lock_payable(*, since: date, until: date, breach_id: UUID | None = None) -> list[PayableShare]:
    """Lock and return the shares of decided or released breaches that differ from what is booked.

    They are of months in [since, until), or of one breach. What the member bears itself is not payable.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id, b.id, b.contract_id, c.code, b.kind, s.role, s.party_id, c.member_id, b.month,"
            " s.amount - s.booked, b.bookings + 1"
            " FROM alliance_breach b JOIN alliance_contract c"
            "  ON c.tenant_id = b.tenant_id AND c.id = b.contract_id"
            " JOIN alliance_breachshare s ON s.tenant_id = b.tenant_id AND s.breach_id = b.id"
            " WHERE b.tenant_id = %(tenant)s AND b.state IN ('decided', 'booked') AND s.role <> 'member'"
            "  AND s.amount <> s.booked AND b.month >= %(since)s AND b.month < %(until)s"
            "  AND (%(breach)s::uuid IS NULL OR b.id = %(breach)s)"
            " ORDER BY b.id, s.id FOR NO KEY UPDATE OF b, s",
            {"tenant": active_tenant_id(), "since": since, "until": until, "breach": breach_id},
        )
        return [PayableShare(*row) for row in cursor.fetchall()]


def mark_booked(*, share_ids: Sequence[UUID]) -> int:
    """Mark that these shares are booked, with their breaches and months; return the number of breaches.

    Call it in the transaction of the posting, so that a retry finds nothing left to book.
    """
    if not share_ids:
        return 0
    tenant = active_tenant_id()
    with joined_transaction(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE alliance_breachshare SET booked = amount WHERE tenant_id = %s"
            " AND id = ANY(%s::uuid[]) AND booked <> amount RETURNING breach_id",
            [tenant, list(share_ids)],
        )
        breach_ids = sorted({row[0] for row in cursor.fetchall()})
        if not breach_ids:
            return 0
        # Arrays instead of joins of what the statement itself writes, whose size the planner cannot know.
        cursor.execute(
            "UPDATE alliance_breach b SET state = 'booked', bookings = b.bookings + 1, booked ="
            "  (SELECT sum(s.booked) FROM alliance_breachshare s"
            "   WHERE s.tenant_id = b.tenant_id AND s.breach_id = b.id)"
            " WHERE b.tenant_id = %s AND b.id = ANY(%s::uuid[])"
            " RETURNING b.contract_id, b.month, b.kind, b.booked",
            [tenant, breach_ids],
        )
        columns = [list(column) for column in zip(*cursor.fetchall(), strict=True)]
        cursor.execute(
            "UPDATE alliance_guaranteemonth g SET booked = new.booked, bookings = g.bookings + 1"
            " FROM unnest(%s::uuid[], %s::date[], %s::text[], %s::numeric[])"
            "  AS new(contract_id, month, kind, booked)"
            " WHERE g.tenant_id = %s AND g.month = new.month AND g.contract_id = new.contract_id"
            "  AND g.kind = new.kind",
            [*columns, tenant],
        )
        return int(cursor.rowcount)
