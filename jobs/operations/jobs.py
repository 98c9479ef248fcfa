"""Jobs: long work in steps. A step's effects and its progress are committed together.

So a job whose worker was killed resumes after its last committed step, and no step counts twice. A
running step holds an advisory lock, which ends with the worker's connection, and does not lock the
job's row, so that a request to stop the job does not wait. Between two steps a lease prevents other
workers from taking the job.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jobs.models import Job
from jobs.operations.dispatch import nudge
from jobs.operations.loading import load_tasks
from jobs.operations.outbox import announce
from kernel.refusals import Refusal
from tenancy.context import active_tenant_id, tenant_active

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 5
SLICE = timedelta(seconds=20)
UNFINISHED = (Job.State.QUEUED, Job.State.RUNNING, Job.State.STOPPING)


@dataclass(slots=True)
class Step:
    """The result of one step: the job's progress, and where the next step starts (None: finished)."""

    done: int
    total: int | None = None
    cursor: dict[str, Any] | None = None
    message: str = ""
    result: dict[str, Any] = field(default_factory=dict)


Worker = Callable[[Job], Step]
_workers: dict[str, Worker] = {}
ControlListener = Callable[[str, Job, Any, datetime], None]
_control_listeners: list[ControlListener] = []


class JobEnded(Refusal):
    code = "job_ended"


class JobTaken(RuntimeError):
    """The job was ended while a step was running; the step's effects are rolled back."""


def job_step(kind: str) -> Callable[[Worker], Worker]:
    """Register `step(job) -> Step` for a kind of job; it runs with the job's tenant active."""

    def register(worker: Worker) -> Worker:
        _workers[kind] = worker
        return worker

    return register


def request_job(
    kind: str, params: dict[str, Any], *, period: str = "", by: Any = None, nudge: bool = True
) -> Job:
    """Queue a job and return it. For a kind and period that has a job already, return that job.

    `is_new` is true on a job that this call created.
    """
    if period:
        try:
            with transaction.atomic():
                job = Job.objects.create(kind=kind, params=params, period=period, requested_by_id=by)
        except IntegrityError:
            return Job.objects.get(kind=kind, period=period)
    else:
        job = Job.objects.create(kind=kind, params=params, requested_by_id=by)
    job.is_new = True
    if nudge:
        tenant_id, job_id = active_tenant_id(), job.id
        transaction.on_commit(lambda: nudge_job(tenant_id, job_id), robust=True)
    return job


def nudge_job(tenant_id: UUID, job_id: UUID) -> None:
    nudge("jobs.run_job", tenant_id=tenant_id, job_id=job_id)


def on_job_control(listener: ControlListener) -> ControlListener:
    """Register `listener(event, job, by, at)`, called when a person or a key stops or resumes a job.

    It runs in the same transaction. The audit trail, a room above this one, registers itself by it.
    """
    if listener not in _control_listeners:
        _control_listeners.append(listener)
    return listener


def _notify_control_listeners(event: str, job: Job, by: Any) -> None:
    if by is not None:
        for listener in _control_listeners:
            listener(event, job, by, timezone.now())


def stop_job(job: Job, *, by: Any = None) -> None:
    """Stop a job after its current step; a job that has not started stops at once.

    `by` is the actor for the audit trail; None if no person or key requests it. Raises JobEnded.
    """
    mine = Job.objects.filter(id=job.id)
    waiting, running = mine.filter(state=Job.State.QUEUED), mine.filter(state=Job.State.RUNNING)
    if not (
        waiting.update(state=Job.State.STOPPED, ended_at=timezone.now())
        or running.update(state=Job.State.STOPPING)
    ):
        raise JobEnded(_("This job has ended already."), field="job")
    _notify_control_listeners("stopped", job, by)


def resume_job(job: Job, *, by: Any = None) -> None:
    """Queue a stopped or failed job to continue after its last step; `by` as in stop_job.

    Raises JobEnded.
    """
    changed = Job.objects.filter(id=job.id, state__in=[Job.State.STOPPED, Job.State.FAILED]).update(
        state=Job.State.QUEUED, attempts=0, leased_until=None, ended_at=None
    )
    if not changed:
        raise JobEnded(_("Only a stopped or failed job can be resumed."), field="job")
    _notify_control_listeners("resumed", job, by)
    tenant_id, job_id = active_tenant_id(), job.id
    transaction.on_commit(lambda: nudge_job(tenant_id, job_id), robust=True)


def take_over_job(job: Job) -> bool:
    """Queue an unfinished job whose worker is gone before its lease ends; False while a step runs.

    A worker that is between two steps gives the job up.
    """
    if not _held(job.id):
        return False
    unfinished = Job.objects.filter(id=job.id, state__in=UNFINISHED)
    return bool(unfinished.update(state=Job.State.QUEUED, leased_until=None, attempts=0))


def run_job(
    *, tenant_id: UUID, job_id: UUID, max_duration: timedelta | None = None, max_steps: int | None = None
) -> str:
    """Run a job's steps until it ends or is stopped; return its state, or "taken" by another worker.

    After `max_duration` or `max_steps` the job returns to the queue, behind the jobs of other tenants.
    """
    load_tasks()
    if not _claim(tenant_id, job_id):
        return "taken"
    began, steps = timezone.now(), 0
    state = str(Job.State.RUNNING)
    try:
        while state == Job.State.RUNNING:
            if max_duration is not None and timezone.now() - began > max_duration:
                return _requeue(tenant_id, job_id)
            if steps == max_steps:
                return _requeue(tenant_id, job_id)
            with tenant_active(tenant_id):
                state = _step(job_id) if _held(job_id) else "taken"
            steps += 1
    except Exception as error:
        log.exception("job_step_failed")
        return _failed(tenant_id, job_id, error)
    return state


def _held(job_id: UUID) -> bool:
    """Take the job's lock for the rest of the transaction; return False if another worker holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [str(job_id)])
        return bool(cursor.fetchone()[0])


def _step(job_id: UUID) -> str:
    """Run one step of a job whose lock is held; return the job's state after it."""
    job = Job.objects.get(id=job_id)
    if job.state == Job.State.STOPPING:
        return _end(job_id, Job.State.STOPPED)
    if job.state != Job.State.RUNNING:
        return str(job.state)
    step = _workers[job.kind](job)
    progress: dict[str, Any] = {
        "done": step.done,
        "total": step.total if step.total is not None else job.total,
        "message": step.message,
        "result": {**job.result, **step.result},
        "attempts": 0,
    }
    if step.cursor is None:
        return _end(job_id, Job.State.DONE, **progress)
    lease = timezone.now() + LEASE
    working = Job.objects.filter(id=job_id, state__in=[Job.State.RUNNING, Job.State.STOPPING])
    if not working.update(cursor=step.cursor, leased_until=lease, **progress):
        raise JobTaken("The job was ended while a step of it ran.")
    return str(Job.State.RUNNING)


def _claim(tenant_id: UUID, job_id: UUID) -> bool:
    """Lease a job that waits or whose worker died; return False if it cannot be run.

    A job whose worker died MAX_ATTEMPTS times at one step fails.
    """
    now = timezone.now()
    with tenant_active(tenant_id):
        if not _held(job_id):
            return False
        free = Q(state=Job.State.QUEUED) | Q(
            state__in=[Job.State.RUNNING, Job.State.STOPPING], leased_until__lt=now
        )
        job = Job.objects.select_for_update(skip_locked=True).filter(free, id=job_id).first()
        if job is None:
            return False
        if job.state == Job.State.STOPPING:
            _end(job_id, Job.State.STOPPED)
            return False
        if job.attempts >= MAX_ATTEMPTS:
            _end(job_id, Job.State.FAILED, message=f"The worker died {job.attempts} times at one step.")
            return False
        Job.objects.filter(id=job_id).update(
            state=Job.State.RUNNING,
            leased_until=now + LEASE,
            attempts=job.attempts + 1,
            started_at=job.started_at or now,
        )
        return True


def _requeue(tenant_id: UUID, job_id: UUID) -> str:
    with tenant_active(tenant_id):
        running = Job.objects.filter(id=job_id, state=Job.State.RUNNING)
        running.update(state=Job.State.QUEUED, leased_until=None)
        Job.objects.filter(id=job_id, state=Job.State.STOPPING).update(leased_until=timezone.now())
        transaction.on_commit(lambda: nudge_job(tenant_id, job_id), robust=True)
    return str(Job.State.QUEUED)


def _end(job_id: UUID, state: Job.State, **values: Any) -> str:
    at = timezone.now()
    Job.objects.filter(id=job_id).update(state=state, leased_until=None, ended_at=at, **values)
    if state in {Job.State.DONE, Job.State.FAILED}:
        announce("jobs.job_ended", {"job_id": str(job_id)}, at=at)
    return str(state)


def _failed(tenant_id: UUID, job_id: UUID, error: Exception) -> str:
    """End the job after a refusal or the last attempt, else queue it again; return its state."""
    with tenant_active(tenant_id):
        job = Job.objects.select_for_update().get(id=job_id)
        if job.state not in {Job.State.RUNNING, Job.State.STOPPING}:
            return str(job.state)
        message = f"{type(error).__name__}: {error}"[:2000]
        if job.state == Job.State.STOPPING:
            return _end(job_id, Job.State.STOPPED, message=message)
        if isinstance(error, Refusal) or job.attempts >= MAX_ATTEMPTS:
            return _end(job_id, Job.State.FAILED, message=message)
        Job.objects.filter(id=job_id).update(state=Job.State.QUEUED, leased_until=None, message=message)
        return str(Job.State.QUEUED)


def unfinished(now: datetime) -> list[UUID]:
    """Return the active tenant's unfinished jobs that no worker holds, oldest first.

    Their task was lost, or their worker was killed.
    """
    waiting = Q(state=Job.State.QUEUED) | Q(
        state__in=[Job.State.RUNNING, Job.State.STOPPING], leased_until__lt=now
    )
    return list(Job.objects.filter(waiting).order_by("created_at").values_list("id", flat=True))
