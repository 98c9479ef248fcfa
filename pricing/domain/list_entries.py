"""The entries of a price list as its seller writes them: rising breaks, differences and copies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

from kernel.money import EXACT, ONE, exact, figure

MAX_PLACES = 4


class ListEntry(NamedTuple):
    """A price for `per` base units from `min_qty` on; `advised_resale` is for the same `per`."""

    sku: str
    price: Decimal
    per: int = 1
    min_qty: int = 0
    advised_resale: Decimal | None = None


class RisingBreak(NamedTuple):
    """The entry at `place` costs more for a base unit than `cheaper`, which needs a smaller quantity."""

    place: int
    entry: ListEntry
    cheaper: ListEntry


def rising_breaks(entries: Sequence[ListEntry]) -> list[RisingBreak]:
    """Return the entries whose base unit costs more than from a smaller quantity, in their order."""
    by_sku: dict[str, list[tuple[int, int]]] = {}
    for place, entry in enumerate(entries):
        by_sku.setdefault(entry.sku, []).append((entry.min_qty, place))
    found = []
    for places in by_sku.values():
        best = entries[min(places)[1]]
        for _least, place in sorted(places)[1:]:
            entry = entries[place]
            if EXACT.multiply(entry.price, best.per) > EXACT.multiply(best.price, entry.per):
                found.append(RisingBreak(place, entry, best))
            else:
                best = entry
    return sorted(found)


@dataclass(frozen=True, slots=True)
class EntryDifference:
    """What an upload changes at one product and quantity. `change` is the fraction of a base unit's price."""

    kind: Literal["added", "changed", "removed"]
    old: ListEntry | None
    new: ListEntry | None
    change: Decimal | None = None

    @property
    def entry(self) -> ListEntry:
        found = self.new or self.old
        assert found is not None
        return found


def differences(old: Iterable[ListEntry], new: Iterable[ListEntry]) -> list[EntryDifference]:
    """Return the differences of two lists by SKU and quantity; equal entries are left out."""
    before, after = _by_place(old), _by_place(new)
    found = []
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        if was is None:
            found.append(EntryDifference("added", None, now))
        elif now is None:
            found.append(EntryDifference("removed", was, None))
        elif was != now:
            found.append(EntryDifference("changed", was, now, relative_change(was, now)))
    return found


def _by_place(entries: Iterable[ListEntry]) -> Mapping[tuple[str, int], ListEntry]:
    return {(entry.sku, entry.min_qty): entry for entry in entries}


@exact
def relative_change(old: ListEntry, new: ListEntry) -> Decimal | None:
    """Return by which fraction a base unit's price changes, with 4 places; None from a price of 0."""
    if not old.price:
        return None
    return figure(new.price * old.per / (old.price * new.per) - ONE)


@exact
def repriced(entry: ListEntry, *, percent: Decimal, places: int, with_advised: bool = False) -> ListEntry:
    """Return the entry with its price changed by `percent` (-2.5: two and a half less), half up.

    The advised resale price stays unless `with_advised`.
    """
    advised = entry.advised_resale
    if with_advised and advised is not None:
        advised = _changed(advised, percent, places)
    return entry._replace(price=_changed(entry.price, percent, places), advised_resale=advised)


def _changed(price: Decimal, percent: Decimal, places: int) -> Decimal:
    unit = Decimal(1).scaleb(-places)
    return (price * (100 + percent) / 100).quantize(unit, rounding=ROUND_HALF_UP)
