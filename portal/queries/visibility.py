"""What of the manufacturer's trade a person sees: all, or what belongs to the parties of territories.

The same as each noun's `visible_to`, said so that a home looks its parties up once for all that it
asks (`seen` of `together`).
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, IntegerField
from django.db.models.expressions import RawSQL

from accounts.rights import MANUFACTURER, Actor
from dealers.models import Party
from dealers.models.party import TERRITORY_ROLES
from dealers.models.territory import regions_of
from portal.queries.combined_query import VISIBLE_PARTIES, Raw, RowQuery

VISIBLE_PARTIES_OF_KIND = {
    kind: RawSQL("SELECT id FROM seen WHERE kind = %s", (kind,)) for kind in Party.Kind.values
}
COLUMNS = ("id", "kind", "is_active")
BY_KIND = Raw("SELECT kind, count(*) FROM seen WHERE is_active GROUP BY kind", (CharField(), IntegerField()))


def has_territories(actor: Actor) -> bool:
    return actor.party_kind == MANUFACTURER and actor.role in TERRITORY_ROLES


def visible_parties(actor: Actor) -> RowQuery | None:
    """COLUMNS of the parties in a person's territories; None for who has none and sees everyone.

    The manufacturer itself is left out, which they see too: it buys nothing, and one condition with
    OR would read every party.
    """
    if not has_territories(actor):
        return None
    found: RowQuery = Party.objects.filter(region__in=regions_of(actor.user_id)).values_list(*COLUMNS)
    return found


def in_sight(rows: Any, party: str, actor: Actor, *, kind: str = "") -> Any:
    """Those of a manufacturer's rows whose `party` its person sees; `kind` where all are of one, so
    that the planner knows how few they are."""
    if not has_territories(actor):
        return rows
    return rows.filter(**{f"{party}__in": VISIBLE_PARTIES_OF_KIND[kind] if kind else VISIBLE_PARTIES})
