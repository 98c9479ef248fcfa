"""The monthly tier run as a job: compute the dimensions first, then tier ranges of parties."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rights import Actor
from analytics.audit_actions import TierAction
from analytics.operations.dimensions import gather_month
from audit.operations.recording import record
from dealers.models import Tier
from dealers.operations.tiering import LaterMonthRan, tier_range
from jobs.models import Job
from jobs.operations.jobs import Step, job_step, request_job
from jobs.operations.outbox import announce
from kernel.periods import months_after
from kernel.refusals import Refusal
from tenancy.context import joined_transaction
from tenancy.queries import day_of_tenant

TIER = "analytics.tier_month"
PARTIES_A_STEP = 5_000
MAX_GAP_MONTHS = 12


class MonthNotOver(Refusal):
    code = "not_due"


class EarlierMonthOpen(Refusal):
    code = "wrong_state"


def request_tier_month(*, month: date, by: Actor, at: datetime) -> Job:
    """Return the job that tiers a past month; a repeated request returns the same job.

    Raises MonthNotOver, LaterMonthRan, and EarlierMonthOpen if the month before has not completed its
    run. A new history may begin after MAX_GAP_MONTHS without a run.
    """
    by.must("tier.run")
    first = month.replace(day=1)
    if months_after(first, 1) > day_of_tenant(at):
        raise MonthNotOver(_("This month has not passed."), field="month")
    _must_follow(first)
    with joined_transaction():
        job = request_job(TIER, {"at": at.isoformat()}, period=f"{first:%Y-%m}", by=by.user_id)
        if job.is_new:
            record(TierAction.REQUEST_RUN, job, by=by, at=at, period=job.period)
    return job


def request_due_month(*, by: Actor, at: datetime) -> Job | None:
    """Request the tier run of the month after the last run, or of last month if there was none.

    Return None while a run is open, if all past months have run, or if there are no tiers.
    """
    if not Tier.objects.exists():
        return None
    this_month = day_of_tenant(at).replace(day=1)
    latest = _latest()
    if latest is not None and latest.state != Job.State.DONE:
        return None
    following = months_after(_month_of(latest), 1) if latest is not None else None
    if following is None or following < months_after(this_month, -MAX_GAP_MONTHS):
        following = months_after(this_month, -1)
    return request_tier_month(month=following, by=by, at=at) if following < this_month else None


def _latest() -> Job | None:
    job: Job | None = Job.objects.filter(kind=TIER).order_by("-period").first()
    return job


def _month_of(job: Job) -> date:
    return date.fromisoformat(f"{job.period}-01")


def _must_follow(month: date) -> None:
    """Raise unless the month follows the last one that ran, or has been requested before."""
    latest = _latest()
    if latest is None or Job.objects.filter(kind=TIER, period=f"{month:%Y-%m}").exists():
        return
    last = _month_of(latest)
    if month < last:
        raise LaterMonthRan(
            _("%(month)s has run: an earlier month comes too late.") % {"month": f"{last:%Y-%m}"},
            field="month",
        )
    following = months_after(last, 1)
    if latest.state != Job.State.DONE or following < month <= months_after(last, MAX_GAP_MONTHS):
        open_month = last if latest.state != Job.State.DONE else following
        raise EarlierMonthOpen(_("%(month)s comes first.") % {"month": f"{open_month:%Y-%m}"}, field="month")


@job_step(TIER)
def tier_step(job: Job) -> Step:
    """Compute the dimensions in the first step; tier the next range of parties in the others."""
    month = _month_of(job)
    if not job.cursor:
        return Step(done=0, total=gather_month(month=month), cursor={"after": str(UUID(int=0))})
    tiered = tier_range(month=month, after=UUID(job.cursor["after"]), limit=PARTIES_A_STEP)
    done = job.done + tiered.parties
    moves = {move: job.result.get(move, 0) + count for move, count in sorted(tiered.moves.items())}
    if tiered.last is None:
        announce("dealers.tiers_set", {"month": month.isoformat()}, at=timezone.now())
        return Step(done=done, result=moves)
    return Step(done=done, cursor={"after": str(tiered.last)}, result=moves)
