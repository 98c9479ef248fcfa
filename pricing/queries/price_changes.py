"""The base prices of many buyers before and after a price list came into force, by the rule of a quote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from alliance.models import Contract
from dealers.models import Party, PartyTag
from dealers.models.region import region_path
from kernel.money import exact, unit_price
from kernel.periods import ALWAYS, Period
from pricing.domain import base_price
from pricing.domain.audience import Audience, Buyer, precedence
from pricing.models import PriceEntry, PriceList

Pair = tuple[UUID, UUID]
"""A buyer and a product."""


class PriceChange(NamedTuple):
    """The prices of a base unit before and after; None without a price."""

    before: Decimal | None
    after: Decimal | None

    @property
    def is_drop(self) -> bool:
        return self.before is not None and self.after is not None and self.after < self.before


def price_changes(
    published: PriceList, quantities: Mapping[Pair, int], *, on: date
) -> dict[Pair, PriceChange]:
    """Return how the list changed the price of each buyer and product at a quantity, on its first day.

    The price before is that of the day before without this list; a version of the list that it replaced on
    the same day counts as the one before. Five statements for any number of buyers and products.
    """
    buyers = _buyers({buyer for buyer, _product in quantities}, published.seller_id, on)
    before, after = _lists(published, {product for _buyer, product in quantities}, on)
    yesterday = on - timedelta(days=1)
    books_before, books_after = _Books(before, yesterday), _Books(after, on)
    return {
        (buyer_id, product_id): PriceChange(
            books_before.price(buyers[buyer_id], str(product_id), qty),
            books_after.price(buyers[buyer_id], str(product_id), qty),
        )
        for (buyer_id, product_id), qty in quantities.items()
        if buyer_id in buyers
    }


class _Books:
    """The prices of lists on a day. Buyers to whom the same lists apply in the same order share a book."""

    def __init__(self, lists: list[base_price.PriceList], day: date) -> None:
        self._lists, self._day = lists, day
        self._of_buyer: dict[str, base_price.PriceBook] = {}
        self._shared: dict[tuple[tuple[int, int] | None, ...], base_price.PriceBook] = {}

    def price(self, buyer: Buyer, product: str, qty: int) -> Decimal | None:
        book = self._of_buyer.get(buyer.id)
        if book is None:
            key = tuple(precedence(one.audience, buyer) for one in self._lists)
            book = self._shared.get(key) or base_price.PriceBook(self._lists, buyer, self._day)
            self._of_buyer[buyer.id] = self._shared[key] = book
        chosen = book.choose(product, qty)
        return None if chosen is None else _per_unit(chosen.entry)


@exact
def _per_unit(entry: base_price.PriceEntry) -> Decimal:
    return unit_price(entry.price / entry.per)


def _buyers(buyer_ids: Iterable[UUID], seller_id: UUID, on: date) -> dict[UUID, Buyer]:
    """Return the facts by which audiences take in each buyer."""
    ids = sorted(buyer_ids)
    tags: dict[UUID, set[str]] = defaultdict(set)
    for party_id, code in PartyTag.objects.filter(party__in=ids).values_list("party_id", "tag__code"):
        tags[party_id].add(code)
    contracts = Contract.objects.filter(
        dealer_id=seller_id, member__in=ids, state=Contract.State.ACTIVE, starts_on__lte=on, until__gt=on
    )
    # The last one of a member is the one in force, as in the database's function contract_in_force.
    in_force = dict(contracts.order_by("starts_on", "code", "version").values_list("member_id", "code"))
    rows = Party.objects.filter(id__in=ids)
    return {
        party_id: Buyer(
            id=code,
            level=kind,
            tier=tier,
            channel=channel,
            tags=frozenset(tags[party_id]),
            region=region_path(region) if region else (),
            contract=in_force.get(party_id),
        )
        for party_id, code, kind, tier, channel, region in rows.values_list(
            "id", "code", "kind", "tier__code", "channel__code", "region_id"
        )
    }


def _lists(
    published: PriceList, product_ids: Iterable[UUID], on: date
) -> tuple[list[base_price.PriceList], list[base_price.PriceList]]:
    """Return the seller's lists in force on the day before, and those of the day; entries by product id.

    The list itself counts as in force on its first day, also if a later version has replaced it since. An
    earlier version of that day counts only if it was in force, not if it was replaced before the day.
    """
    same_day = Q(
        state=PriceList.State.WITHDRAWN,
        code=published.code,
        starts_on=on,
        ended_on__gte=on,
        version__lt=published.version,
    )
    concerned = Q(state=PriceList.State.PUBLISHED) | same_day | Q(id=published.id)
    rows = PriceList.objects.filter(concerned, seller=published.seller_id)
    found = [row for row in rows if row.until is None or row.until >= on]
    entries: dict[UUID, list[base_price.PriceEntry]] = defaultdict(list)
    stored = PriceEntry.objects.filter(
        price_list__in=[row.id for row in found], product__in=list(product_ids)
    )
    for list_id, product_id, price, per, least in stored.values_list(
        "price_list_id", "product_id", "price", "per", "min_qty"
    ):
        entries[list_id].append(base_price.PriceEntry(str(product_id), price, per, least))
    others = [row for row in found if row.id != published.id]
    in_force = [row for row in others if row.state == PriceList.State.PUBLISHED]
    replaced = max((row for row in others if row not in in_force), key=lambda row: row.version, default=None)
    earlier = [row for row in in_force if replaced is None or row.code != published.code]
    before = [_of(row, entries[row.id], Period(row.starts_on, row.until)) for row in earlier]
    if replaced is not None:
        before.append(_of(replaced, entries[replaced.id], ALWAYS))
    of_the_day = [*(row for row in in_force if row.code != published.code), published]
    return before, [_of(row, entries[row.id], Period(row.starts_on, row.until)) for row in of_the_day]


def _of(row: PriceList, entries: list[base_price.PriceEntry], period: Period) -> base_price.PriceList:
    audience = Audience(row.audience_kind, row.audience_value or None)
    return base_price.PriceList(row.code, audience, entries, row.priority, period)
