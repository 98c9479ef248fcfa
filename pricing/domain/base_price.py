"""The base price: the choice among a buyer's price lists. Source: rules.md, quote 1."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from kernel.periods import ALWAYS, Period
from pricing.domain.audience import Audience, Buyer, precedence


class PriceEntry(NamedTuple):
    """A price of `price` for `per` base units, from `min_qty` base units on.

    A named tuple rather than a dataclass, because a quote reads thousands of them.
    """

    sku: str
    price: Decimal
    per: int = 1
    min_qty: int = 1


@dataclass(frozen=True, slots=True)
class PriceList:
    """A price list as the rules need it. Of equal audiences the higher `priority` wins.

    `tax_included` says whether its prices include tax; it changes no price.
    """

    code: str
    audience: Audience
    entries: Sequence[PriceEntry]
    priority: int = 0
    period: Period = ALWAYS
    tax_included: bool = True


class Candidate(NamedTuple):
    """An entry that applies to the buyer.

    Candidates of equal audience and priority have the same `place`. `rank` is the precedence of
    the audience.
    """

    place: int
    rank: tuple[int, int]
    price_list: PriceList
    entry: PriceEntry


# tuple.__new__ takes half the time of a call, and an order makes 500 of them.
_candidate = partial(tuple.__new__, Candidate)


class PriceBook:
    """The prices that apply to one buyer on one day, indexed by SKU."""

    __slots__ = ("_by_sku",)

    def __init__(self, price_lists: Iterable[PriceList], buyer: Buyer, on: date) -> None:
        self._by_sku: dict[str, list[Candidate]] = defaultdict(list)
        for place, rank, price_list in _ranked(price_lists, buyer, on):
            for entry in price_list.entries:
                self._by_sku[entry.sku].append(_candidate((place, rank, price_list, entry)))

    def candidates(self, sku: str) -> Sequence[Candidate]:
        """Return every entry of the SKU, the best place first, whatever its minimum quantity."""
        return self._by_sku.get(sku, ())

    def choose(self, sku: str, qty: int) -> Candidate | None:
        """Return the entry that sets the base price of `qty` base units; None if there is no price.

        Candidates are in the order of audience, priority, `from` and code. The first place with an entry
        for this quantity wins, within it the highest `min_qty`, and of equals the first.
        """
        best: Candidate | None = None
        for candidate in self._by_sku.get(sku, ()):
            if best is not None and candidate.place != best.place:
                break
            least = candidate.entry.min_qty
            if least <= qty and (best is None or least > best.entry.min_qty):
                best = candidate
        return best


def _ranked(
    price_lists: Iterable[PriceList], buyer: Buyer, on: date
) -> Iterator[tuple[int, tuple[int, int], PriceList]]:
    """Return the lists that apply, in order, with their place and the precedence of their audience."""
    applicable = []
    for price_list in price_lists:
        if price_list.period.active_on(on):
            rank = precedence(price_list.audience, buyer)
            if rank is not None:
                applicable.append(((rank, -price_list.priority), price_list))
    applicable.sort(key=lambda ranked: (ranked[0], -_start(ranked[1]), ranked[1].code))
    place, before = 0, None
    for rank_and_priority, price_list in applicable:
        place += rank_and_priority != before
        before = rank_and_priority
        yield place, rank_and_priority[0], price_list


def _start(price_list: PriceList) -> int:
    start = price_list.period.from_
    return start.toordinal() if start else 0
