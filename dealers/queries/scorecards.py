"""Queries of scorecards: those visible to an actor, a party's history, the moves of a month."""

from __future__ import annotations

from collections import Counter
from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet

from accounts.rights import Actor
from dealers.models import TierMonth


def scorecards_for(actor: Actor) -> QuerySet[TierMonth]:
    """Return the scorecards that the actor may see."""
    cards: QuerySet[TierMonth] = TierMonth.objects.visible_to(actor)
    return cards


def history_of(party_id: UUID, *, actor: Actor) -> QuerySet[TierMonth]:
    """Return a party's scorecards, the newest first."""
    cards = scorecards_for(actor).filter(party_id=party_id).select_related("tier", "before")
    return cards.order_by("-month")


def movements(month: date, *, actor: Actor) -> Counter[str]:
    """Return the number of parties visible to the actor for each move of the month."""
    cards = scorecards_for(actor).filter(month=month.replace(day=1))
    return Counter(dict(cards.values_list("move").annotate(Count("id")).order_by()))
