"""Queries of the schemes, limits, products and price lists that apply to one order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from kernel.array_literals import array_literal
from kernel.periods import Period
from pricing.domain import quote_case
from pricing.domain.audience import EVERYONE, Audience
from pricing.domain.base_price import PriceEntry, PriceList
from pricing.domain.limits import Limit
from pricing.domain.schemes import FreeGoods, Scheme
from pricing.queries.published_entries import Publication, entries_of
from pricing.queries.trade_parties import BuyerFacts, ProductFacts
from tenancy.context import active_tenant_id

# What was in force on a past day: terms that were withdrawn or replaced since still count. Of two versions of
# a list the older one does, because the newer one was published after the older had been withdrawn.
LISTS_ON_PAST_DAY = """
SELECT DISTINCT ON (l.code) l.id::text, l.xmin::text, l.code, l.audience_kind, l.audience_value, l.priority,
  l.starts_on, coalesce(l.ended_on, l.until)
FROM pricing_pricelist l
WHERE l.tenant_id = %s AND l.seller_id = %s AND (l.state = 'published' OR l.ended_on IS NOT NULL)
  AND (l.audience_kind, l.audience_value) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
  AND (l.starts_on IS NULL OR l.starts_on <= %s) AND coalesce(l.ended_on, l.until, 'infinity') > %s
ORDER BY l.code, l.version
"""
SCHEMES_ON_PAST_DAY = """
SELECT s.code, s.kind, s.terms::text, s.audience_kind, s.audience_value, s.priority, s.exclusive_group,
  s.starts_on, coalesce(s.ended_on, s.until)
FROM pricing_scheme s
WHERE s.tenant_id = %s AND s.seller_id = %s AND (s.state = 'published' OR s.ended_on IS NOT NULL)
  AND (s.audience_kind, s.audience_value) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
  AND (s.starts_on IS NULL OR s.starts_on <= %s) AND coalesce(s.ended_on, s.until, 'infinity') > %s
"""

RESERVED = {"code", "kind", "audience", "priority", "group", "from", "until"}


def schemes_for(*, seller_id: UUID, buyer: BuyerFacts, on: date) -> list[Scheme]:
    """Return the seller's schemes that are in force on the day, or were then, and include the buyer."""
    rows = _in_force("schemes_in_force", SCHEMES_ON_PAST_DAY, seller_id, buyer, on)
    return [scheme_of(StoredScheme(*row)) for row in rows]


def _in_force(function: str, on_past_day: str, seller_id: UUID, buyer: BuyerFacts, on: date) -> list[Any]:
    """Return the rows of today or a later day by the database's function, of a past day as they were then."""
    values: list[Any] = [active_tenant_id(), seller_id, *_audience_columns(buyer), on]
    with connection.cursor() as cursor:
        if on < timezone.localdate():
            cursor.execute(on_past_day, [*values, on])
        else:
            cursor.execute(f"SELECT * FROM {function}(%s, %s, %s, %s, %s)", values)
        return list(cursor.fetchall())


def _audience_columns(buyer: BuyerFacts) -> list[str]:
    return [array_literal(column) for column in zip(*buyer.audiences(), strict=True)]


class StoredScheme(NamedTuple):
    """A row of a scheme. `terms` is JSON text; "" means no terms."""

    code: str
    kind: str
    terms: str
    audience_kind: str = "everyone"
    audience_value: str = ""
    priority: int = 0
    group: str = ""
    starts_on: date | None = None
    until: date | None = None


@lru_cache(maxsize=4096)
def scheme_of(stored: StoredScheme) -> Scheme:
    """Return a stored scheme as an object of the domain.

    Cached by its content, so that an edited scheme is read again. Raise InvalidCase with the path
    inside the scheme, like schemes[0].steps[1].from.
    """
    case = {
        **json.loads(stored.terms),
        "code": stored.code,
        "kind": stored.kind,
        "audience": _audience_case(stored.audience_kind, stored.audience_value),
        "priority": stored.priority,
        "group": stored.group or None,
        "from": stored.starts_on and stored.starts_on.isoformat(),
        "until": stored.until and stored.until.isoformat(),
    }
    return read_scheme(case)


def read_scheme(case: dict[str, Any]) -> Scheme:
    """Read one scheme in the shape of rules.md, in the same way as `simulate quote`."""
    request = {
        "on": "2000-01-01",
        "buyer": {"id": "-"},
        "price_lists": [],
        "lines": [],
        "schemes": [case],
    }
    return quote_case.read(request).schemes[0]


def _audience_case(kind: str, value: str) -> dict[str, str]:
    return {"kind": kind, "value": value} if value else {"kind": kind}


def gift_skus(schemes: Iterable[Scheme]) -> set[str]:
    """Return the SKUs that the schemes give as gifts."""
    return {s.gift_sku for s in schemes if isinstance(s, FreeGoods) and s.gift_sku is not None}


def products_and_limits(
    *, skus: Sequence[str], seller_id: UUID, contract_code: str | None, on: date
) -> tuple[dict[str, ProductFacts], list[Limit]]:
    """Return the existing products by SKU, and the seller's limits on them ordered by clause."""
    products: dict[str, ProductFacts] = {}
    limits = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM products_and_limits(%s, %s, %s, %s, %s)",
            [active_tenant_id(), array_literal(skus), seller_id, contract_code or "", on],
        )
        for product_id, sku, name, tax_rate, action, clause, floor, ceiling in cursor.fetchall():
            if sku not in products:
                products[sku] = ProductFacts(product_id, sku, name, tax_rate)
            if action is not None:
                limits.append(Limit(sku, action, clause, floor, ceiling))
    return products, limits


def list_ids_for(*, seller_id: UUID, buyer: BuyerFacts, on: date) -> list[str]:
    """Return the ids of the seller's lists for the buyer that are in force on the day, or were then."""
    rows = _in_force("price_lists_in_force", LISTS_ON_PAST_DAY, seller_id, buyer, on)
    return [row[0] for row in rows]


def price_lists_for(
    *, seller_id: UUID, buyer: BuyerFacts, on: date, products: Sequence[ProductFacts]
) -> list[PriceList]:
    """Return the seller's lists for the buyer that are in force on the day, or were then, with the products'
    entries.
    """
    rows = _in_force("price_lists_in_force", LISTS_ON_PAST_DAY, seller_id, buyer, on)
    entries = entries_of([Publication(*row[:2]) for row in rows], {str(one.id): one.sku for one in products})
    return [_price_list(found, *row[2:]) for row, found in zip(rows, entries, strict=True) if found]


def _price_list(
    entries: list[PriceEntry],
    code: str,
    audience_kind: str,
    audience_value: str,
    priority: int,
    starts_on: date | None,
    until: date | None,
) -> PriceList:
    return PriceList(
        code=code,
        audience=Audience(audience_kind, audience_value) if audience_value else EVERYONE,
        entries=entries,
        priority=priority,
        period=Period(starts_on, until),
    )
