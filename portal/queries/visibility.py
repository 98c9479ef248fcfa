"""The parties in a person's territories, as a condition for the queries of a home.

The result is the same as each noun's `visible_to`, but a home looks its parties up once for all its
queries (`visible` of `together`).
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
    kind: RawSQL("SELECT id FROM visible_parties WHERE kind = %s", (kind,)) for kind in Party.Kind.values
}
COLUMNS = ("id", "kind", "is_active")
BY_KIND = Raw(
    "SELECT kind, count(*) FROM visible_parties WHERE is_active GROUP BY kind", (CharField(), IntegerField())
)


def has_territories(actor: Actor) -> bool:
    """Return whether the actor's role is limited to the parties of its territories."""
    return actor.party_kind == MANUFACTURER and actor.role in TERRITORY_ROLES


def visible_parties(actor: Actor) -> RowQuery | None:
    """Query COLUMNS of the parties in the actor's territories; None for an actor without territories.

    The manufacturer itself, which is visible too, is left out: it buys nothing, and a condition with OR
    would read every party.
    """
    if not has_territories(actor):
        return None
    found: RowQuery = Party.objects.filter(region__in=regions_of(actor.user_id)).values_list(*COLUMNS)
    return found


def in_sight(rows: Any, party: str, actor: Actor, *, kind: str = "") -> Any:
    """Filter rows of the manufacturer by the parties in the actor's territories.

    `party` is the path to the party. Pass `kind` if all parties are of one kind, so that PostgreSQL's
    planner knows how few there are.
    """
    if not has_territories(actor):
        return rows
    return rows.filter(**{f"{party}__in": VISIBLE_PARTIES_OF_KIND[kind] if kind else VISIBLE_PARTIES})
