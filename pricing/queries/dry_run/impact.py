"""The impact of publishing a draft: for each group of buyers on equal terms, the prices that change.

Checks of this room and of rooms above read it. It takes a constant number of statements, and its size
follows the number of different terms, not that of buyers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from accounts.rights import MANUFACTURER
from dealers.models import Party
from kernel.periods import Period
from pricing.domain.audience import EVERYONE, Audience, includes_buyer
from pricing.domain.base_price import PriceBook, PriceEntry, PriceList
from pricing.domain.dry_run.changes import AdviceKey, PriceChange, price_changes
from pricing.models import PriceEntry as StoredEntry
from pricing.models import PriceList as StoredList
from pricing.queries.dry_run.buyers import EqualBuyers, equal_buyers

Advice = dict[AdviceKey, Decimal]


@dataclass(frozen=True, slots=True)
class BuyerGroup:
    """Buyers for whom publishing changes the same prices."""

    number: int
    buyers: tuple[UUID, ...]
    levels: frozenset[str]
    contracts: frozenset[str]
    regions: frozenset[str]
    changes: tuple[PriceChange, ...]


class PriceColumns(NamedTuple):
    """The changes of price as columns for a statement: a row for each group, product and range.

    `until_qty` is None where a range has no end.
    """

    groups: list[int]
    products: list[UUID]
    from_qty: list[int]
    until_qty: list[int | None]
    old_price: list[Decimal]
    old_per: list[int]
    new_price: list[Decimal]
    new_per: list[int]


@dataclass(frozen=True, slots=True)
class PriceImpact:
    """What publishing `stored` on the day `on` changes.

    `draft` is the list as the rules need it, `before` and `after` are the seller's lists in force then;
    `audience` has the price book after publishing and the number of the buyers, for each group of buyers
    that the draft is for. `products` are the ids by SKU.
    """

    stored: StoredList
    seller: Party
    today: date
    on: date
    draft: PriceList
    before: Sequence[PriceList]
    after: Sequence[PriceList]
    advice_before: Advice
    advice_after: Advice
    products: dict[str, UUID]
    groups: Sequence[BuyerGroup]
    audience: Sequence[tuple[PriceBook, int]]
    audience_levels: frozenset[str]

    @property
    def is_manufacturers(self) -> bool:
        return self.seller.kind == MANUFACTURER

    @property
    def buyers(self) -> dict[UUID, int]:
        """Return the group of each buyer for whom a price changes."""
        return {one: group.number for group in self.groups for one in group.buyers}

    def columns(self) -> PriceColumns:
        """Return the changes between two prices as columns."""
        rows = [
            (group.number, self.products[one.sku], one.from_qty, one.until_qty)
            + (one.old.price, one.old.per, one.new.price, one.new.per)
            for group in self.groups
            for one in group.changes
            if one.old is not None and one.new is not None
        ]
        return (
            PriceColumns(*map(list, zip(*rows, strict=True)))
            if rows
            else PriceColumns(*([] for _ in range(8)))
        )

    def changed_products(self) -> list[UUID]:
        skus = {change.sku for group in self.groups for change in group.changes}
        return sorted(self.products[sku] for sku in skus)


def price_impact(stored: StoredList, *, today: date) -> PriceImpact:
    """Return the impact of a draft. Seven statements at most."""
    seller: Party = stored.seller
    on = max(today, stored.starts_on or today)
    in_force = _lists_in_force(stored, on)
    replaced = [one for one in in_force if one.code == stored.code]
    products = _products([stored.id, *[one.id for one in replaced]])
    entries, advice = _entries([stored, *in_force], products)
    starts_on = stored.starts_on or (on if replaced else None)
    draft = _as_rule(stored, entries[stored.id], Period(starts_on, stored.until))
    others = [_as_rule(one, entries[one.id]) for one in in_force if one.code != stored.code]
    before = [*others, *(_as_rule(one, entries[one.id]) for one in replaced)]
    after = [*others, draft]
    advice_before = {key: value for one in in_force for key, value in advice[one.id].items()}
    others_advice = {key: value for key, value in advice_before.items() if key[0] != stored.code}
    advice_after = others_advice | advice[stored.id]
    concerned = [draft.audience, *(one.audience for one in before if one.code == stored.code)]
    rows = equal_buyers(seller, [one.audience for one in (*before, draft)], concerned, on)
    merged: dict[tuple[PriceChange, ...], list[EqualBuyers]] = defaultdict(list)
    audience: list[tuple[PriceBook, int]] = []
    levels: set[str] = set()
    for row in rows:
        book = PriceBook(after, row.buyer, on)
        if includes_buyer(draft.audience, row.buyer):
            audience.append((book, len(row.ids)))
            levels |= row.levels
        changes = price_changes(
            PriceBook(before, row.buyer, on),
            book,
            products,
            draft=draft,
            advice_before=advice_before,
            advice_after=advice_after,
        )
        merged[tuple(changes)].append(row)
    return PriceImpact(
        stored=stored,
        seller=seller,
        today=today,
        on=on,
        draft=draft,
        before=before,
        after=after,
        advice_before=advice_before,
        advice_after=advice_after,
        products=products,
        groups=list(_groups(merged)),
        audience=audience,
        audience_levels=frozenset(levels),
    )


def _groups(merged: dict[tuple[PriceChange, ...], list[EqualBuyers]]) -> Iterator[BuyerGroup]:
    for number, (changes, rows) in enumerate((key, rows) for key, rows in merged.items() if key):
        yield BuyerGroup(
            number,
            tuple([one for row in rows for one in row.ids]),
            frozenset().union(*(row.levels for row in rows)),
            frozenset().union(*(row.contracts for row in rows)),
            frozenset().union(*(row.regions for row in rows)),
            changes,
        )


def _lists_in_force(stored: StoredList, on: date) -> list[StoredList]:
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=on)
    going = Q(until__isnull=True) | Q(until__gt=on)
    rows = StoredList.objects.filter(
        begun, going, seller_id=stored.seller_id, state=StoredList.State.PUBLISHED
    )
    return list(rows.exclude(id=stored.id).order_by("code"))


def _products(list_ids: Iterable[UUID]) -> dict[str, UUID]:
    """Return the products of the lists by SKU."""
    rows = StoredEntry.objects.filter(price_list__in=list(list_ids)).order_by("product__sku")
    return dict(rows.values_list("product__sku", "product_id").distinct())


def _entries(
    lists: Sequence[StoredList], products: dict[str, UUID]
) -> tuple[dict[UUID, list[PriceEntry]], dict[UUID, Advice]]:
    """Return the entries of each list for the products, and what resale prices they advise."""
    entries: dict[UUID, list[PriceEntry]] = {one.id: [] for one in lists}
    advice: dict[UUID, Advice] = {one.id: {} for one in lists}
    codes = {one.id: one.code for one in lists}
    skus = {product: sku for sku, product in products.items()}
    rows = StoredEntry.objects.filter(price_list__in=list(entries), product__in=list(skus)).order_by(
        "product", "min_qty"
    )
    columns = ("price_list_id", "product_id", "price", "per", "min_qty", "advised_resale")
    for list_id, product, price, per, least, advised in rows.values_list(*columns).iterator(10_000):
        entry = PriceEntry(skus[product], price, per, least)
        entries[list_id].append(entry)
        if advised is not None:
            advice[list_id][codes[list_id], entry.sku, least] = advised
    return entries, advice


def _as_rule(stored: StoredList, entries: list[PriceEntry], period: Period | None = None) -> PriceList:
    value = stored.audience_value
    return PriceList(
        code=stored.code,
        audience=Audience(stored.audience_kind, value) if value else EVERYONE,
        entries=entries,
        priority=stored.priority,
        period=period or Period(stored.starts_on, stored.until),
    )
