"""Products of the quick order: by SKU with their stock, and by anything that names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch

from accounts.rights import Actor
from catalogue.models import Product, Unit
from catalogue.queries import products_like
from kernel.search import search_words
from ordering.domain.quick_order.cart_lines import CartLine, SheetProduct
from ordering.domain.quick_order.matching import Candidates, match_rows
from ordering.domain.quick_order.pasted_rows import PastedRow, RowProblem
from tenancy.context import active_tenant_id

MAX_FOUND = 8
MAX_SEARCHED_REFERENCES = 300
SEPARATOR = "\x1f"

_PRODUCT = (
    "p.id, p.sku, p.name, p.base_unit, p.stage,"
    " ARRAY(SELECT u.factor || ' ' || u.name FROM catalogue_unit u"
    "  WHERE u.tenant_id = p.tenant_id AND u.product_id = p.id ORDER BY u.factor, u.name)"
)


def products_by_sku(skus: Iterable[str]) -> dict[str, SheetProduct]:
    """Return the products with these SKUs; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_PRODUCT} FROM catalogue_product p WHERE p.tenant_id = %s AND p.sku = ANY(%s)",
            [active_tenant_id(), list(skus)],
        )
        return {row[1]: _product(row) for row in cursor.fetchall()}


def products_with_stock(
    *, skus: Iterable[str], seller_id: UUID
) -> tuple[dict[str, SheetProduct], dict[str, int]]:
    """Return the products, and what the seller may still sell of each, at least 0; one statement."""
    products: dict[str, SheetProduct] = {}
    stock: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_PRODUCT}, s.on_hand - s.safety - s.quarantine - s.hard - s.soft"
            " FROM catalogue_product p LEFT JOIN ordering_stock s ON s.tenant_id = p.tenant_id"
            " AND s.product_id = p.id AND s.party_id = %s WHERE p.tenant_id = %s AND p.sku = ANY(%s)",
            [seller_id, active_tenant_id(), list(skus)],
        )
        for *row, left in cursor.fetchall():
            products[row[1]] = _product(row)
            stock[row[1]] = max(left or 0, 0)
    return products, stock


def find_products(actor: Actor, text: str) -> Sequence[Product]:
    """Return the first products that are sold and match a text, with their units; two statements."""
    if not text:
        return ()
    sold = Product.objects.visible_to(actor).exclude(stage=Product.Stage.ENDED)
    units = Prefetch("units", Unit.objects.order_by("factor"))
    return list(products_like(sold, text).prefetch_related(units).order_by("sku")[:MAX_FOUND])


def find_lines(rows: Sequence[PastedRow]) -> tuple[list[CartLine], list[RowProblem]]:
    """Return the lines that the rows order, and the rows that name no product, several, or a wrong unit.

    A row names its product by SKU, barcode (whose unit then counts), name, or words of it. Three
    statements at most.
    """
    return match_rows(rows, _candidates({row.reference for row in rows}))


def _candidates(references: set[str]) -> Candidates:
    products, barcode_units = _named_exactly(references)
    ids = _found_by_words(sorted(references - products.keys())[:MAX_SEARCHED_REFERENCES])
    found = _products_by_id({id for found in ids.values() for id in found})
    by_words = {ref: [found[id] for id in these if id in found] for ref, these in ids.items()}
    return Candidates(products | by_words, barcode_units)


def _named_exactly(references: set[str]) -> tuple[dict[str, list[SheetProduct]], dict[str, str]]:
    """Return the products by exact reference, a SKU before a barcode before a name; barcodes' units."""
    wanted = {spelling: ref for ref in references for spelling in (ref.upper(), ref)}
    found: dict[str, list[SheetProduct]] = {}
    ranks: dict[str, int] = {}
    units: dict[str, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.rank, r.spelling, r.unit, {_PRODUCT} FROM ("
            "  SELECT 0 AS rank, p.sku AS spelling, p.id, NULL AS unit FROM catalogue_product p"
            "   WHERE p.tenant_id = %(tenant)s AND p.sku = ANY(%(refs)s)"
            "  UNION ALL SELECT 1, b.code, b.product_id, u.name FROM catalogue_barcode b"
            "   LEFT JOIN catalogue_unit u ON u.tenant_id = b.tenant_id AND u.id = b.unit_id"
            "   WHERE b.tenant_id = %(tenant)s AND b.code = ANY(%(refs)s)"
            "  UNION ALL SELECT 2, p.name, p.id, NULL FROM catalogue_product p"
            "   WHERE p.tenant_id = %(tenant)s AND p.name = ANY(%(refs)s)"
            " ) r JOIN catalogue_product p ON p.tenant_id = %(tenant)s AND p.id = r.id ORDER BY r.rank",
            {"tenant": active_tenant_id(), "refs": list(wanted)},
        )
        for rank, spelling, unit, *product in cursor.fetchall():
            ref = wanted[spelling]
            if ranks.setdefault(ref, rank) == rank:
                found.setdefault(ref, []).append(_product(product))
                if unit:
                    units[ref] = unit
    return found, units


def _found_by_words(references: Sequence[str]) -> dict[str, list[UUID]]:
    """Return the products that hold all words of a reference, as the search finds them.

    The longest word is tried first, for it excludes most products.
    """
    words = {ref: sorted(map(_like, search_words(ref)), key=len, reverse=True) for ref in references}
    searched = {ref: patterns for ref, patterns in words.items() if patterns}
    if not searched:
        return {}
    patterns = [SEPARATOR.join(patterns) for patterns in searched.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH wanted AS MATERIALIZED (SELECT w.ref, string_to_array(w.patterns, %s) AS patterns"
            "  FROM unnest(%s::text[], %s::text[]) w(ref, patterns))"
            " SELECT w.ref, array_agg(p.id ORDER BY p.sku) FROM wanted w"
            " JOIN catalogue_product p ON p.search LIKE ALL (w.patterns)"
            " WHERE p.tenant_id = %s AND p.stage <> 'ended' GROUP BY w.ref",
            [SEPARATOR, list(searched), patterns, active_tenant_id()],
        )
        return {ref: list(ids) for ref, ids in cursor.fetchall()}


def _like(word: str) -> str:
    escaped = word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def _products_by_id(ids: set[UUID]) -> Mapping[UUID, SheetProduct]:
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_PRODUCT} FROM catalogue_product p WHERE p.tenant_id = %s AND p.id = ANY(%s::uuid[])",
            [active_tenant_id(), [str(id) for id in ids]],
        )
        return {row[0]: _product(row) for row in cursor.fetchall()}


def _product(row: Sequence[Any]) -> SheetProduct:
    id, sku, name, base_unit, stage, units = row
    return SheetProduct(id, sku, name, base_unit, stage, tuple([_unit(unit) for unit in units]))


def _unit(text: str) -> tuple[str, int]:
    factor, _space, name = text.partition(" ")
    return name, int(factor)
