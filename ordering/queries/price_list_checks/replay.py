"""The replay: what last year's order lines would have cost at the new prices of their buyers.

Base prices are compared with base prices, those in force with those of the draft. Schemes, which hold for a
time, are left out of both.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from kernel.money import ZERO_MONEY
from pricing.domain.dry_run.changes import percent_of
from pricing.domain.dry_run.findings import CheckResult, Finding
from pricing.queries.dry_run.impact import PriceImpact
from tenancy.context import active_tenant_id
from ui.web.numbers import grouped

DAYS = 365
TOP_PRODUCTS = 5

# A price is constant in a range of quantity, so that a line has one row of `price` at most.
_REPLAY = """
WITH price AS MATERIALIZED (
  SELECT * FROM unnest(%(groups)s::int[], %(products)s::uuid[], %(from_qty)s::int[], %(until_qty)s::int[],
    %(old_price)s::numeric[], %(old_per)s::int[], %(new_price)s::numeric[], %(new_per)s::int[])
    AS p(of_group, product_id, from_qty, until_qty, old_price, old_per, new_price, new_per)
), buyer AS MATERIALIZED (
  SELECT * FROM unnest(%(buyers)s::uuid[], %(group_of_buyer)s::int[]) AS b(id, of_group)
), line AS (
  SELECT o.buyer_id, l.product_id, l.amount,
    round(p.new_price * (l.qty - l.cancelled_qty) / p.new_per, 2)
      - round(p.old_price * (l.qty - l.cancelled_qty) / p.old_per, 2) AS more
  FROM ordering_order o
  JOIN ordering_orderline l ON l.tenant_id = o.tenant_id AND l.order_id = o.id
  LEFT JOIN buyer b ON b.id = o.buyer_id
  LEFT JOIN price p ON p.of_group = b.of_group AND p.product_id = l.product_id
    AND l.qty >= p.from_qty AND (p.until_qty IS NULL OR l.qty < p.until_qty)
  WHERE o.tenant_id = %(tenant)s AND o.seller_id = %(seller)s AND o.state <> 'cancelled'
    AND o.placed_on >= %(since)s AND o.placed_on < %(until)s
)
SELECT buyer_id, product_id, count(*), count(more), sum(amount), coalesce(sum(more), 0) FROM line
GROUP BY GROUPING SETS ((buyer_id), (product_id), ())
"""


class Replayed(NamedTuple):
    """The lines of a buyer, of a product, or (both None) of all; `more` is what they would cost more."""

    buyer_id: UUID | None
    product_id: UUID | None
    lines: int
    repriced: int
    amount: Decimal | None
    more: Decimal

    @property
    def percent(self) -> str | None:
        found = percent_of(self.more, self.amount or ZERO_MONEY)
        return None if found is None else str(found)


def replayed_orders(impact: PriceImpact) -> CheckResult:
    """Return what each buyer would have paid more or less in the last year, the largest first.

    One statement.
    """
    columns, buyers = impact.columns(), impact.buyers
    since = impact.today - timedelta(days=DAYS)
    with connection.cursor() as cursor:
        cursor.execute(
            _REPLAY,
            {
                **columns._asdict(),
                "buyers": list(buyers),
                "group_of_buyer": list(buyers.values()),
                "tenant": active_tenant_id(),
                "seller": impact.seller.id,
                "since": since,
                "until": impact.today,
            },
        )
        rows = [Replayed(*row) for row in cursor.fetchall()]
    total = next((one for one in rows if one.buyer_id is None and one.product_id is None), _NOTHING)
    parties = sorted((one for one in rows if one.buyer_id and one.more), key=lambda one: -abs(one.more))
    products = sorted((one for one in rows if one.product_id and one.more), key=lambda one: -one.more)
    return CheckResult(
        [_finding(one) for one in parties],
        {
            "since": since.isoformat(),
            "until": impact.today.isoformat(),
            "lines": total.lines,
            "repriced": total.repriced,
            "more": str(total.more),
            "percent": total.percent,
            "dearer": [_product(one) for one in products[:TOP_PRODUCTS] if one.more > 0],
            "cheaper": [_product(one) for one in products[::-1][:TOP_PRODUCTS] if one.more < 0],
        },
    )


def replay_sentence(facts: Any) -> str:
    """Return how many lines were replayed, and the change in per cent of what the buyer ordered."""
    message = _("%(lines)s order lines of the last year at the new prices: %(percent)s%% of what was ordered")
    share = "—" if facts["percent"] is None else grouped(Decimal(facts["percent"]), 1)
    return message % {"lines": grouped(facts["lines"]), "percent": share}


_NOTHING = Replayed(None, None, 0, 0, None, ZERO_MONEY)


def _finding(one: Replayed) -> Finding:
    facts = {"lines": one.repriced, "percent": one.percent, "ordered": str(one.amount)}
    return Finding(facts, party_id=one.buyer_id, amount=one.more)


def _product(one: Replayed) -> dict[str, object]:
    return {"product_id": str(one.product_id), "more": str(one.more), "percent": one.percent}
