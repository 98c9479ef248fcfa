"""Reads about the active tenant and its tables."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection

from kernel.periods import months_after
from tenancy.context import active_tenant_id
from tenancy.models import Tenant

MONTHS_AHEAD = 3


def day_of_tenant(at: datetime) -> date:
    """Return the day of a moment in the active tenant's time zone."""
    zone = Tenant.objects.values_list("timezone", flat=True).get(id=active_tenant_id())
    return at.astimezone(ZoneInfo(zone)).date()


def missing_partitions(*, on: date, ahead: int = MONTHS_AHEAD) -> list[str]:
    """Return the missing partitions (`table_yyyymm`) of this month and the next `ahead` months.

    Rows of such a month go into the default partition. Any role may read the catalogue.
    """
    months = [f"{months_after(on.replace(day=1), number):%Y%m}" for number in range(ahead + 1)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.name || '_' || m.month FROM (SELECT c.oid, c.relname AS name"
            " FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid"
            " WHERE c.relnamespace = 'public'::regnamespace) t CROSS JOIN unnest(%s) AS m(month)"
            " WHERE NOT EXISTS (SELECT FROM pg_inherits i JOIN pg_class k ON k.oid = i.inhrelid"
            " WHERE i.inhparent = t.oid AND k.relname = t.name || '_' || m.month) ORDER BY 1",
            [months],
        )
        return [name for (name,) in cursor.fetchall()]
