"""Which prices an actor may request: those at which it buys or sells."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.rights import MANUFACTURER, Actor
from dealers.models import Party
from kernel.refusals import Refusal
from pricing.queries.trade_parties import UnknownParty


class BuyerMissing(Refusal):
    code = "missing"


class FuturePrices(Refusal):
    code = "day_ahead"


def day_of_prices(requested: date | None, *, actor: Actor, today: date) -> date:
    """Return the day of the prices that an actor may see: today, or the day requested.

    Only the manufacturer sees prices of days to come. A partner who saw them could buy before each
    rise. Raise FuturePrices.
    """
    if requested is None:
        return today
    if requested > today and actor.party_kind != MANUFACTURER:
        message = _("Prices are told up to today, %(today)s; those of later days may still change.")
        raise FuturePrices(message % {"today": today}, field="on", today=today)
    return requested


def traders(*, buyer: str | None, seller: str | None, actor: Actor) -> tuple[UUID, UUID]:
    """Return the ids of seller and buyer, each named by id or code. Three statements at most.

    The default buyer is the actor's own party; the default seller is the buyer's supplier or the
    manufacturer. A partner may request the prices at which it buys, and those at which it sells to
    the parties it supplies. Raise BuyerMissing, or UnknownParty for all others.
    """
    if buyer is None and actor.party_kind == MANUFACTURER:
        raise BuyerMissing(_("The manufacturer buys from nobody here: name the buyer."), field="buyer")
    buys = _one(Party.objects.visible_to(actor).filter(_named(buyer or str(actor.party_id))))
    if buys is None:
        raise UnknownParty(_("There is no such party."), field="buyer")
    suppliers = Q(id=buys["parent_id"]) | Q(kind=MANUFACTURER)
    if seller is None:
        sells = _one(Party.objects.filter(suppliers).order_by("kind"))
    else:
        known = Party.objects.filter(_named(seller))
        sees = Party.objects.visible_to(actor)
        sells = _one(known.filter(suppliers | Q(id__in=sees.values("id"))))
    if sells is None or not _may_ask(actor, sells, buys):
        raise UnknownParty(_("There is no such party."), field="seller")
    return sells["id"], buys["id"]


def _may_ask(actor: Actor, sells: dict[str, Any], buys: dict[str, Any]) -> bool:
    if sells["id"] == buys["id"]:
        return False
    if actor.party_kind == MANUFACTURER:
        return True
    if buys["id"] == actor.party_id:
        return bool(sells["id"] == buys["parent_id"] or sells["kind"] == MANUFACTURER)
    is_mine = actor.party_id in (buys["parent_id"], buys["parent__parent_id"])
    return bool(sells["id"] == actor.party_id and is_mine)


def _named(reference: str) -> Q:
    try:
        return Q(id=UUID(reference))
    except ValueError:
        return Q(code=reference)


def _one(rows: Any) -> dict[str, Any] | None:
    found: dict[str, Any] | None = rows.values("id", "kind", "parent_id", "parent__parent_id").first()
    return found
