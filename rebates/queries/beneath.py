"""What a statement's base is made of, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from rebates.models import Program, Statement
from tenancy.context import active_tenant_id


@dataclass(frozen=True, slots=True)
class Line:
    """A delivered or returned line; `counted` is what it adds to the base, less than 0 for a return.

    `kind` is delivery or return, `number` that of the shipment or the return.
    """

    day: date
    kind: str
    number: str
    order: str
    sku: str
    name: str
    qty: int
    net: Decimal
    line_id: UUID
    counted: Decimal


_SQL = """
WITH lines AS (
  SELECT s.delivered_on AS day, 'delivery' AS kind, s.number, o.number AS order_number, ol.product_id,
    l.qty, l.net, l.id, 1 AS sign
  FROM ordering_order o
  JOIN ordering_shipment s ON s.tenant_id = o.tenant_id AND s.order_id = o.id
  JOIN ordering_shipmentline l ON l.tenant_id = s.tenant_id AND l.shipment_id = s.id
  JOIN ordering_orderline ol ON ol.tenant_id = l.tenant_id AND ol.id = l.order_line_id
  WHERE o.tenant_id = %(tenant)s AND o.seller_id = %(seller)s AND o.buyer_id = %(buyer)s
  AND s.delivered_on >= %(from)s AND s.delivered_on < %(until)s
  UNION ALL
  SELECT r.returned_on, 'return', r.number, coalesce(o.number, ''), l.product_id, l.qty, l.net, l.id, -1
  FROM ordering_return r
  JOIN ordering_returnline l ON l.tenant_id = r.tenant_id AND l.parent_id = r.id
  LEFT JOIN ordering_order o ON o.tenant_id = r.tenant_id AND o.id = r.order_id
  WHERE r.tenant_id = %(tenant)s AND r.seller_id = %(seller)s AND r.buyer_id = %(buyer)s
  AND r.returned_on >= %(from)s AND r.returned_on < %(until)s
)
SELECT l.day, l.kind, l.number, l.order_number, p.sku, p.name, l.qty, l.net, l.id,
  l.sign * CASE WHEN %(by_quantity)s THEN l.qty ELSE l.net END
FROM lines l JOIN catalogue_product p ON p.tenant_id = %(tenant)s AND p.id = l.product_id
WHERE (l.qty > 0 OR l.net <> 0) AND (%(counts_all)s OR l.product_id = ANY(%(products)s::uuid[]))
ORDER BY l.day, p.sku, l.kind, l.number, l.id
"""


def beneath(statement: Statement) -> list[Line]:
    """The deliveries and returns of the party in the statement's period, by day and product: what
    they count adds up to its base. Two statements."""
    settlement, program = statement.settlement, statement.settlement.program
    products = [str(one) for one in program.products.values_list("product_id", flat=True)]
    measure = settlement.terms.get("measure", program.measure)
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "tenant": active_tenant_id(), "seller": program.seller_id, "buyer": statement.party_id,
                "from": settlement.starts_on, "until": settlement.until, "products": products,
                "counts_all": not products, "by_quantity": measure == Program.Measure.QUANTITY,
            },
        )  # fmt: skip
        return [Line(*row) for row in cursor.fetchall()]
