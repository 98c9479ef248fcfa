"""What buyers have in stock of one seller's products at a moment, down to the receipts it came from.

Goods leave first in, first out, so that the newest receipts are on hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from kernel.money import exact, unit_price
from tenancy.context import active_tenant_id

Pair = tuple[UUID, UUID]
"""A buyer and a product."""


class Lot(NamedTuple):
    """Units of a product that came, or are on their way, with one shipment, less those sent back.

    `day` is None in transit. `net` and `tax` are those of `charged` units, free ones among them, and
    `ordered` the paid units of its order line.
    """

    shipment_id: UUID
    number: str
    shipped_at: datetime
    day: date | None
    units: int
    charged: int
    net: Decimal
    tax: Decimal
    ordered: int

    @exact
    def paid(self, *, tax_included: bool) -> Decimal:
        """Return the price paid for a base unit, free units among them."""
        return unit_price((self.net + self.tax if tax_included else self.net) / self.charged)


@dataclass(slots=True)
class BuyerStock:
    """A product at a buyer: the units on hand, None without figures, and its lots, the newest first."""

    on_hand: int | None
    received: list[Lot] = field(default_factory=list)
    in_transit: list[Lot] = field(default_factory=list)


_BUYERS = (
    "SELECT DISTINCT o.buyer_id FROM ordering_order o"
    " JOIN ordering_orderline l ON l.tenant_id = o.tenant_id AND l.order_id = o.id"
    " WHERE o.tenant_id = %(tenant)s AND o.seller_id = %(seller)s AND l.shipped_qty + l.shipped_free > 0"
    " AND l.product_id = ANY(%(products)s::uuid[]) AND (%(after)s::uuid IS NULL OR o.buyer_id > %(after)s)"
    " ORDER BY 1 LIMIT %(max)s"
)

_LOTS = (
    "WITH stated AS (SELECT * FROM unnest(%(stated_buyers)s::uuid[], %(stated_products)s::uuid[],"
    "  %(stated_units)s::bigint[]) AS w(buyer_id, product_id, on_hand)), "
    # What lies there now, less what has moved since the moment.
    "held AS (SELECT k.party_id AS buyer_id, k.product_id, k.on_hand - coalesce((SELECT sum(m.qty)"
    "  FROM ordering_stockmovement m WHERE m.tenant_id = k.tenant_id AND m.stock_id = k.id"
    "  AND m.at > %(at)s), 0) AS on_hand FROM ordering_stock k WHERE k.tenant_id = %(tenant)s"
    "  AND k.party_id = ANY(%(tracking)s::uuid[]) AND k.product_id = ANY(%(products)s::uuid[])), "
    "lines AS MATERIALIZED (SELECT o.buyer_id, l.product_id, p.id, p.order_line_id, s.id AS shipment_id,"
    "  s.number, s.shipped_at, s.delivered_at,"
    "  CASE WHEN s.delivered_at <= %(at)s THEN least(s.delivered_on, %(day)s) END AS day,"
    "  p.qty + p.free_qty AS charged, p.net, p.tax, l.qty AS ordered"
    "  FROM ordering_order o JOIN ordering_shipment s ON s.tenant_id = o.tenant_id AND s.order_id = o.id"
    "  JOIN ordering_shipmentline p ON p.tenant_id = s.tenant_id AND p.shipment_id = s.id"
    "  JOIN ordering_orderline l ON l.tenant_id = p.tenant_id AND l.id = p.order_line_id"
    "  WHERE o.tenant_id = %(tenant)s AND o.seller_id = %(seller)s AND o.buyer_id = ANY(%(buyers)s::uuid[])"
    "  AND l.product_id = ANY(%(products)s::uuid[]) AND s.shipped_at <= %(at)s), "
    "back AS (SELECT r.order_line_id, sum(r.qty + r.free_qty) AS units FROM ordering_returnline r"
    "  JOIN ordering_return t ON t.tenant_id = r.tenant_id AND t.id = r.parent_id"
    "  WHERE r.tenant_id = %(tenant)s AND r.order_line_id IN (SELECT order_line_id FROM lines)"
    "  AND t.returned_at <= %(at)s GROUP BY 1), "
    # What was sent back of an order line is taken from its newest receipts.
    "lots AS (SELECT n.*, n.charged - CASE WHEN n.day IS NULL THEN 0 ELSE greatest(0, least(n.charged,"
    "   coalesce(b.units, 0) - sum(n.charged) OVER newest_of_line + n.charged)) END AS units"
    "  FROM lines n LEFT JOIN back b ON b.order_line_id = n.order_line_id"
    "  WINDOW newest_of_line AS (PARTITION BY n.order_line_id, n.day IS NULL"
    "   ORDER BY n.delivered_at DESC, n.id DESC ROWS UNBOUNDED PRECEDING)), "
    "placed AS (SELECT t.*, coalesce(w.on_hand, h.on_hand) AS on_hand,"
    "  sum(t.units) OVER newest - t.units AS newer, row_number() OVER newest AS place FROM lots t"
    "  LEFT JOIN stated w ON w.buyer_id = t.buyer_id AND w.product_id = t.product_id"
    "  LEFT JOIN held h ON h.buyer_id = t.buyer_id AND h.product_id = t.product_id"
    "  WINDOW newest AS (PARTITION BY t.buyer_id, t.product_id, t.day IS NULL"
    "   ORDER BY t.day DESC, t.delivered_at DESC, t.id DESC ROWS UNBOUNDED PRECEDING)) "
    "SELECT buyer_id, product_id, on_hand, shipment_id, number, shipped_at, day, units, charged, net, tax,"
    " ordered FROM placed WHERE day IS NULL OR newer < on_hand OR place = 1"
    " ORDER BY buyer_id, product_id, day DESC NULLS LAST, delivered_at DESC, shipped_at DESC, id DESC"
)


def buyers_of(
    *, seller_id: UUID, product_ids: Iterable[UUID], after: UUID | None, max_buyers: int
) -> list[UUID]:
    """Return the buyers, in the order of their ids, to which the seller has shipped the products."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BUYERS,
            {
                "tenant": active_tenant_id(),
                "seller": seller_id,
                "products": list(product_ids),
                "after": after,
                "max": max_buyers,
            },
        )
        return [buyer for (buyer,) in cursor.fetchall()]


def stock_lots(
    *,
    seller_id: UUID,
    buyer_ids: Sequence[UUID],
    product_ids: Sequence[UUID],
    tracking: Iterable[UUID],
    at: datetime,
    day: date,
    stated: Mapping[Pair, int] | None = None,
) -> dict[Pair, BuyerStock]:
    """Return what the buyers had of the products at a moment, on the tenant's `day`. One statement.

    `tracking` are the buyers with stock figures here; for those of the others who have `stated` their
    stock, it is that. A buyer has at least its newest lot, and all that its stock goes back to.
    """
    given = stated or {}
    tracked = set(tracking)
    with connection.cursor() as cursor:
        cursor.execute(
            _LOTS,
            {
                "tenant": active_tenant_id(),
                "seller": seller_id,
                "buyers": list(buyer_ids),
                "products": list(product_ids),
                "tracking": sorted(tracked),
                "at": at,
                "day": day,
                "stated_buyers": [buyer for buyer, _product in given],
                "stated_products": [product for _buyer, product in given],
                "stated_units": list(given.values()),
            },
        )
        rows = cursor.fetchall()
    found: dict[Pair, BuyerStock] = {}
    for buyer, product, on_hand, *lot in rows:
        units = 0 if on_hand is None and buyer in tracked else on_hand
        stock = found.setdefault((buyer, product), BuyerStock(None if units is None else max(0, int(units))))
        one = Lot(*lot)
        (stock.in_transit if one.day is None else stock.received).append(one._replace(units=int(one.units)))
    return found
