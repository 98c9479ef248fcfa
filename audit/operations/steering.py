from datetime import datetime

from accounts.rights import Actor
from audit.operations.tracing import trace
from jobs.models import Job
from jobs.operations.jobs import when_steered


@when_steered
def trace_steering(deed: str, job: Job, by: Actor, at: datetime) -> None:
    """Who stopped a job, and who let it go on."""
    trace(deed, "jobs.job", job.id, by=by, at=at, kind=job.kind, period=job.period, done=job.done)
