"""Request the measurement of a month on demand: a job, whose steps a room above this one runs.

The facts come from rooms above: `ordering.operations.measuring` hands the deliveries down and then measures.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.rights import Actor
from alliance.audit_actions import ContractAction
from audit.operations.recording import record
from jobs.models import Job
from jobs.operations.jobs import request_job
from kernel.periods import months_after
from kernel.refusals import Refusal
from tenancy.context import joined_transaction
from tenancy.queries import day_of_tenant

MEASURE = "alliance.measure"
RIGHT = "guarantee.measure"
UNDER_WAY = (Job.State.QUEUED, Job.State.RUNNING)


class MonthNotOver(Refusal):
    """The running month is computed when it is displayed; only a passed month is measured."""

    code = "not_due"


def request_measurement(*, month: date, by: Actor, at: datetime) -> Job:
    """Return the job that measures a past month; one that is under way for this month is returned again.

    Nothing is booked. The same month with the same facts changes nothing. Raise MonthNotOver.
    """
    by.must(RIGHT)
    first = month.replace(day=1)
    if months_after(first, 1) > day_of_tenant(at):
        raise MonthNotOver(_("This month has not passed."), field="month")
    params = {"month": first.isoformat(), "at": at.isoformat()}
    with joined_transaction():
        running = Job.objects.filter(kind=MEASURE, params__month=params["month"], state__in=UNDER_WAY)
        found: Job | None = running.order_by("-created_at").first()
        if found is not None:
            return found
        job = request_job(MEASURE, params, by=by.user_id)
        record(ContractAction.MEASURE, job, by=by, at=at, month=f"{first:%Y-%m}")
    return job
