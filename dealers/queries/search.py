"""The global search of parties."""

from __future__ import annotations

from django.db.models import Case, Q, When

from accounts.rights import MANUFACTURER, Actor
from dealers.models import Party
from kernel.search import search_words
from ui.queries.search import SearchResult, rows_by_tokens


def find_parties(actor: Actor, text: str, limit: int) -> list[SearchResult]:
    """Return the parties that match the text of the global search."""
    found = (
        rows_by_tokens("party", lambda: Party.objects.visible_to(actor), text, limit)
        if actor.party_kind == MANUFACTURER
        else _among_own_parties(actor, text, limit)
    )
    return [
        SearchResult(one.id, one.name, f"{one.code} · {one.get_kind_display()}", (one.code, one.name))
        for one in found
    ]


def _among_own_parties(actor: Actor, text: str, limit: int) -> list[Party]:
    """Search the parties of a partner, a few thousand at most; exact codes come first.

    The token index would return candidates of other partners first.
    """
    words = search_words(text)
    if not words:
        return []
    wanted = Q()
    for word in words:
        wanted &= Q(search__contains=word)
    exact_first = Case(When(code__iexact=text, then=0), default=1)
    return list(Party.objects.visible_to(actor).filter(wanted).order_by(exact_first, "code")[:limit])
