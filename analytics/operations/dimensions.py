"""Compute the month's five dimensions (0–100) of every dealer and member from facts and evidence.

"The year" is the twelve months that end with the month, "the quarter" the last three of them. A
party's purchases are the goods delivered to it as a buyer, net of returns, without tax. Peers are the
parties of the same kind. A dimension without data is null, never 0.

- **scale**: 50 + 25 × log2(purchases of the year ÷ the peers' median): half the median is 25, twice
  75, four times 100. Evidence: year_net, median.
- **expertise**: products bought in the year ÷ the number that the best tenth of the peers buy.
  Evidence: products, best_tenth.
- **coverage**: buyers it delivered to in the quarter ÷ parties that it supplies (children). A party
  that supplies nobody is measured by its own purchases: months of the year with a delivery ÷ 12.
  Evidence: buyers and supplied, or months.
- **growth**: 50 + 100 × (the quarter ÷ the same quarter of last year − 1); against the quarter
  before if there was no trade then. Evidence: quarter_net, baseline, against.
- **collaboration**: the mean of the available shares: goods not returned (1 − returned ÷ delivered in
  the quarter), pre-sold orders of those it sold (pre-sold + van), and guarantees fulfilled as the
  dealer of contracts.
  Evidence: kept_goods, presale_share, guarantees_kept.

No observed price is read here (the fair-trade rule of the product).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from dealers.operations.tiering import TIERED
from kernel.periods import months_after
from tenancy.context import active_tenant_id, joined_transaction


def clamped(score: str) -> str:
    """Return SQL that limits a score to 0–100, to 0.01, and keeps null (greatest() and least() skip it)."""
    return f"CASE WHEN {score} IS NOT NULL THEN round(least(greatest({score}, 0), 100)::numeric, 2) END"


_SQL = f"""
WITH parties AS MATERIALIZED (
  SELECT id, kind FROM dealers_party
  WHERE tenant_id = %(tenant)s AND kind = ANY(%(kinds)s) AND is_active
  AND (joined_on IS NULL OR joined_on < %(until)s)
), lines AS (
  SELECT f.buyer_id,
    sum(f.delivered_net - f.returned_net) FILTER (WHERE f.day >= %(year)s) AS year_net,
    sum(f.delivered_qty) FILTER (WHERE f.day >= %(year)s) AS year_qty,
    sum(f.delivered_net - f.returned_net) FILTER (WHERE f.day >= %(quarter)s) AS quarter_net,
    sum(f.delivered_net - f.returned_net) FILTER (WHERE f.day >= %(before)s AND f.day < %(quarter)s)
      AS before_net,
    sum(f.delivered_net - f.returned_net) FILTER (WHERE f.day < %(year)s) AS last_year_net,
    sum(f.delivered_net) FILTER (WHERE f.day >= %(quarter)s) AS delivered,
    sum(f.returned_net) FILTER (WHERE f.day >= %(quarter)s) AS returned,
    bit_or(1 << extract(month FROM f.day)::int) FILTER (WHERE f.day >= %(year)s AND f.delivered_qty > 0)
      AS months
  FROM ordering_tradefact f
  WHERE f.tenant_id = %(tenant)s AND f.day >= %(last_year)s AND f.day < %(until)s
  GROUP BY f.buyer_id, f.product_id
), bought AS MATERIALIZED (
  SELECT p.id, p.kind, sum(l.year_net) AS year_net, sum(l.quarter_net) AS quarter_net,
    sum(l.before_net) AS before_net, sum(l.last_year_net) AS last_year_net,
    sum(l.delivered) AS delivered, sum(l.returned) AS returned,
    count(*) FILTER (WHERE l.year_qty > 0) AS products,
    bit_count(coalesce(bit_or(l.months), 0)::bit(16)) AS months
  FROM lines l JOIN parties p ON p.id = l.buyer_id GROUP BY p.id, p.kind
), peers AS (
  SELECT kind,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY year_net) FILTER (WHERE year_net > 0) AS median,
    percentile_disc(0.9) WITHIN GROUP (ORDER BY products) FILTER (WHERE products > 0) AS best_tenth
  FROM bought GROUP BY kind
), sold AS (
  SELECT seller_id, count(*) AS buyers FROM (
    SELECT DISTINCT f.seller_id, f.buyer_id FROM ordering_tradefact f
    WHERE f.tenant_id = %(tenant)s AND f.day >= %(quarter)s AND f.day < %(until)s AND f.delivered_qty > 0
  ) AS pairs GROUP BY seller_id
), supplied AS (
  SELECT parent_id, count(*) AS parties FROM dealers_party
  WHERE tenant_id = %(tenant)s AND is_active AND parent_id IS NOT NULL GROUP BY parent_id
), presold AS (
  SELECT seller_id, count(*) FILTER (WHERE kind = 'presale') AS presale, count(*) AS orders
  FROM ordering_order WHERE tenant_id = %(tenant)s AND kind IN ('presale', 'van') AND state <> 'cancelled'
  AND placed_on >= %(quarter)s AND placed_on < %(until)s GROUP BY seller_id
), kept AS (
  SELECT c.dealer_id, count(*) FILTER (WHERE e.fulfilled) AS kept, count(*) AS measured
  FROM alliance_evidence e JOIN alliance_contract c ON c.tenant_id = e.tenant_id AND c.id = e.contract_id
  WHERE e.tenant_id = %(tenant)s AND e."on" >= %(quarter)s AND e."on" < %(until)s
  AND NOT (e.facts ? 'corrects') GROUP BY c.dealer_id
), known AS (
  SELECT p.id, b.year_net, b.products, b.months, b.quarter_net, r.median, r.best_tenth,
    coalesce(s.buyers, 0) AS buyers, greatest(coalesce(u.parties, 0), coalesce(s.buyers, 0)) AS supplied,
    CASE WHEN b.last_year_net > 0 THEN b.last_year_net WHEN b.before_net > 0 THEN b.before_net END
      AS baseline,
    CASE WHEN b.last_year_net > 0 THEN 'last_year' WHEN b.before_net > 0 THEN 'quarter_before' END AS against,
    CASE WHEN b.delivered > 0
      THEN round(greatest(1 - coalesce(b.returned, 0) / b.delivered, 0), 4) END AS kept_goods,
    round(o.presale::numeric / nullif(o.orders, 0), 4) AS presale_share,
    round(k.kept::numeric / nullif(k.measured, 0), 4) AS guarantees_kept
  FROM parties p LEFT JOIN bought b ON b.id = p.id LEFT JOIN peers r ON r.kind = p.kind
  LEFT JOIN sold s ON s.seller_id = p.id LEFT JOIN supplied u ON u.parent_id = p.id
  LEFT JOIN presold o ON o.seller_id = p.id LEFT JOIN kept k ON k.dealer_id = p.id
), scored AS (
  SELECT known.*,
    CASE WHEN year_net > 0 THEN 50 + 25 * ln(year_net::float8 / median) / ln(2::float8)
      ELSE 0 * year_net::float8 END AS scale,
    100 * products::float8 / best_tenth AS expertise,
    CASE WHEN supplied > 0 THEN 100 * buyers::float8 / supplied
      ELSE 100 * months::float8 / 12 END AS coverage,
    50 + 100 * (coalesce(quarter_net, 0) / baseline - 1)::float8 AS growth,
    100 * (SELECT avg(part) FROM unnest(ARRAY[kept_goods, presale_share, guarantees_kept]) AS part)::float8
      AS collaboration
  FROM known
)
INSERT INTO dealers_monthinput (id, tenant_id, party_id, month, scale, expertise, coverage, growth,
  collaboration, evidence)
SELECT gen_random_uuid(), %(tenant)s, id, %(month)s,
  {clamped("scale")}, {clamped("expertise")}, {clamped("coverage")}, {clamped("growth")},
  {clamped("collaboration")},
  jsonb_strip_nulls(jsonb_build_object(
    'scale', jsonb_build_object('year_net', year_net::text, 'median', round(median::numeric, 2)::text),
    'expertise', jsonb_build_object('products', products, 'best_tenth', best_tenth),
    'coverage', CASE WHEN supplied > 0 THEN jsonb_build_object('buyers', buyers, 'supplied', supplied)
      ELSE jsonb_build_object('months', months) END,
    'growth', jsonb_build_object('quarter_net', coalesce(quarter_net, 0)::text, 'baseline', baseline::text,
      'against', against),
    'collaboration', jsonb_build_object('kept_goods', kept_goods::text,
      'presale_share', presale_share::text, 'guarantees_kept', guarantees_kept::text)))
FROM scored
ON CONFLICT (tenant_id, month, party_id) DO UPDATE SET scale = excluded.scale,
  expertise = excluded.expertise, coverage = excluded.coverage, growth = excluded.growth,
  collaboration = excluded.collaboration, evidence = excluded.evidence
"""


def gather_month(*, month: date) -> int:
    """Write the month's inputs of every active dealer and member and return their number.

    A repeated call updates the inputs; scorecards that were written stay unchanged. One SQL statement.
    """
    first = month.replace(day=1)
    until = months_after(first, 1)
    params: dict[str, Any] = {
        "tenant": active_tenant_id(),
        "kinds": list(TIERED),
        "month": first,
        "until": until,
        "quarter": months_after(until, -3),
        "before": months_after(until, -6),
        "year": months_after(until, -12),
        "last_year": months_after(until, -15),
    }
    with joined_transaction(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(_SQL, params)
        return int(cursor.rowcount)
