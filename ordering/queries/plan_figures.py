"""Figures of trade for the alliance: what targets of the channel plan and KPIs of contracts reached.

The alliance is a room below, so the figures are handed down to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import connection

from alliance.models import KpiMetric
from alliance.operations.duty_evidence import NewDutyEvidence
from alliance.operations.kpi_months import KpiFigure
from alliance.operations.plans.months import MeasuredTarget, PlanFigure
from tenancy.context import active_tenant_id

# What dealers deliver to members and outlets is the volume of a region, what members deliver to outlets is
# the same goods again; an outlet is served by whoever delivers to it.
_PLAN = """
WITH target AS MATERIALIZED (
  SELECT * FROM unnest(%(ids)s::uuid[], %(metrics)s::text[], %(firsts)s::bigint[], %(lasts)s::bigint[],
    %(channels)s::uuid[], %(categories)s::uuid[], %(portfolios)s::uuid[])
    AS t(id, metric, first, last, channel_id, category_id, portfolio_id)
), sold AS MATERIALIZED (
  SELECT date_trunc('month', f.day)::date AS month, f.product_id, p.category_id, b.id AS buyer_id,
    b.kind AS buyer_kind, b.channel_id, r.start AS place, s.kind AS seller_kind,
    CASE s.kind WHEN 'dealer' THEN s.id ELSE s.parent_id END AS dealer_id,
    CASE WHEN s.kind = 'member' THEN s.id WHEN b.kind = 'member' THEN b.id END AS member_id,
    sum(f.delivered_qty - f.returned_qty) AS qty, sum(f.delivered_qty + f.delivered_free) > 0 AS delivered
  FROM ordering_tradefact f
  JOIN dealers_party s ON s.tenant_id = f.tenant_id AND s.id = f.seller_id AND s.kind IN ('dealer', 'member')
  JOIN dealers_party b ON b.tenant_id = f.tenant_id AND b.id = f.buyer_id
  JOIN dealers_region r ON r.code = b.region_id
  JOIN catalogue_product p ON p.tenant_id = f.tenant_id AND p.id = f.product_id
  WHERE f.tenant_id = %(tenant)s AND f.day >= %(since)s AND f.day < %(until)s
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
)
SELECT t.id, o.party_id, m.month, CASE t.metric
    WHEN 'volume' THEN coalesce(sum(m.qty) FILTER (WHERE m.seller_kind = 'dealer'), 0)
    WHEN 'outlets' THEN count(DISTINCT m.buyer_id) FILTER (WHERE m.buyer_kind = 'outlet' AND m.delivered)
    ELSE count(DISTINCT m.product_id) FILTER (WHERE m.seller_kind = 'dealer' AND m.delivered) END
FROM target t
JOIN sold m ON m.place >= t.first AND m.place < t.last
  AND (t.channel_id IS NULL OR m.channel_id = t.channel_id)
  AND (t.category_id IS NULL OR m.category_id = t.category_id)
  AND (t.portfolio_id IS NULL OR EXISTS (SELECT FROM catalogue_portfolioproduct x
    WHERE x.tenant_id = %(tenant)s AND x.portfolio_id = t.portfolio_id AND x.product_id = m.product_id))
CROSS JOIN LATERAL (VALUES ('all', NULL::uuid), ('dealer', m.dealer_id), ('member', m.member_id))
  AS o(level, party_id)
WHERE o.level = 'all' OR o.party_id IS NOT NULL
GROUP BY t.id, t.metric, o.level, o.party_id, m.month
"""

_KPIS = """
WITH contract AS (
  SELECT id, dealer_id, member_id FROM alliance_contract WHERE tenant_id = %(tenant)s
  AND state IN ('active', 'ended') AND starts_on < %(until)s AND until > %(since)s
)
SELECT c.id, %(purchases)s, sum(d.delivered_net - d.returned_net)
FROM contract c JOIN ordering_tradeday d ON d.tenant_id = %(tenant)s AND d.seller_id = c.dealer_id
  AND d.buyer_id = c.member_id AND d.day >= %(since)s AND d.day < %(until)s
GROUP BY c.id
UNION ALL
SELECT c.id, %(outlets)s, count(DISTINCT d.buyer_id)
FROM contract c JOIN ordering_tradeday d ON d.tenant_id = %(tenant)s AND d.seller_id = c.member_id
  AND d.day >= %(since)s AND d.day < %(until)s AND d.delivered_net > 0
GROUP BY c.id
"""

_DELIVERIES = """
SELECT o.contract_id, s.delivered_on, s.id, s.number
FROM ordering_shipment s JOIN ordering_order o ON o.tenant_id = s.tenant_id AND o.id = s.order_id
WHERE s.tenant_id = %(tenant)s AND s.state = 'delivered' AND o.contract_id IS NOT NULL
  AND s.delivered_on >= %(since)s AND s.delivered_on < %(until)s
ORDER BY s.delivered_on, s.id
"""


def plan_figures(targets: Sequence[MeasuredTarget], *, since: date, until: date) -> list[PlanFigure]:
    """Return the results of targets by month and party for the days [since, until). One statement."""
    if not targets:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _PLAN,
            {
                "tenant": active_tenant_id(),
                "since": since,
                "until": until,
                "ids": [one.id for one in targets],
                "metrics": [one.metric for one in targets],
                "firsts": [one.first for one in targets],
                "lasts": [one.last for one in targets],
                "channels": [one.channel_id for one in targets],
                "categories": [one.category_id for one in targets],
                "portfolios": [one.portfolio_id for one in targets],
            },
        )
        return [
            PlanFigure(target, party, month, Decimal(actual))
            for target, party, month, actual in cursor.fetchall()
        ]


def kpi_figures(*, since: date, until: date) -> list[KpiFigure]:
    """Return purchases and outlets served of the members of the contracts in force. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _KPIS,
            {
                "tenant": active_tenant_id(),
                "since": since,
                "until": until,
                "purchases": KpiMetric.PURCHASES,
                "outlets": KpiMetric.OUTLETS,
            },
        )
        return [KpiFigure(row[0], row[1], Decimal(row[2])) for row in cursor.fetchall()]


def deliveries_as_evidence(*, since: date, until: date) -> list[NewDutyEvidence]:
    """Return the deliveries under contracts in [since, until) as evidence of duties. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_DELIVERIES, {"tenant": active_tenant_id(), "since": since, "until": until})
        return [
            NewDutyEvidence(contract, "order", on, source=f"shipment:{shipment}", reference=number)
            for contract, on, shipment, number in cursor.fetchall()
        ]
