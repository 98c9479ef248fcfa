"""Operations that measure the guarantees of a month from evidence, and mark what is booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from alliance.models.guarantee import GuaranteeKind
from kernel.periods import months_after
from tenancy.context import active_tenant_id, joined_transaction


def measure_month(*, month: date, at: datetime, contract_id: UUID | None = None) -> int:
    """Write the result of each contract and guarantee with evidence in the month; return their number.

    `month` is any day of the month; with `contract_id` only that contract is measured. A repeated call
    updates the rows and leaves `booked` unchanged. A correction does not count as a measurement.
    """
    first = month.replace(day=1)
    until = months_after(first, 1)
    with joined_transaction(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO alliance_guaranteemonth"
            " (id, tenant_id, contract_id, month, kind, measured, broken, owed, booked)"
            " SELECT gen_random_uuid(), tenant_id, contract_id, %s, kind,"
            "  count(*) FILTER (WHERE NOT facts ? 'corrects'),"
            "  count(*) FILTER (WHERE NOT fulfilled), sum(owed), 0"
            ' FROM alliance_evidence WHERE tenant_id = %s AND "on" >= %s AND "on" < %s'
            " AND (%s::uuid IS NULL OR contract_id = %s)"
            " GROUP BY tenant_id, contract_id, kind ORDER BY contract_id, kind"
            " ON CONFLICT (tenant_id, month, contract_id, kind) DO UPDATE SET"
            "  measured = excluded.measured, broken = excluded.broken, owed = excluded.owed",
            [first, active_tenant_id(), first, until, contract_id, contract_id],
        )
        measured = int(cursor.rowcount)
        if measured:
            _add_up(cursor, first)
        return measured


def _add_up(cursor: Any, month: date) -> None:
    """Update the totals of the month.

    The rows are locked before they are summed, so that of two concurrent calls the second one includes
    the result of the first.
    """
    cursor.execute(
        "INSERT INTO alliance_guaranteetotal (id, tenant_id, month, kind, measured, broken, owed,"
        "  contracts, contracts_broken)"
        " SELECT gen_random_uuid(), %(tenant)s, %(month)s, kind, 0, 0, 0, 0, 0 FROM unnest(%(kinds)s) AS kind"
        " ON CONFLICT (tenant_id, month, kind) DO UPDATE SET kind = excluded.kind",
        {"tenant": active_tenant_id(), "month": month, "kinds": sorted(GuaranteeKind.values)},
    )
    cursor.execute(
        "UPDATE alliance_guaranteetotal one SET measured = sums.measured, broken = sums.broken,"
        " owed = sums.owed, contracts = sums.contracts, contracts_broken = sums.contracts_broken"
        " FROM (SELECT kind, sum(measured) AS measured, sum(broken) AS broken, sum(owed) AS owed,"
        "  count(*) FILTER (WHERE measured > 0 OR broken > 0) AS contracts,"
        "  count(*) FILTER (WHERE broken > 0) AS contracts_broken FROM alliance_guaranteemonth"
        "  WHERE tenant_id = %(tenant)s AND month = %(month)s GROUP BY kind) sums"
        " WHERE one.tenant_id = %(tenant)s AND one.month = %(month)s AND one.kind = sums.kind",
        {"tenant": active_tenant_id(), "month": month},
    )


@dataclass(frozen=True, slots=True)
class UnbookedMonth:
    """A guarantee month whose owed and booked amounts differ; `seq` is the number of the posting."""

    id: UUID
    contract_id: UUID
    code: str
    kind: str
    dealer_id: UUID
    member_id: UUID
    month: date
    difference: Decimal
    seq: int


def lock_unbooked(*, since: date, until: date) -> list[UnbookedMonth]:
    """Lock and return the guarantee months in [since, until) whose owed and booked amounts differ."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT g.id, g.contract_id, c.code, g.kind, c.dealer_id, c.member_id, g.month,"
            " g.owed - g.booked, g.bookings + 1"
            " FROM alliance_guaranteemonth g JOIN alliance_contract c"
            " ON c.tenant_id = g.tenant_id AND c.id = g.contract_id"
            " WHERE g.tenant_id = %s AND g.month >= %s AND g.month < %s AND g.owed <> g.booked"
            " ORDER BY g.id FOR NO KEY UPDATE OF g",
            [active_tenant_id(), since, until],
        )
        return [UnbookedMonth(*row) for row in cursor.fetchall()]


def mark_booked(*, month_ids: list[UUID]) -> int:
    """Mark that the owed amounts of these guarantee months are booked; return how many changed.

    Call it in the transaction of the posting, so that a retry finds nothing left to book.
    """
    with joined_transaction(), connection.cursor() as cursor:
        cursor.execute(
            "WITH mine AS (SELECT id FROM alliance_guaranteemonth WHERE tenant_id = %s"
            "  AND id = ANY(%s::uuid[]) AND booked <> owed ORDER BY id FOR UPDATE)"
            " UPDATE alliance_guaranteemonth one SET booked = one.owed, bookings = one.bookings + 1 FROM mine"
            " WHERE one.tenant_id = %s AND one.id = mine.id",
            [active_tenant_id(), month_ids, active_tenant_id()],
        )
        return int(cursor.rowcount)
