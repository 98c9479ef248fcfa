"""A month's settlement: 20,000 parties × 5 programs over 5 million facts, beside bare SQL.

`s` is the job from its first step to its last, as the worker runs it; `bare_s` is a handwritten
transaction that groups the same facts and writes as many statements, journals, entries, balances
and heads of books, in the same minute and the same tables. `peak_mb` is this process's peak.
`--scale 0.01` makes a hundredth of parties and facts.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import django
from django.db import connection

django.setup()

from accounts.rights import the_system
from benchmarks.emptied import analyse, emptied, fresh_tenant
from catalogue.models import Product
from dealers.models import Party
from jobs.operations.jobs import run_job
from jobs.operations.loading import load_tasks
from ledger.operations.books import open_books
from rebates.models import Program, ProgramProduct, Settlement
from rebates.operations.settlement_requests import request_due
from tenancy.context import tenant_active

PARTIES, PRODUCTS, FACTS_A_PARTY, FACTS_A_DAY = 20_000, 500, 250, 10
MONTH, NEXT_MONTH = date(2026, 3, 1), date(2026, 4, 1)
AFTERWARDS = datetime(2026, 4, 2, tzinfo=UTC)
TIERS = [(0, "0.01"), (20_000, "0.02"), (40_000, "0.03"), (60_000, "0.05")]
TIERS_OF_UNITS = [(0, "0.10"), (500, "0.20"), (1_000, "0.30")]
PROGRAMS: list[tuple[str, str, str, bool]] = [
    ("retroactive", "amount", "all", True),
    ("incremental", "amount", "first", True),
    ("retroactive", "quantity", "last", False),
    ("incremental", "quantity", "all", True),
    ("retroactive", "amount", "last", True),
]


def main(argv: Sequence[str]) -> int:
    """Print one JSON line with s, bare_s, ratio (s to bare_s), peak_mb, facts and statements."""
    parser = argparse.ArgumentParser(prog="settle")
    parser.add_argument("--scale", type=float, default=1.0)
    parties = max(1, int(PARTIES * parser.parse_args(argv).scale))
    tenant_id = fresh_tenant("bench-settle", since=MONTH, months=1)
    facts = _fill(tenant_id, parties)
    load_tasks()
    bare_s, bare_sums = _bare(tenant_id)
    s, job_id = _settle(tenant_id)
    with tenant_active(tenant_id):
        sums = {
            row["program__code"]: (row["parties"], row["due"])
            for row in Settlement.objects.filter(job=job_id).values("program__code", "parties", "due")
        }
    if sums != bare_sums:
        raise SystemExit(f"the two sides differ: {sums} against {bare_sums}")
    answer = {
        "s": round(s, 2),
        "bare_s": round(bare_s, 2),
        "ratio": round(s / bare_s, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "facts": facts,
        "statements": sum(count for count, _due in sums.values()),
    }
    emptied()
    print(json.dumps(answer))
    return 0


def _fill(tenant_id: UUID, parties: int) -> int:
    """Make the tenant's parties, books, programs and facts; return the number of facts."""
    with tenant_active(tenant_id):
        seller = Party.objects.create(kind="manufacturer", code="M", name="M")
        Party.objects.bulk_create(
            [Party(kind="dealer", code=f"D{number}", name=f"D{number}") for number in range(parties)], 5_000
        )
        products = Product.objects.bulk_create(
            [Product(sku=f"{number:04}", name=f"{number}") for number in range(PRODUCTS)]
        )
        buyers = list(Party.objects.filter(kind="dealer").values_list("id", flat=True))
        open_books([(seller.id, buyer) for buyer in buyers])
        for number, (method, measure, which, capped) in enumerate(PROGRAMS):
            program = Program.objects.create(
                seller=seller,
                code=f"R{number}",
                name="R",
                method=method,
                measure=measure,
                tiers=[
                    {"from": str(start), "rate": rate}
                    for start, rate in (TIERS if measure == "amount" else TIERS_OF_UNITS)
                ],
                cap=Decimal(100_000) if capped else None,
                starts_on=MONTH,
                until=NEXT_MONTH,
                settled_every=1,
                state=Program.State.ACTIVE,
            )
            ProgramProduct.objects.bulk_create(
                ProgramProduct(program=program, product=product) for product in _counted(products, which)
            )
        facts = _facts(tenant_id, seller.id)
    analyse(
        "ordering_tradefact",
        "dealers_party",
        "ledger_book",
        "ledger_account",
        "ledger_journal",
        "ledger_entry",
        "rebates_statement",
        "rebates_settlement",
        "rebates_tally",
    )
    return facts


def _counted(products: list[Any], which: str) -> list[Any]:
    return {"all": [], "first": products[:100], "last": products[-200:]}[which]


def _facts(tenant_id: UUID, seller_id: UUID) -> int:
    """Insert the facts day by day, in the order of trade."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH buyers AS (SELECT id, row_number() OVER (ORDER BY code) AS n FROM dealers_party"
            " WHERE tenant_id = %(tenant)s AND kind = 'dealer'),"
            " products AS (SELECT id, row_number() OVER (ORDER BY sku) - 1 AS n FROM catalogue_product"
            " WHERE tenant_id = %(tenant)s)"
            " INSERT INTO ordering_tradefact (id, tenant_id, day, seller_id, buyer_id, product_id,"
            " ordered_qty, ordered_net, delivered_qty, delivered_free, delivered_net, returned_qty,"
            " returned_net)"
            " SELECT gen_random_uuid(), %(tenant)s, %(month)s::date + (k / %(a_day)s)::int, %(seller)s,"
            " b.id, p.id, 24, 240, 1 + k %% 24, 0, (1 + k %% 24) * (8 + b.n %% 7 + p.n / 100.0),"
            " k %% 2, (k %% 2) * 8.25"
            " FROM generate_series(0, %(facts)s - 1) AS k CROSS JOIN buyers b"
            " JOIN products p ON p.n = (b.n + k * 17) %% %(products)s"
            " ORDER BY k / %(a_day)s, md5(b.n::text)",
            {
                "tenant": tenant_id,
                "month": MONTH,
                "a_day": FACTS_A_DAY,
                "seller": seller_id,
                "facts": FACTS_A_PARTY,
                "products": PRODUCTS,
            },
        )
        return cursor.rowcount


def _settle(tenant_id: UUID) -> tuple[float, UUID]:
    """Run the job by the function that a worker calls; return its seconds and id."""
    start = time.perf_counter()
    with tenant_active(tenant_id):
        (job,) = request_due(by=the_system(), at=AFTERWARDS)
    state = run_job(tenant_id=tenant_id, job_id=job.id)
    if state != "done":
        raise SystemExit(f"the settlement ended as {state}")
    return time.perf_counter() - start, job.id


_GROUP = """
SELECT f.buyer_id,
  sum(f.delivered_net - f.returned_net),
  sum(f.delivered_net - f.returned_net) FILTER (WHERE f.product_id = ANY(%(first)s::uuid[])),
  sum(f.delivered_qty - f.returned_qty) FILTER (WHERE f.product_id = ANY(%(last)s::uuid[])),
  sum(f.delivered_qty - f.returned_qty),
  sum(f.delivered_net - f.returned_net) FILTER (WHERE f.product_id = ANY(%(last)s::uuid[]))
FROM ordering_tradefact f
WHERE f.tenant_id = %(tenant)s AND f.seller_id = %(seller)s AND f.day >= %(from)s AND f.day < %(until)s
GROUP BY f.buyer_id
"""
_WRITE = """
WITH grouped AS (
  SELECT * FROM unnest(%(buyers)s::uuid[], %(b0)s::numeric[], %(b1)s::numeric[], %(b2)s::numeric[],
    %(b3)s::numeric[], %(b4)s::numeric[]) AS g(buyer_id, b0, b1, b2, b3, b4)
), bases AS (
  SELECT g.buyer_id, x.n, coalesce(x.base, 0) AS base FROM grouped g,
  LATERAL (VALUES (0, g.b0), (1, g.b1), (2, g.b2), (3, g.b3), (4, g.b4)) AS x(n, base)
), earned AS (
  SELECT b.buyer_id, b.base, p.settlement_id, p.code, b.n, round(CASE WHEN p.incremental
    THEN (SELECT sum(greatest(least(b.base, t.until) - t.start, 0) * t.rate)
          FROM unnest(p.starts, p.untils, p.rates) AS t(start, until, rate))
    ELSE b.base * (SELECT t.rate FROM unnest(p.starts, p.rates) AS t(start, rate)
                   WHERE t.start <= b.base ORDER BY t.start DESC LIMIT 1) END, 2) AS due
  FROM bases b JOIN unnest(%(numbers)s::int[], %(settlements)s::uuid[], %(codes)s::text[],
    %(incremental)s::bool[], %(measures)s::text[]) AS s(n, settlement_id, code, incremental, measure)
  ON s.n = b.n,
  LATERAL (SELECT s.settlement_id, s.code, s.incremental,
    CASE s.measure WHEN 'amount' THEN %(starts)s::numeric[] ELSE %(unit_starts)s::numeric[] END AS starts,
    CASE s.measure WHEN 'amount' THEN %(untils)s::numeric[] ELSE %(unit_untils)s::numeric[] END AS untils,
    CASE s.measure WHEN 'amount' THEN %(rates)s::numeric[] ELSE %(unit_rates)s::numeric[] END AS rates) p
), rows AS MATERIALIZED (
  SELECT e.*, uuidv7() AS journal_id, k.id AS book_id,
    k.seq + row_number() OVER (PARTITION BY k.id ORDER BY e.n) AS seq,
    'bare:' || e.settlement_id || ':' || e.buyer_id AS source
  FROM earned e JOIN ledger_book k
  ON k.tenant_id = %(tenant)s AND k.seller_id = %(seller)s AND k.buyer_id = e.buyer_id
), journals AS (
  INSERT INTO ledger_journal (id, tenant_id, book_id, seq, kind, source, at, posted_by, memo,
    previous, digest)
  SELECT journal_id, %(tenant)s, book_id, seq, 'rebate', source, %(at)s, 'bare', code || ' 2026-03-01',
    encode(sha256(convert_to(source, 'UTF8')), 'hex'),
    encode(sha256(convert_to(source || due, 'UTF8')), 'hex')
  FROM rows WHERE due <> 0
), lines AS MATERIALIZED (
  SELECT r.journal_id, a.id AS account_id,
    CASE a.kind WHEN 'rebate_expense' THEN r.due ELSE -r.due END AS amount
  FROM rows r JOIN ledger_account a ON a.tenant_id = %(tenant)s AND a.book_id = r.book_id
  AND a.kind IN ('rebate_expense', 'rebate_wallet') WHERE r.due <> 0
), entries AS (
  INSERT INTO ledger_entry (id, tenant_id, journal_id, account_id, amount)
  SELECT uuidv7(), %(tenant)s, journal_id, account_id, amount FROM lines
), balances AS (
  UPDATE ledger_account a SET balance = a.balance + s.amount
  FROM (SELECT account_id, sum(amount) AS amount FROM lines GROUP BY account_id) s
  WHERE a.tenant_id = %(tenant)s AND a.id = s.account_id
), books AS (
  UPDATE ledger_book b SET seq = h.seq, head = h.head
  FROM (SELECT book_id, max(seq) AS seq, encode(sha256(convert_to(max(source), 'UTF8')), 'hex') AS head
        FROM rows GROUP BY book_id) h
  WHERE b.tenant_id = %(tenant)s AND b.id = h.book_id
), statements AS (
  INSERT INTO rebates_statement (id, tenant_id, settlement_id, party_id, base, cumulative, earned, due,
    why, journal_id)
  SELECT uuidv7(), %(tenant)s, settlement_id, buyer_id, base, base, due, due, jsonb_build_object(
    'cumulative_before', '0.00', 'settled_before', '0.00', 'rate', '0.05', 'parts',
    jsonb_build_array(jsonb_build_array('60000', base::text, '0.05')),
    'sum', '0.00 + ' || base || ' = ' || base || '; ' || due || ' − 0.00 = ' || due),
    CASE WHEN due <> 0 THEN journal_id END
  FROM rows
)
SELECT code, count(*), sum(due) FROM rows GROUP BY code
"""


def _bare(tenant_id: UUID) -> tuple[float, dict[str, tuple[int, Decimal]]]:
    """Group the same facts and write as many rows by SQL; return seconds, and parties and sums by program."""
    with tenant_active(tenant_id):
        seller_id = Party.objects.values_list("id", flat=True).get(kind="manufacturer")
        products = list(Product.objects.order_by("sku").values_list("id", flat=True))
        programs = list(Program.objects.order_by("code"))
        twins = Settlement.objects.bulk_create(
            Settlement(program=_twin(program), starts_on=MONTH, until=NEXT_MONTH) for program in programs
        )
    start = time.perf_counter()
    with tenant_active(tenant_id), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        known: dict[str, Any] = {"tenant": tenant_id, "seller": seller_id, "from": MONTH, "until": NEXT_MONTH}
        only = {which: [str(product) for product in _counted(products, which)] for which in ("first", "last")}
        cursor.execute(_GROUP, {**known, **only})
        columns = list(zip(*cursor.fetchall(), strict=True))
        cursor.execute(
            _WRITE,
            {
                **known,
                "at": AFTERWARDS,
                "buyers": _text(columns[0]),
                **{f"b{number}": _text(columns[number + 1]) for number in range(5)},
                "numbers": list(range(5)),
                "settlements": [str(twin.id) for twin in twins],
                "codes": [program.code for program in programs],
                "incremental": [program.method == "incremental" for program in programs],
                "measures": [program.measure for program in programs],
                **_tiers("", TIERS),
                **_tiers("unit_", TIERS_OF_UNITS),
            },
        )
        sums = {code: (count, due) for code, count, due in cursor.fetchall()}
    return time.perf_counter() - start, sums


def _twin(program: Any) -> Any:
    """Make a draft program for the bare side's statements; the job ignores drafts."""
    return Program.objects.create(
        seller=program.seller,
        code=f"bare {program.code}",
        name="",
        method=program.method,
        measure=program.measure,
        tiers=program.tiers,
        starts_on=MONTH,
        until=NEXT_MONTH,
    )


def _text(values: Sequence[Any]) -> str:
    return "{" + ",".join("0" if value is None else str(value) for value in values) + "}"


def _tiers(prefix: str, tiers: Sequence[tuple[int, str]]) -> dict[str, Any]:
    starts = [start for start, _rate in tiers]
    return {
        f"{prefix}starts": starts,
        f"{prefix}untils": [*starts[1:], 10**15],
        f"{prefix}rates": [Decimal(rate) for _start, rate in tiers],
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
