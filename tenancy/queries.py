from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tenancy.context import active_tenant_id
from tenancy.models import Tenant


def day_of_tenant(at: datetime) -> date:
    """The day that it is for the active tenant, in its own time zone."""
    zone = Tenant.objects.values_list("timezone", flat=True).get(id=active_tenant_id())
    return at.astimezone(ZoneInfo(zone)).date()
