"""Jobs: long work in steps. A step's effects and its progress are committed together.

So a job that was killed goes on where its last step ended, and a step never counts twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from kernel.refusals import Refusal
from tenancy.context import active_tenant_id, tenant_active
from tenancy.models import Job

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
TRIES = 5


@dataclass(slots=True)
class Step:
    """What one step did: how far the job is, and where the next one starts (None: finished)."""

    done: int
    total: int | None = None
    cursor: dict[str, Any] | None = None
    message: str = ""
    result: dict[str, Any] = field(default_factory=dict)


Worker = Callable[[Job], Step]
_workers: dict[str, Worker] = {}


class JobEnded(Refusal):
    code = "job_ended"


def does(kind: str) -> Callable[[Worker], Worker]:
    """Registers `step(job) -> Step` for a kind of job; it runs with the job's tenant active."""

    def register(worker: Worker) -> Worker:
        _workers[kind] = worker
        return worker

    return register


def request_job(
    kind: str, params: dict[str, Any], *, period: str = "", by: Any = None, nudge: bool = True
) -> Job:
    """Queues a job; a second request for the same kind and period answers with the first."""
    if period:
        try:
            with transaction.atomic():
                job = Job.objects.create(kind=kind, params=params, period=period, requested_by_id=by)
        except IntegrityError:
            return Job.objects.get(kind=kind, period=period)
    else:
        job = Job.objects.create(kind=kind, params=params, requested_by_id=by)
    if nudge:
        tenant_id, job_id = active_tenant_id(), job.id
        transaction.on_commit(lambda: nudge_job(tenant_id, job_id), robust=True)
    return job


def nudge_job(tenant_id: UUID, job_id: UUID) -> None:
    try:
        current_app.send_task(
            "tenancy.run_job", kwargs={"tenant_id": str(tenant_id), "job_id": str(job_id)}, retry=False
        )
    except Exception as error:
        log.warning("job_nudge_failed", extra={"error": str(error)})


def stop_job(job: Job) -> None:
    """Asks a job to stop after its current step."""
    changed = Job.objects.filter(id=job.id, state__in=[Job.State.QUEUED, Job.State.RUNNING]).update(
        state=Job.State.STOPPING
    )
    if not changed:
        raise JobEnded("This job has ended already.", field="job")


def resume_job(job: Job) -> None:
    """Lets a stopped or failed job go on where it was."""
    changed = Job.objects.filter(id=job.id, state__in=[Job.State.STOPPED, Job.State.FAILED]).update(
        state=Job.State.QUEUED, attempts=0, leased_until=None
    )
    if not changed:
        raise JobEnded("Only a stopped or failed job can be resumed.", field="job")
    tenant_id, job_id = active_tenant_id(), job.id
    transaction.on_commit(lambda: nudge_job(tenant_id, job_id), robust=True)


def run_job(*, tenant_id: UUID, job_id: UUID) -> str:
    """Runs a job's steps until it ends, is stopped, or another worker holds it; its last state."""
    if not _claim(tenant_id, job_id):
        return "taken"
    while True:
        try:
            with tenant_active(tenant_id):
                job = Job.objects.select_for_update().get(id=job_id)
                if job.state == Job.State.STOPPING:
                    return _end(job, Job.State.STOPPED)
                if job.state != Job.State.RUNNING:
                    return str(job.state)
                step = _workers[job.kind](job)
                job.done, job.message = step.done, step.message
                job.total = step.total if step.total is not None else job.total
                job.result = {**job.result, **step.result}
                if step.cursor is None:
                    return _end(job, Job.State.DONE)
                job.cursor = step.cursor
                job.leased_until = timezone.now() + LEASE
                job.attempts = 0
                job.save()
        except Exception as error:
            log.exception("job_step_failed")
            return _failed(tenant_id, job_id, error)


def _claim(tenant_id: UUID, job_id: UUID) -> bool:
    now = timezone.now()
    with tenant_active(tenant_id):
        free = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, leased_until__lt=now)
        free |= Q(state=Job.State.STOPPING, leased_until__isnull=True)
        free |= Q(state=Job.State.STOPPING, leased_until__lt=now)
        job = Job.objects.select_for_update(skip_locked=True).filter(free, id=job_id).first()
        if job is None:
            return False
        if job.state == Job.State.STOPPING:
            _end(job, Job.State.STOPPED)
            return False
        job.state, job.leased_until = Job.State.RUNNING, now + LEASE
        job.attempts += 1
        job.started_at = job.started_at or now
        job.save()
        return True


def _end(job: Job, state: Job.State) -> str:
    job.state, job.leased_until, job.ended_at = state, None, timezone.now()
    job.save()
    return str(state)


def _failed(tenant_id: UUID, job_id: UUID, error: Exception) -> str:
    """A refusal or the last of a few tries ends the job; else it is queued for another try."""
    with tenant_active(tenant_id):
        job = Job.objects.select_for_update().get(id=job_id)
        job.message = f"{type(error).__name__}: {error}"[:2000]
        if isinstance(error, Refusal) or job.attempts >= TRIES:
            return _end(job, Job.State.FAILED)
        job.state, job.leased_until = Job.State.QUEUED, None
        job.save()
        return str(job.state)


def unfinished(now: datetime) -> list[UUID]:
    """Jobs of the active tenant that no worker holds (a lost message, a killed worker)."""
    waiting = Q(state=Job.State.QUEUED) | Q(
        state__in=[Job.State.RUNNING, Job.State.STOPPING], leased_until__lt=now
    )
    return list(Job.objects.filter(waiting).order_by("created_at").values_list("id", flat=True))
