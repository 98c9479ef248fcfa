"""Which party a request means by an id or a code."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.rights import MANUFACTURER, Actor
from dealers.models import Party
from kernel.refusals import Refusal
from kernel.uuids import as_uuid


class UnknownParty(Refusal):
    code = "not_found"


def traders(*, seller: str | None, buyer: str | None, actor: Actor) -> tuple[UUID, UUID]:
    """Return the ids of seller and buyer, each given by id or code: no statement for two ids, else one.

    Without a buyer the actor's own party buys. Without a seller the buyer's supplier sells, or the
    manufacturer to a buyer without one. Who may trade is checked by the caller. Raise UnknownParty.
    """
    buyer = buyer or (str(actor.party_id) if actor.party_id else "")
    if seller and (seller_id := as_uuid(seller)) and (buyer_id := as_uuid(buyer)):
        return seller_id, buyer_id
    sells = _supplier() if seller is None else Subquery(Party.objects.filter(named(seller)).values("id")[:1])
    row = Party.objects.filter(named(buyer)).annotate(sells=sells).values_list("sells", "id").first()
    if row is None or row[0] is None:
        raise UnknownParty(_("There is no such party."), field="buyer" if row is None else "seller")
    return row[0], row[1]


def party_id_of(reference: str | None, actor: Actor) -> UUID:
    """Return the id of a party given by id or code; without either the actor's own. Raise UnknownParty."""
    if not reference:
        found = actor.party_id
    else:
        found = Party.objects.filter(named(reference)).values_list("id", flat=True).first()
    if found is None:
        raise UnknownParty(_("There is no such party."), field="party")
    return found


def named(reference: str) -> Q:
    """Return the condition for the party of that id or code."""
    found = as_uuid(reference)
    return Q(code=reference) if found is None else Q(id=found)


def _supplier() -> Any:
    manufacturer = Party.objects.filter(kind=MANUFACTURER).exclude(id=OuterRef("id")).values("id")[:1]
    return Coalesce(F("parent_id"), Subquery(manufacturer))
