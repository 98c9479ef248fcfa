"""Find the job that makes the data of a tenant."""

from __future__ import annotations

from jobs.models import Job
from tenancy.rooms import job_kinds


def unfinished_tenant_job() -> Job | None:
    """Return the active tenant's job of a kind with a `tenant_message`; None where it is done, or none
    was ever requested."""
    kinds = [kind.kind for kind in job_kinds().values() if kind.tenant_message]
    job: Job | None = Job.objects.filter(kind__in=kinds).exclude(state=Job.State.DONE).first()
    return job
