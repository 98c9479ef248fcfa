"""Query of the guaranteed spreads that new prices would break. Pricing calls it in its dry run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

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
    if not prices:
        return []
    products = sorted(prices)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.code, s.clause, c.dealer_id, c.member_id, s.product_id, s.guaranteed,"
            " s.advised_resale, p.price, coalesce(bought.units, 0)"
            " FROM unnest(%(products)s::uuid[], %(prices)s::numeric[]) AS p(product_id, price)"
            " JOIN alliance_spreadterm s ON s.tenant_id = %(tenant)s AND s.product_id = p.product_id"
            "  AND s.advised_resale - p.price < s.guaranteed"
            " JOIN alliance_contract c ON c.tenant_id = s.tenant_id AND c.id = s.contract_id"
            "  AND c.state = 'active' AND c.starts_on <= %(on)s AND c.until > %(on)s"
            " LEFT JOIN LATERAL (SELECT sum((e.facts ->> 'qty')::int) AS units FROM alliance_evidence e"
            "  WHERE e.tenant_id = c.tenant_id AND e.contract_id = c.id AND e.kind = 'spread'"
            '   AND e."on" >= %(on)s::date - 30 AND e."on" < %(on)s'
            "   AND e.facts ->> 'product' = s.product_id::text) bought ON true"
            " WHERE (%(dealers)s::uuid[] IS NULL OR c.dealer_id = ANY(%(dealers)s::uuid[]))"
            "  AND (%(members)s::uuid[] IS NULL OR c.member_id = ANY(%(members)s::uuid[]))",
            {
                "tenant": active_tenant_id(),
                "products": products,
                "prices": [prices[one] for one in products],
                "on": on,
                "dealers": None if dealer_ids is None else list(dealer_ids),
                "members": None if member_ids is None else list(member_ids),
            },
        )
        rows = cursor.fetchall()
    found = [_impact(*row) for row in rows]
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
