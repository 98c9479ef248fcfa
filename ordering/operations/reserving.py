"""Change stock rows, locked in the order of their ids and only if the stock suffices.

`soft` counts units ordered but not confirmed, `hard` confirmed ones; both reduce what may be sold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from kernel.array_literals import with_array_literals
from kernel.refusals import Refusal
from ordering.operations.daily_facts import ADD_FACTS, Fact, fact_columns
from ordering.queries.stock import available_of
from tenancy.context import active_tenant_id
from tenancy.models import new_id


class OutOfStock(Refusal):
    code = "out_of_stock"


class Wanted(NamedTuple):
    """Units that one line needs from stock; `field` names the line in a refusal."""

    product_id: UUID
    units: int
    sku: str
    field: str


_LOCKED = (
    "wanted AS MATERIALIZED (SELECT * FROM unnest(%(products)s::uuid[], %(units)s::bigint[])"
    " AS w(product_id, units)), "
    "locked AS MATERIALIZED (SELECT s.id, s.product_id FROM ordering_stock s"
    " WHERE s.tenant_id = %(tenant)s AND s.party_id = %(party)s"
    " AND s.product_id = ANY(%(products)s::uuid[]) ORDER BY s.id FOR NO KEY UPDATE), "
)


RESERVE_STOCK = "reserve_stock(%(tenant)s, %(party)s, %(products)s, %(units)s)"


def stock_columns(party_id: UUID, wanted: Iterable[Wanted]) -> dict[str, Any]:
    """Return the parameters of RESERVE_STOCK but the tenant."""
    units = _by_product(wanted)
    return {
        "party": party_id,
        "products": [str(product) for product in units],
        "units": list(units.values()),
    }


def check_reserved(party_id: UUID, wanted: Sequence[Wanted], products: Iterable[UUID]) -> None:
    """Raise OutOfStock unless RESERVE_STOCK has returned all products that the lines need.

    It names every line that is short, and the units available for it.
    """
    missing = _by_product(wanted).keys() - set(products)
    if missing:
        raise _short(party_id, [one for one in wanted if one.product_id in missing])


def reserve_softly(*, party_id: UUID, wanted: Sequence[Wanted], facts: Iterable[Fact]) -> None:
    """Reserve the units of all lines and add the facts, in one statement; all or nothing.

    Raises OutOfStock like check_reserved.
    """
    columns = fact_columns(facts) | stock_columns(party_id, wanted)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {RESERVE_STOCK}, {ADD_FACTS}", with_array_literals(columns))
        reserved = cursor.fetchone()[0]
    check_reserved(party_id, wanted, reserved)


def _by_product(wanted: Iterable[Wanted]) -> dict[UUID, int]:
    units: dict[UUID, int] = {}
    for one in wanted:
        if one.units:
            units[one.product_id] = units.get(one.product_id, 0) + one.units
    return units


def _short(party_id: UUID, lines: Sequence[Wanted]) -> OutOfStock:
    available = available_of(party_id, [one.product_id for one in lines])
    short = [
        {
            "field": one.field,
            "sku": one.sku,
            "wanted": one.units,
            "available": max(available.get(one.product_id, 0), 0),
        }
        for one in lines
        if one.units
    ]
    message = _("There is not enough stock of %(skus)s.") % {"skus": ", ".join(str(s["sku"]) for s in short)}
    return OutOfStock(message, field=str(short[0]["field"]), lines=short)


class Change(NamedTuple):
    """An addition to the stock row of one product."""

    on_hand: int = 0
    hard: int = 0
    soft: int = 0

    def plus(self, other: Change) -> Change:
        return Change(self.on_hand + other.on_hand, self.hard + other.hard, self.soft + other.soft)


_CHANGED = (
    _LOCKED.replace(
        "%(units)s::bigint[])", "%(on_hand)s::bigint[], %(hard)s::bigint[], %(soft)s::bigint[])"
    ).replace("w(product_id, units)", "w(product_id, on_hand, hard, soft)")
    + "changed AS (UPDATE ordering_stock s SET on_hand = s.on_hand + w.on_hand, hard = s.hard + w.hard,"
    " soft = s.soft + w.soft FROM locked l JOIN wanted w ON w.product_id = l.product_id"
    " WHERE s.tenant_id = %(tenant)s AND s.id = l.id"
    " AND s.on_hand + w.on_hand >= s.hard + s.soft + w.hard + w.soft"
    " AND s.hard + w.hard >= 0 AND s.soft + w.soft >= 0"
    " AND (NOT %(strict)s OR w.on_hand - w.hard - w.soft >= 0"
    "  OR s.on_hand - s.safety - s.quarantine - s.hard - s.soft + w.on_hand - w.hard - w.soft >= 0)"
    " RETURNING s.id, s.product_id, w.on_hand AS moved), "
    "movements AS (INSERT INTO ordering_stockmovement (id, tenant_id, stock_id, kind, qty, source, at)"
    " SELECT gen_random_uuid(), %(tenant)s, id, %(kind)s, moved, %(source)s, %(at)s"
    " FROM changed WHERE moved <> 0)"
    " SELECT product_id FROM changed"
)


def change_stock(
    *,
    party_id: UUID,
    changes: Mapping[UUID, Change],
    kind: str,
    source: str,
    at: datetime,
    strict: bool = True,
) -> set[UUID]:
    """Change stock rows in one statement, with a movement for each change of `on_hand`.

    Return the products whose row changed: without those that have no row or would be oversold. With
    `strict`, new units must also leave safety stock and quarantine untouched.
    """
    products = sorted(product for product, change in changes.items() if any(change))
    if not products:
        return set()
    columns: dict[str, Any] = {
        "tenant": active_tenant_id(),
        "party": party_id,
        "kind": kind,
        "source": source,
        "at": at,
        "strict": strict,
        "products": [str(product) for product in products],
    }
    columns |= {name: [getattr(changes[one], name) for one in products] for name in Change._fields}
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {_CHANGED}", with_array_literals(columns))
        return {product for (product,) in cursor.fetchall()}


def must_change_stock(
    *,
    party_id: UUID,
    changes: Mapping[UUID, Change],
    wanted: Sequence[Wanted],
    kind: str,
    source: str,
    at: datetime,
) -> None:
    """Change stock rows like `change_stock`. Raises OutOfStock where a row did not change."""
    done = change_stock(party_id=party_id, changes=changes, kind=kind, source=source, at=at)
    missing = {product for product, change in changes.items() if any(change)} - done
    if missing:
        raise _short(party_id, [one for one in wanted if one.product_id in missing])


def open_rows(*, party_id: UUID, product_ids: Iterable[UUID]) -> None:
    """Create the stock rows that a party lacks, empty."""
    products = sorted(set(product_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ordering_stock"
            " (id, tenant_id, party_id, product_id, on_hand, safety, quarantine, hard, soft)"
            " SELECT p.id, %s, %s, p.product_id, 0, 0, 0, 0, 0"
            " FROM unnest(%s::uuid[], %s::uuid[]) AS p(id, product_id)"
            " ON CONFLICT (tenant_id, party_id, product_id) DO NOTHING",
            [active_tenant_id(), party_id, [str(new_id()) for _ in products], [str(p) for p in products]],
        )
