"""Operations that measure the KPIs of a month from figures of the rooms above, or take them by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from accounts.rights import Actor
from alliance.audit_actions import DutyAction
from alliance.models import Contract, Kpi, KpiMetric, KpiMonth
from audit.operations.recording import record
from kernel.periods import months_after
from kernel.refusals import Refusal
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.queries import day_of_tenant

MEASURED = frozenset((KpiMetric.PURCHASES, KpiMetric.OUTLETS))
MAX_ACTUAL = Decimal(10) ** 12

_MEASURE = """
INSERT INTO alliance_kpimonth (id, tenant_id, kpi_id, month, target, weight, actual, is_entered, note)
SELECT gen_random_uuid(), k.tenant_id, k.id, %(month)s, k.target, k.weight,
  CASE WHEN k.metric = ANY(%(measured)s) THEN coalesce(f.actual, 0) END, false, ''
FROM alliance_kpi k
JOIN alliance_contract c ON c.tenant_id = k.tenant_id AND c.id = k.contract_id
LEFT JOIN unnest(%(contracts)s::uuid[], %(metrics)s::text[], %(actuals)s::numeric[])
  AS f(contract_id, metric, actual) ON f.contract_id = k.contract_id AND f.metric = k.metric
WHERE k.tenant_id = %(tenant)s AND c.state IN (%(active)s, %(ended)s)
  AND c.starts_on < %(until)s AND c.until > %(month)s
ORDER BY k.id
ON CONFLICT (tenant_id, kpi_id, month) DO UPDATE SET actual = excluded.actual
WHERE NOT alliance_kpimonth.is_entered AND alliance_kpimonth.actual IS DISTINCT FROM excluded.actual
"""


class UnknownKpi(Refusal):
    code = "not_found"


class BadKpi(Refusal):
    code = "bad_kpi"


@dataclass(frozen=True, slots=True)
class KpiFigure:
    """What a room above measured of a contract in a month, for a metric of MEASURED."""

    contract_id: UUID
    metric: str
    actual: Decimal


def measure_kpis(*, month: date, figures: Sequence[KpiFigure]) -> int:
    """Write the KPIs of the contracts in force in a month; return the number of rows that changed.

    `month` is its first day. What no room measures has no result until a person enters it. One statement.
    """
    with joined_transaction(), connection.cursor() as cursor:
        cursor.execute(
            _MEASURE,
            {
                "tenant": active_tenant_id(),
                "month": month,
                "until": months_after(month, 1),
                "measured": sorted(MEASURED),
                "active": Contract.State.ACTIVE,
                "ended": Contract.State.ENDED,
                "contracts": [one.contract_id for one in figures],
                "metrics": [str(one.metric) for one in figures],
                "actuals": [one.actual for one in figures],
            },
        )
        return int(cursor.rowcount)


def enter_kpi(*, kpi_id: UUID, month: date, actual: Decimal, note: str, by: Actor, at: datetime) -> KpiMonth:
    """Enter the result of a KPI that nothing measures yet, with a note on where it comes from.

    Raise UnknownKpi, or BadKpi for a measured KPI, a month outside the term or without a note.
    """
    by.must("kpi.enter")
    note = note.strip()[:300]
    with joined_transaction():
        visible = Contract.objects.visible_to(by).values("id")
        kpi = Kpi.objects.select_related("contract").filter(id=kpi_id, contract_id__in=visible).first()
        if kpi is None:
            raise UnknownKpi(_("There is no such KPI."), field="kpi")
        if kpi.metric in MEASURED:
            raise BadKpi(_("This KPI is measured from deliveries; it is not entered."), field="kpi")
        if not note:
            raise BadKpi(_("Say where the figure comes from."), field="note")
        if not 0 <= actual < MAX_ACTUAL:
            raise BadKpi(_("Give an amount of zero or more with at most 2 places."), field="actual")
        _check_month(kpi.contract, month, day_of_tenant(at))
        made, _is_new = KpiMonth.objects.update_or_create(
            kpi=kpi,
            month=month,
            defaults={"actual": actual, "is_entered": True, "note": note},
            create_defaults={
                "target": kpi.target,
                "weight": kpi.weight,
                "actual": actual,
                "is_entered": True,
                "note": note,
            },
        )
        facts = {"metric": kpi.metric, "month": month.isoformat(), "actual": str(actual), "note": note}
        record(DutyAction.ENTER_KPI, kpi.contract, by=by, at=at, **facts)
    result: KpiMonth = made
    return result


def _check_month(contract: Contract, month: date, today: date) -> None:
    if month.day != 1 or month > today or contract.state not in (Contract.State.ACTIVE, Contract.State.ENDED):
        raise BadKpi(_("Choose a month of the contract that has begun."), field="month")
    if contract.starts_on >= months_after(month, 1) or contract.until <= month:
        raise BadKpi(_("Choose a month of the contract that has begun."), field="month")
