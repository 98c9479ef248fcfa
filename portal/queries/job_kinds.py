"""The title of a job, the people who may read its figures, and the page of its result."""

from __future__ import annotations

from django.db.models import Q

from accounts.rights import MANUFACTURER, Actor
from dealers.models.party import TERRITORY_ROLES
from jobs.models import Job
from tenancy.rooms import JobKind, job_kinds, resolve

UNKNOWN = JobKind("", "")


def may_read_figures(job: Job, actor: Actor) -> bool:
    """Return whether the actor may read a job's figures.

    They may if they requested it, or if all of the manufacturer's data is visible to them and they hold
    the right of its kind. Everyone else sees only that it runs and how it ended.
    """
    if actor.user_id is not None and job.requested_by_id == actor.user_id:
        return True
    return _sees_all(actor) and actor.may(job_kinds().get(job.kind, UNKNOWN).figures_right)


def figures_readable_by(actor: Actor) -> Q:
    """Return the condition of `may_read_figures` on rows."""
    readable = Q(requested_by_id=actor.user_id) if actor.user_id else Q(pk=None)
    if not _sees_all(actor):
        return readable
    kinds = job_kinds()
    readable |= Q(kind__in=[code for code, kind in kinds.items() if actor.may(kind.figures_right)])
    return readable | ~Q(kind__in=list(kinds)) if actor.may(UNKNOWN.figures_right) else readable


def _sees_all(actor: Actor) -> bool:
    return actor.party_kind == MANUFACTURER and actor.role not in TERRITORY_ROLES


def title_of(job: Job) -> str:
    """Return the label of the job's kind, with its title or period."""
    kind = job_kinds().get(job.kind)
    label = str(kind.label) if kind else job.kind
    about = job.params.get("title") or job.period
    return f"{label} · {about}" if about else label


def result_url_of(job: Job) -> str:
    """Return the URL of the result of a completed job; "" if its kind has no page."""
    path = job_kinds().get(job.kind, UNKNOWN).result_url
    return str(resolve(path)(job)) if path and job.state == Job.State.DONE else ""
