"""Creation of monthly partitions by the owner's role; the application's role cannot create tables.

Rows of a month without a partition are in the default partition. A partition created late moves its
rows from there.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connections, transaction

from kernel.periods import months_after
from tenancy.migration import run, secure_partition
from tenancy.queries import missing_partitions

log = logging.getLogger(__name__)
MONTHS_AHEAD = 12


@dataclass(frozen=True, slots=True)
class CreatedPartition:
    """A partition that was created; `moved` is the number of rows moved from the default partition."""

    name: str
    moved: int


def months_from(first: date, until: date) -> list[date]:
    """Return the first day of each month from the month of `first` to that of `until`, inclusive."""
    count = (until.year - first.year) * 12 + until.month - first.month + 1
    return [months_after(first.replace(day=1), number) for number in range(count)]


def make_partitions(
    *, on: date, since: date | None = None, ahead: int = MONTHS_AHEAD
) -> list[CreatedPartition]:
    """Create the missing months of every table, from `since` (default `on`) to `ahead` months after `on`.

    Each month has its own transaction with a lock timeout of 2 s. Idempotent.
    """
    created = []
    for table, column in partitioned_tables():
        for month in months_from(since or on, months_after(on, ahead)):
            name = f"{table}_{month:%Y%m}"
            with transaction.atomic("owner"), connections["owner"].schema_editor(atomic=False) as editor:
                run(editor, "SET LOCAL lock_timeout = '2s'")
                if not _exists(name):
                    created.append(CreatedPartition(name, _make(editor, table, column, name, month)))
    return created


def partitioned_tables() -> list[tuple[str, str]]:
    """Return each partitioned table with the column that it is partitioned by."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]"
            " WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1"
        )
        return list(cursor.fetchall())


def _exists(name: str) -> bool:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f'"{name}"'])
        return bool(cursor.fetchone()[0])


def _make(editor: Any, table: str, column: str, name: str, month: date) -> int:
    """Create a month's table, fill it from the default partition, attach it; return the rows moved."""
    default = f"{table}_default"
    bounds = f"FROM ('{month}') TO ('{months_after(month, 1)}')"
    inside = f"\"{column}\" >= '{month}' AND \"{column}\" < '{months_after(month, 1)}'"
    run(editor, f'CREATE TABLE "{name}" (LIKE "{table}" INCLUDING DEFAULTS INCLUDING CONSTRAINTS)')
    run(editor, f'LOCK TABLE "{table}" IN ACCESS EXCLUSIVE MODE')
    run(editor, f'ALTER TABLE "{default}" NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER')
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f'WITH moved AS (DELETE FROM "{default}" WHERE {inside} RETURNING *)'
            f' INSERT INTO "{name}" SELECT * FROM moved'
        )
        moved = int(cursor.rowcount)
    run(editor, f'ALTER TABLE "{default}" FORCE ROW LEVEL SECURITY, ENABLE TRIGGER USER')
    run(editor, f'ALTER TABLE "{table}" ATTACH PARTITION "{name}" FOR VALUES {bounds}')
    secure_partition(editor, name)
    return moved


def warn_of_missing_partitions(*, by: Any, at: datetime) -> None:
    """Log the months ahead that are missing; only the owner's role can create them."""
    if missing := missing_partitions(on=at.date()):
        log.warning("partitions_missing: %s; run manage partitions as the owner", ", ".join(missing))
