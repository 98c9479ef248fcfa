"""Guard the regions of a few contracts, and record a change of regions that concerns some.

The change is invented and says so. Changes of regions are the same for every tenant, so that it is recorded
only where no tenant but the demonstration exists.
"""

from __future__ import annotations

from datetime import date, timedelta

from alliance.models import Contract, ContractArea, GuaranteeTerm, Metric
from dealers.models import Party, Region, RegionChange
from demo.operations.scenario import Plan
from tenancy.models import Tenant

CLAUSE, OWED, CAP = "2.1", 200, 1000
REFERENCE = "演示数据，非真实区划调整"
OLD, NEW = "440222", "440282"
MAX_OTHERS = 2


def make_regions(plan: Plan) -> str:
    """Guard the region of the first member, and of the first one that others deliver into."""
    contracts = list(Contract.objects.filter(state=Contract.State.ACTIVE, version=1).order_by("code"))
    guarded = [contracts[0], *[one for one in contracts[1:] if 0 < _others(one) <= MAX_OTHERS][:1]]
    for contract in guarded:
        GuaranteeTerm.objects.get_or_create(
            contract=contract,
            metric=Metric.EXCLUSIVE,
            category=None,
            defaults={"clause": CLAUSE, "owed_per_event": OWED, "monthly_cap": CAP},
        )
    return f"{len(guarded)} 份合同衡量区域保障"


def _others(contract: Contract) -> int:
    """Return how many other members have their seat in the regions of a contract."""
    codes = list(ContractArea.objects.filter(contract=contract).values_list("region_id", flat=True))
    members = Party.objects.filter(kind=Party.Kind.MEMBER, region_id__in=codes)
    return members.exclude(id=contract.member_id).count()


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
