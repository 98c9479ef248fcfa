"""How much a planned product overlaps with those on sale: by its name and its pack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MIN_LIKENESS = 0.5
MAX_OVERLAPS = 10


@dataclass(frozen=True, slots=True)
class Ware:
    """A product of a category. `packs` are its base unit and its larger units, such as {"瓶", "箱×12"}."""

    sku: str
    name: str
    packs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Overlap:
    """A product on sale that resembles the planned one; `likeness` is from 0 to 1."""

    sku: str
    name: str
    likeness: float
    has_same_pack: bool


def overlaps(planned: Ware, on_sale: Iterable[Ware]) -> list[Overlap]:
    """Return the products that resemble the planned one in their names, the most similar first."""
    found = [
        Overlap(one.sku, one.name, round(likeness, 2), one.packs == planned.packs)
        for one in on_sale
        if (likeness := dice(planned.name, one.name)) >= MIN_LIKENESS
    ]
    found.sort(key=lambda one: (-one.likeness, not one.has_same_pack, one.sku))
    return found[:MAX_OVERLAPS]


def dice(one: str, other: str) -> float:
    """Return Dice's coefficient of the pairs of neighbouring characters in two texts, from 0 to 1."""
    pairs, others = _pairs(one), _pairs(other)
    if not pairs or not others:
        return float(bool(one) and one == other)
    return 2 * len(pairs & others) / (len(pairs) + len(others))


def _pairs(text: str) -> set[str]:
    plain = "".join(text.lower().split())
    return {plain[i : i + 2] for i in range(len(plain) - 1)}
