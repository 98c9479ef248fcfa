"""What a statement's base is made of, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from rebates.models import Program, Settlement, Statement
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


@dataclass(frozen=True, slots=True)
class CarriedLines:
    """An earlier period that a statement carries: all that its days count now, and the difference
    to what was stated for them. `due` as in models.Carried."""

    starts_on: date
    until: date
    base: Decimal
    due: Decimal
    lines: list[Line]


_SQL = """
WITH periods AS (
  SELECT * FROM unnest(%(froms)s::date[], %(untils)s::date[]) AS p(starts_on, until)
), lines AS (
  SELECT d.starts_on, s.delivered_on AS day, 'delivery' AS kind, s.number, o.number AS order_number,
    ol.product_id, l.qty, l.net, l.id, 1 AS sign
  FROM periods d JOIN ordering_order o
  ON o.tenant_id = %(tenant)s AND o.seller_id = %(seller)s AND o.buyer_id = %(buyer)s
  JOIN ordering_shipment s ON s.tenant_id = o.tenant_id AND s.order_id = o.id
  AND s.delivered_on >= d.starts_on AND s.delivered_on < d.until
  JOIN ordering_shipmentline l ON l.tenant_id = s.tenant_id AND l.shipment_id = s.id
  JOIN ordering_orderline ol ON ol.tenant_id = l.tenant_id AND ol.id = l.order_line_id
  UNION ALL
  SELECT d.starts_on, r.returned_on, 'return', r.number, coalesce(o.number, ''), l.product_id, l.qty,
    l.net, l.id, -1
  FROM periods d JOIN ordering_return r
  ON r.tenant_id = %(tenant)s AND r.seller_id = %(seller)s AND r.buyer_id = %(buyer)s
  AND r.returned_on >= d.starts_on AND r.returned_on < d.until
  JOIN ordering_returnline l ON l.tenant_id = r.tenant_id AND l.parent_id = r.id
  LEFT JOIN ordering_order o ON o.tenant_id = r.tenant_id AND o.id = r.order_id
)
SELECT l.starts_on, l.day, l.kind, l.number, l.order_number, p.sku, p.name, l.qty, l.net, l.id,
  l.sign * CASE WHEN %(by_quantity)s THEN l.qty ELSE l.net END
FROM lines l JOIN catalogue_product p ON p.tenant_id = %(tenant)s AND p.id = l.product_id
WHERE (l.qty > 0 OR l.net <> 0) AND (%(counts_all)s OR l.product_id = ANY(%(products)s::uuid[]))
ORDER BY l.starts_on, l.day, p.sku, l.kind, l.number, l.id
"""


def beneath(statement: Statement) -> list[Line]:
    """The deliveries and returns of the party in the statement's period, by day and product: what
    they count adds up to its base. Two statements."""
    settlement = statement.settlement
    if settlement.is_closing:
        return []
    return _lines(statement, [settlement]).get(settlement.starts_on, [])


def carried_beneath(statement: Statement) -> list[CarriedLines]:
    """The earlier periods that the statement carries, oldest first, each with all its deliveries
    and returns. Three statements however many periods."""
    carried = list(statement.carried.select_related("settlement").order_by("settlement__starts_on"))
    lines = _lines(statement, [one.settlement for one in carried]) if carried else {}
    return [
        CarriedLines(of.starts_on, of.until, one.base, one.due, lines.get(of.starts_on, []))
        for one in carried
        for of in (one.settlement,)
    ]


def _lines(statement: Statement, periods: Sequence[Settlement]) -> dict[date, list[Line]]:
    """By the first day of each period."""
    settlement, program = statement.settlement, statement.settlement.program
    products = [str(one) for one in program.products.values_list("product_id", flat=True)]
    measure = settlement.terms.get("measure", program.measure)
    found: dict[date, list[Line]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "tenant": active_tenant_id(), "seller": program.seller_id, "buyer": statement.party_id,
                "froms": [one.starts_on for one in periods], "untils": [one.until for one in periods],
                "products": products, "counts_all": not products,
                "by_quantity": measure == Program.Measure.QUANTITY,
            },
        )  # fmt: skip
        for row in cursor.fetchall():
            found.setdefault(row[0], []).append(Line(*row[1:]))
    return found
