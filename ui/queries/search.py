"""Find the objects of a noun by what a person typed."""

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
    """A row that the header's search found; `codes` are the names by which it is identified exactly."""

    object_id: UUID
    title: str
    subtitle: str
    codes: tuple[str, ...]


def ids_like(noun: str, typed: str) -> QuerySet[SearchToken, UUID] | None:
    """The ids of a noun's objects that have a token for each word typed; None for nothing typed.

    Several words are intersected: a range of the index each, and no loop of one over the other.
    """
    ranges = [_ids(noun, words) for words in search_beginnings(typed)]
    if not ranges:
        return None
    return ranges[0].intersection(*ranges[1:]) if ranges[1:] else ranges[0]


def objects_like(noun: str, typed: str) -> Q:
    """A condition on a noun's rows: that they are found by what was typed; everything for nothing."""
    ids = ids_like(noun, typed)
    return Q() if ids is None else Q(id__in=ids)


def candidates(noun: str, typed: str, most: int = MAX_CANDIDATES) -> list[UUID]:
    """Ids found by what was typed, for one word the nearest first: at most `most` tokens are read."""
    ids = ids_like(noun, typed)
    if ids is None:
        return []
    nearest = ids if ids.query.combinator else ids.order_by("token")
    return list(dict.fromkeys(nearest[:most]))


def _ids(noun: str, words: tuple[str, ...]) -> QuerySet[SearchToken, UUID]:
    return SearchToken.objects.filter(_begins(words), noun=noun).values_list("object_id", flat=True)


def _begins(words: tuple[str, ...]) -> Q:
    """The first word as a beginning; a second one is a token that was cut, met whole."""
    found = Q(token__gte=words[0], token__lt=words[0] + AFTER_ALL)
    for word in words[1:]:
        found |= Q(token=word)
    return found


def rows_by_tokens(noun: str, visible: Callable[[], QuerySet[Any]], text: str, limit: int) -> list[Any]:
    """Return at most `limit` visible rows with a token for each word: of the nearest few hundred
    candidates first, of all where those are not enough."""
    ids = candidates(noun, text)
    if not ids:
        return []
    rows = visible().in_bulk(ids)
    found = [rows[one] for one in ids if one in rows][:limit]
    if len(found) < limit and _is_cut(ids):
        found = list(visible().filter(objects_like(noun, text))[:limit])
    return found


def _is_cut(ids: list[UUID]) -> bool:
    """Whether there may be more than the candidates: an object has many tokens of one beginning."""
    return len(ids) >= MAX_CANDIDATES // 4
