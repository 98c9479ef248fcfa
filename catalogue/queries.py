from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from catalogue.models import Product
from ui.queries.search import objects_like

Rows = TypeVar("Rows", bound="QuerySet[Product]")


def products_like(rows: Rows, typed: str) -> Rows:
    """The products found by each word typed: SKU, name, pinyin, initials, barcode."""
    return rows.filter(objects_like("product", typed))
