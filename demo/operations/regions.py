"""Record a change of regions that concerns some contracts.

The change is invented and says so. Changes of regions are the same for every tenant, so that it is recorded
only where no tenant but the demonstration exists.
"""

from __future__ import annotations

from datetime import date, timedelta

from dealers.models import Region, RegionChange
from tenancy.models import Tenant

REFERENCE = "演示数据，非真实区划调整"
OLD, NEW = "440222", "440282"


def record_region_change(day: date) -> None:
    """Merge a county of the demonstration into its neighbour, as the owner's role.

    Nothing is recorded where another tenant exists: it would be concerned, too.
    """
    both = Region.objects.filter(code__in=(OLD, NEW)).count() == len((OLD, NEW))
    if not both or Tenant.objects.filter(is_demo=False).exists():
        return
    RegionChange.objects.using("owner").get_or_create(
        old_code=OLD,
        new_id=NEW,
        on=day - timedelta(days=20),
        defaults={"kind": RegionChange.Kind.MERGED, "reference": REFERENCE},
    )
