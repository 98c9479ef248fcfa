from tenancy.models.base import (
    CurrentTenant,
    TenantForeignKey,
    TenantManager,
    TenantModel,
    TenantQuerySet,
    new_id,
)
from tenancy.models.job import Job
from tenancy.models.outbox import OutboxDue, OutboxMessage
from tenancy.models.search import SearchToken
from tenancy.models.sent import SentForm
from tenancy.models.tenant import Tenant, TenantHost

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
