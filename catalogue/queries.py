from __future__ import annotations

from typing import TypeVar

from django.db.models import Q, QuerySet

from catalogue.models import Product
from kernel.search import search_words

Rows = TypeVar("Rows", bound="QuerySet[Product]")


def products_like(rows: Rows, typed: str) -> Rows:
    """The products that hold each word typed: SKU, name, pinyin, initials; or that barcode exactly."""
    words = search_words(typed)
    found = Q()
    for word in words:
        found &= Q(search__contains=word)
    if typed.strip().isdigit():
        found |= Q(barcodes__code=typed.strip())
        return rows.filter(found).distinct()
    return rows.filter(found)
