"""Event handlers that notify partners and staff of tiers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from accounts.operations.notify import tell
from accounts.queries.message_links import link_to
from dealers.models import Party, TierMonth
from dealers.notifications import topics
from dealers.notifications.parties import tell_each_party
from dealers.notifications.recipients import people_of
from jobs.operations.outbox import on


@on("dealers.tiers_set")
def tiers_set(body: dict[str, Any], at: datetime) -> None:
    """Notify the staff who may run tiers, and each partner whose tier changed."""
    month = date.fromisoformat(body["month"])
    rows = TierMonth.objects.filter(month=month)
    moves = dict(rows.order_by().values_list("move").annotate(Count("id")))
    params = {
        "month": f"{month:%Y-%m}",
        "promoted": str(moves.get(TierMonth.Move.PROMOTE, 0)),
        "demoted": str(moves.get(TierMonth.Move.DEMOTE, 0)),
        "warned": str(moves.get(TierMonth.Move.WARN, 0)),
    }
    makers = list(Party.objects.filter(kind=Party.Kind.MANUFACTURER).values_list("id", flat=True))
    people = people_of(makers, right="tier.run", **link_to("tiers"))
    tell(topic=topics.TIERS_SET, people=people, params=params, source=f"tiers:{body['month']}", at=at)
    moved = rows.filter(move__in=[TierMonth.Move.PROMOTE, TierMonth.Move.DEMOTE])
    by_pair: dict[tuple[str, str], dict[UUID, None]] = {}
    for party, before, tier in moved.values_list("party_id", "before__name", "tier__name"):
        by_pair.setdefault((before or "—", tier), {})[party] = None
    for (before, tier), parties in sorted(by_pair.items()):
        words = {"before": before, "tier": tier}
        tell_each_party(
            topics.TIER_CHANGED, parties, "standing", "tier.view", words, f"tier:{body['month']}", at
        )
