"""Add to the daily trade facts, in the transaction of the operation that changes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from kernel.array_literals import with_array_literals
from kernel.money import ZERO_MONEY
from tenancy.context import active_tenant_id
from tenancy.models import new_id


class Fact(NamedTuple):
    """An addition to one seller's, buyer's and product's day; a correction is negative."""

    day: date
    seller_id: UUID
    buyer_id: UUID
    product_id: UUID
    ordered_qty: int = 0
    ordered_net: Decimal = ZERO_MONEY
    delivered_qty: int = 0
    delivered_free: int = 0
    delivered_net: Decimal = ZERO_MONEY
    returned_qty: int = 0
    returned_net: Decimal = ZERO_MONEY


_MEASURES = Fact._fields[4:]

ADD_FACTS = (
    "add_trade_facts(%(tenant)s, %(fact_days)s, %(fact_sellers)s, %(fact_buyers)s, %(fact_products)s, "
    + ", ".join(f"%({name})s" for name in _MEASURES)
    + ")"
)

_DAYS_CTE = (
    "INSERT INTO ordering_tradeday (id, tenant_id, day, seller_id, buyer_id, delivered_net, returned_net)"
    " SELECT d.id, %(tenant)s, d.day, d.seller_id, d.buyer_id, d.delivered_net, d.returned_net"
    " FROM unnest(%(day_ids)s::uuid[], %(days)s::date[], %(day_sellers)s::uuid[], %(day_buyers)s::uuid[],"
    " %(day_delivered)s::numeric[], %(day_returned)s::numeric[])"
    " AS d(id, day, seller_id, buyer_id, delivered_net, returned_net)"
    " ON CONFLICT (tenant_id, seller_id, day, buyer_id) DO UPDATE SET"
    " delivered_net = ordering_tradeday.delivered_net + excluded.delivered_net,"
    " returned_net = ordering_tradeday.returned_net + excluded.returned_net"
)


def fact_columns(rows: Iterable[Fact]) -> dict[str, Any]:
    """Return the parameters of ADD_FACTS: one row for each key, sorted by key."""
    added: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        measures = added.setdefault(row[:4], [0, ZERO_MONEY, 0, 0, ZERO_MONEY, 0, ZERO_MONEY])
        for i, value in enumerate(row[4:]):
            measures[i] += value
    rows_of_keys = sorted(([str(part) for part in key], sums) for key, sums in added.items())
    names = ("fact_days", "fact_sellers", "fact_buyers", "fact_products")
    columns: dict[str, Any] = {"tenant": active_tenant_id()}
    columns |= {name: [key[i] for key, _sums in rows_of_keys] for i, name in enumerate(names)}
    return columns | {name: [sums[i] for _key, sums in rows_of_keys] for i, name in enumerate(_MEASURES)}


def add_facts(rows: Iterable[Fact]) -> None:
    """Add the rows to the facts, and deliveries and returns to the days of trade, in one statement.

    Rows with the same key are summed first.
    """
    facts = list(rows)
    if not facts:
        return
    columns, days = fact_columns(facts), _day_columns(facts)
    sql = f"WITH days AS ({_DAYS_CTE}) SELECT {ADD_FACTS}" if days["day_ids"] else f"SELECT {ADD_FACTS}"
    with connection.cursor() as cursor:
        cursor.execute(sql, with_array_literals(columns | days))


def _day_columns(rows: Iterable[Fact]) -> dict[str, Any]:
    """Return the parameters of _DAYS_CTE; a row that only orders adds nothing to a day of trade."""
    added: dict[tuple[date, UUID, UUID], tuple[Decimal, Decimal]] = {}
    for row in rows:
        if row.delivered_net or row.returned_net:
            delivered, returned = added.get(row[:3], (ZERO_MONEY, ZERO_MONEY))
            added[row[:3]] = delivered + row.delivered_net, returned + row.returned_net
    keys = sorted(added)
    return {
        "day_ids": [str(new_id()) for _ in keys],
        "days": [str(day) for day, _seller, _buyer in keys],
        "day_sellers": [str(seller) for _day, seller, _buyer in keys],
        "day_buyers": [str(buyer) for _day, _seller, buyer in keys],
        "day_delivered": [added[key][0] for key in keys],
        "day_returned": [added[key][1] for key in keys],
    }
