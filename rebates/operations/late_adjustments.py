"""Late adjustments: settled periods whose base has changed since it was stated.

A statement is never edited. The difference is carried into the next settlement: into the cumulative
base or, if each settlement starts anew, as the change of what the earlier period's own rule earns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from kernel.money import ZERO_MONEY
from rebates.domain.tiers import Program as Rule
from rebates.domain.tiers import earned, rate_at
from rebates.models import Settlement
from tenancy.context import active_tenant_id

NOTHING_STATED = (ZERO_MONEY, ZERO_MONEY)
Stated = dict[tuple[UUID, UUID], tuple[Decimal, Decimal]]


@dataclass(frozen=True, slots=True)
class Late:
    """An earlier period: its base now (`counts`), the base stated and the amount paid before.

    `rule` is the earlier settlement's own rule if each settlement starts anew, otherwise None.
    """

    of: Settlement
    counts: Decimal
    stated: Decimal
    paid: Decimal
    rule: Rule | None = None

    @property
    def base(self) -> Decimal:
        return self.counts - self.stated

    @property
    def due(self) -> Decimal:
        return ZERO_MONEY if self.rule is None else earned(self.rule, self.counts) - self.paid

    def why(self) -> dict[str, Any]:
        """Return the adjustment as JSON: the period, the reason and the calculation."""
        facts = {
            "from": str(self.of.starts_on),
            "until": str(self.of.until),
            "reason": "recorded_late",
            "stated": str(self.stated),
            "counts": str(self.counts),
            "base": str(self.base),
            "due": str(self.due),
        }
        if self.rule is None:
            return facts
        now = earned(self.rule, self.counts)
        return facts | {
            "rate": str(rate_at(self.rule, self.counts)),
            "sum": f"{now} − {self.paid} = {self.due}",
        }


def stated_for(
    earlier: Sequence[Settlement], stating: Sequence[Settlement], first: UUID, last: UUID
) -> Stated:
    """Return (base, due) by settlement and party: its own statement plus the later adjustments.

    Adjustments carried by the `stating` settlements are left out, so that a repeated step gets the
    same result. One SQL statement.
    """
    if not earlier:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT of, party_id, sum(base), sum(due) FROM ("
            " SELECT s.settlement_id AS of, s.party_id, s.base, s.earned AS due FROM rebates_statement s"
            " WHERE s.tenant_id = %(tenant)s AND s.settlement_id = ANY(%(earlier)s::uuid[])"
            " AND s.party_id BETWEEN %(first)s AND %(last)s"
            " UNION ALL"
            " SELECT c.settlement_id, s.party_id, c.base, c.due FROM rebates_carried c"
            " JOIN rebates_statement s ON s.tenant_id = c.tenant_id AND s.id = c.statement_id"
            " WHERE c.tenant_id = %(tenant)s AND c.settlement_id = ANY(%(earlier)s::uuid[])"
            " AND s.settlement_id <> ALL(%(stating)s::uuid[])"
            " AND s.party_id BETWEEN %(first)s AND %(last)s"
            ") AS stated GROUP BY of, party_id",
            {
                "tenant": active_tenant_id(),
                "first": first,
                "last": last,
                "earlier": [str(one.id) for one in earlier],
                "stating": [str(one.id) for one in stating],
            },
        )
        return {(of, party): (base, due) for of, party, base, due in cursor.fetchall()}
