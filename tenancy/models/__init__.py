from jobs.models.job import Job
from jobs.models.outbox import OutboxDue, OutboxMessage
from tenancy.models.base import (
    CurrentTenant,
    TenantForeignKey,
    TenantManager,
    TenantModel,
    TenantQuerySet,
    new_id,
)
from tenancy.models.tenant import Tenant, TenantHost
from ui.models.search_token import SearchToken
from ui.models.sent_form import SentForm

__all__ = [
    "CurrentTenant",
    "Job",
    "OutboxDue",
    "OutboxMessage",
    "SearchToken",
    "SentForm",
    "Tenant",
    "TenantForeignKey",
    "TenantHost",
    "TenantManager",
    "TenantModel",
    "TenantQuerySet",
    "new_id",
]
