"""Say how far the making of a demonstration's data is."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.models import Job
from jobs.operations.jobs import UNFINISHED
from jobs.queries.tenant_jobs import unfinished_tenant_job
from tenancy.rooms import job_kinds


@dataclass(frozen=True, slots=True)
class TenantProgress:
    """A progress bar: `note` and `mood` are of a job that was stopped or has failed."""

    label: str
    done: int
    total: int
    runs: bool = True
    note: str = ""
    mood: str = ""


def tenant_progress() -> TenantProgress | None:
    """Return how far the active tenant's data are; None where all of them are there."""
    job = unfinished_tenant_job()
    if job is None:
        return None
    total = job.total or 1  # unknown before the first step
    label = str(job_kinds()[job.kind].tenant_message) % {"done": job.done, "total": total}
    if job.state in UNFINISHED:
        return TenantProgress(label, job.done, total)
    mood = "bad" if job.state == Job.State.FAILED else "warn"
    return TenantProgress(label, job.done, total, runs=False, note=job.get_state_display(), mood=mood)
