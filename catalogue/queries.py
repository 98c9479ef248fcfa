"""Queries that search the products."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from accounts.rights import Actor
from catalogue.models import Product
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
