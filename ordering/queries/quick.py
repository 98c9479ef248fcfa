"""What the quick order looks up: products by anything that names them, drafts, the last order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from kernel.search import search_words
from ledger.queries import Position, position
from ordering.domain.pasting import Asked, Unread
from tenancy.context import active_tenant_id

MAX_GUESSED = 300
TOLD = 5


class SheetProduct(NamedTuple):
    """`units` are the larger units with their base units, the smallest first."""

    id: UUID
    sku: str
    name: str
    base_unit: str
    stage: str
    units: tuple[tuple[str, int], ...]

    def factor(self, unit: str) -> int:
        """Base units of one `unit`; 0 for a unit that the product does not have."""
        if unit in ("", self.base_unit):
            return 1
        return dict(self.units).get(unit, 0)

    @property
    def ordering_unit(self) -> str:
        return self.units[0][0] if self.units else ""


class CartLine(NamedTuple):
    sku: str
    qty: int
    unit: str = ""


_PRODUCT = (
    "p.id, p.sku, p.name, p.base_unit, p.stage,"
    " ARRAY(SELECT u.name FROM catalogue_unit u WHERE u.tenant_id = p.tenant_id AND u.product_id = p.id"
    "  ORDER BY u.factor, u.name),"
    " ARRAY(SELECT u.factor FROM catalogue_unit u WHERE u.tenant_id = p.tenant_id AND u.product_id = p.id"
    "  ORDER BY u.factor, u.name)"
)


def _product(row: Sequence[Any]) -> SheetProduct:
    *plain, names, factors = row
    return SheetProduct._make([*plain, tuple(zip(names, factors, strict=True))])


def products_of(skus: Iterable[str]) -> dict[str, SheetProduct]:
    """The products with these SKUs; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_PRODUCT} FROM catalogue_product p WHERE p.tenant_id = %s AND p.sku = ANY(%s)",
            [active_tenant_id(), list(skus)],
        )
        return {row[1]: _product(row) for row in cursor.fetchall()}


def stocked_products(
    *, skus: Iterable[str], seller_id: UUID
) -> tuple[dict[str, SheetProduct], dict[str, int]]:
    """The products, and what the seller may still sell of each, at least 0; one statement."""
    products: dict[str, SheetProduct] = {}
    there: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_PRODUCT}, s.on_hand - s.safety - s.quarantine - s.hard - s.soft"
            " FROM catalogue_product p LEFT JOIN ordering_stock s ON s.tenant_id = p.tenant_id"
            " AND s.product_id = p.id AND s.party_id = %s WHERE p.tenant_id = %s AND p.sku = ANY(%s)",
            [seller_id, active_tenant_id(), list(skus)],
        )
        for *row, left in cursor.fetchall():
            products[row[1]] = _product(row)
            there[row[1]] = max(left or 0, 0)
    return products, there


def position_now(book_id: UUID) -> Position:
    """A book's credit position for a screen, in one statement; nothing is locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.credit_limit, b.horizon_days, b.max_overdue_days, b.payment_days,"
            " (SELECT min(i.due_on) FROM ledger_openitem i WHERE i.tenant_id = b.tenant_id"
            "  AND i.book_id = b.id AND NOT i.settled = i.amount), a.kind, a.balance"
            " FROM ledger_book b LEFT JOIN ledger_account a"
            " ON a.tenant_id = b.tenant_id AND a.book_id = b.id WHERE b.tenant_id = %s AND b.id = %s",
            [active_tenant_id(), book_id],
        )
        rows = cursor.fetchall()
    balances = {kind: balance for *_terms, kind, balance in rows if kind}
    return position(book_id, rows[0][:4], balances, rows[0][4])


def resolve(asked: Sequence[Asked]) -> tuple[list[CartLine], list[Unread]]:
    """The lines that the rows ask for, and the rows that name no product, several, or a strange unit.

    A row names its product by SKU, barcode (whose unit then counts), name, or words of it. A
    quantity of 0 is one ordering unit. Three statements at most.
    """
    refs = {one.named for one in asked}
    found, units = _exact(refs)
    guessed = _guessed(sorted(refs - found.keys())[:MAX_GUESSED])
    products = _by_id({id for ids in (*found.values(), *guessed.values()) for id in ids})
    lines: list[CartLine] = []
    unread: list[Unread] = []
    for one in asked:
        ids = found.get(one.named) or guessed.get(one.named, [])
        candidates = [products[id] for id in ids if id in products]
        sold = [product for product in candidates if product.stage != "ended"]
        if len(sold) == 1:
            line = _line(one, sold[0], units.get(one.named, ""))
            if isinstance(line, CartLine):
                lines.append(line)
            else:
                unread.append(line)
            continue
        reason = "ambiguous" if sold else "ended" if candidates else "unknown"
        names = tuple([f"{product.sku} {product.name}" for product in candidates[:TOLD]])
        unread.append(Unread(one.row, "product", reason, one.text, names))
    return lines, unread


def _line(one: Asked, product: SheetProduct, barcode_unit: str) -> CartLine | Unread:
    if one.qty == 0:
        return CartLine(product.sku, 1, barcode_unit or product.ordering_unit)
    unit = one.unit or barcode_unit
    if not product.factor(unit):
        names = (product.base_unit, *(name for name, _factor in product.units))
        return Unread(one.row, "unit", "unit", one.text, names)
    return CartLine(product.sku, one.qty, "" if unit == product.base_unit else unit)


def _exact(refs: set[str]) -> tuple[dict[str, list[UUID]], dict[str, str]]:
    """Products by what names them exactly, a SKU before a barcode before a name; barcodes' units."""
    wanted = {upper: ref for ref in refs for upper in (ref.upper(), ref)}
    found: dict[str, list[UUID]] = {}
    ranks: dict[str, int] = {}
    units: dict[str, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 0, p.sku, p.id, NULL FROM catalogue_product p"
            "  WHERE p.tenant_id = %(t)s AND p.sku = ANY(%(r)s)"
            " UNION ALL SELECT 1, b.code, b.product_id, u.name FROM catalogue_barcode b"
            "  LEFT JOIN catalogue_unit u ON u.tenant_id = b.tenant_id AND u.id = b.unit_id"
            "  WHERE b.tenant_id = %(t)s AND b.code = ANY(%(r)s)"
            " UNION ALL SELECT 2, p.name, p.id, NULL FROM catalogue_product p"
            "  WHERE p.tenant_id = %(t)s AND p.name = ANY(%(r)s) ORDER BY 1",
            {"t": active_tenant_id(), "r": list(wanted)},
        )
        for rank, named, product_id, unit in cursor.fetchall():
            ref = wanted[named]
            if ranks.setdefault(ref, rank) == rank:
                found.setdefault(ref, []).append(product_id)
                if unit:
                    units[ref] = unit
    return found, units


def _guessed(refs: Sequence[str]) -> dict[str, list[UUID]]:
    """Products that hold all words of what was written, as the search finds them."""
    words = {ref: [_like(word) for word in search_words(ref)] for ref in refs}
    known = {ref: found for ref, found in words.items() if found}
    if not known:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.ref, array_agg(p.id ORDER BY p.sku) FROM unnest(%s::text[], %s::text[]) w(ref, words)"
            " JOIN catalogue_product p ON p.search LIKE ALL (string_to_array(w.words, chr(31)))"
            " WHERE p.tenant_id = %s AND p.stage <> 'ended' GROUP BY w.ref",
            [list(known), ["\x1f".join(found) for found in known.values()], active_tenant_id()],
        )
        return {ref: list(ids) for ref, ids in cursor.fetchall()}


def _like(word: str) -> str:
    escaped = word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def _by_id(ids: set[UUID]) -> dict[UUID, SheetProduct]:
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_PRODUCT} FROM catalogue_product p WHERE p.tenant_id = %s AND p.id = ANY(%s::uuid[])",
            [active_tenant_id(), [str(id) for id in ids]],
        )
        return {row[0]: _product(row) for row in cursor.fetchall()}


def scheme_names(*, seller_id: UUID, codes: Iterable[str]) -> dict[str, str]:
    """The names of a seller's published schemes, by code."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, name FROM pricing_scheme WHERE tenant_id = %s AND seller_id = %s"
            " AND code = ANY(%s) AND state = 'published' AND name <> ''",
            [active_tenant_id(), seller_id, list(codes)],
        )
        return dict(cursor.fetchall())


def last_lines(*, seller_id: UUID, buyer_id: UUID) -> list[CartLine]:
    """What the buyer ordered the last time, in base units; gifts and what is no longer sold left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.sku, l.qty FROM ordering_orderline l"
            " JOIN catalogue_product p ON p.tenant_id = l.tenant_id AND p.id = l.product_id"
            " WHERE l.tenant_id = %s AND l.qty > 0 AND p.stage <> 'ended' AND l.order_id = ("
            "  SELECT o.id FROM ordering_order o WHERE o.tenant_id = l.tenant_id AND o.buyer_id = %s"
            "  AND o.seller_id = %s AND o.state <> 'cancelled' ORDER BY o.placed_at DESC LIMIT 1)"
            " ORDER BY l.position",
            [active_tenant_id(), buyer_id, seller_id],
        )
        return [CartLine(sku, qty) for sku, qty in cursor.fetchall()]


def people_to_ask(party_id: UUID, roles: Sequence[str]) -> list[str]:
    """The names of a party's people in these roles, at most three."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username)"
            " FROM dealers_membership m"
            " JOIN accounts_user u ON u.id = m.user_id"
            " WHERE m.tenant_id = %s AND m.party_id = %s AND m.role = ANY(%s) AND m.is_active AND u.is_active"
            " ORDER BY array_position(%s::text[], m.role::text), 1 LIMIT 3",
            [active_tenant_id(), party_id, list(roles), list(roles)],
        )
        return [name for (name,) in cursor.fetchall()]
