"""The schedules: what is due is asked for once, however many schedulers ring and how often.

The jobs carry their period in a unique key, and a settlement claims its period with its row; so
the daily round only catches what the monthly one has missed.
"""

from __future__ import annotations

import logging
from datetime import datetime

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from accounts.rights import the_system
from analytics.operations.tier_months import request_due_month
from rebates.operations.guarantees import request_last_booking
from rebates.operations.requesting import request_due
from tenancy.crossing import across_tenants

log = logging.getLogger(__name__)


@shared_task(name="config.daily")
def daily(at: str | None = None) -> None:
    request_what_is_due(_moment(at))


@shared_task(name="config.monthly")
def monthly(at: str | None = None) -> None:
    request_what_is_due(_moment(at))


def request_what_is_due(at: datetime) -> None:
    """For each open tenant, by its own calendar: guarantees to book, periods to settle, tiers to
    run. A tenant whose request fails keeps no other from theirs."""
    by = the_system("schedule")
    for tenant_id in across_tenants():
        for request in (request_last_booking, request_due, request_due_month):
            try:
                with transaction.atomic():
                    request(by=by, at=at)
            except Exception:
                log.exception("schedule_failed tenant=%s %s", tenant_id, request.__name__)


def _moment(at: str | None) -> datetime:
    return timezone.now() if at is None else datetime.fromisoformat(at)
