"""Operations that open the breaches of measured months, follow later measurements, and share the amounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from alliance.domain.breach import payable, split
from jobs.operations.outbox import announce_many
from tenancy.context import active_tenant_id


def open_breaches(
    *, months: Sequence[date], at: datetime, today: date, contract_id: UUID | None = None
) -> int:
    """Open a breach for each broken guarantee of these months that owes money; return the number opened.

    A breach there is already takes the amount that is owed now. One that owes nothing any more, and that
    nobody has decided, is dismissed without a reason; it opens again if something is owed again.
    """
    if not months:
        return 0
    values: dict[str, Any] = {
        "tenant": active_tenant_id(),
        "months": list(months),
        "at": at,
        "today": today,
        "contract": contract_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO alliance_breach (id, tenant_id, contract_id, month, kind, state, amount, opened_at,"
            "  reply_by, is_contested, decision, reason, booked, bookings)"
            " SELECT gen_random_uuid(), g.tenant_id, g.contract_id, g.month, g.kind, 'open', g.owed, %(at)s,"
            "  %(today)s::date + c.reply_days, false, '', '', 0, 0"
            " FROM alliance_guaranteemonth g JOIN alliance_contract c"
            "  ON c.tenant_id = g.tenant_id AND c.id = g.contract_id"
            " WHERE g.tenant_id = %(tenant)s AND g.month = ANY(%(months)s::date[]) AND g.owed > 0"
            " AND (%(contract)s::uuid IS NULL OR c.code = (SELECT one.code FROM alliance_contract one"
            "  WHERE one.tenant_id = %(tenant)s AND one.id = %(contract)s))"
            " ORDER BY g.contract_id, g.month, g.kind"
            " ON CONFLICT (tenant_id, contract_id, month, kind) DO NOTHING RETURNING id",
            values,
        )
        opened = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "WITH changed AS (SELECT b.id, greatest(g.owed, 0) AS owed, EXISTS (SELECT 1"
            "   FROM alliance_breachreply r WHERE r.tenant_id = b.tenant_id AND r.breach_id = b.id) "
            "   AS has_reply"
            "  FROM alliance_breach b JOIN alliance_guaranteemonth g ON g.tenant_id = b.tenant_id"
            "   AND g.contract_id = b.contract_id AND g.month = b.month AND g.kind = b.kind"
            "  JOIN alliance_contract c ON c.tenant_id = b.tenant_id AND c.id = b.contract_id"
            "  WHERE b.tenant_id = %(tenant)s AND b.month = ANY(%(months)s::date[])"
            "   AND b.amount <> greatest(g.owed, 0)"
            " AND (%(contract)s::uuid IS NULL OR c.code = (SELECT one.code FROM alliance_contract one"
            "  WHERE one.tenant_id = %(tenant)s AND one.id = %(contract)s))"
            " ORDER BY b.id FOR NO KEY UPDATE OF b)"
            " UPDATE alliance_breach b SET amount = n.owed,"
            "  state = CASE WHEN b.state IN ('open', 'replied') AND n.owed = 0 THEN 'decided'"
            "   WHEN b.decision = 'dismissed' AND b.reason = '' AND n.owed > 0"
            "    THEN CASE WHEN n.has_reply THEN 'replied' ELSE 'open' END ELSE b.state END,"
            "  decision = CASE WHEN b.state IN ('open', 'replied') AND n.owed = 0 THEN 'dismissed'"
            "   WHEN b.decision = 'dismissed' AND b.reason = '' AND n.owed > 0 THEN '' ELSE b.decision END,"
            "  decided_at = CASE WHEN b.state IN ('open', 'replied') AND n.owed = 0 THEN %(at)s"
            "   WHEN b.decision = 'dismissed' AND b.reason = '' AND n.owed > 0 THEN NULL"
            "   ELSE b.decided_at END,"
            "  reply_by = CASE WHEN b.decision = 'dismissed' AND b.reason = '' AND n.owed > 0"
            "   THEN greatest(b.reply_by, %(today)s) ELSE b.reply_by END"
            " FROM changed n WHERE b.tenant_id = %(tenant)s AND b.id = n.id RETURNING b.id",
            values,
        )
        changed = [row[0] for row in cursor.fetchall()]
    share_breaches([*opened, *changed])
    announce_many("guarantee.broken", [{"breach_id": str(one)} for one in opened], at=at)
    return len(opened)


def share_breaches(breach_ids: Sequence[UUID]) -> None:
    """Write what each side owes of these breaches, by the agreed shares. Two statements."""
    if not breach_ids:
        return
    rows: list[tuple[UUID, str, UUID, Decimal, Decimal]] = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.id, b.amount, b.decision, b.decided_amount,"
            " c.manufacturer_id, c.dealer_id, c.member_id,"
            " array_remove(array_agg(s.role ORDER BY s.role), NULL),"
            " array_remove(array_agg(s.share ORDER BY s.role), NULL)"
            " FROM alliance_breach b JOIN alliance_contract c"
            "  ON c.tenant_id = b.tenant_id AND c.id = b.contract_id"
            " LEFT JOIN alliance_guaranteeshare s ON s.tenant_id = b.tenant_id"
            "  AND s.contract_id = b.contract_id AND s.kind = b.kind"
            " WHERE b.tenant_id = %s AND b.id = ANY(%s::uuid[])"
            " GROUP BY b.id, b.amount, b.decision, b.decided_amount, c.manufacturer_id, c.dealer_id,"
            "  c.member_id ORDER BY b.id",
            [active_tenant_id(), list(breach_ids)],
        )
        for breach_id, amount, decision, decided, maker_id, dealer_id, member_id, roles, parts in cursor:
            agreed = dict(zip(roles, parts, strict=True))
            parties = {"manufacturer": maker_id, "dealer": dealer_id, "member": member_id}
            for role, part in split(payable(amount, decision, decided), agreed).items():
                rows.append((breach_id, role, parties[role], agreed.get(role, Decimal(1)), part))
        columns = [list(column) for column in zip(*rows, strict=True)]
        cursor.execute(
            "INSERT INTO alliance_breachshare"
            " (id, tenant_id, breach_id, role, party_id, share, amount, booked)"
            " SELECT gen_random_uuid(), %s, new.breach_id, new.role, new.party_id, new.share, new.amount, 0"
            " FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::numeric[], %s::numeric[])"
            "  AS new(breach_id, role, party_id, share, amount)"
            " ON CONFLICT (tenant_id, breach_id, role) DO UPDATE SET amount = excluded.amount",
            [active_tenant_id(), *columns],
        )
