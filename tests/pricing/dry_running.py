"""The dry run of a draft, as its job makes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.rights import Actor
from jobs.models import Job
from jobs.operations.loading import load_tasks
from pricing.models import DryRun, DryRunFinding
from pricing.operations.dry_run.running import dry_run_step, request_dry_run
from pricing.operations.price_lists import publish_price_list


def tried(price_list_id: UUID, *, by: Actor, at: datetime) -> DryRun:
    """Request the dry run of a draft, run all of its steps and return it."""
    load_tasks()
    run = request_dry_run(price_list_id=price_list_id, by=by, at=at)
    job = Job.objects.get(id=run.job_id)
    step = dry_run_step(job)
    while step.cursor is not None:
        job.cursor = step.cursor
        step = dry_run_step(job)
    job.state = Job.State.DONE
    job.save()
    run.refresh_from_db()
    return run


def publish_tried(*, price_list_id: UUID, by: Actor, at: datetime, **given: Any) -> Any:
    """Try a draft and publish it, or request its publication."""
    tried(price_list_id, by=by, at=at)
    return publish_price_list(price_list_id=price_list_id, by=by, at=at, **given)


def findings(run: DryRun, kind: str) -> list[DryRunFinding]:
    return list(DryRunFinding.objects.filter(dry_run=run, kind=kind).order_by("position"))
