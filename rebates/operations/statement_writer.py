"""Write any number of statements and their carried lines with one INSERT each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from rebates.models import Settlement
from rebates.operations.late_adjustments import Late
from tenancy.context import active_tenant_id
from tenancy.models import new_id


@dataclass(frozen=True, slots=True)
class Row:
    """A statement to write. `source` identifies its posting."""

    settlement: Settlement
    party_id: UUID
    source: str
    base: Decimal
    cumulative: Decimal
    earned: Decimal
    due: Decimal
    why: dict[str, Any]
    late: Sequence[Late] = ()


def write_statements(rows: Sequence[Row], journals: Mapping[str, UUID]) -> None:
    """Insert the statements with their carried lines; existing ones stay unchanged."""
    if not rows:
        return
    columns = (
        _array(new_id() for _ in rows),
        _array(row.settlement.id for row in rows),
        _array(row.party_id for row in rows),
        _array(row.base for row in rows),
        _array(row.cumulative for row in rows),
        _array(row.earned for row in rows),
        _array(row.due for row in rows),
        _array(journals.get(row.source) or "NULL" for row in rows),
        json.dumps([row.why for row in rows]),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rebates_statement"
            " (tenant_id, id, settlement_id, party_id, base, cumulative, earned, due, journal_id, why)"
            " SELECT %s, r.* FROM ROWS FROM (unnest(%s::uuid[]), unnest(%s::uuid[]), unnest(%s::uuid[]),"
            " unnest(%s::numeric[]), unnest(%s::numeric[]), unnest(%s::numeric[]), unnest(%s::numeric[]),"
            " unnest(%s::uuid[]), jsonb_array_elements(%s::jsonb)) AS r"
            " ON CONFLICT (tenant_id, settlement_id, party_id) DO NOTHING",
            [active_tenant_id(), *columns],
        )
    _write_carried(rows)


def _write_carried(rows: Sequence[Row]) -> None:
    """Insert the carried lines; each statement is found by its settlement and party."""
    lines = [(row, one) for row in rows for one in row.late]
    if not lines:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rebates_carried (tenant_id, id, statement_id, settlement_id, base, due)"
            " SELECT s.tenant_id, c.id, s.id, c.of, c.base, c.due FROM unnest(%s::uuid[], %s::uuid[],"
            " %s::uuid[], %s::uuid[], %s::numeric[], %s::numeric[])"
            " AS c(id, settlement_id, party_id, of, base, due)"
            " JOIN rebates_statement s ON s.tenant_id = %s AND s.settlement_id = c.settlement_id"
            " AND s.party_id = c.party_id"
            " ON CONFLICT (tenant_id, statement_id, settlement_id) DO NOTHING",
            [
                _array(new_id() for _ in lines),
                _array(row.settlement.id for row, _ in lines),
                _array(row.party_id for row, _ in lines),
                _array(one.of.id for _, one in lines),
                _array(one.base for _, one in lines),
                _array(one.due for _, one in lines),
                active_tenant_id(),
            ],
        )


def _array(values: Iterable[object]) -> str:
    """Return a PostgreSQL array literal of ids or numbers, which need no quoting."""
    return "{" + ",".join(map(str, values)) + "}"
