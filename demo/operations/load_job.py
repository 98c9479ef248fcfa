"""The job that loads the demonstration; each step creates one part, so that a killed job can resume."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from functools import partial

from django.db import transaction

from accounts.rights import the_system
from demo.operations.approvals import make_approvals
from demo.operations.assortment import make_assortment
from demo.operations.breaches import report_visits
from demo.operations.contract_lives import make_lives
from demo.operations.contracts import make_contracts
from demo.operations.current_trade import make_present
from demo.operations.duties_and_plan import make_duties_and_plan
from demo.operations.earnings import make_programs, run_year
from demo.operations.names import MAKER, SLUG
from demo.operations.parties import make_outlets, make_partners
from demo.operations.past_trade import make_month, months_of
from demo.operations.payments import grant_credit
from demo.operations.people import make_people
from demo.operations.price_lists import make_offers
from demo.operations.products import make_goods
from demo.operations.recruitment import make_recruitment
from demo.operations.regions import record_region_change
from demo.operations.scenario import Plan, Scale
from demo.operations.stock import make_stock
from imports.operations.sales.table_statistics import TRADE, refresh_statistics
from jobs.models import Job
from jobs.operations.jobs import Step, job_step, request_job, resume_job, run_job, take_over_job
from tenancy.context import tenant_active
from tenancy.models import Tenant

KIND, PERIOD = "demo.load_demo", "demo"
TABLES = (
    *TRADE,
    "alliance_contract",
    "alliance_evidence",
    "alliance_spreadterm",
    "pricing_priceentry",
    "pricing_pricelist",
)
Part = Callable[[Plan], str]
SIGN_IN_PARTS = ("goods", "partners", "people")  # the first ones: without them nobody can sign in
ANALYZE_BEFORE_PARTS = ("offers", "month 1", "month 2", "month 4", "year")


def parts_of(plan: Plan) -> dict[str, Part]:
    """Return the parts in the order in which they are created."""
    return {
        "goods": make_goods,
        "partners": make_partners,
        "people": make_people,
        "outlets": make_outlets,
        "offers": make_offers,
        "contracts": make_contracts,
        **{f"month {at}": partial(_month, at) for at in range(len(months_of(plan)))},
        "stock": make_stock,
        "credit": grant_credit,
        "programs": make_programs,
        "visits": report_visits,
        "year": run_year,
        "present": make_present,
        "duties": make_duties_and_plan,
        "lives": make_lives,
        "approvals": make_approvals,
        "recruitment": make_recruitment,
        "assortment": make_assortment,
    }


def _month(number: int, plan: Plan) -> str:
    return make_month(plan, number)


_watchers: list[Callable[[str, str, float], None]] = []


@contextmanager
def watched(watcher: Callable[[str, str, float], None]) -> Iterator[None]:
    """Call `watcher(part, message, seconds)` after each part that this process creates."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def load_demo(*, day: date, scale: Scale | None = None, slug: str = SLUG, in_background: bool = False) -> Job:
    """Create the demonstration tenant as of a day and return its job; an existing one is unchanged.

    With `in_background` only `SIGN_IN_PARTS` are made here; the job is queued and a worker makes the rest.
    """
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        tenant = Tenant(slug=slug, name=MAKER, is_demo=True)
        with transaction.atomic(using="owner"):
            tenant.save(using="owner", force_insert=True)
            record_region_change(day)
    with tenant_active(tenant):
        params = {"day": day.isoformat(), "scale": asdict(scale or Scale())}
        job = request_job(KIND, params, period=PERIOD, by=the_system().user_id, nudge=False)
        if job.state in {Job.State.FAILED, Job.State.STOPPED}:
            resume_job(job)
        elif job.state != Job.State.DONE:
            take_over_job(job)
    if job.state != Job.State.DONE:
        max_steps = max(0, len(SIGN_IN_PARTS) - job.done) if in_background else None
        run_job(tenant_id=tenant.id, job_id=job.id, max_steps=max_steps)
    with tenant_active(tenant):
        job.refresh_from_db()
    return job


def people_may_sign_in(job: Job) -> bool:
    """Return whether `SIGN_IN_PARTS` are made."""
    return job.done >= len(SIGN_IN_PARTS)


def is_complete(slug: str = SLUG) -> bool:
    """Return whether all of the demonstration tenant is made."""
    with tenant_active(Tenant.objects.get(slug=slug)):
        return bool(Job.objects.filter(kind=KIND, state=Job.State.DONE).exists())


@job_step(KIND)
def demo_step(job: Job) -> Step:
    """Create one part per step."""
    plan = Plan(day=date.fromisoformat(job.params["day"]), scale=Scale(**job.params["scale"]))
    parts = list(parts_of(plan).items())
    at = int(job.cursor.get("next", 0))
    name, make = parts[at]
    began = time.monotonic()
    if name in ANALYZE_BEFORE_PARTS:
        refresh_statistics(TABLES)
    message = make(plan)
    for watcher in _watchers:
        watcher(name, message, time.monotonic() - began)
    cursor = {"next": at + 1} if at + 1 < len(parts) else None
    return Step(done=at + 1, total=len(parts), cursor=cursor, message=message, result={name: message})
