"""The deliveries and returns that a statement counts, in pages of lines."""

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
    """A delivered or returned line; `counted` is what it adds to the base, negative for a return.

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
LINES_PER_PAGE, LINES_PER_CARRIED_PERIOD = 500, 50


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of a period's lines. `count`, `units` and `counted` are of all its lines.

    `after` is the place of the page's last line if more follow, otherwise None.
    """

    lines: list[Line]
    count: int = 0
    units: int = 0
    counted: Decimal = ZERO
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class CarriedLines:
    """A late adjustment of a statement with the first lines of its period.

    `base` and `due` as in models.Carried; `count` is the number of all lines that the period counts now.
    """

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
  SELECT d.starts_on, r.returned_on, 'return', r.number, coalesce(o.number, ''), l.product_id,
    l.qty - l.charged_free, l.net, l.id, -1
  FROM periods d JOIN ordering_return r
  ON r.tenant_id = %(tenant)s AND r.seller_id = %(seller)s AND r.buyer_id = %(buyer)s
  AND r.returned_on >= d.starts_on AND r.returned_on < d.until
  JOIN ordering_returnline l ON l.tenant_id = r.tenant_id AND l.parent_id = r.id
  LEFT JOIN ordering_order o ON o.tenant_id = r.tenant_id AND o.id = r.order_id
), counted AS (
  SELECT l.starts_on, l.day, l.kind, l.number, l.order_number, p.sku, p.name, l.qty, l.net, l.id,
    l.sign * CASE WHEN %(by_quantity)s THEN l.qty ELSE l.net END AS counts
  FROM lines l JOIN catalogue_product p ON p.tenant_id = %(tenant)s AND p.id = l.product_id
  WHERE (l.qty <> 0 OR l.net <> 0) AND (%(counts_all)s OR l.product_id = ANY(%(products)s::uuid[]))
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
FROM following WHERE place <= %(limit)s ORDER BY starts_on, place
"""


def lines_of(statement: Statement, *, after: Place | None = None, limit: int = LINES_PER_PAGE) -> Lines:
    """Return the party's deliveries and returns in the statement's period, by day and product.

    Their `counted` adds up to its base. At most `limit` lines, those after a place. Two SQL statements.
    """
    settlement = statement.settlement
    if settlement.is_closing:
        return Lines([])
    return _lines(statement, [settlement], after, limit).get(settlement.starts_on, Lines([]))


def carried_lines(statement: Statement) -> list[CarriedLines]:
    """Return the late adjustments of a statement, oldest first, each with its first lines.

    Three SQL statements for any number of periods.
    """
    carried = list(statement.carried.select_related("settlement").order_by("settlement__starts_on"))
    periods = [one.settlement for one in carried]
    lines = _lines(statement, periods, None, LINES_PER_CARRIED_PERIOD) if carried else {}
    return [
        CarriedLines(of.starts_on, of.until, one.base, one.due, found.lines, found.count)
        for one in carried
        for of in (one.settlement,)
        for found in (lines.get(of.starts_on, Lines([])),)
    ]


def lines_of_carried_period(
    statement: Statement, starts_on: date, *, after: Place | None = None, limit: int = LINES_PER_PAGE
) -> Lines | None:
    """Return the lines of one period that the statement carries, as `lines_of`; None if it carries none."""
    carried = statement.carried.select_related("settlement").filter(settlement__starts_on=starts_on).first()
    if carried is None:
        return None
    return _lines(statement, [carried.settlement], after, limit).get(starts_on, Lines([]))


def place_of(line: Line) -> Place:
    return (line.day, line.sku, line.kind, line.number, line.line_id)


def _lines(
    statement: Statement, periods: Sequence[Settlement], after: Place | None, limit: int
) -> dict[date, Lines]:
    """Return the lines by the first day of each period."""
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
                "limit": limit + 1,
            },
        )
        for start, count, units, counted, *line in cursor.fetchall():
            sums[start] = (count, units, counted)
            found.setdefault(start, []).append(Line(*line))
    return {
        start: Lines(lines[:limit], *sums[start], place_of(lines[limit - 1]) if len(lines) > limit else None)
        for start, lines in found.items()
    }
