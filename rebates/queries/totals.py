"""Who sees what all buyers of a program earn together."""

from __future__ import annotations

from accounts.rights import MANUFACTURER, Actor
from dealers.models.party import TERRITORY_ROLES
from rebates.models import Program


def sees_every_buyer(actor: Actor) -> bool:
    """Return whether the manufacturer's actor sees the statements of all buyers, and so their totals."""
    return actor.party_kind == MANUFACTURER and actor.role not in TERRITORY_ROLES and actor.may("rebate.view")


def sees_totals(actor: Actor, program: Program) -> bool:
    """Return whether the actor may see the totals of all buyers of a program: its seller may.

    Of the manufacturer's staff those may who are not limited to territories.
    """
    return sees_every_buyer(actor) or (
        actor.party_id == program.seller_id and actor.party_kind != MANUFACTURER
    )
