"""The resolved prices of a product by quantity, for a buyer's price book. Source: rules.md, quote 1."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from pricing.domain.base_price import Candidate
from pricing.domain.schemes import Scheme, SpecialPrice


class PriceBreak(NamedTuple):
    """The price of `per` base units that holds from `from_qty` base units on.

    `base_price` is that of the list, `unit_price` the same or a lower special price.
    """

    from_qty: int
    price_list: str
    base_price: Decimal
    per: int
    unit_price: Decimal


def price_breaks(candidates: Sequence[Candidate], schemes: Iterable[Scheme] = ()) -> tuple[PriceBreak, ...]:
    """Return the prices of one product that `PriceBook.choose` finds, by the quantity from which they hold.

    `candidates` are those of `PriceBook.candidates`, `schemes` those that cover the product. A list that
    comes later in the order sets prices only below the quantities of those before it: one pass is enough.
    """
    special = min(
        (one.price for one in schemes if isinstance(one, SpecialPrice) and not one.is_used_up), default=None
    )
    found: dict[int, Candidate] = {}
    place, covered = None, None
    for candidate in candidates:
        if candidate.place != place:
            place, covered = candidate.place, min(found, default=None)
        least = candidate.entry.min_qty
        start = max(least, 1)
        if covered is None or start < covered:
            other = found.get(start)  # from 0 and from 1 both hold from 1 on
            if other is None or least > other.entry.min_qty:
                found[start] = candidate
    return tuple(
        PriceBreak(
            start,
            one.price_list.code,
            one.entry.price,
            one.entry.per,
            one.entry.price if special is None else min(special, one.entry.price),
        )
        for start, one in sorted(found.items())
    )
