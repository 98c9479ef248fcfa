"""Take region events back when the goods of an out-of-region delivery are fully returned.

Evidence is never edited. Each return adds a correction to the events of the deliveries whose goods came back:
with the units, and once nothing is left of an event, with what the month's events owe less without it. The
first entry stays. The month is measured again, and the difference is booked. Source: docs/adr/0040.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from alliance.domain.event_sums import owed_for_events
from alliance.models import GuaranteeTerm
from alliance.models.guarantee import GuaranteeKind
from alliance.operations.evidence import NewEvidence, record_evidence
from alliance.operations.measurement import measure_month
from kernel.money import ZERO_MONEY
from kernel.periods import months_after
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.queries import day_of_tenant


@dataclass(frozen=True, slots=True)
class _Event:
    """A region event: its term, what is left of its units, and whether it was taken back before."""

    id: UUID
    contract_id: UUID
    source: str
    on: date
    facts: Mapping[str, Any]
    shipment_id: str
    left: Mapping[str, int]

    @property
    def term_id(self) -> UUID:
        return UUID(str(self.facts["term"]))


def take_back_region_events(
    *, source: str, shipment_ids: Sequence[UUID], lines: Sequence[tuple[UUID, int]], at: datetime
) -> int:
    """Correct the region events of an order's deliveries by a return; return the number of corrections.

    `source` identifies the return, `shipment_ids` are the order's deliveries, oldest first, and `lines` are
    (product, returned base units), which are taken from the newest delivery first. A repeated call writes
    nothing.
    """
    if not shipment_ids or not lines:
        return 0
    with joined_transaction():
        _lock_terms(shipment_ids)
        rows: list[NewEvidence] = []
        taken_back: dict[tuple[UUID, date], int] = {}
        for event, units in _returned(_events(shipment_ids, without=source), shipment_ids, lines):
            left = {one: qty - units.get(one, 0) for one, qty in event.left.items()}
            is_over = not any(left.values())
            owed = ZERO_MONEY
            if is_over:
                month = event.on.replace(day=1)
                before = taken_back.setdefault((event.term_id, month), 0)
                owed = _less_owed(event.term_id, month, without=source, already=before)
                taken_back[event.term_id, month] += 1
            facts = _facts(event, units) | ({"turned": "met"} if is_over else {})
            rows.append(
                NewEvidence(
                    event.contract_id,
                    GuaranteeKind.REGION,
                    f"{source}:{event.id}",
                    event.on,
                    True,
                    owed,
                    facts,
                )
            )
        recorded = record_evidence(rows)
        this_month = day_of_tenant(at).replace(day=1)
        for month, contract_id in sorted({(row.on.replace(day=1), row.contract_id) for row in rows}):
            if recorded and month < this_month:
                measure_month(month=month, at=at, contract_id=contract_id)
    return recorded


def _facts(event: _Event, units: Mapping[str, int]) -> dict[str, Any]:
    names = {one["product"]: one.get("name", "") for one in event.facts["products"]}
    same = {name: event.facts.get(name, "") for name in ("term", "clause", "region", "region_name")}
    returned = [
        {"product": one, "name": names.get(one, ""), "qty": qty} for one, qty in sorted(units.items())
    ]
    return {**same, "corrects": event.source, "returned": returned}


def _returned(
    events: Sequence[_Event], shipment_ids: Sequence[UUID], lines: Sequence[tuple[UUID, int]]
) -> list[tuple[_Event, dict[str, int]]]:
    """Return the events with the units that came back of them, those of the newest delivery first.

    The units of a delivery may concern several terms; each of its events loses them.
    """
    units_back: Counter[str] = Counter()
    for product_id, qty in lines:
        units_back[str(product_id)] += qty
    found = []
    for shipment_id in map(str, reversed(shipment_ids)):
        mine = [one for one in events if one.shipment_id == shipment_id]
        units = {
            product: min(units_back[product], max(one.left.get(product, 0) for one in mine))
            for product in {key for one in mine for key in one.left}
        }
        units_back.subtract(units)
        for one in mine:
            back = {key: min(units[key], qty) for key, qty in one.left.items() if units[key] and qty}
            if back:
                found.append((one, back))
    return found


def _lock_terms(shipment_ids: Sequence[UUID]) -> None:
    """Lock the terms of the deliveries' events, as the operation that records events does."""
    terms = [UUID(one.facts["term"]) for one in _events(shipment_ids, without="")]
    rows = GuaranteeTerm.objects.select_for_update(no_key=True).filter(id__in=terms).order_by("id")
    list(rows.values_list("id"))


def _events(shipment_ids: Sequence[UUID], *, without: str) -> list[_Event]:
    """Return the events of deliveries with what earlier returns left; `without` a return itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT e.id, e.contract_id, e.source, e."on", e.facts::text,'
            " coalesce(json_agg(c.facts -> 'returned') FILTER (WHERE c.id IS NOT NULL), '[]')::text"
            " FROM unnest(%(shipments)s::text[]) AS d(id)"
            " JOIN alliance_evidence e ON e.tenant_id = %(tenant)s AND e.kind = 'region'"
            "  AND starts_with(e.source, 'shipment:' || d.id || ':region:')"
            " LEFT JOIN alliance_evidence c ON c.tenant_id = e.tenant_id AND c.contract_id = e.contract_id"
            '  AND c.kind = e.kind AND c."on" = e."on"'
            "  AND c.facts ->> 'corrects' = e.source"
            "  AND (%(without)s = '' OR NOT starts_with(c.source, %(without)s || ':'))"
            ' GROUP BY e.id, e.tenant_id, e.contract_id, e.source, e."on", e.facts ORDER BY e.source',
            {
                "tenant": active_tenant_id(),
                "shipments": [str(one) for one in shipment_ids],
                "without": without,
            },
        )
        rows = cursor.fetchall()
    found = []
    for row_id, contract_id, source, on, facts_text, returned_text in rows:
        facts = json.loads(facts_text)
        left = Counter({one["product"]: int(one["qty"]) for one in facts.get("products", ())})
        for one in (row for returned in json.loads(returned_text) for row in returned or ()):
            left[one["product"]] -= int(one["qty"])
        if any(qty > 0 for qty in left.values()):
            found.append(_Event(row_id, contract_id, source, on, facts, source.split(":")[1], dict(left)))
    return found


def _less_owed(term_id: UUID, month: date, *, without: str, already: int) -> Decimal:
    """Return what the events of a term in a month owe less (≤ 0) when one more of them is taken back.

    `already` of them are taken back by the same return. The cap of the month is applied to those that stay.
    """
    term = GuaranteeTerm.objects.get(id=term_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE NOT e.fulfilled)"
            "  - count(*) FILTER (WHERE e.facts ->> 'turned' = 'met')"
            " FROM alliance_evidence e WHERE e.tenant_id = %(tenant)s AND e.contract_id = %(contract)s"
            "  AND e.kind = 'region' AND e.facts ->> 'term' = %(term)s"
            '  AND e."on" >= %(month)s AND e."on" < %(until)s'
            "  AND NOT starts_with(e.source, %(without)s || ':')",
            {
                "tenant": active_tenant_id(),
                "contract": term.contract_id,
                "term": str(term_id),
                "month": month,
                "until": months_after(month, 1),
                "without": without,
            },
        )
        (standing,) = cursor.fetchone()
    count = int(standing) - already

    def owed(events: int) -> Decimal:
        each = owed_for_events(max(events, 0), term.owed_per_event, cap=term.monthly_cap)
        return sum(each, ZERO_MONEY)

    return owed(count - 1) - owed(count)
