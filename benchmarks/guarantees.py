"""A month of guarantees: 20,000 contracts × 4 guarantees over a month of facts, measured and booked.

`s` is the call that measures the month, opens the breaches and books what is payable, as the job makes it;
`sql` is its number of statements, `peak_mb` this process's peak. `again_s` measures the same facts again.
`--scale 0.05` makes a twentieth of the contracts.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import django
from django.db import connection

django.setup()

from alliance.models import Breach, Contract, GuaranteeTerm, SpreadTerm
from benchmarks.emptied import analyse, emptied, fresh_tenant
from catalogue.models import Product
from dealers.models import Party
from jobs.operations.loading import load_tasks
from rebates.operations.guarantees import book_month
from tenancy.context import tenant_active

CONTRACTS, DEALERS, DELIVERIES, VISITS = 20_000, 400, 8, 4
MONTH, NEXT_MONTH = date(2026, 3, 1), date(2026, 4, 1)
AFTERWARDS = datetime(2026, 4, 2, tzinfo=UTC)


def main(argv: Sequence[str]) -> int:
    """Print one JSON line with s, peak_mb, sql, again_s, contracts, facts and breaches."""
    parser = argparse.ArgumentParser(prog="guarantees")
    parser.add_argument("--scale", type=float, default=1.0)
    contracts = max(1, int(CONTRACTS * parser.parse_args(argv).scale))
    tenant_id = fresh_tenant("bench-guarantees", since=MONTH, months=1)
    load_tasks()
    facts = _fill(tenant_id, contracts)
    with tenant_active(tenant_id):
        statements = _Statements()
        start = time.perf_counter()
        with connection.execute_wrapper(statements):
            booked = book_month(month=MONTH, at=AFTERWARDS)
        s = time.perf_counter() - start
        breaches = Breach.objects.count()
        start = time.perf_counter()
        again = book_month(month=MONTH, at=AFTERWARDS)
        again_s = time.perf_counter() - start
        if again.booked or booked.measured != 4 * contracts:
            raise SystemExit(f"not measured as expected: {booked} and again {again}")
    answer = {
        "again_s": round(again_s, 2),
        "contracts": contracts,
        "facts": facts,
        "breaches": breaches,
        "s": round(s, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "sql": statements.count,
    }
    emptied()
    print(json.dumps(answer))
    return 0


class _Statements:
    """Counts the statements of a connection."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


def _fill(tenant_id: UUID, count: int) -> int:
    """Make the contracts, their terms and a month of facts; return the number of facts."""
    with tenant_active(tenant_id):
        maker = Party.objects.create(kind="manufacturer", code="M", name="M")
        dealers = Party.objects.bulk_create(
            [Party(kind="dealer", code=f"D{one}", name=f"D{one}") for one in range(min(DEALERS, count))]
        )
        members = Party.objects.bulk_create(
            [Party(kind="member", code=f"T{one}", name=f"T{one}") for one in range(count)], 5_000
        )
        product = Product.objects.create(sku="P", name="P")
        rows = Contract.objects.bulk_create(
            [
                Contract(
                    code=f"C-{one}",
                    manufacturer=maker,
                    dealer=dealers[one % len(dealers)],
                    member=member,
                    starts_on=date(2026, 1, 1),
                    until=date(2027, 1, 1),
                    delivery_hours=24,
                    late_fee=50,
                    reply_days=7,
                )
                for one, member in enumerate(members)
            ],
            2_000,
        )
        prices = {"guaranteed": 1, "advised_resale": 10}
        SpreadTerm.objects.bulk_create(
            [SpreadTerm(contract=one, product=product, clause="5.1", **prices) for one in rows],
            5_000,
        )
        GuaranteeTerm.objects.bulk_create([term for one in rows for term in _terms(one)], 5_000)
        Contract.objects.update(state=Contract.State.ACTIVE)
        facts = _facts(tenant_id, product.id)
    analyse(
        "alliance_contract",
        "alliance_evidence",
        "alliance_guaranteeterm",
        "alliance_servicefact",
        "alliance_spreadterm",
        "dealers_party",
    )
    return facts


def _terms(contract: Contract) -> list[GuaranteeTerm]:
    fee = 20
    return [
        GuaranteeTerm(
            contract=contract, clause="2.1", metric="exclusive", owed_per_event=fee, monthly_cap=50
        ),
        GuaranteeTerm(contract=contract, clause="3.1", metric="notice", target=30, owed_per_event=fee),
        GuaranteeTerm(contract=contract, clause="5.9", metric="minimum_income", target=100, cumulative=True),
        GuaranteeTerm(contract=contract, clause="6.1", metric="visits", target=VISITS, owed_per_event=fee),
    ]


def _facts(tenant_id: UUID, product_id: UUID) -> int:
    """Insert deliveries with spread and hours, events of region and term, and visits."""
    values: dict[str, Any] = {
        "tenant": tenant_id,
        "product": str(product_id),
        "month": MONTH,
        "deliveries": DELIVERIES,
        "visits": VISITS,
        "at": AFTERWARDS,
    }
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO alliance_evidence"
            ' (id, tenant_id, contract_id, kind, source, "on", fulfilled, owed, facts)'
            " SELECT gen_random_uuid(), %(tenant)s, c.id, k.kind, k.kind || ':' || c.code || ':' || n,"
            "  %(month)s::date + n * 3, (n + length(c.code)) %% 5 <> 0,"
            "  CASE WHEN (n + length(c.code)) %% 5 = 0 THEN 12.5 ELSE 0 END,"
            "  CASE k.kind WHEN 'spread' THEN jsonb_build_object('product', %(product)s::text,"
            "    'clause', '5.1', 'spread', '1.25', 'qty', 10)"
            "   WHEN 'region' THEN jsonb_build_object('clause', '2.1')"
            "   WHEN 'term' THEN jsonb_build_object('clause', '3.1') ELSE '{}'::jsonb END"
            " FROM alliance_contract c"
            " CROSS JOIN (VALUES ('spread'), ('service'), ('region'), ('term')) k(kind)"
            " CROSS JOIN generate_series(1, %(deliveries)s) n"
            " WHERE c.tenant_id = %(tenant)s AND (k.kind IN ('spread', 'service') OR n <= 2)",
            values,
        )
        count += cursor.rowcount
        cursor.execute(
            "INSERT INTO alliance_servicefact"
            ' (id, tenant_id, contract_id, metric, "on", quantity, note, source, at)'
            " SELECT gen_random_uuid(), %(tenant)s, c.id, 'visits', %(month)s::date + n * 7, 1, '',"
            "  'v:' || c.code || ':' || n, %(at)s"
            " FROM alliance_contract c CROSS JOIN generate_series(1, %(visits)s) n"
            " WHERE c.tenant_id = %(tenant)s AND (n < 4 OR length(c.code) %% 2 = 0)",
            values,
        )
        count += cursor.rowcount
    return count
