"""Whose prices an actor may ask for: what it buys and what it sells, nobody else's."""

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


class PricesNotSaidYet(Refusal):
    code = "day_ahead"


def day_of_prices(asked: date | None, *, actor: Actor, today: date) -> date:
    """The day whose prices an actor is told: today, unless another was asked for.

    Prices of days to come are the manufacturer's own until they come: a partner who could ask
    would read each rise ahead and buy before it. Raises PricesNotSaidYet.
    """
    if asked is None:
        return today
    if asked > today and actor.party_kind != MANUFACTURER:
        told = _("Prices are told up to today, %(today)s; those of later days may still change.")
        raise PricesNotSaidYet(told % {"today": today}, field="on", today=today)
    return asked


def traders(*, buyer: str | None, seller: str | None, actor: Actor) -> tuple[UUID, UUID]:
    """The ids of seller and buyer, each named by id or code; three statements at most.

    Without a buyer the actor's own party buys; without a seller the buyer's supplier sells, or the
    manufacturer. A partner may ask for what it buys itself and for what it sells to those it
    supplies. Everything else is as if it were not there: UnknownParty.
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
