"""Holding the exclusive regions of a contract, and ending the earlier versions that it replaces."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from alliance.models import Contract
from tenancy.context import active_tenant_id


def shorten_earlier(contract: Contract) -> list[tuple[UUID, int]]:
    """End the earlier active versions on the day this one begins; return (id, version) of each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH mine AS MATERIALIZED (SELECT id FROM alliance_contract"
            "  WHERE tenant_id = %s AND code = %s AND version < %s AND state = 'active' AND until > %s"
            "  ORDER BY id FOR UPDATE)"
            " UPDATE alliance_contract one SET until = %s FROM mine"
            " WHERE one.tenant_id = %s AND one.id = mine.id RETURNING one.id, one.version",
            [
                active_tenant_id(),
                contract.code,
                contract.version,
                contract.starts_on,
                contract.starts_on,
                active_tenant_id(),
            ],
        )
        found = cursor.fetchall()
        cursor.execute(
            "WITH mine AS MATERIALIZED (SELECT id FROM alliance_contractarea"
            "  WHERE tenant_id = %s AND contract_id = ANY(%s::uuid[]) ORDER BY category_id, area FOR UPDATE)"
            " UPDATE alliance_contractarea one SET term = daterange(lower(one.term), %s) FROM mine"
            " WHERE one.tenant_id = %s AND one.id = mine.id",
            [active_tenant_id(), [str(row[0]) for row in found], contract.starts_on, active_tenant_id()],
        )
    return found


def hold_areas(contract_id: UUID, holds: bool) -> None:
    """Set or release the exclusive hold on a contract's regions, locked in one common order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH mine AS MATERIALIZED (SELECT id FROM alliance_contractarea"
            "  WHERE tenant_id = %s AND contract_id = %s ORDER BY category_id, area FOR UPDATE)"
            " UPDATE alliance_contractarea one SET holds = %s FROM mine"
            " WHERE one.tenant_id = %s AND one.id = mine.id",
            [active_tenant_id(), contract_id, holds, active_tenant_id()],
        )
