"""Celery tasks of jobs and the outbox. A tenant's task takes `tenant_id` and fails without it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from jobs.operations import jobs, outbox
from tenancy.context import NoTenant, tenant_active
from tenancy.crossing import across_tenants
from tenancy.models import Tenant


def tenant_task(name: str, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Make a Celery task that runs in one transaction with the tenant `tenant_id` active."""

    def register(function: Callable[..., Any]) -> Any:
        @wraps(function)
        def run(*, tenant_id: str | None = None, **kwargs: Any) -> Any:
            tenant = known_tenant(tenant_id)
            with tenant_active(tenant):
                return function(**kwargs)

        return shared_task(name=name, **options)(run)

    return register


def known_tenant(tenant_id: str | None) -> UUID:
    """Return the id of an open tenant; raise NoTenant if it is missing, unknown or closed."""
    try:
        wanted = UUID(str(tenant_id))
    except ValueError:
        raise NoTenant(f"A task names its tenant; {tenant_id!r} is none.") from None
    if not Tenant.objects.filter(id=wanted, is_open=True).exists():
        raise NoTenant(f"No open tenant {wanted}.")
    return wanted


@shared_task(name="jobs.deliver_message")
def deliver_message(*, tenant_id: str | None = None, message_id: str) -> bool:
    return outbox.deliver(tenant_id=known_tenant(tenant_id), message_id=UUID(message_id), at=timezone.now())


@shared_task(name="jobs.deliver_messages")
def deliver_messages(*, messages: list[tuple[str, str]]) -> int:
    """Deliver (tenant, message) pairs; messages of a closed tenant stay in the outbox."""
    pairs = [(UUID(tenant_id), UUID(message_id)) for tenant_id, message_id in messages]
    wanted = {tenant_id for tenant_id, _message_id in pairs}
    open_ones = set(Tenant.objects.filter(id__in=wanted, is_open=True).values_list("id", flat=True))
    return outbox.deliver_all([pair for pair in pairs if pair[0] in open_ones], at=timezone.now())


@shared_task(name="jobs.sweep_outbox")
def sweep_outbox() -> int:
    return outbox.sweep(at=timezone.now())


@shared_task(name="jobs.run_job")
def run_job(*, tenant_id: str | None = None, job_id: str) -> str:
    return jobs.run_job(tenant_id=known_tenant(tenant_id), job_id=UUID(job_id), max_duration=jobs.SLICE)


@shared_task(name="jobs.resume_jobs")
def resume_jobs() -> None:
    for tenant_id in across_tenants():
        for job_id in jobs.unfinished(timezone.now()):
            jobs.nudge_job(tenant_id, job_id)
