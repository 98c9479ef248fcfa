"""Queries that search the products."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.rights import Actor
from catalogue.domain.overlap import Overlap, Ware, overlaps
from catalogue.models import Barcode, Category, Product, UnitName
from kernel.barcodes import gtin_forms
from kernel.quantities import Packing
from kernel.refusals import Refusal
from kernel.spelling import name_key
from tenancy.context import active_tenant_id, has_active_tenant
from ui.queries.search import SearchResult, objects_like, rows_by_tokens

Rows = TypeVar("Rows", bound="QuerySet[Product]")
UNIT_NAMES_SECONDS = 60
_unit_names: dict[UUID, tuple[float, dict[str, tuple[str, str]]]] = {}


ListPrices = Callable[[Iterable[UUID]], Mapping[UUID, Decimal]]
_list_prices: list[ListPrices] = []


def register_list_prices(source: ListPrices) -> None:
    """Register the function that returns the manufacturer's price of a base unit by product."""
    _list_prices.append(source)


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
    return {
        product_id: Packing(base, tuple(units), unit_words((base, *(name for name, _factor in units))))
        for product_id, (base, units) in found.items()
    }


def unit_words(units: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the tenant's own English words of the units, in lower case, each with its unit."""
    own = unit_names()
    return tuple((word.casefold(), name) for name in units if name in own for word in own[name] if word)


def unit_names() -> Mapping[str, tuple[str, str]]:
    """Return the tenant's English names of units, singular and plural.

    The process reads them once a minute, so that a page in English has no statement of its own for them.
    """
    if not has_active_tenant():
        return {}
    tenant_id, now = active_tenant_id(), time.monotonic()
    known = _unit_names.get(tenant_id)
    if known is None or known[0] < now:
        rows = UnitName.objects.exclude(name_en="").values_list("name", "name_en", "plural_en")
        known = now + UNIT_NAMES_SECONDS, {name: (one, many) for name, one, many in rows}
        _unit_names[tenant_id] = known
    return known[1]


def forget_unit_names() -> None:
    """Let the next page of this process read the names of units again."""
    _unit_names.pop(active_tenant_id(), None)


def categories_inside(codes: Iterable[str]) -> dict[str, set[UUID]]:
    """Return for each code the ids of its category and of all below it. One statement."""
    rows = list(Category.objects.values_list("id", "code", "parent_id"))
    below: dict[UUID, list[UUID]] = {}
    for category_id, _code, parent_id in rows:
        if parent_id is not None:
            below.setdefault(parent_id, []).append(category_id)
    ids = {code: category_id for category_id, code, _parent in rows}
    found: dict[str, set[UUID]] = {}
    for code in set(codes):
        inside = found.setdefault(code, set())
        waiting = [ids[code]] if code in ids else []
        while waiting:
            category_id = waiting.pop()
            if category_id not in inside:
                inside.add(category_id)
                waiting += below.get(category_id, ())
    return found


def products_named(references: Iterable[str]) -> tuple[dict[str, Product], list[str]]:
    """Return the one product that each reference names by SKU, barcode or name, and the other references.

    Two statements. A reference that names two products is among the others.
    """
    wanted = list(dict.fromkeys(text for one in references if (text := one.strip())))
    keys = {reference: name_key(reference) for reference in wanted}
    codes = {reference: gtin_forms(reference) for reference in wanted}
    named = Product.objects.filter(Q(sku_key__in=keys.values()) | Q(name_key__in=keys.values()))
    by_key: dict[str, dict[UUID, Product]] = {}
    for product in named:
        by_key.setdefault(f"sku:{product.sku_key}", {})[product.id] = product
        by_key.setdefault(f"name:{product.name_key}", {})[product.id] = product
    every_code = {form for forms in codes.values() for form in forms}
    for barcode in Barcode.objects.filter(code__in=every_code).select_related("product"):
        by_key.setdefault(f"code:{barcode.code}", {})[barcode.product_id] = barcode.product
    found, others = {}, []
    for reference in wanted:
        places = [f"sku:{keys[reference]}", *(f"code:{form}" for form in codes[reference])]
        candidates = next((by_key[place] for place in places if place in by_key), None)
        candidates = candidates or by_key.get(f"name:{keys[reference]}", {})
        if len(candidates) == 1:
            (found[reference],) = candidates.values()
        else:
            others.append(reference)
    return found, others


def overlaps_of(product: Product) -> list[Overlap]:
    """Return the products on sale that resemble a planned one of the same category; three statements."""
    if product.category_id is None or product.stage not in (Product.Stage.DEVELOPMENT, Product.Stage.TRIAL):
        return []
    on_sale = Product.objects.filter(
        category_id=product.category_id, stage__in=(Product.Stage.ACTIVE, Product.Stage.ENDING)
    )
    names = {one.id: one for one in (*on_sale, product)}
    packs = {
        product_id: frozenset({packing.base_unit, *(f"{name}×{factor}" for name, factor in packing.units)})
        for product_id, packing in packings_of(names).items()
    }
    prices = {product_id: price for source in _list_prices for product_id, price in source(names).items()}
    wares = {
        one.id: Ware(one.sku, one.name, packs.get(one.id, frozenset()), prices.get(one.id))
        for one in names.values()
    }
    planned = wares.pop(product.id)
    return overlaps(planned, wares.values())
