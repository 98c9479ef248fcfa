"""The dry run of a price list: 2,000 rows against 20,000 contracts and a year of a million order lines.

`s` is the whole dry run as its job makes it, step by step; `sql` is its number of statements (those of the
job's steps and of storing the findings included), `peak_mb` this process's peak. `--scale 0.05` makes a
twentieth of the contracts and lines.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import django
from django.db import connection

django.setup()

from accounts.rights import the_system
from alliance.models import Contract, SpreadTerm
from benchmarks.emptied import analyse, emptied, fresh_tenant
from catalogue.models import Product
from dealers.models import Party, Tier
from jobs.models import Job
from jobs.operations.jobs import run_job
from jobs.operations.loading import load_tasks
from pricing.models import DryRun, PriceEntry, PriceList
from pricing.operations.dry_run.running import request_dry_run
from tenancy.context import tenant_active

ROWS, CONTRACTS, DEALERS, LINES, LINES_OF_AN_ORDER = 2_000, 20_000, 400, 1_000_000, 20
TIERS, TIER_LISTS = 5, 40
SINCE, NOW = date(2025, 7, 1), datetime(2026, 7, 1, 2, tzinfo=UTC)


def main(argv: Sequence[str]) -> int:
    """Print one JSON line with s, sql, peak_mb, rows, contracts, lines, findings and steps."""
    parser = argparse.ArgumentParser(prog="publish")
    parser.add_argument("--scale", type=float, default=1.0)
    scale = parser.parse_args(argv).scale
    contracts, lines = max(1, int(CONTRACTS * scale)), max(LINES_OF_AN_ORDER, int(LINES * scale))
    tenant_id = fresh_tenant("bench-publish", since=SINCE, months=13)
    load_tasks()
    draft_id = _fill(tenant_id, contracts, lines)
    with tenant_active(tenant_id):
        run = request_dry_run(price_list_id=draft_id, by=the_system(), at=NOW)
    job_id = run.job_id
    assert job_id is not None  # a dry run that was requested has its job
    statements = _Statements()
    steps = 0
    start = time.perf_counter()
    with connection.execute_wrapper(statements):
        while run_job(tenant_id=tenant_id, job_id=job_id, max_steps=1) not in {"done", "failed"}:
            steps += 1
            _print_progress(tenant_id, job_id, start)
    s = time.perf_counter() - start
    with tenant_active(tenant_id):
        done = DryRun.objects.get(id=run.id)
        if done.finished_at is None or done.figures["replay"]["lines"] != lines or not done.breaking:
            raise SystemExit(f"not as expected: {Job.objects.get(id=job_id).message} {done.figures}")
        answer = {
            "s": round(s, 2),
            "sql": statements.count,
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
            "rows": ROWS,
            "contracts": contracts,
            "lines": lines,
            "findings": done.findings.count(),
            "steps": steps + 1,
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


def _print_progress(tenant_id: UUID, job_id: UUID, start: float) -> None:
    with tenant_active(tenant_id):
        job = Job.objects.get(id=job_id)
    seconds = time.perf_counter() - start
    print(f"{job.done} / {job.total}  {job.message}  {seconds:.1f} s", file=sys.stderr)


def _fill(tenant_id: UUID, contracts: int, lines: int) -> UUID:
    """Make the lists, contracts and orders; return the draft."""
    with tenant_active(tenant_id):
        maker = Party.objects.create(kind="manufacturer", code="M", name="M")
        tiers = [
            Tier.objects.create(code=f"T{one}", name=f"T{one}", from_score=one * 10) for one in range(TIERS)
        ]
        dealers = Party.objects.bulk_create(
            [
                Party(kind="dealer", code=f"D{one}", name=f"D{one}", parent=maker, tier=tiers[one % TIERS])
                for one in range(min(DEALERS, contracts))
            ]
        )
        members = Party.objects.bulk_create(
            [
                Party(kind="member", code=f"A{one}", name=f"A{one}", parent=dealers[one % len(dealers)])
                for one in range(contracts)
            ],
            5_000,
        )
        products = Product.objects.bulk_create(
            [Product(sku=f"P{one:04}", name=f"P{one}") for one in range(ROWS)], 1_000
        )
        _promise(maker, dealers, members, products)
        _price(maker, "FACTORY", ("level", "manufacturer"), products, "8")
        _price(maker, "BASE", ("everyone", ""), products, "10")
        for one in range(TIER_LISTS):
            tier = tiers[one % TIERS].code
            _price(maker, f"TIER-{one}", ("tier", tier), products[one::TIER_LISTS], "9.5")
        draft = _price(maker, "BASE", ("everyone", ""), products, "10.4", published=False, version=2)
        _order(maker.id, lines)
    analyse(
        "alliance_contract",
        "alliance_spreadterm",
        "dealers_party",
        "ordering_order",
        "ordering_orderline",
        "pricing_priceentry",
        "pricing_pricelist",
    )
    return draft.id


def _promise(
    maker: Party, dealers: Sequence[Party], members: Sequence[Party], products: Sequence[Product]
) -> None:
    """Guarantee each member a spread on one product; one contract in 20 is broken by the draft."""
    rows = Contract.objects.bulk_create(
        [
            Contract(
                code=f"C-{one}",
                manufacturer=maker,
                dealer=dealers[one % len(dealers)],
                member=member,
                starts_on=SINCE,
                until=date(2027, 1, 1),
            )
            for one, member in enumerate(members)
        ],
        2_000,
    )
    SpreadTerm.objects.bulk_create(
        [
            SpreadTerm(
                contract=one,
                product=products[place % ROWS],
                clause="3.1",
                guaranteed="1.8" if place % 20 == 0 else "1",
                advised_resale="12",
            )
            for place, one in enumerate(rows)
        ],
        5_000,
    )
    Contract.objects.update(state=Contract.State.ACTIVE)


def _price(
    seller: Party,
    code: str,
    audience: tuple[str, str],
    products: Sequence[Product],
    price: str,
    *,
    published: bool = True,
    version: int = 1,
) -> PriceList:
    made: PriceList = PriceList.objects.create(
        seller=seller, code=code, audience_kind=audience[0], audience_value=audience[1], version=version
    )
    PriceEntry.objects.bulk_create(
        [PriceEntry(price_list=made, product=one, price=price) for one in products], 2_000
    )
    if published:
        PriceList.objects.filter(id=made.id).update(state=PriceList.State.PUBLISHED)
    return made


def _order(seller_id: UUID, lines: int) -> None:
    """Insert a year of orders of dealers and members with 20 lines each."""
    orders = lines // LINES_OF_AN_ORDER
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ordering_order (id, tenant_id, number, kind, state, seller_id, buyer_id, placed_at,"
            "  placed_on, currency, subtotal, discount, total, tax, open_amount, due_on, verdict, source,"
            "  reference, note, facts)"
            " SELECT gen_random_uuid(), s.tenant_id, 'SO-' || n, 'standard',"
            "  CASE WHEN n %% 50 = 0 THEN 'placed' ELSE 'delivered' END, s.id, b.id,"
            "  %(since)s::date + (n %% 360), %(since)s::date + (n %% 360), 'CNY', 100, 0, 100, 0, 0,"
            "  %(since)s::date + (n %% 360), 'ok', '', '', '', '{}'"
            " FROM generate_series(1, %(orders)s) n"
            " JOIN dealers_party s ON s.id = %(seller)s"
            " JOIN (SELECT id, row_number() OVER (ORDER BY code) AS place, count(*) OVER () AS parties"
            "  FROM dealers_party WHERE kind = 'dealer') b ON b.place = n %% b.parties + 1",
            {"since": SINCE, "orders": orders, "seller": seller_id},
        )
        cursor.execute(
            "INSERT INTO ordering_orderline"
            " (id, tenant_id, order_id, position, product_id, sku, qty, free_qty, per, base_price,"
            "  unit_price, net_unit_price, discount, amount, tax_rate, net, tax, price_list,"
            "  why, reserved_qty, cancelled_qty, cancelled_free, shipped_qty, shipped_free, delivered_qty,"
            "  delivered_free, returned_qty, returned_free, charged_free, posted, credited)"
            " SELECT gen_random_uuid(), o.tenant_id, o.id, n, p.id, p.sku, 1 + n * 3, 0, 1, 10, 10, 10, 0,"
            "  10 + n * 30, 0, 10 + n * 30, 0, 'BASE', '{}', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0"
            " FROM (SELECT *, row_number() OVER (ORDER BY number) AS place FROM ordering_order) o"
            " CROSS JOIN generate_series(1, %(per)s) n"
            " JOIN (SELECT id, sku, row_number() OVER (ORDER BY sku) AS place FROM catalogue_product) p"
            "  ON p.place = (o.place * 7 + n * 31) %% %(rows)s + 1",
            {"per": LINES_OF_AN_ORDER, "rows": ROWS},
        )
