"""The monthly tier run of 20,000 dealers, from a year's facts to scorecards with reasons.

`s` is the whole job: dimensions gathered, scored and written; `--scale 0.1` takes a tenth.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

import django
from django.db import connection

django.setup()

from accounts.rights import the_system
from analytics.operations.tier_months import request_tier_month
from benchmarks.emptied import analyse, emptied, fresh_tenant
from catalogue.models import Product
from dealers.models import Party, Tier, TierMonth
from jobs.operations.jobs import run_job
from jobs.operations.loading import load_tasks
from tenancy.context import tenant_active

DEALERS, PRODUCTS, FACTS_A_DEALER = 20_000, 200, 60
SINCE, MONTH = date(2025, 1, 1), date(2026, 3, 1)
AFTERWARDS = datetime(2026, 4, 2, tzinfo=UTC)


def main(argv: Sequence[str]) -> int:
    """Print one JSON line with s, peak_mb, dealers and facts."""
    parser = argparse.ArgumentParser(prog="tiers")
    parser.add_argument("--scale", type=float, default=1.0)
    dealers = max(1, int(DEALERS * parser.parse_args(argv).scale))
    tenant_id = fresh_tenant("bench-tiers", since=SINCE, months=15)
    facts = _fill(tenant_id, dealers)
    load_tasks()
    start = time.perf_counter()
    with tenant_active(tenant_id):
        job = request_tier_month(month=MONTH, by=the_system(), at=AFTERWARDS)
    state = run_job(tenant_id=tenant_id, job_id=job.id)
    s = time.perf_counter() - start
    with tenant_active(tenant_id):
        scored = TierMonth.objects.filter(score__isnull=False).count()
    if state != "done" or scored != dealers:
        raise SystemExit(f"the run ended as {state} with {scored} scorecards")
    answer = {
        "s": round(s, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "dealers": dealers,
        "facts": facts,
    }
    emptied()
    print(json.dumps(answer))
    return 0


def _fill(tenant_id: UUID, dealers: int) -> int:
    """Make dealers with a tier, and fifteen months of purchases of each; return the number of facts."""
    with tenant_active(tenant_id):
        tiers = Tier.objects.bulk_create(
            Tier(code=code, name=code, from_score=bar)
            for code, bar in (("base", 0), ("key", 50), ("core", 75))
        )
        seller = Party.objects.create(kind="manufacturer", code="M", name="M")
        Party.objects.bulk_create(
            [
                Party(kind="dealer", code=f"D{number}", name=f"D{number}", tier=tiers[number % 3])
                for number in range(dealers)
            ],
            5_000,
        )
        Product.objects.bulk_create(
            Product(sku=f"{number:04}", name=f"{number}") for number in range(PRODUCTS)
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH buyers AS (SELECT id, row_number() OVER (ORDER BY code) AS n FROM dealers_party"
                " WHERE tenant_id = %(tenant)s AND kind = 'dealer'),"
                " products AS (SELECT id, row_number() OVER (ORDER BY sku) - 1 AS n FROM catalogue_product"
                " WHERE tenant_id = %(tenant)s)"
                " INSERT INTO ordering_tradefact (id, tenant_id, day, seller_id, buyer_id, product_id,"
                " ordered_qty, ordered_net, delivered_qty, delivered_free, delivered_net, returned_qty,"
                " returned_net)"
                " SELECT gen_random_uuid(), %(tenant)s, %(since)s::date + (k * 450 / %(facts)s)::int,"
                " %(seller)s, b.id, p.id, 24, 240, 1 + k %% 24, 0, (1 + (k + b.n) %% 24) * (8 + b.n %% 90),"
                " k %% 2, (k %% 2) * 0.25"
                " FROM generate_series(0, %(facts)s - 1) AS k CROSS JOIN buyers b"
                " JOIN products p ON p.n = (b.n * 3 + k %% (5 + b.n %% 40) * 7) %% %(products)s",
                {
                    "tenant": tenant_id,
                    "since": SINCE,
                    "seller": seller.id,
                    "facts": FACTS_A_DEALER,
                    "products": PRODUCTS,
                },
            )
            facts = cursor.rowcount
    analyse("ordering_tradefact", "dealers_party", "dealers_monthinput", "dealers_tiermonth")
    return facts


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
