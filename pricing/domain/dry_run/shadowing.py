"""Rows of a draft that another list takes precedence over. Source: rules.md, quote 1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pricing.domain.base_price import PriceBook, PriceEntry, PriceList


@dataclass(frozen=True, slots=True)
class Shadow:
    """A row that sets no price for `buyers` of the `audience` buyers that the draft is for.

    `lists` are the codes of the lists that win. Where all buyers are shadowed the row never wins.
    """

    sku: str
    min_qty: int
    buyers: int
    audience: int
    lists: tuple[str, ...]

    @property
    def is_total(self) -> bool:
        return self.buyers == self.audience


def shadowed_by(book: PriceBook, entry: PriceEntry, draft: PriceList) -> str | None:
    """Return the code of the list that wins where the draft's entry begins; None if the entry wins.

    An entry that loses at its minimum quantity loses at every larger one too: whatever took precedence
    stays a candidate.
    """
    found = book.choose(entry.sku, max(1, entry.min_qty))
    return None if found is None or found.price_list is draft else found.price_list.code


def shadows(books: Iterable[tuple[PriceBook, int]], draft: PriceList) -> list[Shadow]:
    """Return the shadowed rows of a draft; `books` are those of its buyers with their numbers."""
    pairs = list(books)
    audience = sum(count for _book, count in pairs)
    found = []
    for entry in draft.entries:
        winners: dict[str, int] = {}
        for book, count in pairs:
            code = shadowed_by(book, entry, draft)
            if code is not None:
                winners[code] = winners.get(code, 0) + count
        if winners:
            found.append(_shadow(entry, winners, audience))
    return found


def _shadow(entry: PriceEntry, winners: Mapping[str, int], audience: int) -> Shadow:
    codes = tuple(sorted(winners, key=lambda code: (-winners[code], code)))
    return Shadow(entry.sku, entry.min_qty, sum(winners.values()), audience, codes)
