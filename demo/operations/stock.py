"""Create stock with its movements: openings, production, receipts and shipments, with their sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from dealers.models import Party
from demo.operations.price_lists import portfolio
from demo.operations.scenario import Plan, moment, month_start, read_world
from imports.operations.sales.bulk_insert import insert_rows, new_ids
from tenancy.context import active_tenant_id

MAKERS_SPARE, DEALERS_SPARE = 120, 20
PRODUCED = 1.06
SAFETY = 10


class Moved(NamedTuple):
    """A change of a party's stock of a product; `source` identifies it."""

    party_id: UUID
    product_id: UUID
    kind: str
    qty: int
    source: str
    at: datetime


_MOVED = """
WITH gone AS (
  SELECT o.seller_id, o.buyer_id, l.product_id, 'shipment' AS kind, 'shipment:' || s.id AS source,
    s.shipped_at AS left_at, s.delivered_at AS came_at, sum(p.qty + p.free_qty) AS units
  FROM ordering_shipment s JOIN ordering_order o ON o.tenant_id = s.tenant_id AND o.id = s.order_id
  JOIN ordering_shipmentline p ON p.tenant_id = s.tenant_id AND p.shipment_id = s.id
  JOIN ordering_orderline l ON l.tenant_id = p.tenant_id AND l.id = p.order_line_id
  WHERE s.tenant_id = %(tenant)s
  GROUP BY s.id, o.seller_id, o.buyer_id, l.product_id, s.shipped_at, s.delivered_at
  UNION ALL
  SELECT r.buyer_id, r.seller_id, l.product_id, 'return', 'return:' || r.id, r.returned_at, r.returned_at,
    sum(l.qty + l.free_qty)
  FROM ordering_return r JOIN ordering_returnline l ON l.tenant_id = r.tenant_id AND l.parent_id = r.id
  WHERE r.tenant_id = %(tenant)s GROUP BY r.id, r.buyer_id, r.seller_id, l.product_id, r.returned_at
), moved AS (
  SELECT seller_id AS party_id, product_id, kind, -units AS qty, source, left_at AS at FROM gone
  UNION ALL
  SELECT buyer_id, product_id, CASE kind WHEN 'shipment' THEN 'receipt' ELSE kind END, units, source, came_at
  FROM gone
)
SELECT m.party_id, m.product_id, m.kind, m.qty::bigint, m.source, m.at FROM moved m
JOIN dealers_party p ON p.tenant_id = %(tenant)s AND p.id = m.party_id AND p.tracks_stock
ORDER BY m.at, m.source
"""


def make_stock(plan: Plan) -> str:
    """Create the stock of every party that tracks it, and its movements.

    The opening is large enough that nothing was ever oversold. The movements are the opening, the maker's
    production, receipts and shipments.
    """
    world = read_world()
    keepers = set(Party.objects.filter(tracks_stock=True).values_list("id", flat=True))
    of: dict[tuple[UUID, UUID], list[Moved]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, {"tenant": active_tenant_id()})
        for row in cursor.fetchall():
            of[row[0], row[1]].append(Moved(*row))
    cases = {ware.id: ware.case for ware in world.wares}
    for keeper in [world.maker, *world.dealers]:
        for ware in portfolio(world, keeper) if keeper.id in keepers else ():
            of.setdefault((keeper.id, ware.id), [])
    rows, movements = [], list[tuple[str, Moved]]()
    for key, stock_id in zip(sorted(of), new_ids(len(of)), strict=True):
        mine, changes = key[0] == world.maker.id, of[key]
        if mine:
            changes += _produced(plan, changes, cases.get(key[1], 1))
        spare = (MAKERS_SPARE if mine else DEALERS_SPARE) * cases.get(key[1], 1)
        level, since = _lowest(changes) + spare, moment(plan.first_day, time(0))
        opening = Moved(*key, "count", level, f"opening:{plan.first_day}", since)
        movements += [(stock_id, one) for one in [opening, *changes]]
        safety = SAFETY * cases.get(key[1], 1) if mine else 0
        rows.append((stock_id, *key, level + sum(one.qty for one in changes), safety))
    ids, parties, products, levels, safeties = zip(*rows, strict=True)
    insert_rows(
        "ordering_stock",
        {
            "id": ("uuid", ids),
            "party_id": ("uuid", parties),
            "product_id": ("uuid", products),
            "on_hand": ("bigint", levels),
            "safety": ("bigint", safeties),
        },
        {"quarantine": 0, "hard": 0, "soft": 0},
    )
    insert_rows(
        "ordering_stockmovement",
        {
            "id": ("uuid", new_ids(len(movements))),
            "stock_id": ("uuid", [stock_id for stock_id, _ in movements]),
            "kind": ("text", [one.kind for _, one in movements]),
            "qty": ("bigint", [one.qty for _, one in movements]),
            "source": ("text", [one.source for _, one in movements]),
            "at": ("timestamptz", [one.at.isoformat() for _, one in movements]),
        },
    )
    return f"{len(rows)} 个库存、{len(movements)} 次出入库"


def _produced(plan: Plan, changes: Iterable[Moved], case: int) -> list[Moved]:
    """Return the maker's production: on the first of each month a little more than was sold before."""
    sold: dict[date, int] = defaultdict(int)
    one = None
    for one in changes:
        sold[month_start(one.at.date(), 1)] -= one.qty
    if one is None:
        return []
    last = plan.day - timedelta(days=1)
    return [
        Moved(
            one.party_id,
            one.product_id,
            "receipt",
            _full_cases(units, case),
            f"production:{day}",
            moment(day, time(6)),
        )
        for day, units in sorted(sold.items(), key=str)
        if units > 0 and day <= last
    ]


def _full_cases(units: int, case: int) -> int:
    """Return the production for units sold, rounded to full cases."""
    return round(units * PRODUCED / case + 1) * case


def _lowest(changes: Iterable[Moved]) -> int:
    """Return how much stock is needed at the start so that the level is never negative."""
    level = lowest = 0
    for one in sorted(changes, key=lambda one: one.at):
        level += one.qty
        lowest = min(lowest, level)
    return -lowest
