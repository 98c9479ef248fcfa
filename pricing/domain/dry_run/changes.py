"""What a draft changes for one buyer: the price of each SKU and quantity before and after publishing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from kernel.money import ZERO, exact, unit_price
from pricing.domain.base_price import Candidate, PriceBook, PriceList

HUNDRED = Decimal(100)
AdviceKey = tuple[str, str, int]
"""The list's code, the SKU and the minimum quantity of an entry."""
Advice = Mapping[AdviceKey, Decimal]


@dataclass(frozen=True, slots=True)
class OfferedPrice:
    """A price of `price` for `per` base units, the code of its list, and the advised resale price if any."""

    price: Decimal
    per: int
    price_list: str
    is_drafts: bool = False
    advised: Decimal | None = None

    @property
    def each(self) -> Decimal:
        """Return the price of one base unit, to 4 places."""
        return _each(self.price, self.per)

    @property
    def advised_each(self) -> Decimal | None:
        """Return the advised resale price of one base unit, to 4 places."""
        return None if self.advised is None else _each(self.advised, self.per)


@dataclass(frozen=True, slots=True)
class PriceChange:
    """The price of a SKU from `from_qty` base units to below `until_qty` (None: without end).

    `old` and `new` are None where there is no price.
    """

    sku: str
    from_qty: int
    until_qty: int | None
    old: OfferedPrice | None
    new: OfferedPrice | None

    @property
    def difference(self) -> Decimal:
        """Return new less old for one base unit; 0 where one of them is missing."""
        if self.old is None or self.new is None:
            return ZERO
        return self.new.each - self.old.each

    @property
    def percent(self) -> Decimal | None:
        """Return the change in per cent of the old price, to 0.1; None without an old price above 0."""
        return percent_of(self.difference, self.old.each) if self.old and self.new else None


@exact
def percent_of(part: Decimal, base: Decimal) -> Decimal | None:
    """Return a part in per cent of a base, to 0.1; None of a base of 0."""
    return None if not base else (part * HUNDRED / base).quantize(Decimal("0.1"))


@exact
def _each(price: Decimal, per: int) -> Decimal:
    return unit_price(price / per)


def price_changes(
    before: PriceBook,
    after: PriceBook,
    skus: Iterable[str],
    *,
    draft: PriceList,
    advice_before: Advice,
    advice_after: Advice,
) -> Iterator[PriceChange]:
    """Return the ranges of quantity in which a price or its advised resale price changes.

    Between two minimum quantities a price is constant, so that one choice for each range tells all.
    """
    for sku in skus:
        both = (*before.candidates(sku), *after.candidates(sku))
        steps = sorted({max(1, one.entry.min_qty) for one in both})
        for start, end in pairwise([*steps, None]):
            assert start is not None  # only the last of the pairs' ends is open
            old = _offered(before.choose(sku, start), draft, advice_before)
            new = _offered(after.choose(sku, start), draft, advice_after)
            if _terms(old) != _terms(new):
                yield PriceChange(sku, start, end, old, new)


def _offered(found: Candidate | None, draft: PriceList, advice: Advice) -> OfferedPrice | None:
    if found is None:
        return None
    entry, code = found.entry, found.price_list.code
    advised = advice.get((code, entry.sku, entry.min_qty))
    return OfferedPrice(entry.price, entry.per, code, found.price_list is draft, advised)


@exact
def _terms(offered: OfferedPrice | None) -> tuple[Decimal, Decimal | None] | None:
    """Return what a buyer gets: the exact price and advice of one base unit, whatever list it is from."""
    if offered is None:
        return None
    advised = offered.advised
    return offered.price / offered.per, None if advised is None else advised / offered.per
