"""How much a planned product overlaps with those on sale: by its name, its pack and its price class."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

MIN_LIKENESS = 0.5
SAME_CLASS = Decimal("0.15")
"""Prices that differ by at most this part of the higher one are of one class."""
MAX_OVERLAPS = 10


@dataclass(frozen=True, slots=True)
class Ware:
    """A product of a category. `packs` are its base unit and its larger units, such as {"瓶", "箱×12"}.

    `price` is for one base unit, None if the product has none.
    """

    sku: str
    name: str
    packs: frozenset[str]
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Overlap:
    """A product on sale that resembles the planned one; `likeness` is from 0 to 1.

    `has_same_price` is None if one of the two has no price.
    """

    sku: str
    name: str
    likeness: float
    has_same_pack: bool
    price: Decimal | None = None
    has_same_price: bool | None = None


def overlaps(planned: Ware, on_sale: Iterable[Ware]) -> list[Overlap]:
    """Return the products that resemble the planned one in their names, the most similar first."""
    found = [
        Overlap(
            one.sku,
            one.name,
            round(likeness, 2),
            one.packs == planned.packs,
            one.price,
            same_class(planned.price, one.price),
        )
        for one in on_sale
        if (likeness := dice(planned.name, one.name)) >= MIN_LIKENESS
    ]
    found.sort(key=lambda one: (-one.likeness, not one.has_same_pack, not one.has_same_price, one.sku))
    return found[:MAX_OVERLAPS]


def same_class(one: Decimal | None, other: Decimal | None) -> bool | None:
    """Return whether two prices are of one class; None if one is missing."""
    if one is None or other is None:
        return None
    return abs(one - other) <= SAME_CLASS * max(one, other)


def dice(one: str, other: str) -> float:
    """Return Dice's coefficient of the pairs of neighbouring characters in two texts, from 0 to 1."""
    pairs, others = _pairs(one), _pairs(other)
    if not pairs or not others:
        return float(bool(one) and one == other)
    return 2 * len(pairs & others) / (len(pairs) + len(others))


def _pairs(text: str) -> set[str]:
    plain = "".join(text.lower().split())
    return {plain[i : i + 2] for i in range(len(plain) - 1)}
