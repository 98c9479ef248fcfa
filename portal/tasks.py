"""The schedules: what is due is asked for once, however many schedulers ring and how often.

The jobs carry their period in a unique key, and a settlement claims its period with its row; so
the daily round only catches what the monthly one has missed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from accounts.rights import Actor, the_system
from analytics.operations.tier_months import request_due_month
from integrations.operations.api_keys import end_orphaned_keys
from integrations.operations.idempotency_pruning import prune_answers
from jobs.operations.files import prune_files
from portal.notifications import agreements, orders
from portal.operations import export_job
from rebates.operations.guarantees import request_last_booking
from rebates.operations.settlement_requests import request_due
from tenancy.crossing import across_tenants
from tenancy.queries import missing_partitions
from ui.web.submit_once import prune_sent_forms

__all__ = ["agreements", "daily", "export_job", "monthly", "orders"]
log = logging.getLogger(__name__)


@shared_task(name="portal.daily")
def daily(at: str | None = None) -> None:
    request_what_is_due(_moment(at))
    tidy_up(_moment(at))


@shared_task(name="portal.monthly")
def monthly(at: str | None = None) -> None:
    request_what_is_due(_moment(at))


def request_what_is_due(at: datetime) -> None:
    """For each open tenant, by its own calendar: guarantees to book, periods to settle, tiers to
    run. A tenant whose request fails keeps no other from theirs."""
    by = the_system("schedule")
    _for_each_tenant((request_last_booking, request_due, request_due_month), by, at)


def tidy_up(at: datetime) -> None:
    """What no longer counts goes: old answers to the API's writes, keys whose issuer left. Warns
    where the months ahead are missing, which only the owner's role can make."""
    _for_each_tenant((prune_answers, end_orphaned_keys), the_system("schedule"), at)
    if missing := missing_partitions(on=at.date()):
        log.warning("partitions_missing: %s; run manage partitions as the owner", ", ".join(missing))


def _for_each_tenant(deeds: Sequence[Callable[..., object]], by: Actor, at: datetime) -> None:
    for tenant_id in across_tenants():
        for deed in deeds:
            try:
                with transaction.atomic():
                    deed(by=by, at=at)
            except Exception:
                log.exception("schedule_failed tenant=%s %s", tenant_id, deed.__name__)


def prune_what_is_old(at: datetime) -> None:
    """Exports of more than a week ago, and the tokens of forms sent before yesterday."""
    for _tenant_id in across_tenants():
        prune_files(at=at)
        prune_sent_forms(at=at)


def _moment(at: str | None) -> datetime:
    return timezone.now() if at is None else datetime.fromisoformat(at)
