"""Hand figures of trade down to the alliance: evidence of duties, KPIs, and results of the channel plan."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from accounts.rights import Actor
from alliance.operations.duty_evidence import report_duty_evidence
from alliance.operations.kpi_months import measure_kpis
from alliance.operations.plans.months import store_plan_months, targets_to_measure
from kernel.periods import months_after
from ordering.queries.plan_figures import deliveries_as_evidence, kpi_figures, plan_figures
from tenancy.queries import day_of_tenant

DAYS_BACK = 40


def hand_down(*, by: Actor, at: datetime) -> None:
    """Report the deliveries of the last weeks, and measure this month and the one before."""
    today = day_of_tenant(at)
    report_orders(since=today - timedelta(days=DAYS_BACK), until=today + timedelta(days=1), by=by, at=at)
    this_month = today.replace(day=1)
    for month in (months_after(this_month, -1), this_month):
        measure_kpi_month(month=month)
        measure_plan_months(first=month, last=month, at=at)


def report_orders(*, since: date, until: date, by: Actor, at: datetime) -> int:
    """Fulfil the duties that orders prove by the deliveries of [since, until); return their number."""
    return report_duty_evidence(facts=deliveries_as_evidence(since=since, until=until), by=by, at=at)


def measure_kpi_month(*, month: date) -> int:
    """Measure the KPIs of a month (its first day); return the number of rows that changed."""
    return measure_kpis(month=month, figures=kpi_figures(since=month, until=months_after(month, 1)))


def measure_plan_months(*, first: date, last: date, at: datetime) -> int:
    """Measure the plans of the year of `first` in the months from `first` to `last`; return the rows."""
    targets = targets_to_measure(first.year)
    if not targets:
        return 0
    months = [first]
    while months[-1] < last:
        months.append(months_after(months[-1], 1))
    figures = plan_figures(targets, since=first, until=months_after(last, 1))
    return store_plan_months(targets=[one.id for one in targets], months=months, figures=figures, at=at)
