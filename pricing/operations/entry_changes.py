"""Changes of single entries of a draft: prices set, added and removed row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import record
from pricing.audit_actions import PriceListAction
from pricing.domain.list_entries import ListEntry
from pricing.models import PriceEntry, PriceList
from pricing.operations.entries import RowError, check_entries, refuse_errors, row_error, stored_entries
from pricing.operations.price_lists import locked_draft
from tenancy.context import joined_transaction


@dataclass(frozen=True, slots=True)
class EntryChange:
    """A change of the entry `entry_id`, None for a new one; without `values` the entry is removed.

    `before` is the stored entry as the person who changes it saw it.
    """

    entry_id: UUID | None
    values: Mapping[str, object] | None
    before: ListEntry | None = None


def change_entries(*, price_list_id: UUID, changes: Sequence[EntryChange], by: Actor, at: datetime) -> int:
    """Make the changes of a draft's entries, all or none; return their number.

    Raise InvalidRows with the errors of each change as `changes[2].price`: what `read_entries` refuses,
    and an entry that another person has changed or removed meanwhile. Six statements.
    """
    with joined_transaction():
        draft = locked_draft(price_list_id, by=by)
        if not changes:
            return 0
        rows = PriceEntry.objects.filter(price_list=draft)
        stored = rows.select_related("product").in_bulk([one.entry_id for one in changes if one.entry_id])
        refuse_errors(_conflicts(changes, stored))
        entries, products = _check(changes, rows)
        rows.filter(id__in=[one.entry_id for one in changes if one.values is None]).delete()
        _write(draft, changes, entries, products, stored)
        record(PriceListAction.CHANGE_ENTRIES, draft, by=by, at=at, code=draft.code, entries=len(changes))
    return len(changes)


def _conflicts(changes: Sequence[EntryChange], stored: Mapping[Any, PriceEntry]) -> list[RowError]:
    errors = []
    for place, one in enumerate(changes):
        if one.entry_id is None:
            continue
        row = stored.get(one.entry_id)
        now = None if row is None else entry_of(row)
        if now is None or (one.before is not None and now != one.before):
            message = _("Someone else changed this row meanwhile; nothing of theirs is overwritten.")
            errors.append(row_error(f"changes[{place}].price", "conflict", message))
    return errors


def _check(changes: Sequence[EntryChange], rows: Any) -> tuple[Mapping[int, ListEntry], Mapping[str, UUID]]:
    """Check the changed entries beside the others of their products.

    Return them by the place of their change, and the ids of their products by SKU.
    """
    touched = [one.entry_id for one in changes if one.entry_id]
    typed = {place: one.values for place, one in enumerate(changes) if one.values is not None}
    skus = {str(values.get("sku", "")) for values in typed.values()}
    others = stored_entries(rows.filter(product__sku__in=skus).exclude(id__in=touched))
    checked = check_entries([*(one._asdict() for one in others), *typed.values()])
    places = list(typed)
    refuse_errors([_at_change(error, len(others), places) for error in checked.errors])
    return dict(zip(places, checked.entries[len(others) :], strict=True)), checked.products


def _at_change(error: RowError, others: int, places: Sequence[int]) -> RowError:
    """Return an error at the change that causes it; a break among stored entries is that of the first."""
    number, _bracket, name = error["field"].removeprefix("entries[").partition("]")
    place = int(number) - others
    return {**error, "field": f"changes[{places[max(place, 0)]}]{name}"}


def entry_of(row: PriceEntry) -> ListEntry:
    """Return a stored entry, read with its product."""
    return ListEntry(row.product.sku, row.price, row.per, row.min_qty, row.advised_resale)


def _write(
    draft: PriceList,
    changes: Sequence[EntryChange],
    entries: Mapping[int, ListEntry],
    products: Mapping[str, UUID],
    stored: Mapping[Any, PriceEntry],
) -> None:
    """Replace the changed entries, so that two may exchange their quantities, and add the new ones."""
    replaced = [stored[one.entry_id].id for place in entries if (one := changes[place]).entry_id]
    PriceEntry.objects.filter(id__in=replaced).delete()
    PriceEntry.objects.bulk_create(
        [
            PriceEntry(
                **({"id": changes[place].entry_id} if changes[place].entry_id else {}),
                price_list=draft,
                product_id=products[entry.sku],
                price=entry.price,
                per=entry.per,
                min_qty=entry.min_qty,
                advised_resale=entry.advised_resale,
            )
            for place, entry in entries.items()
        ]
    )
