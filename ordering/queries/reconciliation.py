"""Check stored sums against their sources: facts, stock, open amounts and postings.

Each query returns at most `limit` differences of each kind; any difference is a defect.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

from tenancy.context import active_tenant_id


class Difference(NamedTuple):
    """A stored value and the value computed from its sources, as text."""

    what: str
    where: str
    stored: str
    computed: str


_FACTS = """
WITH actions AS (
  SELECT o.placed_on AS day, o.seller_id, o.buyer_id, l.product_id,
    l.qty - l.cancelled_qty AS ordered_qty,
    CASE WHEN l.qty = 0 THEN 0
      WHEN l.net * 100 < l.qty THEN round(l.net * (l.qty - l.cancelled_qty) / l.qty, 2)
      ELSE round(l.amount * (l.qty - l.cancelled_qty) / l.qty, 2)
        - round(l.tax * (l.qty - l.cancelled_qty) / l.qty, 2) END AS ordered_net,
    0 AS delivered_qty, 0 AS delivered_free, 0::numeric AS delivered_net, 0 AS returned_qty,
    0::numeric AS returned_net
  FROM ordering_order o JOIN ordering_orderline l ON l.tenant_id = o.tenant_id AND l.order_id = o.id
  WHERE o.tenant_id = %(tenant)s AND o.state NOT IN ('review', 'held')
  UNION ALL
  SELECT s.delivered_on, o.seller_id, o.buyer_id, l.product_id, 0, 0, p.qty, p.free_qty, p.net, 0, 0
  FROM ordering_shipment s JOIN ordering_order o ON o.tenant_id = s.tenant_id AND o.id = s.order_id
  JOIN ordering_shipmentline p ON p.tenant_id = s.tenant_id AND p.shipment_id = s.id
  JOIN ordering_orderline l ON l.tenant_id = p.tenant_id AND l.id = p.order_line_id
  WHERE s.tenant_id = %(tenant)s AND s.state = 'delivered'
  UNION ALL
  SELECT r.returned_on, r.seller_id, r.buyer_id, l.product_id, 0, 0, 0, 0, 0, l.qty - l.charged_free, l.net
  FROM ordering_return r JOIN ordering_returnline l ON l.tenant_id = r.tenant_id AND l.parent_id = r.id
  WHERE r.tenant_id = %(tenant)s
), folded AS (
  SELECT day, seller_id, buyer_id, product_id, ARRAY[sum(ordered_qty), sum(ordered_net),
    sum(delivered_qty), sum(delivered_free), sum(delivered_net), sum(returned_qty), sum(returned_net)] AS m
  FROM actions GROUP BY day, seller_id, buyer_id, product_id
), kept AS (
  SELECT day, seller_id, buyer_id, product_id, ARRAY[ordered_qty, ordered_net, delivered_qty,
    delivered_free, delivered_net, returned_qty, returned_net]::numeric[] AS m
  FROM ordering_tradefact WHERE tenant_id = %(tenant)s
)
SELECT 'facts', concat_ws(' ', day, seller_id, buyer_id, product_id), k.m::text, f.m::text
FROM kept k FULL JOIN folded f USING (day, seller_id, buyer_id, product_id)
WHERE coalesce(k.m, '{0,0,0,0,0,0,0}') <> coalesce(f.m, '{0,0,0,0,0,0,0}')
"""

_DAYS = """
WITH folded AS (
  SELECT day, seller_id, buyer_id, ARRAY[sum(delivered_net), sum(returned_net)] AS m
  FROM ordering_tradefact WHERE tenant_id = %(tenant)s GROUP BY day, seller_id, buyer_id
), kept AS (
  SELECT day, seller_id, buyer_id, ARRAY[delivered_net, returned_net] AS m
  FROM ordering_tradeday WHERE tenant_id = %(tenant)s
)
SELECT 'days', concat_ws(' ', day, seller_id, buyer_id), k.m::text, f.m::text
FROM kept k FULL JOIN folded f USING (day, seller_id, buyer_id)
WHERE coalesce(k.m, '{0,0}') <> coalesce(f.m, '{0,0}')
"""

_ON_HAND = """
SELECT 'on hand', s.party_id || ' ' || s.product_id, s.on_hand::text, coalesce(m.qty, 0)::text
FROM ordering_stock s LEFT JOIN (SELECT stock_id, sum(qty) AS qty FROM ordering_stockmovement
  WHERE tenant_id = %(tenant)s GROUP BY stock_id) m ON m.stock_id = s.id
WHERE s.tenant_id = %(tenant)s AND s.on_hand <> coalesce(m.qty, 0)
"""

_RESERVED = """
WITH folded AS (
  SELECT o.seller_id AS party_id, l.product_id,
    sum(l.reserved_qty) FILTER (WHERE o.state IN ('placed', 'confirmed')) AS soft,
    sum(l.reserved_qty) FILTER (WHERE o.state NOT IN ('placed', 'confirmed')) AS hard
  FROM ordering_order o JOIN ordering_orderline l ON l.tenant_id = o.tenant_id AND l.order_id = o.id
  WHERE o.tenant_id = %(tenant)s AND l.reserved_qty > 0 GROUP BY o.seller_id, l.product_id
)
SELECT 'reserved', concat_ws(' ', party_id, product_id), concat_ws(' ', s.soft, s.hard),
  concat_ws(' ', coalesce(f.soft, 0), coalesce(f.hard, 0))
FROM (SELECT * FROM ordering_stock WHERE tenant_id = %(tenant)s) s
FULL JOIN folded f USING (party_id, product_id)
WHERE coalesce(s.soft, 0) <> coalesce(f.soft, 0) OR coalesce(s.hard, 0) <> coalesce(f.hard, 0)
"""

_COMMITTED = """
SELECT 'committed', k.id::text, a.balance::text, coalesce(o.amount, 0)::text
FROM ledger_book k
JOIN ledger_account a ON a.tenant_id = k.tenant_id AND a.book_id = k.id AND a.kind = 'committed'
LEFT JOIN (SELECT seller_id, buyer_id, sum(open_amount) AS amount FROM ordering_order
  WHERE tenant_id = %(tenant)s GROUP BY seller_id, buyer_id) o
  ON o.seller_id = k.seller_id AND o.buyer_id = k.buyer_id
WHERE k.tenant_id = %(tenant)s AND a.balance <> coalesce(o.amount, 0)
"""

_SALES = """
WITH trade AS (
  SELECT o.seller_id, o.buyer_id, p.net, p.tax FROM ordering_shipment s
  JOIN ordering_order o ON o.tenant_id = s.tenant_id AND o.id = s.order_id
  JOIN ordering_shipmentline p ON p.tenant_id = s.tenant_id AND p.shipment_id = s.id
  WHERE s.tenant_id = %(tenant)s AND s.state = 'delivered'
  UNION ALL
  SELECT seller_id, buyer_id, -net, -tax FROM ordering_return WHERE tenant_id = %(tenant)s
), folded AS (SELECT seller_id, buyer_id, sum(net) AS net, sum(tax) AS tax FROM trade GROUP BY 1, 2)
SELECT 'sales', k.id::text, concat_ws(' ', -s.balance, -t.balance),
  concat_ws(' ', coalesce(f.net, 0), coalesce(f.tax, 0))
FROM ledger_book k
JOIN ledger_account s ON s.tenant_id = k.tenant_id AND s.book_id = k.id AND s.kind = 'sales'
JOIN ledger_account t ON t.tenant_id = k.tenant_id AND t.book_id = k.id AND t.kind = 'tax'
LEFT JOIN folded f ON f.seller_id = k.seller_id AND f.buyer_id = k.buyer_id
WHERE k.tenant_id = %(tenant)s
  AND (-s.balance <> coalesce(f.net, 0) OR -t.balance <> coalesce(f.tax, 0))
"""

_LINES = """
SELECT 'order', o.number, concat_ws(' ', o.total, o.tax), concat_ws(' ', sum(l.amount), sum(l.tax))
FROM ordering_order o LEFT JOIN ordering_orderline l ON l.tenant_id = o.tenant_id AND l.order_id = o.id
WHERE o.tenant_id = %(tenant)s GROUP BY o.id, o.number, o.total, o.tax
HAVING o.total <> coalesce(sum(l.amount), 0) OR o.tax <> coalesce(sum(l.tax), 0)
"""


def _differences(sql: str, limit: int) -> list[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT %(limit)s", {"tenant": active_tenant_id(), "limit": limit})
        return [Difference(*map(str, row)) for row in cursor.fetchall()]


def fact_differences(limit: int = 20) -> list[Difference]:
    """Compare trade facts with orders, deliveries and returns, and days of trade with the facts."""
    return _differences(_FACTS, limit) + _differences(_DAYS, limit)


def stock_differences(limit: int = 20) -> list[Difference]:
    """Compare stock on hand with its movements, and reservations with the lines of orders."""
    return _differences(_ON_HAND, limit) + _differences(_RESERVED, limit)


def ledger_differences(limit: int = 20) -> list[Difference]:
    """Compare each book's commitments and sales with its orders, and orders' totals with their lines."""
    return [one for sql in (_COMMITTED, _SALES, _LINES) for one in _differences(sql, limit)]


def differences(limit: int = 20) -> list[Difference]:
    """Return the differences of all kinds."""
    return fact_differences(limit) + stock_differences(limit) + ledger_differences(limit)
