"""Keyset pagination of lists: page 10,000 is as fast as the first page.

A cursor contains the sort value and the id of a row. It is signed, so that a value of another type or of
another list does not reach the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import F, Q, QuerySet

SORT = "_sort"
READERS: dict[str, Any] = {
    "none": lambda text: None,
    "bool": lambda text: text == "True",
    "int": int,
    "float": float,
    "str": str,
    "Decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "UUID": UUID,
}


@dataclass(frozen=True, slots=True)
class Place:
    """The position where a page begins: after this row, or before it if `backwards`.

    `start` is the number of the page's first row, from 1.
    """

    value: Any
    id: UUID
    start: int
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Sort:
    """The ORM path that a list sorts by, its direction, and whether its value may be null."""

    path: str
    descending: bool
    nullable: bool

    def ordered(self, rows: QuerySet[Any], *, backwards: bool = False) -> QuerySet[Any]:
        sign = "-" if self.descending != backwards else ""
        if self.path == "id":
            return rows.order_by(f"{sign}id")
        return rows.annotate(**{SORT: F(self.path)}).order_by(f"{sign}{SORT}", f"{sign}id")

    def value_of(self, row: Any) -> Any:
        return None if self.path == "id" else getattr(row, SORT)

    def beyond(self, place: Place) -> Q:
        """Return the condition for rows after the place; PostgreSQL sorts nulls as the largest values."""
        way = "lt" if self.descending != place.backwards else "gt"
        past_id = Q(**{f"id__{way}": place.id})
        if self.path == "id":
            return past_id
        missing = Q(**{f"{SORT}__isnull": True})
        if place.value is None:
            return (missing & past_id) if way == "gt" else (missing & past_id) | ~missing
        further = Q(**{f"{SORT}__{way}e": place.value}) & (Q(**{f"{SORT}__{way}": place.value}) | past_id)
        return further | missing if way == "gt" and self.nullable else further


def pack(place: Place, salt: str) -> str:
    kind = "none" if place.value is None else type(place.value).__name__
    if kind not in READERS:
        raise TypeError(f"A list cannot be paged by a {kind}.")
    text = place.value.isoformat() if isinstance(place.value, date) else str(place.value)
    return signing.dumps([kind, text, place.id.hex, place.start, int(place.backwards)], salt=salt)


def unpack(cursor: str, salt: str) -> Place | None:
    """Return the place of a cursor; None if it belongs to another list or sort order."""
    try:
        kind, text, row_id, start, backwards = signing.loads(cursor, salt=salt)
        return Place(READERS[kind](text), UUID(row_id), start, bool(backwards))
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        return None


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a page; `before` and `after` are the places of the pages next to it, if they exist."""

    rows: list[Any]
    start: int
    before: Place | None
    after: Place | None


def page_of(rows: QuerySet[Any], sort: Sort, place: Place | None, size: int) -> Page:
    """Return one page of at most `size` rows, read in one statement."""
    backwards = place is not None and place.backwards
    found = sort.ordered(rows, backwards=backwards)
    if place is not None:
        found = found.filter(sort.beyond(place))
    page = list(found[: size + 1])
    more, page = len(page) > size, page[:size]
    if backwards:
        page.reverse()
    start = 1 if place is None or (backwards and not more) else max(1, place.start)
    if not page:
        return Page([], start, None, None)
    first, last = page[0], page[-1]
    has_before, has_after = (more, True) if backwards else (place is not None, more)
    return Page(
        page,
        start,
        Place(sort.value_of(first), first.id, start - size, True) if has_before else None,
        Place(sort.value_of(last), last.id, start + len(page)) if has_after else None,
    )
