"""Set or add to a party's stock: opening balances, receipts, counts, and a partner system's feed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import record
from catalogue.models import Product
from catalogue.queries import UnknownProduct
from dealers.models import Party
from dealers.queries.traders import UnknownParty
from kernel.quantities import MAX_UNITS
from kernel.refusals import Refusal
from kernel.sources import differing_lines, differing_values
from ordering.audit_actions import StockAction
from ordering.models import StockMovement, StockReport
from ordering.operations.reserving import open_rows
from ordering.operations.sources import by_sku, must_be_same
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.models import new_id

Mode = StockReport.Mode


class StockRefused(Refusal):
    code = "out_of_range"


class Promised(Refusal):
    code = "conflict"


class StockChanged(NamedTuple):
    """How many products changed, and whether the report was made before."""

    changed: int
    replayed: bool = False


class Counted(NamedTuple):
    """The counted stock of one SKU. `safety` and `quarantine` None stay unchanged."""

    sku: str
    on_hand: int
    safety: int | None = None
    quarantine: int | None = None


def count_stock(
    *, party_id: UUID, rows: Sequence[Counted | tuple[str, int]], source: str, by: Actor, at: datetime
) -> StockChanged:
    """Set the stock on hand, for an opening, a stocktaking or a feed.

    Each difference is a movement of `source`. A source counts once: the same report again changes nothing,
    another one raises SourceTaken. Raises a conflict for less than is promised to orders. A constant number
    of statements for any number of rows.
    """
    return _change([Counted(*row) for row in rows], party_id, source, by, at, Mode.COUNT)


def receive_stock(
    *, party_id: UUID, rows: Sequence[tuple[str, int]], source: str, by: Actor, at: datetime
) -> StockChanged:
    """Add to the stock on hand; a negative quantity is an adjustment. A source counts once, as in a count."""
    return _change([Counted(*row) for row in rows], party_id, source, by, at, Mode.RECEIPT)


_SET = (
    "WITH wanted AS MATERIALIZED (SELECT * FROM unnest(%(products)s::uuid[], %(on_hand)s::bigint[],"
    " %(safety)s::bigint[], %(quarantine)s::bigint[]) AS w(product_id, on_hand, safety, quarantine)), "
    "locked AS MATERIALIZED (SELECT s.* FROM ordering_stock s WHERE s.tenant_id = %(tenant)s"
    " AND s.party_id = %(party)s AND s.product_id = ANY(%(products)s::uuid[])"
    " ORDER BY s.id FOR NO KEY UPDATE), "
    "moves AS MATERIALIZED (SELECT l.id, l.product_id, w.safety, w.quarantine,"
    " CASE WHEN %(absolute)s THEN w.on_hand - l.on_hand ELSE w.on_hand END AS moved"
    " FROM locked l JOIN wanted w ON w.product_id = l.product_id"
    " WHERE NOT EXISTS (SELECT 1 FROM ordering_stockmovement m WHERE m.tenant_id = %(tenant)s"
    "  AND m.stock_id = l.id AND m.source = %(source)s)), "
    "changed AS (UPDATE ordering_stock s SET on_hand = s.on_hand + m.moved,"
    " safety = coalesce(m.safety, s.safety), quarantine = coalesce(m.quarantine, s.quarantine)"
    " FROM moves m WHERE s.tenant_id = %(tenant)s AND s.id = m.id"
    " AND s.on_hand + m.moved >= s.hard + s.soft RETURNING s.id, s.product_id, m.moved), "
    "movements AS (INSERT INTO ordering_stockmovement (id, tenant_id, stock_id, kind, qty, source, at)"
    " SELECT gen_random_uuid(), %(tenant)s, id, %(kind)s, moved, %(source)s, %(at)s"
    " FROM changed WHERE moved <> 0) "
    "SELECT m.product_id, c.id IS NOT NULL, m.moved FROM moves m LEFT JOIN changed c ON c.id = m.id"
)


def _change(
    rows: Sequence[Counted], party_id: UUID, source: str, by: Actor, at: datetime, mode: StockReport.Mode
) -> StockChanged:
    absolute = mode == Mode.COUNT
    by.must("stock.edit")
    if not by.acts_for(party_id):
        raise UnknownParty(_("There is no such party."), field="party")
    if not source or len(source) > 100:
        raise StockRefused(_("A change of stock names its source, of 1 to 100 characters."), field="source")
    if (repeated := _repeated(rows, party_id, source, mode)) is not None:
        return repeated
    products = _products_of(rows, absolute)
    with joined_transaction():
        _must_be(party_id)
        if not _claimed(rows, party_id, source, mode, at):
            repeated = _repeated(rows, party_id, source, mode)
            assert repeated is not None
            return repeated
        open_rows(party_id=party_id, product_ids=products.values())
        with connection.cursor() as cursor:
            cursor.execute(
                _SET,
                {
                    "tenant": active_tenant_id(),
                    "party": party_id,
                    "source": source,
                    "at": at,
                    "absolute": absolute,
                    "kind": str(mode),
                    "products": [str(products[row.sku]) for row in rows],
                    "on_hand": [row.on_hand for row in rows],
                    "safety": [row.safety for row in rows],
                    "quarantine": [row.quarantine for row in rows],
                },
            )
            found = cursor.fetchall()
        short = {product for product, done, _moved in found if not done}
        if short:
            i = next(i for i, row in enumerate(rows) if products[row.sku] in short)
            message = _("More of %(sku)s is promised to orders than that.") % {"sku": rows[i].sku}
            raise Promised(message, field=f"lines[{i}].on_hand")
        record(StockAction.REPORT, (Party, party_id), by=by, at=at, source=source, lines=len(rows))
    return StockChanged(sum(1 for _product, done, moved in found if done and moved))


def _lines_of(rows: Sequence[Counted]) -> list[tuple[str, dict[str, int]]]:
    """Return the rows as they are stored and compared: what is not said is left out."""
    names = Counted._fields[1:]
    return [
        (sku, {name: value for name, value in zip(names, values, strict=True) if value is not None})
        for sku, *values in rows
    ]


def _repeated(rows: Sequence[Counted], party_id: UUID, source: str, mode: str) -> StockChanged | None:
    """Return what a report that was made before has changed, None for a new one. Raises SourceTaken."""
    known = StockReport.objects.filter(party_id=party_id, source=source).first()
    if known is None:
        return None
    booked = [(str(sku), values) for sku, values in known.lines]
    differs = differing_values({"mode": known.mode}, {"mode": str(mode)})
    differs += differing_lines(booked, by_sku(_lines_of(rows), booked))
    must_be_same(differs, number=source, booked=("stock_report", known.id))
    movements = StockMovement.objects.filter(stock__party_id=party_id, source=source)
    return StockChanged(movements.count(), replayed=True)


def _claimed(rows: Sequence[Counted], party_id: UUID, source: str, mode: str, at: datetime) -> bool:
    """Insert the report; return whether its source is new. Waits for another one with the same source."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ordering_stockreport (id, tenant_id, party_id, source, mode, lines, reported_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (tenant_id, party_id, source) DO NOTHING",
            [new_id(), active_tenant_id(), party_id, source, mode, json.dumps(_lines_of(rows)), at],
        )
        return bool(cursor.rowcount)


def _products_of(rows: Sequence[Counted], absolute: bool) -> dict[str, UUID]:
    skus = [row.sku for row in rows]
    products: dict[str, UUID] = dict(Product.objects.filter(sku__in=skus).values_list("sku", "id"))
    named = set()
    for i, row in enumerate(rows):
        if row.sku not in products or row.sku in named:
            message = _("%(sku)s is no product, or is there twice.") % {"sku": row.sku}
            raise UnknownProduct(message, field=f"lines[{i}].sku")
        named.add(row.sku)
        for field, value in (
            ("on_hand", row.on_hand),
            ("safety", row.safety),
            ("quarantine", row.quarantine),
        ):
            least = 0 if absolute or field != "on_hand" else -MAX_UNITS
            if value is not None and not least <= value <= MAX_UNITS:
                raise StockRefused(_("This quantity is out of range."), field=f"lines[{i}].{field}")
    return products


def _must_be(party_id: UUID) -> None:
    if not Party.objects.filter(id=party_id).exists():
        raise UnknownParty(_("There is no such party."), field="party")
