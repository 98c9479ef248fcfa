"""The overlap check of one contract with 12 regions against 20,000 contracts that hold theirs.

`ms` is the median time of the complete check as the form and the signature run it, with the names of what
is in the way; `sql` is the number of its statements. The bar is 20 ms.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import django
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

django.setup()

from django.db.backends.postgresql.psycopg_any import DateRange, NumericRange

from alliance.models import Contract, ContractArea
from alliance.models.contract import all_channels
from alliance.queries.taken_regions import WantedArea, taken_by_others
from catalogue.models import Category
from dealers.models import Party, Region
from tenancy.context import tenant_active
from tenancy.models import Tenant

SLUG = "bench-overlap"
CONTRACTS, CATEGORIES, WANTED, ROUNDS = 20_000, 16, 12, 40
START, UNTIL = date(2026, 1, 1), date(2027, 1, 1)


def main(argv: Sequence[str]) -> int:
    """Print one JSON line with ms and sql."""
    tenant_id = _tenant()
    with tenant_active(tenant_id):
        _contracts()
        with connections["owner"].cursor() as cursor:
            cursor.execute("ANALYZE alliance_contractarea, alliance_contract")
        wanted = _wanted()
        times = []
        for _round in range(ROUNDS):
            began = time.perf_counter()
            found = taken_by_others(wanted, starts_on=START, until=UNTIL, code="NEW")
            times.append((time.perf_counter() - began) * 1000)
        with CaptureQueriesContext(connection) as statements:
            taken_by_others(wanted, starts_on=START, until=UNTIL, code="NEW")
    figures = {
        "ms": round(statistics.median(times), 2),
        "sql": len(statements),
        "contracts": CONTRACTS,
        "taken": len(found),
    }
    print(json.dumps(figures))
    connections.close_all()
    return 0


def _tenant() -> UUID:
    found, _made = Tenant.objects.using("owner").get_or_create(slug=SLUG, defaults={"name": SLUG})
    return UUID(str(found.id))


def _wanted() -> list[WantedArea]:
    """Return regions of one new contract: counties of the held cities, and some that are free."""
    categories = list(Category.objects.order_by("code").values_list("id", flat=True))[:WANTED]
    counties = list(Region.objects.filter(depth=3).order_by("code").values_list("code", flat=True))
    return [WantedArea(one, counties[at * 37]) for at, one in enumerate(categories)]


def _contracts() -> None:
    """Create the contracts, one region each, unless they are left from an earlier run."""
    if Contract.objects.count() >= CONTRACTS:
        return
    maker = Party.objects.create(code="B-MAKER", name="B-MAKER", kind=Party.Kind.MANUFACTURER)
    dealer = Party.objects.create(code="B-DEALER", name="B-DEALER", kind=Party.Kind.DEALER, parent=maker)
    member = Party.objects.create(code="B-MEMBER", name="B-MEMBER", kind=Party.Kind.MEMBER, parent=dealer)
    categories = [Category(code=f"B-{at:02}", name=f"B-{at:02}") for at in range(CATEGORIES)]
    Category.objects.bulk_create(categories)
    regions = list(Region.objects.filter(depth=3).order_by("code"))
    places = [(category, region) for category in categories for region in regions][:CONTRACTS]
    contracts = [
        Contract(
            code=f"B-{at:06}", manufacturer=maker, dealer=dealer, member=member, starts_on=START, until=UNTIL
        )
        for at in range(len(places))
    ]
    Contract.objects.bulk_create(contracts, batch_size=2000)
    ContractArea.objects.bulk_create(
        (
            ContractArea(
                contract=contract,
                category=category,
                region=region,
                area=NumericRange(region.start, region.end),
                channels=all_channels(),
                term=DateRange(START, UNTIL),
                holds=True,
            )
            for contract, (category, region) in zip(contracts, places, strict=True)
        ),
        batch_size=2000,
    )
