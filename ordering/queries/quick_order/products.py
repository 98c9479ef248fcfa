"""Products of the quick order: by SKU with their stock, and by anything that names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection

from catalogue.models import Product
from catalogue.queries import unit_words
from kernel.barcodes import gtin_forms
from kernel.search import search_words
from kernel.spelling import name_key
from ordering.domain.quick_order.cart_lines import SheetProduct
from ordering.domain.quick_order.guesses import (
    Found,
    by_bare_number,
    guess,
    question_about_number,
    searched_references,
)
from ordering.domain.quick_order.matching import BY_BARCODE, Choice, Match, Matched, match_rows
from ordering.domain.quick_order.pasted_rows import OrderRow
from ordering.domain.quick_order.row_problems import RowProblem
from tenancy.context import active_tenant_id

MAX_FOUND = 5
MAX_SEARCHED_REFERENCES = 300
SEPARATOR = "\x1f"

_PRODUCT = (
    "p.id, p.sku, p.name, p.base_unit, p.stage,"
    " ARRAY(SELECT u.factor || ' ' || u.name FROM catalogue_unit u"
    "  WHERE u.tenant_id = p.tenant_id AND u.product_id = p.id ORDER BY u.factor, u.name),"
    " (SELECT i.id FROM catalogue_productpicture i WHERE i.tenant_id = p.tenant_id"
    "  AND i.product_id = p.id ORDER BY i.position, i.id LIMIT 1),"
    # The successor that a product being phased out or ended names, if it is on sale.
    " (SELECT n.sku || ' ' || n.name FROM catalogue_product n WHERE n.tenant_id = p.tenant_id"
    "  AND n.id = p.successor_id AND p.stage IN ('ending', 'ended') AND n.stage IN ('active', 'ending'))"
)


def products_by_sku(skus: Iterable[str]) -> dict[str, SheetProduct]:
    """Return the products with these SKUs; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_PRODUCT} FROM catalogue_product p WHERE p.tenant_id = %s AND p.sku = ANY(%s)",
            [active_tenant_id(), list(skus)],
        )
        return {row[1]: _product(row) for row in cursor.fetchall()}


def base_units_of(skus: Iterable[str]) -> dict[str, str]:
    """Return the base unit of each product, by SKU; one statement."""
    return dict(Product.objects.filter(sku__in=list(skus)).values_list("sku", "base_unit"))


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


def find_lines(rows: Sequence[OrderRow]) -> Matched:
    """Return what the rows order, and the problems of the others; three statements at most.

    A row names its product by SKU, barcode (whose unit then counts) or name. A row that holds only words of
    names is a problem with the products that it may mean.
    """
    matches = named_exactly(rows)
    doubtful = {
        place: choice
        for place, row in enumerate(rows)
        if (choice := by_bare_number(row, matches)) is not None and len(match_rows([row], matches).lines) == 1
    }
    matched = match_rows([row for place, row in enumerate(rows) if place not in doubtful], matches)
    if not matched.unknown and not doubtful:
        return matched
    searched, rest = _first_searched(matched.unknown)
    references = dict.fromkeys(reference for row in searched for reference in searched_references(row))
    doubtful_texts = [row.readings[0].reference for row in (rows[place] for place in doubtful)]
    references |= dict.fromkeys(doubtful_texts[: max(MAX_SEARCHED_REFERENCES - len(references), 0)])
    found = {reference: Found() for reference in references} | _found_by_words(list(references))
    matched = _with_bare_numbers(matched, rows, doubtful, matches, found)
    problems = [guess(row, found, matches) for row in searched]
    problems += [RowProblem(row.number, "product", "not_searched", row.text) for row in rest]
    problems = sorted([*matched.problems, *problems], key=lambda problem: problem.number)
    return replace(matched, problems=problems, unknown=[])


def _with_bare_numbers(
    matched: Matched,
    rows: Sequence[OrderRow],
    doubtful: Mapping[int, Choice],
    matches: dict[str, list[Match]],
    found: Mapping[str, Found],
) -> Matched:
    """Return the match with the rows that end in a bare number: in their place, or a question."""
    questions = {
        place: question_about_number(
            rows[place],
            certain,
            {text: found[text].products} if (text := rows[place].readings[0].reference) in found else None,
        )
        for place, certain in doubtful.items()
    }
    open_questions = {place: question for place, question in questions.items() if question is not None}
    certain_match = match_rows(
        [row for place, row in enumerate(rows) if place not in open_questions], matches
    )
    return replace(matched, lines=certain_match.lines, problems=[*matched.problems, *open_questions.values()])


def _first_searched(rows: Sequence[OrderRow]) -> tuple[Sequence[OrderRow], Sequence[OrderRow]]:
    """Return the rows whose words are searched, and the rest."""
    references: set[str] = set()
    for place, row in enumerate(rows):
        references.update(searched_references(row))
        if len(references) > MAX_SEARCHED_REFERENCES:
            return rows[:place], rows[place:]
    return rows, ()


def named_exactly(rows: Sequence[OrderRow]) -> dict[str, list[Match]]:
    """Return the products that each reference names as a whole, in any spelling; one statement."""
    references = {reading.reference for row in rows for reading in row.readings}
    by_key: dict[str, list[str]] = {}
    for reference in references:
        for key in (name_key(reference), *gtin_forms(reference)):
            by_key.setdefault(key, []).append(reference)
    found: dict[str, list[Match]] = {}
    if not by_key:
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.kind, r.key, r.unit, {_PRODUCT} FROM ("
            "  SELECT 0 AS kind, p.sku_key AS key, p.id, NULL AS unit FROM catalogue_product p"
            "   WHERE p.tenant_id = %(tenant)s AND p.sku_key = ANY(%(keys)s)"
            "  UNION ALL SELECT 1, b.code, b.product_id, coalesce(u.name, '') FROM catalogue_barcode b"
            "   LEFT JOIN catalogue_unit u ON u.tenant_id = b.tenant_id AND u.id = b.unit_id"
            "   WHERE b.tenant_id = %(tenant)s AND b.code = ANY(%(keys)s)"
            "  UNION ALL SELECT 2, p.name_key, p.id, NULL FROM catalogue_product p"
            "   WHERE p.tenant_id = %(tenant)s AND p.name_key = ANY(%(keys)s)"
            " ) r JOIN catalogue_product p ON p.tenant_id = %(tenant)s AND p.id = r.id"
            " ORDER BY r.kind, p.sku",
            {"tenant": active_tenant_id(), "keys": list(by_key)},
        )
        for kind, key, unit, *row in cursor.fetchall():
            product = _product(row)
            for reference in by_key[key]:
                spelled = kind == BY_BARCODE or reference in (product.sku, product.name)
                found.setdefault(reference, []).append(Match(product, kind, spelled, unit))
    return found


def _found_by_words(references: Sequence[str]) -> dict[str, Found]:
    """Return for each reference the first products that hold all of its words; two statements.

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
            " SELECT w.ref, (array_agg(p.id ORDER BY p.sku))[1:%s], count(*) FROM wanted w"
            " JOIN catalogue_product p ON p.search LIKE ALL (w.patterns)"
            " WHERE p.tenant_id = %s AND p.stage NOT IN ('development', 'ended') GROUP BY w.ref",
            [SEPARATOR, list(searched), patterns, MAX_FOUND, active_tenant_id()],
        )
        rows = cursor.fetchall()
    products = _products_by_id({id for _ref, ids, _count in rows for id in ids})
    return {ref: Found([products[id] for id in ids if id in products], count) for ref, ids, count in rows}


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
    id, sku, name, base_unit, stage, units, picture, successor = row
    next_sku, _space, next_name = (successor or "").partition(" ")
    return SheetProduct(
        id,
        sku,
        name,
        base_unit,
        stage,
        tuple([_unit(unit) for unit in units]),
        picture,
        next_sku,
        next_name,
        unit_words((base_unit, *(_unit(unit)[0] for unit in units))),
    )


def _unit(text: str) -> tuple[str, int]:
    factor, _space, name = text.partition(" ")
    return name, int(factor)
