"""The costs of products on a day, for the manufacturer's own people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from accounts.rights import Actor
from pricing.models import ProductCost


def costs_on(day: date, product_ids: Iterable[UUID], actor: Actor) -> dict[UUID, Decimal]:
    """Return the cost of a base unit of each product on the day; {} for others than the maker's people.

    One statement.
    """
    rows = ProductCost.objects.visible_to(actor).filter(product__in=set(product_ids), starts_on__lte=day)
    found = rows.order_by("product_id", "-starts_on").distinct("product_id")
    return dict(found.values_list("product_id", "cost"))
