"""What a statement's base is made of, line by line, so many lines at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from kernel.money import ZERO
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


Place = tuple[date, str, str, str, UUID]
PAGE, OF_EACH_CARRIED = 500, 50


@dataclass(frozen=True, slots=True)
class Lines:
    """Some lines of a period. Of all of them: how many there are (`count`), their units, and what
    they count; `after` is the place of the last one here where more follow, else None."""

    lines: list[Line]
    count: int = 0
    units: int = 0
    counted: Decimal = ZERO
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class CarriedLines:
    """An earlier period that a statement carries: the first of all lines that its days count now,
    and the difference to what was stated for them. `due` as in models.Carried; `count` of all."""

    starts_on: date
    until: date
    base: Decimal
    due: Decimal
    lines: list[Line]
    count: int


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
), counted AS (
  SELECT l.starts_on, l.day, l.kind, l.number, l.order_number, p.sku, p.name, l.qty, l.net, l.id,
    l.sign * CASE WHEN %(by_quantity)s THEN l.qty ELSE l.net END AS counts
  FROM lines l JOIN catalogue_product p ON p.tenant_id = %(tenant)s AND p.id = l.product_id
  WHERE (l.qty > 0 OR l.net <> 0) AND (%(counts_all)s OR l.product_id = ANY(%(products)s::uuid[]))
), summed AS (
  SELECT *, count(*) OVER period AS all_lines, sum(qty) OVER period AS all_units,
    sum(counts) OVER period AS all_counted
  FROM counted WINDOW period AS (PARTITION BY starts_on)
), following AS (
  SELECT *, row_number() OVER (PARTITION BY starts_on ORDER BY day, sku, kind, number, id) AS place
  FROM summed WHERE %(day)s::date IS NULL
  OR (day, sku, kind, number, id) > (%(day)s::date, %(sku)s, %(kind)s, %(number)s, %(id)s::uuid)
)
SELECT starts_on, all_lines, all_units, all_counted, day, kind, number, order_number, sku, name, qty, net,
  id, counts
FROM following WHERE place <= %(most)s ORDER BY starts_on, place
"""


def beneath(statement: Statement, *, after: Place | None = None, most: int = PAGE) -> Lines:
    """The deliveries and returns of the party in the statement's period, by day and product: what
    they count adds up to its base. At most `most` of them, those after a place. Two statements."""
    settlement = statement.settlement
    if settlement.is_closing:
        return Lines([])
    return _lines(statement, [settlement], after, most).get(settlement.starts_on, Lines([]))


def carried_beneath(statement: Statement) -> list[CarriedLines]:
    """The earlier periods that the statement carries, oldest first, each with the first of its
    deliveries and returns. Three statements however many periods."""
    carried = list(statement.carried.select_related("settlement").order_by("settlement__starts_on"))
    periods = [one.settlement for one in carried]
    lines = _lines(statement, periods, None, OF_EACH_CARRIED) if carried else {}
    return [
        CarriedLines(of.starts_on, of.until, one.base, one.due, found.lines, found.count)
        for one in carried
        for of in (one.settlement,)
        for found in (lines.get(of.starts_on, Lines([])),)
    ]


def beneath_carried(
    statement: Statement, starts_on: date, *, after: Place | None = None, most: int = PAGE
) -> Lines | None:
    """As `beneath`, of one of the periods that the statement carries; None where it carries no such."""
    carried = statement.carried.select_related("settlement").filter(settlement__starts_on=starts_on).first()
    if carried is None:
        return None
    return _lines(statement, [carried.settlement], after, most).get(starts_on, Lines([]))


def place_of(line: Line) -> Place:
    return (line.day, line.sku, line.kind, line.number, line.line_id)


def _lines(
    statement: Statement, periods: Sequence[Settlement], after: Place | None, most: int
) -> dict[date, Lines]:
    """By the first day of each period."""
    settlement, program = statement.settlement, statement.settlement.program
    products = [str(one) for one in program.products.values_list("product_id", flat=True)]
    measure = settlement.terms.get("measure", program.measure)
    day, sku, kind, number, line_id = after or (None, "", "", "", None)
    found: dict[date, list[Line]] = {}
    sums: dict[date, tuple[int, int, Decimal]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "tenant": active_tenant_id(),
                "seller": program.seller_id,
                "buyer": statement.party_id,
                "froms": [one.starts_on for one in periods],
                "untils": [one.until for one in periods],
                "products": products,
                "counts_all": not products,
                "by_quantity": measure == Program.Measure.QUANTITY,
                "day": day,
                "sku": sku,
                "kind": kind,
                "number": number,
                "id": line_id,
                "most": most + 1,
            },
        )
        for start, count, units, counted, *line in cursor.fetchall():
            sums[start] = (count, units, counted)
            found.setdefault(start, []).append(Line(*line))
    return {
        start: Lines(lines[:most], *sums[start], place_of(lines[most - 1]) if len(lines) > most else None)
        for start, lines in found.items()
    }
