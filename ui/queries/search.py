"""Search for the objects of a noun by a typed text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from kernel.search import search_beginnings
from ui.models import SearchToken

MAX_CANDIDATES = 500
AFTER_ALL = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A row found by the header's search; `codes` are texts that identify it exactly."""

    object_id: UUID
    title: str
    subtitle: str
    codes: tuple[str, ...]


def ids_like(noun: str, typed: str) -> QuerySet[SearchToken, UUID] | None:
    """Return the ids of a noun's objects that have a token for each typed word; None for no word.

    Each word is one range of the index, and the ranges are intersected without a nested loop.
    """
    ranges = [_ids(noun, words) for words in search_beginnings(typed)]
    if not ranges:
        return None
    return ranges[0].intersection(*ranges[1:]) if ranges[1:] else ranges[0]


def objects_like(noun: str, typed: str) -> Q:
    """Return the condition that a row is found by the typed text; all rows match an empty text."""
    ids = ids_like(noun, typed)
    return Q() if ids is None else Q(id__in=ids)


def candidates(noun: str, typed: str, limit: int = MAX_CANDIDATES) -> list[UUID]:
    """Return ids found by the typed text from at most `limit` tokens; for one word the nearest first."""
    ids = ids_like(noun, typed)
    if ids is None:
        return []
    nearest = ids if ids.query.combinator else ids.order_by("token")
    return list(dict.fromkeys(nearest[:limit]))


def _ids(noun: str, words: tuple[str, ...]) -> QuerySet[SearchToken, UUID]:
    return SearchToken.objects.filter(_begins(words), noun=noun).values_list("object_id", flat=True)


def _begins(words: tuple[str, ...]) -> Q:
    """Return the condition that a token begins with the first word or equals another (a cut token)."""
    found = Q(token__gte=words[0], token__lt=words[0] + AFTER_ALL)
    for word in words[1:]:
        found |= Q(token=word)
    return found


def rows_by_tokens(noun: str, visible: Callable[[], QuerySet[Any]], text: str, limit: int) -> list[Any]:
    """Return at most `limit` visible rows with a token for each word.

    Search the nearest MAX_CANDIDATES first, and all tokens if those are not enough.
    """
    ids = candidates(noun, text)
    if not ids:
        return []
    rows = visible().in_bulk(ids)
    found = [rows[one] for one in ids if one in rows][:limit]
    if len(found) < limit and _is_cut(ids):
        found = list(visible().filter(objects_like(noun, text))[:limit])
    return found


def _is_cut(ids: list[UUID]) -> bool:
    """Return whether there may be more objects; one object may have several tokens with a beginning."""
    return len(ids) >= MAX_CANDIDATES // 4
