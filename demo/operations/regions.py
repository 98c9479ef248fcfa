"""Guard the regions of a few contracts, and record a change of regions that concerns one contract.

The change is invented and says so. Changes of regions are the same for every tenant, so that it is recorded
only where no tenant but the demonstration exists.
"""

from __future__ import annotations

from datetime import timedelta

from alliance.models import Contract, ContractArea, GuaranteeTerm, Metric
from dealers.models import Party, Region, RegionChange
from demo.operations.scenario import Plan
from tenancy.models import Tenant

CLAUSE, OWED, CAP = "2.1", 200, 1000
REFERENCE = "演示数据，非真实区划调整"
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
    changes = _record_change(plan, [one for one in contracts if one not in guarded])
    return f"{len(guarded)} 份合同衡量区域保障、{changes} 项区划调整"


def _others(contract: Contract) -> int:
    """Return how many other members have their seat in the regions of a contract."""
    codes = list(ContractArea.objects.filter(contract=contract).values_list("region_id", flat=True))
    members = Party.objects.filter(kind=Party.Kind.MEMBER, region_id__in=codes)
    return members.exclude(id=contract.member_id).count()


def _record_change(plan: Plan, contracts: list[Contract]) -> int:
    """Merge the region of one contract into its neighbour; return 0 where other tenants would be concerned."""
    if Tenant.objects.filter(is_demo=False).exists():
        return 0
    areas = ContractArea.objects.filter(contract__in=contracts, region__depth=3).order_by("contract__code")
    for area in areas.select_related("region")[:100]:
        if areas.filter(region=area.region).count() > 2:
            continue
        beside = Region.objects.filter(parent=area.region.parent_id).exclude(code=area.region_id)
        beside = beside.exclude(code__in=areas.values("region_id"))
        if (new := beside.order_by("code").first()) is not None:
            RegionChange.objects.using("owner").get_or_create(
                old_code=area.region_id,
                new_id=new.code,
                on=plan.day - timedelta(days=20),
                defaults={"kind": RegionChange.Kind.MERGED, "reference": REFERENCE},
            )
            return 1
    return 0
