"""The rounds as beat sends them, run by the platform itself; and what portal does as a worker."""

from __future__ import annotations

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from accounts.rights import the_system
from jobs.operations.rounds import DAILY, MONTHLY, run_round
from portal.notifications import handlers
from portal.operations import export_job

__all__ = ["daily", "export_job", "handlers", "monthly"]


@shared_task(name="portal.daily")
def daily(at: str | None = None) -> None:
    run_round(DAILY, by=the_system("schedule"), at=_moment(at))


@shared_task(name="portal.monthly")
def monthly(at: str | None = None) -> None:
    run_round(MONTHLY, by=the_system("schedule"), at=_moment(at))


def _moment(at: str | None) -> datetime:
    return timezone.now() if at is None else datetime.fromisoformat(at)
