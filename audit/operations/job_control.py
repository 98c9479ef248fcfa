"""Audit entries for the jobs that a person stops or resumes."""

from datetime import datetime

from audit.audit_actions import JobAction
from audit.operations.recording import Actor, record
from jobs.models import Job
from jobs.operations.jobs import on_job_control

ACTIONS = {"stopped": JobAction.STOP, "resumed": JobAction.RESUME}


@on_job_control
def record_control(event: str, job: Job, by: Actor, at: datetime) -> None:
    """Record who stopped or resumed a job; `event` is `stopped` or `resumed`."""
    record(ACTIONS[event], job, by=by, at=at, kind=job.kind, period=job.period, done=job.done)
