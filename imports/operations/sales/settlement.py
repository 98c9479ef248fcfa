"""Settle a quarterly rebate and run the monthly tiers of an imported year.

It is safe to repeat: a period is settled once and a month is tiered once.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, F, Max, Min, Sum

from accounts.rights import Actor
from analytics.operations.tier_months import request_tier_month
from dealers.models import Party, Tier, TierMonth
from jobs.models import Job
from jobs.operations.jobs import resume_job, run_job
from kernel.periods import months_after
from kernel.refusals import Refusal
from ordering.models import TradeFact
from rebates.models import Program, Settlement
from rebates.operations.settlement_requests import SETTLE, request_due
from tenancy.context import tenant_active
from tenancy.models import Tenant

CODE = "QUARTER"
RATES = (
    {"from": "1000", "rate": "0.01"},
    {"from": "5000", "rate": "0.02"},
    {"from": "20000", "rate": "0.03"},
)
LADDER = (("ordinary", "Ordinary", 0), ("key", "Key", 60), ("core", "Core", 80))
MONTHS, QUARTER = 12, 3
ENDED, PAUSE = {Job.State.DONE, Job.State.FAILED, Job.State.STOPPED}, 0.2


class NothingTraded(Refusal):
    code = "nothing_ordered"


class JobFailed(Refusal):
    code = "wrong_state"


@dataclass(frozen=True, slots=True)
class QuarterFacts:
    """A settled quarter: the number of parties with a statement, their base and the amount due."""

    starts_on: date
    parties: int
    base: Decimal
    due: Decimal


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """A month's tier run: the number of parties by tier and by move."""

    month: date
    tiers: dict[str, int]
    moves: dict[str, int]


@dataclass(frozen=True, slots=True)
class YearFacts:
    quarters: list[QuarterFacts]
    months: list[MonthFacts]


def settle_and_tier(*, tenant: Tenant, by: Actor, at: datetime) -> YearFacts:
    """Settle the full quarters with trade, and tier the first twelve full months.

    Each job runs in this process and commits by itself. Raises NothingTraded, JobFailed.
    """
    with tenant_active(tenant):
        first, last = _traded()
        program = _program(first, last)
        _ladder()
        found = [] if program is None else request_due(by=by, at=at, programs=[program])
        jobs = [one for one in found if isinstance(one, Job)]
        months = list(_full_months(first, last))
        for job in jobs:
            _make_ready(job)
    while job_id := _next_settlement(tenant):
        _run(tenant, job_id)
    for month in months:
        with tenant_active(tenant):
            job = request_tier_month(month=month, by=by, at=at)
            _make_ready(job)
        if job.state != Job.State.DONE:
            _run(tenant, job.id)
    with tenant_active(tenant):
        return YearFacts(list(_quarters()), list(_months()))


def _traded() -> tuple[date, date]:
    days = TradeFact.objects.aggregate(first=Min("day"), last=Max("day"))
    if days["first"] is None:
        raise NothingTraded("Nothing was traded in this tenant yet.")
    return days["first"], days["last"]


def _program(first: date, last: date) -> Program | None:
    """Return the program, retroactive on net deliveries, of the full quarters with trade; None if none."""
    starts_on = _at_or_after(first, QUARTER)
    until = _at_or_before(last + timedelta(days=1), QUARTER)
    if until <= starts_on:
        return None
    seller = Party.objects.get(kind=Party.Kind.MANUFACTURER)
    program: Program
    program, _made = Program.objects.get_or_create(
        seller=seller,
        code=CODE,
        defaults={
            "name": "Quarterly volume rebate",
            "method": Program.Method.RETROACTIVE,
            "measure": Program.Measure.AMOUNT,
            "tiers": list(RATES),
            "starts_on": starts_on,
            "until": until,
            "audience_kind": "level",
            "audience_value": "dealer",
            "settled_every": QUARTER,
            "starts_anew": True,
            "state": Program.State.ACTIVE,
        },
    )
    return program


def _ladder() -> None:
    if not Tier.objects.exists():
        Tier.objects.bulk_create(Tier(code=code, name=name, from_score=at) for code, name, at in LADDER)


def _full_months(first: date, last: date) -> Iterator[date]:
    month = _at_or_after(first, 1)
    for _ in range(MONTHS):
        following = months_after(month, 1)
        if following > last + timedelta(days=1):
            return
        yield month
        month = following


def _at_or_before(day: date, months: int) -> date:
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _at_or_after(day: date, months: int) -> date:
    start = _at_or_before(day, months)
    return start if start == day else months_after(start, months)


def _make_ready(job: Job) -> None:
    """Queue the job again if an earlier run was killed, stopped or failed."""
    if job.state in {Job.State.FAILED, Job.State.STOPPED}:
        resume_job(job)
    elif job.state != Job.State.DONE:
        Job.objects.filter(id=job.id).update(state=Job.State.QUEUED, leased_until=None, attempts=0)


def _next_settlement(tenant: Tenant) -> UUID | None:
    with tenant_active(tenant):
        mine = Job.objects.filter(kind=SETTLE, period__startswith=f"{CODE}:")
        job = mine.exclude(state=Job.State.DONE).order_by("period").first()
        if job is not None:
            _make_ready(job)
        return job.id if job is not None else None


def _run(tenant: Tenant, job_id: UUID) -> None:
    """Run a job here, or wait for the worker that is running it. Raises JobFailed."""
    while True:
        run_job(tenant_id=tenant.id, job_id=job_id)
        with tenant_active(tenant):
            job = Job.objects.get(id=job_id)
        if job.state in ENDED:
            break
        time.sleep(PAUSE)
    if job.state != Job.State.DONE:
        raise JobFailed(f"{job.kind} {job.period} is {job.state}: {job.message}")


def _quarters() -> Iterator[QuarterFacts]:
    settled = Settlement.objects.filter(program__code=CODE, starts_on__lt=F("program__until")).exclude(
        settled_at=None
    )
    rows = settled.annotate(base=Sum("statements__base")).order_by("starts_on")
    for row in rows:
        yield QuarterFacts(row.starts_on, row.parties, row.base or Decimal(0), row.due)


def _months() -> Iterator[MonthFacts]:
    counted = TierMonth.objects.values_list("month", "tier__code", "move").annotate(count=Count("id"))
    found: dict[date, MonthFacts] = {}
    for month, tier, move, count in counted.order_by("month", "tier__from_score", "move"):
        facts = found.setdefault(month, MonthFacts(month, {}, {}))
        facts.tiers[tier] = facts.tiers.get(tier, 0) + count
        facts.moves[move] = facts.moves.get(move, 0) + count
    yield from found.values()
