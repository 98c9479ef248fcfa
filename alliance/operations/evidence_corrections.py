"""Corrections of spread evidence for returned goods, on which no spread is owed.

Evidence is never edited. A correction is a row of the same day and guarantee with the change that a
return makes (`facts.corrects` names the corrected row); the next measurement adds the two.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from alliance.domain.spread import Sale, owed_on
from alliance.models.guarantee import GuaranteeKind
from alliance.operations.evidence import NewEvidence
from tenancy.context import active_tenant_id


@dataclass(frozen=True, slots=True)
class _Measured:
    """A measured spread, with the units and the amount owed that earlier returns have left."""

    id: UUID
    source: str
    on: date
    facts: dict[str, Any]
    units: int
    owed: Decimal


def evidence_of_return(
    *, contract_id: UUID, source: str, deliveries: Sequence[str], lines: Sequence[tuple[UUID, int]]
) -> list[NewEvidence]:
    """Return the corrections that a return makes to the spreads of these deliveries, newest first.

    `deliveries` are the sources passed to evidence_of_delivery, oldest first; `lines` are (product,
    returned base units). One statement. Nothing is written: see record_evidence.
    """
    measured = _measured(contract_id, deliveries)
    found = []
    for product_id, units_back in lines:
        back = units_back
        for one in reversed(measured.get(product_id, [])):
            units = min(back, one.units)
            if not units:
                continue
            back -= units
            left = one.units - units
            given = one.facts
            owed = owed_on(
                Decimal(given["guaranteed"]),
                Sale(Decimal(given["purchase_price"]), Decimal(given["advised_resale"]), left),
            ).amount
            facts = given | {"corrects": one.source, "qty": -units, "left": left}
            found.append(
                NewEvidence(
                    contract_id,
                    GuaranteeKind.SPREAD,
                    f"{source}:{one.id}",
                    one.on,
                    True,
                    owed - one.owed,
                    facts,
                )
            )
    return found


def _measured(contract_id: UUID, deliveries: Sequence[str]) -> dict[UUID, list[_Measured]]:
    """Return the measured spreads by product, in the order of the deliveries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.source, e.\"on\", e.facts::text, (e.facts ->> 'qty')::int + coalesce(c.units, 0),"
            " e.owed + coalesce(c.owed, 0)"
            " FROM unnest(%(deliveries)s::text[]) WITH ORDINALITY AS d(source, place)"
            " JOIN alliance_evidence e ON e.tenant_id = %(tenant)s AND e.contract_id = %(contract)s"
            "  AND e.kind = 'spread' AND starts_with(e.source, d.source || ':spread:')"
            " LEFT JOIN LATERAL ("
            "  SELECT sum((r.facts ->> 'qty')::int) AS units, sum(r.owed) AS owed FROM alliance_evidence r"
            "  WHERE r.tenant_id = e.tenant_id AND r.contract_id = e.contract_id AND r.kind = e.kind"
            '  AND r."on" = e."on" AND r.facts ->> \'corrects\' = e.source'
            " ) c ON true ORDER BY d.place, e.source",
            {"tenant": active_tenant_id(), "contract": contract_id, "deliveries": list(deliveries)},
        )
        rows = cursor.fetchall()
    found: dict[UUID, list[_Measured]] = {}
    for row_id, source, on, facts, units, owed in rows:
        one = _Measured(row_id, source, on, json.loads(facts), units, owed)
        found.setdefault(UUID(one.facts["product"]), []).append(one)
    return found
