"""Effects that are counted (one line of the audit trail each), with and without the outbox."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any

from celery import shared_task
from django.utils import timezone

from audit.models import AuditEntry
from jobs.models import Job
from jobs.operations.jobs import Step, job_step
from jobs.operations.outbox import on
from jobs.tasks import tenant_task


class Poison(Exception):
    pass


def _happen(number: str, at: datetime) -> None:
    AuditEntry.objects.create(at=at, action="effect", target="test", target_id=number)


def count() -> dict[str, int]:
    """How often each effect happened, in the active tenant."""
    found: dict[str, int] = {}
    for number in AuditEntry.objects.filter(action="effect").values_list("target_id", flat=True):
        found[number] = found.get(number, 0) + 1
    return found


def _wait_while(path: str) -> None:
    """Says that it is there, and waits as long as the file is."""
    if path and Path(path).exists():
        Path(f"{path}.reached").touch()
        while Path(path).exists():
            time.sleep(0.02)


@on("test.effect")
def effect(body: dict[str, Any], at: datetime) -> None:
    if body.get("poison"):
        raise Poison("this one never works")
    _happen(body["number"], at)
    _wait_while(body.get("while", ""))


@tenant_task("test.plain_effect")
def plain_effect(*, number: str) -> None:
    """What one would write without an outbox."""
    _happen(number, timezone.now())


@tenant_task("test.checked_effect")
def checked_effect(*, number: str, wait: str = "") -> None:
    """And with a look first, but no key that the database guards."""
    if AuditEntry.objects.filter(action="effect", target_id=number).exists():
        return
    _wait_while(wait)
    _happen(number, timezone.now())


@job_step("test.count")
def count_up(job: Job) -> Step:
    """One effect a step, up to params["to"]."""
    number = int(job.cursor.get("next", 0))
    _happen(str(number), timezone.now())
    if number == job.params.get("wait_at"):
        _wait_while(job.params["while"])
    last = number + 1 >= job.params["to"]
    return Step(
        done=number + 1,
        total=job.params["to"],
        cursor=None if last else {"next": number + 1},
        message=f"counted {number}",
        result={"last": number},
    )


@job_step("test.fail")
def fail(job: Job) -> Step:
    _happen("never", timezone.now())
    raise Poison("no luck")


@shared_task(name="test.ping")
def ping(path: str) -> None:
    Path(path).touch()
