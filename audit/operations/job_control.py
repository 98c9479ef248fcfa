from datetime import datetime

from audit.audit_actions import JobAction
from audit.operations.recording import Actor, record
from jobs.models import Job
from jobs.operations.jobs import when_steered

ACTIONS = {"stopped": JobAction.STOP, "resumed": JobAction.RESUME}


@when_steered
def record_control(event: str, job: Job, by: Actor, at: datetime) -> None:
    """Record who stopped a job, and who let it go on; `event` is `stopped` or `resumed`."""
    record(ACTIONS[event], job, by=by, at=at, kind=job.kind, period=job.period, done=job.done)
