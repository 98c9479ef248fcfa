"""Say what a job is called, who may read its figures and where its result is displayed."""

from __future__ import annotations

from accounts.rights import MANUFACTURER, Actor
from dealers.models.party import TERRITORY_ROLES
from jobs.models import Job
from tenancy.rooms import JobKind, job_kinds, resolve

UNKNOWN = JobKind("", "")


def may_read_figures(job: Job, actor: Actor) -> bool:
    """Whether a person reads a job's figures: those of their own, and of kinds that concern all that
    they see; of the others that it runs, and how it ended."""
    if actor.user_id is not None and job.requested_by_id == actor.user_id:
        return True
    kind = job_kinds().get(job.kind, UNKNOWN)
    sees_all = actor.party_kind == MANUFACTURER and actor.role not in TERRITORY_ROLES
    return sees_all and actor.may(kind.figures_right)


def title_of(job: Job) -> str:
    kind = job_kinds().get(job.kind)
    label = str(kind.label) if kind else job.kind
    about = job.params.get("title") or job.period
    return f"{label} · {about}" if about else label


def result_url_of(job: Job) -> str:
    """Return where the result of a job that is done is displayed; "" where its kind names no page."""
    path = job_kinds().get(job.kind, UNKNOWN).result_url
    return str(resolve(path)(job)) if path and job.state == Job.State.DONE else ""
