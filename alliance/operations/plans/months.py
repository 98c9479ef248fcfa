"""Store the monthly results of plans, which a room above reads from trade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection

from alliance.domain.channel_plan import UNMEASURED
from alliance.models import ChannelPlan, PlanActual, PlanTarget
from tenancy.context import active_tenant_id, joined_transaction

_STORE = """
INSERT INTO alliance_planactual (id, tenant_id, target_id, party_id, month, actual)
SELECT gen_random_uuid(), %(tenant)s, f.target_id, f.party_id, f.month, f.actual
FROM unnest(%(targets)s::uuid[], %(parties)s::uuid[], %(months)s::date[], %(actuals)s::numeric[])
  AS f(target_id, party_id, month, actual)
WHERE f.party_id IS NULL OR EXISTS (SELECT FROM alliance_planobjective o
  WHERE o.tenant_id = %(tenant)s AND o.target_id = f.target_id AND o.party_id = f.party_id)
ORDER BY f.target_id, f.party_id, f.month
"""


@dataclass(frozen=True, slots=True)
class MeasuredTarget:
    """What a room above needs to measure a target; `first` ≤ region code < `last`."""

    id: UUID
    metric: str
    first: int
    last: int
    channel_id: UUID | None
    category_id: UUID | None
    portfolio_id: UUID | None


@dataclass(frozen=True, slots=True)
class PlanFigure:
    """The result of a target in a month: of all parties (None), or of one dealer or member."""

    target_id: UUID
    party_id: UUID | None
    month: date
    actual: Decimal


def targets_to_measure(year: int, *, plan_id: UUID | None = None) -> list[MeasuredTarget]:
    """Return the targets of the plans of a year that were handed down, without what nothing measures."""
    rows = PlanTarget.objects.filter(plan__year=year).exclude(plan__state=ChannelPlan.State.DRAFT)
    if plan_id is not None:
        rows = rows.filter(plan_id=plan_id)
    rows = rows.exclude(metric__in=UNMEASURED).order_by("id")
    fields = ("id", "metric", "region__start", "region__end", "channel_id", "category_id", "portfolio_id")
    return [MeasuredTarget(*row) for row in rows.values_list(*fields)]


def store_plan_months(
    *, targets: Sequence[UUID], months: Sequence[date], figures: Sequence[PlanFigure], at: datetime
) -> int:
    """Replace the results of these targets and months; return the number of rows.

    Results of parties without an objective are left out. Three statements; a repeated call with the same
    figures leaves the same rows.
    """
    with joined_transaction():
        PlanActual.objects.filter(target_id__in=targets, month__in=months).delete()
        with connection.cursor() as cursor:
            cursor.execute(
                _STORE,
                {
                    "tenant": active_tenant_id(),
                    "targets": [one.target_id for one in figures],
                    "parties": [one.party_id for one in figures],
                    "months": [one.month for one in figures],
                    "actuals": [one.actual for one in figures],
                },
            )
            stored = int(cursor.rowcount)
        plans = PlanTarget.objects.filter(id__in=targets).values("plan_id")
        ChannelPlan.objects.filter(id__in=plans).update(measured_at=at)
    return stored
