"""The base price: which of a buyer's price lists has the say. Source: rules.md, quote 1."""

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

    A named tuple, not a dataclass: a quote is handed thousands of them.
    """

    sku: str
    price: Decimal
    per: int = 1
    min_qty: int = 1


@dataclass(frozen=True, slots=True)
class PriceList:
    code: str
    audience: Audience
    entries: Sequence[PriceEntry]
    priority: int = 0
    period: Period = ALWAYS


class Candidate(NamedTuple):
    """An entry that the buyer might get. Equal `place`: equal audience and priority. `standing` is the
    precedence of the list's audience."""

    place: int
    standing: tuple[int, int]
    price_list: PriceList
    entry: PriceEntry


_candidate = partial(tuple.__new__, Candidate)  # of a tuple; half the time of a call, 500 times an order


class PriceBook:
    """The prices that one buyer may see on one day, indexed once by SKU."""

    __slots__ = ("_by_sku",)

    def __init__(self, price_lists: Iterable[PriceList], buyer: Buyer, on: date) -> None:
        self._by_sku: dict[str, list[Candidate]] = defaultdict(list)
        for place, standing, price_list in _ranked(price_lists, buyer, on):
            for entry in price_list.entries:
                self._by_sku[entry.sku].append(_candidate((place, standing, price_list, entry)))

    def candidates(self, sku: str) -> Sequence[Candidate]:
        """Every entry for the SKU, the best place first, whatever its minimum quantity."""
        return self._by_sku.get(sku, ())

    def choose(self, sku: str, qty: int) -> Candidate | None:
        """The entry that sets the base price of `qty` base units, or None: there is no price.

        Candidates stand in the order of audience, priority, `from` and code. So the first place
        with an entry for this quantity wins, and in it the highest `min_qty`; between equals
        the one that stands first.
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
    """The lists that apply, in order, each with its place and the precedence of its audience."""
    applicable = []
    for price_list in price_lists:
        if price_list.period.active_on(on):
            standing = precedence(price_list.audience, buyer)
            if standing is not None:
                applicable.append(((standing, -price_list.priority), price_list))
    applicable.sort(key=lambda ranked: (ranked[0], -_start(ranked[1]), ranked[1].code))
    place, before = 0, None
    for standing_and_priority, price_list in applicable:
        place += standing_and_priority != before
        before = standing_and_priority
        yield place, standing_and_priority[0], price_list


def _start(price_list: PriceList) -> int:
    start = price_list.period.from_
    return start.toordinal() if start else 0
