"""Queries that search the products."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from accounts.rights import Actor
from catalogue.models import Product
from kernel.quantities import Packing
from kernel.refusals import Refusal
from ui.queries.search import SearchResult, objects_like, rows_by_tokens

Rows = TypeVar("Rows", bound="QuerySet[Product]")


class UnknownProduct(Refusal):
    code = "unknown_product"


def products_like(rows: Rows, typed: str) -> Rows:
    """Return the products that match every typed word by SKU, name, pinyin, initials or barcode."""
    return rows.filter(objects_like("product", typed))


def find_products(actor: Actor, text: str, limit: int) -> list[SearchResult]:
    """Return the products that match the text of the global search."""
    return [
        SearchResult(one.id, one.name, one.sku, (one.sku, one.name))
        for one in rows_by_tokens("product", lambda: Product.objects.visible_to(actor), text, limit)
    ]


def packings_of(product_ids: Iterable[UUID]) -> dict[UUID, Packing]:
    """Return the units of each product. One statement."""
    rows = Product.objects.filter(id__in=set(product_ids))
    found: dict[UUID, tuple[str, list[tuple[str, int]]]] = {}
    for product_id, base, unit, factor in rows.values_list("id", "base_unit", "units__name", "units__factor"):
        units = found.setdefault(product_id, (base, []))[1]
        if unit is not None:
            units.append((unit, factor))
    return {product_id: Packing(base, tuple(units)) for product_id, (base, units) in found.items()}
