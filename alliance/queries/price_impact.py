"""Query of the guaranteed spreads that new prices would break. Pricing calls it in its dry run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from alliance.domain.spread import Sale, owed_on
from kernel.money import ZERO
from tenancy.context import active_tenant_id


@dataclass(frozen=True, slots=True)
class SpreadImpact:
    """A guaranteed spread that a new price breaks, for one base unit.

    `spread` is the advised resale price less the new price, `shortfall` what it lacks of `guaranteed`.
    `units` are the member's base units of the product in the 30 days before, and `owed` what they would owe.
    """

    contract_id: UUID
    contract: str
    clause: str
    dealer_id: UUID
    member_id: UUID
    product_id: UUID
    guaranteed: Decimal
    price: Decimal
    spread: Decimal
    shortfall: Decimal
    units: int
    owed: Decimal

    @property
    def citation(self) -> str:
        """Return the clause as other rooms cite it: "C-0007/5.1"."""
        return f"{self.contract}/{self.clause}"


@dataclass(frozen=True, slots=True)
class MemberPrice:
    """A net price of a base unit that the members of a group would pay."""

    group: int
    product_id: UUID
    price: Decimal


def spread_impact(
    prices: Mapping[UUID, Decimal],
    on: date,
    *,
    dealer_ids: Collection[UUID] | None = None,
    member_ids: Collection[UUID] | None = None,
) -> list[SpreadImpact]:
    """Return whose guaranteed spread these net prices of a base unit would break, the worst first.

    `prices` are the prices that members would pay, by product, `on` the day from which they hold. With
    `dealer_ids` or `member_ids` only their contracts count. One statement for any number of prices.
    """
    one_group = [MemberPrice(0, product, price) for product, price in prices.items()]
    members = None if member_ids is None else dict.fromkeys(member_ids, 0)
    return spread_impact_by_group(one_group, members, on, dealer_ids=dealer_ids)


def spread_impact_by_group(
    prices: Collection[MemberPrice],
    groups: Mapping[UUID, int] | None,
    on: date,
    *,
    dealer_ids: Collection[UUID] | None = None,
) -> list[SpreadImpact]:
    """Return the same for members who pay different prices: `groups` are theirs by member.

    None of groups means that every member pays the prices. One statement.
    """
    if not prices:
        return []
    ordered = sorted(prices, key=lambda one: (one.group, one.product_id))
    return _worst_first(
        _PRICES + _CONTRACTS,
        {
            "group_of_price": [one.group for one in ordered],
            "products": [one.product_id for one in ordered],
            "prices": [one.price for one in ordered],
            "members": None if groups is None else list(groups),
            "group_of_member": None if groups is None else list(groups.values()),
        },
        on,
        dealer_ids,
    )


def advice_impact(
    advised: Mapping[UUID, Decimal], on: date, *, dealer_ids: Collection[UUID] | None = None
) -> list[SpreadImpact]:
    """Return whose guaranteed spread a lower advised resale price would break, the worst first.

    `advised` are the new advised resale prices of a base unit by product. A member pays what it paid on the
    mean of the 30 days before; one that bought nothing has no spread to lose. One statement.
    """
    if not advised:
        return []
    products = sorted(advised)
    values = {"products": products, "prices": [advised[one] for one in products]}
    return _worst_first(_ADVICE + _CONTRACTS, values, on, dealer_ids)


_BOUGHT = """
 LEFT JOIN LATERAL (SELECT sum((e.facts ->> 'qty')::int) AS units,
    sum((e.facts ->> 'spread')::numeric * (e.facts ->> 'qty')::int)
      / nullif(sum((e.facts ->> 'qty')::int), 0) AS spread
   FROM alliance_evidence e
   WHERE e.tenant_id = c.tenant_id AND e.contract_id = c.id AND e.kind = 'spread'
    AND e."on" >= %(bought_until)s::date - 30 AND e."on" < %(bought_until)s
    AND e.facts ->> 'product' = s.product_id::text) bought ON true
"""
_OF_CONTRACT = """
 JOIN alliance_contract c ON c.tenant_id = s.tenant_id AND c.id = s.contract_id
  AND c.state = 'active' AND c.starts_on <= %(on)s AND c.until > %(on)s
"""
_PRICES = f"""
SELECT c.id, c.code, s.clause, c.dealer_id, c.member_id, s.product_id, s.guaranteed,
  s.advised_resale, p.price, coalesce(bought.units, 0)
 FROM unnest(%(group_of_price)s::int[], %(products)s::uuid[], %(prices)s::numeric[])
   AS p(of_group, product_id, price)
 JOIN alliance_spreadterm s ON s.tenant_id = %(tenant)s AND s.product_id = p.product_id
  AND s.advised_resale - p.price < s.guaranteed
 {_OF_CONTRACT}
 LEFT JOIN unnest(%(members)s::uuid[], %(group_of_member)s::int[]) AS m(member_id, of_group)
  ON m.member_id = c.member_id
 {_BOUGHT}
 WHERE (%(members)s::uuid[] IS NULL OR m.of_group = p.of_group)
"""  # noqa: S608 - constants of this module
_ADVICE = f"""
SELECT c.id, c.code, s.clause, c.dealer_id, c.member_id, s.product_id, s.guaranteed,
  p.price, round(s.advised_resale - bought.spread, 4), coalesce(bought.units, 0)
 FROM unnest(%(products)s::uuid[], %(prices)s::numeric[]) AS p(product_id, price)
 JOIN alliance_spreadterm s ON s.tenant_id = %(tenant)s AND s.product_id = p.product_id
  AND p.price < s.advised_resale
 {_OF_CONTRACT}
 {_BOUGHT}
 WHERE p.price - (s.advised_resale - bought.spread) < s.guaranteed
"""  # noqa: S608 - constants of this module
_CONTRACTS = " AND (%(dealers)s::uuid[] IS NULL OR c.dealer_id = ANY(%(dealers)s::uuid[]))"


def _worst_first(
    sql: str, values: Mapping[str, Any], on: date, dealer_ids: Collection[UUID] | None
) -> list[SpreadImpact]:
    dealers = None if dealer_ids is None else list(dealer_ids)
    with connection.cursor() as cursor:
        # Of a day in the future the last 30 days are those before today.
        until = min(on, timezone.localdate())
        days = {"on": on, "bought_until": until}
        cursor.execute(sql, {**values, **days, "tenant": active_tenant_id(), "dealers": dealers})
        found = [_impact(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda one: (-one.owed, -one.shortfall, one.contract, one.clause))


def _impact(
    contract_id: UUID,
    code: str,
    clause: str,
    dealer_id: UUID,
    member_id: UUID,
    product_id: UUID,
    guaranteed: Decimal,
    advised_resale: Decimal,
    price: Decimal,
    units: Decimal,
) -> SpreadImpact:
    qty = max(0, int(units))
    line = owed_on(guaranteed, Sale(price, advised_resale, qty))
    return SpreadImpact(
        contract_id,
        code,
        clause,
        dealer_id,
        member_id,
        product_id,
        guaranteed,
        price,
        line.spread,
        line.shortfall,
        qty,
        line.amount or ZERO,
    )
