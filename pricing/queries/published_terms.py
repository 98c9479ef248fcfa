"""Queries of the schemes, limits, products and price lists that apply to one order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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
from pricing.domain.schemes import Allowance, FreeGoods, Scheme
from pricing.queries.published_entries import Publication, entries_of
from pricing.queries.trade_parties import BuyerFacts, ProductFacts
from tenancy.context import active_tenant_id

LISTS_IN_FORCE = "SELECT * FROM price_lists_in_force(%(tenant)s, %(seller)s, %(kinds)s, %(values)s, %(on)s)"
SCHEMES_IN_FORCE = """
SELECT * FROM schemes_in_force(
  %(tenant)s, %(seller)s, %(buyer)s, %(kinds)s, %(values)s, %(skus)s, %(on)s)
"""

# What was in force on a past day: terms that were withdrawn or replaced since still count. Of two versions of
# a list the older one does, because the newer one was published after the older had been withdrawn. What is
# left of a budget is as of now.
LISTS_ON_PAST_DAY = """
SELECT DISTINCT ON (l.code) l.id::text, l.xmin::text, l.code, l.audience_kind, l.audience_value, l.priority,
  l.starts_on, coalesce(l.ended_on, l.until), l.tax_included
FROM pricing_pricelist l
WHERE l.tenant_id = %(tenant)s AND l.seller_id = %(seller)s
  AND (l.state = 'published' OR l.ended_on IS NOT NULL)
  AND (l.audience_kind, l.audience_value) IN (SELECT * FROM unnest(%(kinds)s::text[], %(values)s::text[]))
  AND (l.starts_on IS NULL OR l.starts_on <= %(on)s)
  AND coalesce(l.ended_on, l.until, 'infinity') > %(on)s
ORDER BY l.code, l.version
"""
SCHEMES_ON_PAST_DAY = """
SELECT DISTINCT ON (s.code) s.code, s.kind, s.terms::text, s.audience_kind, s.audience_value, s.priority,
  s.exclusive_group, s.starts_on, coalesce(s.ended_on, s.until), s.id, s.version,
  CASE WHEN s.terms ? 'categories' THEN ARRAY(
    WITH RECURSIVE inside AS (
      SELECT c.id FROM catalogue_category c
      WHERE c.tenant_id = %(tenant)s
        AND c.code IN (SELECT jsonb_array_elements_text(s.terms -> 'categories'))
      UNION
      SELECT c.id FROM inside i
      JOIN catalogue_category c ON c.tenant_id = %(tenant)s AND c.parent_id = i.id)
    SELECT p.sku FROM catalogue_product p
    WHERE p.tenant_id = %(tenant)s AND p.sku = ANY (%(skus)s::text[])
      AND p.category_id IN (SELECT i.id FROM inside i)) END,
  s.budget_money - b.used_money, s.budget_units - b.used_units,
  s.buyer_money - u.money, s.buyer_units - u.units
FROM pricing_scheme s
LEFT JOIN pricing_schemebudget b ON b.tenant_id = %(tenant)s AND b.scheme_id = s.id
LEFT JOIN LATERAL (
  SELECT coalesce(sum(u.money), 0) AS money, coalesce(sum(u.units), 0) AS units
  FROM pricing_schemeuse u
  WHERE u.tenant_id = %(tenant)s AND u.scheme_id = s.id AND u.buyer_id = %(buyer)s
    AND (s.buyer_money IS NOT NULL OR s.buyer_units IS NOT NULL)) u ON true
WHERE s.tenant_id = %(tenant)s AND s.seller_id = %(seller)s
  AND (s.state = 'published' OR s.ended_on IS NOT NULL)
  AND (s.audience_kind, s.audience_value) IN (SELECT * FROM unnest(%(kinds)s::text[], %(values)s::text[]))
  AND (s.starts_on IS NULL OR s.starts_on <= %(on)s)
  AND coalesce(s.ended_on, s.until, 'infinity') > %(on)s
ORDER BY s.code, s.version
"""

RESERVED = {"code", "kind", "audience", "priority", "group", "from", "until"}


@dataclass(frozen=True, slots=True)
class SchemeInForce:
    """A scheme of the domain with the row that it comes from."""

    scheme: Scheme
    id: UUID
    version: int


def schemes_for(*, seller_id: UUID, buyer: BuyerFacts, skus: Sequence[str], on: date) -> list[SchemeInForce]:
    """Return the seller's schemes that are in force on the day, or were then, and include the buyer.

    A scheme covers those of the `skus` that its categories have today, and carries what is left of its
    budget and of the buyer's limit.
    """
    rows = _in_force(SCHEMES_IN_FORCE, SCHEMES_ON_PAST_DAY, seller_id, buyer, on, skus)
    return [_scheme_in_force(*row) for row in rows]


_STORED_COLUMNS = 9


def _scheme_in_force(*row: Any) -> SchemeInForce:
    scheme = scheme_of(StoredScheme(*row[:_STORED_COLUMNS]))
    scheme_id, version, covered, *left = row[_STORED_COLUMNS:]
    if covered is not None:
        scheme = replace(scheme, skus=(scheme.skus or frozenset()) | frozenset(covered))
    if any(one is not None for one in left):
        scheme = replace(scheme, allowance=Allowance(*left))
    return SchemeInForce(scheme, scheme_id, version)


def _in_force(
    today_or_later: str,
    on_past_day: str,
    seller_id: UUID,
    buyer: BuyerFacts,
    on: date,
    skus: Sequence[str] = (),
) -> list[Any]:
    """Return the rows of the statement for the day: of a past day as they were then."""
    kinds, values = _audience_columns(buyer)
    with connection.cursor() as cursor:
        cursor.execute(
            on_past_day if on < timezone.localdate() else today_or_later,
            {
                "tenant": active_tenant_id(),
                "seller": seller_id,
                "buyer": buyer.id,
                "kinds": kinds,
                "values": values,
                "skus": array_literal(skus),
                "on": on,
            },
        )
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
    """Return a stored scheme as an object of the domain, without the products of its categories.

    Cached by its content, so that an edited scheme is read again. Raise InvalidCase with the path
    inside the scheme, like schemes[0].steps[1].from.
    """
    terms = json.loads(stored.terms)
    terms.pop("categories", None)
    case = {
        **terms,
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
    *, skus: Sequence[str], seller_id: UUID, buyer: BuyerFacts, on: date
) -> tuple[dict[str, ProductFacts], list[Limit]]:
    """Return the existing products by SKU, and the seller's limits on them ordered by clause.

    A limit applies when everything that it names fits: the product or its category with those above it, the
    buyer's contract, level and region with those above it.
    """
    products: dict[str, ProductFacts] = {}
    limits = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM products_and_limits(%s, %s, %s, %s, %s, %s, %s)",
            [
                active_tenant_id(),
                array_literal(skus),
                seller_id,
                buyer.contract_code or "",
                buyer.kind,
                array_literal(buyer.region),
                on,
            ],
        )
        for product_id, sku, name, tax_rate, action, clause, floor, ceiling in cursor.fetchall():
            if sku not in products:
                products[sku] = ProductFacts(product_id, sku, name, tax_rate)
            if action is not None:
                limits.append(Limit(sku, action, clause, floor, ceiling))
    return products, limits


def list_ids_for(*, seller_id: UUID, buyer: BuyerFacts, on: date) -> list[str]:
    """Return the ids of the seller's lists for the buyer that are in force on the day, or were then."""
    rows = _in_force(LISTS_IN_FORCE, LISTS_ON_PAST_DAY, seller_id, buyer, on)
    return [row[0] for row in rows]


def price_lists_for(
    *, seller_id: UUID, buyer: BuyerFacts, on: date, products: Sequence[ProductFacts]
) -> list[PriceList]:
    """Return the seller's lists for the buyer that are in force on the day, or were then, with the products'
    entries.
    """
    rows = _in_force(LISTS_IN_FORCE, LISTS_ON_PAST_DAY, seller_id, buyer, on)
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
    tax_included: bool,
) -> PriceList:
    return PriceList(
        code=code,
        audience=Audience(audience_kind, audience_value) if audience_value else EVERYONE,
        entries=entries,
        priority=priority,
        period=Period(starts_on, until),
        tax_included=tax_included,
    )
