"""What a row may mean that names no product exactly: products with its words, for a person to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kernel.spelling import folded
from ordering.domain.quick_order.cart_lines import SheetProduct
from ordering.domain.quick_order.matching import (
    BY_NAME,
    MAX_CANDIDATES,
    Choice,
    Match,
    Matches,
    choices,
)
from ordering.domain.quick_order.pasted_rows import OrderRow
from ordering.domain.quick_order.readings import DOUBTFUL, NAME
from ordering.domain.quick_order.row_problems import RowProblem

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


class Found(NamedTuple):
    """The first products that hold the words of a reference, and how many there are in `total`."""

    products: Sequence[SheetProduct] = ()
    total: int = 0


def searched_references(row: OrderRow) -> list[str]:
    """Return the texts of a row to search by their words; a number alone is never guessed."""
    return list(dict.fromkeys(one.reference for one in row.readings if _has_letter(one.reference)))


def guess(row: OrderRow, found: Mapping[str, Found], matches: Matches) -> RowProblem:
    """Return the problem of a row that names no product exactly, with what it may mean."""
    refused = [one.reason for one in row.readings if one.reason]
    candidates = [] if "two_meanings" in refused else list(dict.fromkeys(_guesses(row, found, matches)))
    if candidates:
        more = _more(row, found, len(candidates))
        first = tuple([choice.candidate() for choice in candidates[:MAX_CANDIDATES]])
        return RowProblem(row.number, "product", "guess", row.text, (), first, more)
    if refused:
        return RowProblem(row.number, "quantity", refused[0], row.text)
    if not any(one.quantity for one in row.readings):
        return RowProblem(row.number, "quantity", "no_quantity", row.text)
    return RowProblem(row.number, "product", "unknown", row.text)


class Ranked(NamedTuple):
    """What a row orders of products with its words; those that its whole text names are offered first."""

    named: list[Choice]
    others: list[Choice]


def by_closeness(row: OrderRow, found: Mapping[str, Sequence[SheetProduct]]) -> Ranked:
    """Return what a row orders of the products that were found by the words of each of its readings.

    The whole text names a product where its numbers are numbers of the product: `鸡粉 908` is a name of
    鸡粉908g, `鸡粉 9` is not. Such a half match counts only if there is no other.
    """
    named: list[Choice] = []
    split: list[Choice] = []
    half: list[Choice] = []
    for reading in row.readings:
        for product in found.get(reading.reference, ()):
            ordered = choices(reading, {reading.reference: [Match(product, BY_NAME)]})
            if reading.rank != NAME:
                split += ordered
            elif _has_numbers(product, reading.reference):
                named += ordered
            else:
                half += ordered
    return Ranked(named, split if named or split else half)


def _has_numbers(product: SheetProduct, text: str) -> bool:
    """Return whether all numbers of a text are numbers of the product."""
    numbers = set(_NUMBER.findall(folded(f"{product.sku} {product.name}")))
    return numbers.issuperset(_NUMBER.findall(folded(text)))


def _guesses(row: OrderRow, found: Mapping[str, Found], matches: Matches) -> Iterator[Choice]:
    for reading in row.readings:
        if reading.rank == DOUBTFUL:
            yield from choices(reading, matches)
    ranked = by_closeness(row, {reference: one.products for reference, one in found.items()})
    yield from (*ranked.named, *ranked.others)


def _more(row: OrderRow, found: Mapping[str, Found], listed: int) -> int:
    """Return how many products match besides those that can be offered."""
    counts = [found[one.reference].total for one in row.readings if one.reference in found]
    return max(max(counts, default=0) - min(listed, MAX_CANDIDATES), listed - MAX_CANDIDATES, 0)


def _has_letter(reference: str) -> bool:
    return any(char.isalpha() for char in folded(reference))
