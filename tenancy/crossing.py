"""Work across tenants: `across_tenants` is the only way to it."""

from collections.abc import Iterator
from uuid import UUID

from tenancy.context import tenant_active
from tenancy.models import Tenant


def across_tenants() -> Iterator[UUID]:
    """Yield the id of each open tenant, active in its own transaction while the loop's body runs."""
    open_ones = Tenant.objects.filter(is_open=True).order_by("slug").values_list("id", flat=True)
    for tenant_id in list(open_ones):
        with tenant_active(tenant_id):
            yield tenant_id
