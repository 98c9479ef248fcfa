"""The entries of published price lists, read from the database once by each process.

The database refuses every change to the entries of a published list (the trigger `entries_stay`), so what
was read stays true. Whether a list is in force is read anew for each quote.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from threading import Lock
from typing import NamedTuple

from django.db import connection

from kernel.array_literals import array_literal
from pricing.domain.base_price import PriceEntry
from tenancy.context import active_tenant_id

MAX_STORED = 100_000
"""The products of lists that a process stores: some 40 MB."""


class Publication(NamedTuple):
    """One publication of a list. A publication that was rolled back had another row version."""

    price_list_id: str
    row_version: str


_Entries = dict[str, tuple[PriceEntry, ...]]
"""The entries of a list by product; () where the list has no price for it."""
_stored: dict[Publication, _Entries] = {}
_filling = Lock()
# tuple.__new__ takes half the time of a call, and an order makes 500 of them.
_entry = partial(tuple.__new__, PriceEntry)


def entries_of(lists: Sequence[Publication], products: Mapping[str, str]) -> list[list[PriceEntry]]:
    """Return the entries of each list for the products, which are SKUs by id.

    One statement if a list is asked for a product for the first time in this process, none otherwise.
    """
    # A product's SKU may change, so that it is part of the key.
    keys = {f"{product} {sku}": product for product, sku in products.items()}
    known = [_stored.get(one, {}) for one in lists]
    unread = [one for one, entries in zip(lists, known, strict=True) if not entries.keys() >= keys.keys()]
    if unread:
        read = _read(unread, products)
        known = [read.get(one, entries) for one, entries in zip(lists, known, strict=True)]
    return [[entry for key in keys for entry in entries[key]] for entries in known]


def _read(lists: Sequence[Publication], products: Mapping[str, str]) -> dict[Publication, _Entries]:
    """Read and store the entries of the lists for the products."""
    by_id: dict[str, _Entries] = {one.price_list_id: {} for one in lists}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM price_entries(%s, %s, %s)",
            [active_tenant_id(), array_literal(by_id), array_literal(products)],
        )
        for price_list, product_ids, *columns in cursor.fetchall():
            entries = by_id[price_list]
            for product, *values in zip(product_ids, *columns, strict=True):
                sku = products[product]
                key = f"{product} {sku}"
                entries[key] = (*entries.get(key, ()), _entry((sku, *values)))
    for entries in by_id.values():
        for product, sku in products.items():
            entries.setdefault(f"{product} {sku}", ())
    return _store((one, by_id[one.price_list_id]) for one in lists)


def _store(read: Iterable[tuple[Publication, _Entries]]) -> dict[Publication, _Entries]:
    """Add to what is stored; return all that is known of these lists. The oldest lists make room."""
    with _filling:
        found = {one: {**_stored.pop(one, {}), **entries} for one, entries in read}
        _stored.update(found)
        size = sum(map(len, _stored.values()))
        while size > MAX_STORED:
            size -= len(_stored.pop(next(iter(_stored))))
    return found
