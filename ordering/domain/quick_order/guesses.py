"""What a row may mean that names no product exactly: products with its words, for a person to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kernel.spelling import folded, name_key
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
from ordering.domain.quick_order.readings import DOUBTFUL, NAME, TypedLine, names_several_goods
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
    if names_several_goods(row.text):
        return RowProblem(row.number, "row", "several", row.text)
    if not any(one.quantity for one in row.readings):
        return RowProblem(row.number, "quantity", "no_quantity", row.text)
    return RowProblem(row.number, "product", "unknown", row.text)


def by_bare_number(row: OrderRow, matches: Matches) -> Choice | None:
    """Return what `鸡粉 908` orders of the product that is named 鸡粉: the number may belong to a name.

    In a table the columns say which number is the quantity.
    """
    for reading in row.readings if isinstance(row, TypedLine) else ():
        if len(reading.quantity) == 1 and not reading.quantity[0].unit:
            for choice in choices(reading, matches):
                if name_key(choice.product.name) == name_key(reading.reference):
                    return choice
    return None


def question_about_number(
    row: OrderRow, certain: Choice, found: Mapping[str, Sequence[SheetProduct]] | None
) -> RowProblem | None:
    """Return the question whether the bare number of a row is a quantity or belongs to another name.

    None where no other product has the number in its name or SKU. `found` None was not searched: it is asked.
    """
    named = [] if found is None else by_closeness(row, found).named
    others = [choice for choice in named if choice.product.sku != certain.product.sku]
    if found is not None and not others:
        return None
    candidates = [choice.candidate() for choice in dict.fromkeys((*others, certain))]
    first = tuple(candidates[:MAX_CANDIDATES])
    names = tuple(f"{one.sku} {one.name}" for one in first)
    more = max(len(candidates) - MAX_CANDIDATES, 0)
    return RowProblem(row.number, "product", "ambiguous", row.text, names, first, more)


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
