"""What happens to contracts by their dates: they begin, they remind of their end, and they end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from accounts.rights import Actor
from alliance.audit_actions import ContractAction
from alliance.domain.life import EXPIRING_DAYS, notice_due
from alliance.models import Contract
from alliance.models.ending import EndReason, NoticeKind
from audit.operations.recording import record_many
from jobs.operations.outbox import announce_many
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.models import new_id
from tenancy.queries import day_of_tenant

NOTICE_KINDS = {7: NoticeKind.EXPIRING_7, 30: NoticeKind.EXPIRING_30, 90: NoticeKind.EXPIRING_90}


def turn_contracts(*, by: Actor, at: datetime) -> tuple[int, int]:
    """Begin the contracts whose first day has come and end those whose term is over; return both numbers.

    A constant number of statements for any number of contracts; a repeated call finds nothing to do.
    """
    today = day_of_tenant(at)
    with joined_transaction():
        return _begin(today, by=by, at=at), _end(today, by=by, at=at)


def remind_of_ends(*, by: Actor, at: datetime) -> int:
    """Announce that contracts end soon: 90, 30 and 7 days before, once each; return how many are due now.

    A contract of which only the last days are left gets the nearest reminder. A contract that a signed next
    version follows, or whose early end was announced, gets none.
    """
    today = day_of_tenant(at)
    with joined_transaction():
        rows = _ending_soon(today).values_list("id", "code", "until")
        due = {one: NOTICE_KINDS[days] for one, _code, until in rows if (days := _due(until, today))}
        new = notices_sent(due.items(), at=at)
        due_now = [(one, code, until) for one, code, until in rows if one in new]
        record_many(
            ContractAction.REMIND,
            [
                ((Contract, one), {"code": code, "until": until.isoformat(), "days": (until - today).days})
                for one, code, until in due_now
            ],
            by=by,
            at=at,
        )
        bodies = [{"contract_id": str(one), "kind": str(due[one])} for one, _code, _until in due_now]
        announce_many("alliance.expiring", bodies, at=at)
    return len(bodies)


def notices_sent(notices: Iterable[tuple[UUID, str]], *, at: datetime) -> set[UUID]:
    """Write (contract, kind) of messages that are sent now; return the contracts that had none before."""
    rows = sorted(notices)
    if not rows:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO alliance_contractnotice (id, tenant_id, contract_id, kind, at)"
            " SELECT one.id, %s, one.contract, one.kind, %s"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS one(id, contract, kind)"
            " ON CONFLICT (tenant_id, contract_id, kind) DO NOTHING RETURNING contract_id",
            [
                active_tenant_id(),
                at,
                [str(new_id()) for _row in rows],
                [str(contract) for contract, _kind in rows],
                [str(kind) for _contract, kind in rows],
            ],
        )
        return {contract for (contract,) in cursor.fetchall()}


def _ending_soon(today: date) -> QuerySet[Contract]:
    rows: QuerySet[Contract] = Contract.objects.unreplaced().filter(
        state=Contract.State.ACTIVE,
        ended_on__isnull=True,
        starts_on__lte=today,
        until__gt=today,
        until__lte=today + timedelta(days=EXPIRING_DAYS),
    )
    return rows.order_by("id")


def _due(until: date, today: date) -> int | None:
    return notice_due(until=until, today=today)


def _begin(today: date, *, by: Actor, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH mine AS MATERIALIZED (SELECT id FROM alliance_contract WHERE tenant_id = %s"
            "  AND state = 'active' AND activated_at IS NULL AND starts_on <= %s"
            "  ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)"
            " UPDATE alliance_contract one SET activated_at = %s FROM mine"
            " WHERE one.tenant_id = %s AND one.id = mine.id RETURNING one.id, one.code",
            [active_tenant_id(), today, at, active_tenant_id()],
        )
        begun = sorted(cursor.fetchall())
    record_many(
        ContractAction.ACTIVATE, [((Contract, one), {"code": code}) for one, code in begun], by=by, at=at
    )
    announce_many("alliance.activated", [{"contract_id": str(one)} for one, _code in begun], at=at)
    return len(begun)


def _end(today: date, *, by: Actor, at: datetime) -> int:
    """End what is over: a version that the next one replaced ends without a message."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH mine AS MATERIALIZED (SELECT id FROM alliance_contract WHERE tenant_id = %s"
            "  AND state = 'active' AND until <= %s ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)"
            " UPDATE alliance_contract one SET state = 'ended', ended_on = coalesce(one.ended_on, one.until),"
            " end_reason = CASE WHEN one.end_reason <> '' THEN one.end_reason"
            "  WHEN EXISTS (SELECT 1 FROM alliance_contract next WHERE next.tenant_id = one.tenant_id"
            "   AND next.code = one.code AND next.version > one.version AND next.starts_on <= one.until"
            "   AND next.state IN ('active', 'ended')) THEN %s ELSE %s END"
            " FROM mine WHERE one.tenant_id = %s AND one.id = mine.id"
            " RETURNING one.id, one.code, one.end_reason, one.until",
            [active_tenant_id(), today, EndReason.REPLACED, EndReason.TERM_OVER, active_tenant_id()],
        )
        ended = sorted(cursor.fetchall())
        cursor.execute(
            "WITH mine AS MATERIALIZED (SELECT id FROM alliance_contractarea"
            "  WHERE tenant_id = %s AND contract_id = ANY(%s::uuid[]) AND holds"
            "  ORDER BY category_id, area FOR UPDATE)"
            " UPDATE alliance_contractarea one SET holds = false FROM mine"
            " WHERE one.tenant_id = %s AND one.id = mine.id",
            [active_tenant_id(), [str(row[0]) for row in ended], active_tenant_id()],
        )
    record_many(
        ContractAction.EXPIRE,
        [
            ((Contract, one), {"code": code, "kind": reason, "until": until.isoformat()})
            for one, code, reason, until in ended
        ],
        by=by,
        at=at,
    )
    gone = [{"contract_id": str(row[0])} for row in ended if row[2] != EndReason.REPLACED]
    announce_many("alliance.ended", gone, at=at)
    return len(ended)
