"""The incomes of contracts from the products of a category, by which its minimum income is measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from catalogue.models import Product
from kernel.money import ZERO
from tenancy.context import active_tenant_id

Key = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class CategoryIncomes:
    """Incomes by (code, category, month), and the (code, category) with a guaranteed spread."""

    incomes: dict[tuple[str, UUID | None, date], Decimal]
    covered: Set[Key]


def category_incomes(*, since: date, until: date, wanted: Set[Key]) -> CategoryIncomes:
    """Return Σ spread × units in [since, until) of the contracts and categories that are wanted.

    A product counts in its category of today. Three statements, none without a key.
    """
    if not wanted:
        return CategoryIncomes({}, frozenset())
    values: dict[str, Any] = {
        "tenant": active_tenant_id(),
        "since": since,
        "until": until,
        "codes": sorted({code for code, _category in wanted}),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.code, s.product_id FROM alliance_spreadterm s JOIN alliance_contract c"
            "  ON c.tenant_id = s.tenant_id AND c.id = s.contract_id"
            " WHERE s.tenant_id = %(tenant)s AND c.code = ANY(%(codes)s::text[])"
            "  AND c.state IN ('active', 'ended')",
            values,
        )
        promised = cursor.fetchall()
        cursor.execute(
            "SELECT c.code, (e.facts ->> 'product')::uuid, date_trunc('month', e.\"on\")::date,"
            " sum((e.facts ->> 'spread')::numeric * (e.facts ->> 'qty')::numeric)"
            " FROM alliance_evidence e JOIN alliance_contract c"
            "  ON c.tenant_id = e.tenant_id AND c.id = e.contract_id"
            " WHERE e.tenant_id = %(tenant)s AND e.kind = 'spread' AND e.facts ? 'qty'"
            '  AND e."on" >= %(since)s AND e."on" < %(until)s AND c.code = ANY(%(codes)s::text[])'
            " GROUP BY 1, 2, 3",
            values,
        )
        earned = cursor.fetchall()
    products = {product_id for _code, product_id, *_rest in (*promised, *earned)}
    category_of = dict(Product.objects.filter(id__in=products).values_list("id", "category_id"))
    incomes: defaultdict[tuple[str, UUID | None, date], Decimal] = defaultdict(lambda: ZERO)
    for code, product_id, month, income in earned:
        incomes[code, category_of.get(product_id), month] += income
    covered = {(code, category_of.get(product_id)) for code, product_id in promised}
    found = {key: income for key, income in incomes.items() if key[:2] in wanted}
    return CategoryIncomes(found, wanted & covered)
