"""Queries of the schemes, limits, products and price lists that apply to one order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from kernel.periods import Period
from pricing.domain import quote_case
from pricing.domain.audience import EVERYONE, Audience
from pricing.domain.base_price import PriceEntry, PriceList
from pricing.domain.limits import Limit
from pricing.domain.schemes import FreeGoods, Scheme
from pricing.queries.trade_parties import BuyerFacts, ProductFacts
from tenancy.context import active_tenant_id

RESERVED = {"code", "kind", "audience", "priority", "group", "from", "until"}
_IN_FORCE = (
    " {0}.state = 'published' AND ({0}.audience_kind, {0}.audience_value) IN %s"
    " AND ({0}.starts_on IS NULL OR {0}.starts_on <= %s) AND ({0}.until IS NULL OR {0}.until > %s)"
)


def schemes_for(*, seller_id: UUID, buyer: BuyerFacts, on: date) -> list[Scheme]:
    """Return the seller's published schemes that are active on the day and include the buyer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, kind, terms::text, audience_kind, audience_value, priority,"
            " exclusive_group, starts_on, until FROM pricing_scheme s"
            " WHERE tenant_id = %s AND seller_id = %s AND" + _IN_FORCE.format("s"),
            [active_tenant_id(), seller_id, buyer.audiences(), on, on],
        )
        return [scheme_of(StoredScheme(*row)) for row in cursor.fetchall()]


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
            "SELECT p.id, p.sku, p.name, p.tax_rate, l.action, l.clause, l.floor, l.ceiling"
            " FROM catalogue_product p LEFT JOIN pricing_limit l ON l.tenant_id = p.tenant_id"
            " AND l.seller_id = %s AND l.product_id = p.id AND l.contract_code IN ('', %s)"
            " AND (l.starts_on IS NULL OR l.starts_on <= %s) AND (l.until IS NULL OR l.until > %s)"
            " WHERE p.tenant_id = %s AND p.sku = ANY(%s) ORDER BY l.clause",
            [seller_id, contract_code or "", on, on, active_tenant_id(), list(skus)],
        )
        for product_id, sku, name, tax_rate, action, clause, floor, ceiling in cursor.fetchall():
            if sku not in products:
                products[sku] = ProductFacts(product_id, sku, name, tax_rate)
            if action is not None:
                limits.append(Limit(sku, action, clause, floor, ceiling))
    return products, limits


def price_lists_for(
    *, seller_id: UUID, buyer: BuyerFacts, on: date, products: Sequence[ProductFacts]
) -> list[PriceList]:
    """Return the seller's published lists for the buyer on the day, with the products' entries.

    One row for each list: its entries are arrays, which makes thousands of them cheap to read.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.code, l.audience_kind, l.audience_value, l.priority, l.starts_on, l.until,"
            " e.places, e.prices, e.pers, e.quantities"
            " FROM pricing_pricelist l CROSS JOIN LATERAL ("
            "  SELECT array_agg(wanted.place) places, array_agg(trim_scale(e.price)) prices,"
            "   array_agg(e.per) pers, array_agg(e.min_qty) quantities"
            "  FROM unnest(%s::uuid[]) WITH ORDINALITY wanted(product_id, place)"
            "  JOIN pricing_priceentry e ON e.tenant_id = l.tenant_id AND e.price_list_id = l.id"
            "   AND e.product_id = wanted.product_id) e"
            " WHERE l.tenant_id = %s AND l.seller_id = %s AND e.places IS NOT NULL"
            " AND" + _IN_FORCE.format("l"),
            [[one.id for one in products], active_tenant_id(), seller_id, buyer.audiences(), on, on],
        )
        rows = cursor.fetchall()
    skus = ["", *(one.sku for one in products)]
    return [_price_list(skus, row) for row in rows]


# tuple.__new__ takes half the time of a call, and an order makes 500 of them.
_entry = partial(tuple.__new__, PriceEntry)


def _price_list(skus: Sequence[str], row: Sequence[Any]) -> PriceList:
    code, audience_kind, audience_value, priority, starts_on, until, places, *columns = row
    return PriceList(
        code=code,
        audience=Audience(audience_kind, audience_value) if audience_value else EVERYONE,
        entries=list(map(_entry, zip([skus[place] for place in places], *columns, strict=True))),
        priority=priority,
        period=Period(starts_on, until),
    )
