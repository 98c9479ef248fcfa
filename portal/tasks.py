"""The Celery tasks of the hourly, daily and monthly rounds; the jobs and event handlers of portal."""

from __future__ import annotations

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from accounts.rights import the_system
from jobs.operations.schedules import DAILY, HOURLY, MONTHLY, run_round
from portal.notifications import handlers
from portal.operations import export_job

__all__ = ["daily", "export_job", "handlers", "hourly", "monthly"]


@shared_task(name="portal.hourly")
def hourly(at: str | None = None) -> None:
    """Run the calls that the rooms have scheduled hourly; `at` is an ISO moment, now if absent."""
    run_round(HOURLY, by=the_system("schedule"), at=_moment(at))


@shared_task(name="portal.daily")
def daily(at: str | None = None) -> None:
    """Run the calls that the rooms have scheduled daily; `at` as in `hourly`."""
    run_round(DAILY, by=the_system("schedule"), at=_moment(at))


@shared_task(name="portal.monthly")
def monthly(at: str | None = None) -> None:
    """Run the calls that the rooms have scheduled monthly; `at` as in `hourly`."""
    run_round(MONTHLY, by=the_system("schedule"), at=_moment(at))


def _moment(at: str | None) -> datetime:
    return timezone.now() if at is None else datetime.fromisoformat(at)
