"""The hourly, daily and monthly rounds: each call that a room registered, for each tenant.

Work that is due starts once, however many schedulers run and how often: a job has its period in a unique
key, and a settlement claims its period with its row. So the daily round only starts what the monthly one
has missed.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import transaction

from jobs.queries.tenant_jobs import unfinished_tenant_job
from tenancy.crossing import across_tenants
from tenancy.rooms import ScheduledCall, registered, resolve

log = logging.getLogger(__name__)
HOURLY, DAILY, MONTHLY = "hourly", "daily", "monthly"


def run_round(name: str, *, by: Any, at: datetime) -> None:
    """Make the calls registered for a round, in the order of the rooms, for each open tenant.

    A call that fails is logged; the other calls and tenants still run. A demonstration whose data are still
    being made is left out: what is due there is part of what is being made.
    """
    due = [call for call in registered("schedule") if name in call.every]
    for tenant_id in across_tenants():
        if unfinished_tenant_job() is not None:
            continue
        for call in due:
            if call.is_per_tenant:
                _run(call, by=by, at=at, tenant_id=tenant_id)
    for call in due:
        if not call.is_per_tenant:
            _run(call, by=by, at=at)


def _run(call: ScheduledCall, *, by: Any, at: datetime, tenant_id: Any = None) -> None:
    try:
        with transaction.atomic():
            resolve(call.function)(by=by, at=at)
    except Exception:
        log.exception("schedule_failed tenant=%s %s", tenant_id, call.function)
