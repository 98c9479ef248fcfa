"""Operations that measure the guarantees of a month from evidence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from alliance.models.guarantee import GuaranteeKind
from alliance.operations.breach_opening import open_breaches
from alliance.operations.window_measurement import measure_windows
from kernel.periods import months_after
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.queries import day_of_tenant

# The sums of a month by contract code and guarantee. Versions that share the month count as one contract. A
# clause with a monthly cap is capped once over the month; a correction does not count as a measurement.
WRITE_SUMS = """
WITH entry AS (
  SELECT c.code, c.version, e.contract_id, e.kind, coalesce(e.facts ->> 'clause', '') AS clause,
    coalesce(e.facts ->> 'metric', '') AS metric,
    count(*) FILTER (WHERE NOT e.facts ? 'corrects') AS measured,
    count(*) FILTER (WHERE NOT e.fulfilled)
      - count(*) FILTER (WHERE e.facts ->> 'turned' = 'met') AS broken,
    sum(e.owed) AS owed
  FROM alliance_evidence e JOIN alliance_contract c ON c.tenant_id = e.tenant_id AND c.id = e.contract_id
  WHERE e.tenant_id = %(tenant)s AND e."on" >= %(month)s AND e."on" < %(until)s
    AND (%(contract)s::uuid IS NULL OR c.code = (SELECT one.code FROM alliance_contract one
      WHERE one.tenant_id = %(tenant)s AND one.id = %(contract)s))
  GROUP BY 1, 2, 3, 4, 5, 6
), capped AS (
  SELECT code, kind, term.metric AS capped_metric, term.category_id, max(version) AS version,
    sum(measured) AS measured, sum(broken) AS broken,
    least(sum(owed), (array_agg(term.monthly_cap ORDER BY version DESC))[1]) AS owed
  FROM entry LEFT JOIN LATERAL (
    SELECT t.metric, t.category_id, t.monthly_cap FROM alliance_guaranteeterm t
    WHERE t.tenant_id = %(tenant)s AND t.contract_id = entry.contract_id AND t.monthly_cap IS NOT NULL
      AND (t.metric = entry.metric OR (entry.metric = '' AND entry.kind <> 'spread'
        AND t.clause = entry.clause))
    ORDER BY t.clause = entry.clause DESC, t.clause LIMIT 1
  ) term ON true
  GROUP BY 1, 2, 3, 4
), summed AS (
  SELECT code, kind, max(version) AS version, sum(measured)::int AS measured,
    greatest(sum(broken), 0)::int AS broken, sum(owed) AS owed
  FROM capped GROUP BY 1, 2
), earlier AS (
  SELECT c.code, g.kind, g.contract_id FROM alliance_guaranteemonth g
  JOIN alliance_contract c ON c.tenant_id = g.tenant_id AND c.id = g.contract_id
  WHERE g.tenant_id = %(tenant)s AND g.month = %(month)s
)
INSERT INTO alliance_guaranteemonth
  (id, tenant_id, contract_id, month, kind, measured, broken, owed, booked)
SELECT gen_random_uuid(), %(tenant)s, coalesce(earlier.contract_id, c.id), %(month)s, s.kind,
  s.measured, s.broken, s.owed, 0
FROM summed s
JOIN alliance_contract c ON c.tenant_id = %(tenant)s AND c.code = s.code AND c.version = s.version
LEFT JOIN earlier ON earlier.code = s.code AND earlier.kind = s.kind
ORDER BY 3, 5
ON CONFLICT (tenant_id, month, contract_id, kind) DO UPDATE SET
  measured = excluded.measured, broken = excluded.broken, owed = excluded.owed
"""


def measure_month(*, month: date, at: datetime, contract_id: UUID | None = None) -> int:
    """Write the result of each contract and guarantee with evidence in the month; return their number.

    `month` is any day of the month; with `contract_id` only that contract is measured, in all its versions.
    Guarantees of a window are measured when it has ended. What is owed for a month that has passed opens a
    breach, or changes the amount of the one there is. A repeated call changes nothing.
    """
    first, today = month.replace(day=1), day_of_tenant(at)
    with joined_transaction():
        also = measure_windows(month=first, today=today, contract_id=contract_id) - {first}
        found = {one: _write_sums(one, contract_id) for one in sorted({first} | also)}
        passed = [one for one in found if months_after(one, 1) <= today]
        open_breaches(months=passed, at=at, today=today, contract_id=contract_id)
    return found[first]


def _write_sums(month: date, contract_id: UUID | None) -> int:
    values: dict[str, Any] = {
        "tenant": active_tenant_id(),
        "month": month,
        "until": months_after(month, 1),
        "contract": contract_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE_SUMS, values)
        measured = int(cursor.rowcount)
        if measured:
            _add_up(cursor, month)
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
