"""Queries of scorecards: those visible to an actor, a party's history, the moves of a month."""

from __future__ import annotations

from collections import Counter
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.rights import MANUFACTURER, Actor
from dealers.models import Party, TierMonth
from dealers.models.party import TERRITORY_ROLES


def scorecards_for(actor: Actor) -> QuerySet[TierMonth]:
    """Return the scorecards that the actor may see.

    Staff see those of the parties that they may see; a partner sees its own and those of the parties
    that it supplies, never its supplier's.
    """
    cards = TierMonth.objects.all()
    if not actor.may("tier.view"):
        return cards.none()
    if actor.party_kind == MANUFACTURER and actor.role not in TERRITORY_ROLES:
        return cards
    if actor.party_kind == MANUFACTURER:
        return cards.filter(party__in=Party.objects.visible_to(actor))
    return cards.filter(Q(party_id=actor.party_id) | Q(party__parent_id=actor.party_id))


def history_of(party_id: UUID, *, actor: Actor) -> QuerySet[TierMonth]:
    """Return a party's scorecards, the newest first."""
    cards = scorecards_for(actor).filter(party_id=party_id).select_related("tier", "before")
    return cards.order_by("-month")


def movements(month: date, *, actor: Actor) -> Counter[str]:
    """Return the number of parties visible to the actor for each move of the month."""
    cards = scorecards_for(actor).filter(month=month.replace(day=1))
    return Counter(dict(cards.values_list("move").annotate(Count("id")).order_by()))
