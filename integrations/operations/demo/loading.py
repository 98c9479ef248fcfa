"""Loading the demonstration: a job whose steps are its parts, so that a killed load goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date

from django.db import transaction

from accounts.rights import the_system
from integrations.operations.demo.contracts import make_contracts
from integrations.operations.demo.earnings import make_programs, run_year
from integrations.operations.demo.goods import make_goods
from integrations.operations.demo.history import make_history
from integrations.operations.demo.lexicon import MAKER, SLUG
from integrations.operations.demo.offers import make_offers
from integrations.operations.demo.partners import make_partners
from integrations.operations.demo.paying import grant_credit
from integrations.operations.demo.present import make_present
from integrations.operations.demo.staffing import make_people
from integrations.operations.demo.world import Plan, Scale
from tenancy.context import tenant_active
from tenancy.models import Job, Tenant
from tenancy.operations.jobs import Step, does, request_job, resume_job, run_job

KIND, PERIOD = "integrations.load_demo", "demo"
PHASES: dict[str, Callable[[Plan], str]] = {
    "goods": make_goods,
    "partners": make_partners,
    "people": make_people,
    "offers": make_offers,
    "contracts": make_contracts,
    "history": make_history,
    "credit": grant_credit,
    "programs": make_programs,
    "year": run_year,
    "present": make_present,
}


def load_demo(*, day: date, scale: Scale | None = None, slug: str = SLUG) -> Job:
    """Makes the demonstration tenant as of a day; where it is there already, nothing is done."""
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        tenant = Tenant(slug=slug, name=MAKER, is_demo=True)
        with transaction.atomic(using="owner"):
            tenant.save(using="owner", force_insert=True)
    with tenant_active(tenant):
        params = {"day": day.isoformat(), "scale": asdict(scale or Scale())}
        job = request_job(KIND, params, period=PERIOD, by=the_system().user_id, nudge=False)
        if job.state in {Job.State.FAILED, Job.State.STOPPED}:
            resume_job(job)
        elif job.state != Job.State.DONE:
            Job.objects.filter(id=job.id).update(state=Job.State.QUEUED, leased_until=None, attempts=0)
    if job.state != Job.State.DONE:
        run_job(tenant_id=tenant.id, job_id=job.id)
    with tenant_active(tenant):
        job.refresh_from_db()
    return job


@does(KIND)
def demo_step(job: Job) -> Step:
    """One part a step."""
    names = list(PHASES)
    at = int(job.cursor.get("next", 0))
    plan = Plan(day=date.fromisoformat(job.params["day"]), scale=Scale(**job.params["scale"]))
    told = PHASES[names[at]](plan)
    cursor = {"next": at + 1} if at + 1 < len(names) else None
    return Step(done=at + 1, total=len(names), cursor=cursor, message=told, result={names[at]: told})
