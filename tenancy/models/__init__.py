from tenancy.models.base import (
    CurrentTenant,
    TenantForeignKey,
    TenantManager,
    TenantModel,
    TenantQuerySet,
    new_id,
)
from tenancy.models.tenant import Tenant, TenantHost

__all__ = [
    "CurrentTenant",
    "Tenant",
    "TenantForeignKey",
    "TenantHost",
    "TenantManager",
    "TenantModel",
    "TenantQuerySet",
    "new_id",
]
