"""Empty a benchmark's database before a run and after it.

Only a database with "bench" in its name is ever emptied, and only by its owner.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import connections

from tenancy.models import Tenant, new_id
from tenancy.operations.partitions import make_partitions

TABLES_TO_PRESERVE = {"django_migrations", "django_content_type", "auth_permission", "dealers_region"}


def emptied() -> None:
    """Truncate all tables; exit if the database is not a benchmark's."""
    name = str(connections["owner"].settings_dict["NAME"])
    if "bench" not in name:
        raise SystemExit(f"{name} is not a benchmark's database: start this with ./run bench")
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p') AND NOT relispartition"
        )
        tables = [table for (table,) in cursor.fetchall() if table not in TABLES_TO_PRESERVE]
        cursor.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in tables) + " CASCADE")


def fresh_tenant(slug: str, *, since: date, months: int) -> UUID:
    """Return a new tenant on an empty database, with the partitions for its facts."""
    emptied()
    make_partitions(on=since, ahead=months)
    tenant = Tenant.objects.using("owner").create(slug=f"{slug}-{new_id().hex[-8:]}", name=slug)
    return UUID(str(tenant.id))


def analyse(*tables: str) -> None:
    """Vacuum and analyse tables now, as autovacuum would do later."""
    with connections["owner"].cursor() as cursor:
        for table in tables:
            cursor.execute(f'VACUUM (ANALYZE) "{table}"')
