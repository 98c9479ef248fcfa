"""Which prices an actor may request: those at which it buys or sells."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.rights import MANUFACTURER, Actor
from dealers.models import Party
from dealers.queries.traders import UnknownParty, traders
from kernel.refusals import Refusal


class BuyerMissing(Refusal):
    code = "missing"


class FuturePrices(Refusal):
    code = "day_ahead"


def may_look_ahead(actor: Actor, seller_id: UUID) -> bool:
    """Return whether the actor may see the seller's prices of days to come: the seller and the manufacturer.

    A buyer who saw them could buy before each rise.
    """
    return actor.party_kind == MANUFACTURER or actor.acts_for(seller_id)


def day_of_prices(requested: date | None, *, seller_id: UUID, actor: Actor, today: date) -> date:
    """Return the day of the prices that an actor may see: today, or the day requested. Raise FuturePrices."""
    if requested is None:
        return today
    if requested > today and not may_look_ahead(actor, seller_id):
        message = _("Prices are available up to today, %(today)s; those of later days may still change.")
        raise FuturePrices(message % {"today": today}, field="on", today=today)
    return requested


def quote_parties(*, buyer: str | None, seller: str | None, actor: Actor) -> tuple[UUID, UUID]:
    """Return the ids of seller and buyer whose prices the actor may see. Three statements at most.

    A partner may see the prices at which it buys, and those at which it sells to the parties it supplies.
    Raise BuyerMissing, or UnknownParty for all others.
    """
    if buyer is None and actor.party_kind == MANUFACTURER:
        raise BuyerMissing(_("The manufacturer buys from nobody here: name the buyer."), field="buyer")
    seller_id, buyer_id = traders(seller=seller, buyer=buyer, actor=actor)
    visible = Party.objects.visible_to(actor)
    buys = _facts(visible.filter(id=buyer_id))
    if buys is None:
        raise UnknownParty(_("There is no such party."), field="buyer")
    suppliers = Q(id=buys["parent_id"]) | Q(kind=MANUFACTURER)
    sells = _facts(Party.objects.filter(suppliers | Q(id__in=visible.values("id")), id=seller_id))
    if sells is None or not _may_see_prices(actor, sells, buys):
        raise UnknownParty(_("There is no such party."), field="seller")
    return seller_id, buyer_id


def _may_see_prices(actor: Actor, sells: dict[str, Any], buys: dict[str, Any]) -> bool:
    if sells["id"] == buys["id"]:
        return False
    if actor.party_kind == MANUFACTURER:
        return True
    if buys["id"] == actor.party_id:
        return bool(sells["id"] == buys["parent_id"] or sells["kind"] == MANUFACTURER)
    is_mine = actor.party_id in (buys["parent_id"], buys["parent__parent_id"])
    return bool(sells["id"] == actor.party_id and is_mine)


def _facts(rows: Any) -> dict[str, Any] | None:
    found: dict[str, Any] | None = rows.values("id", "kind", "parent_id", "parent__parent_id").first()
    return found
