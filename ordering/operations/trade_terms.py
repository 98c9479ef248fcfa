"""Check which parties may trade with each other, and find the order of an outside number."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from accounts.rights import DEALER, MANUFACTURER, MEMBER, OUTLET, SYSTEM, Actor, NotAllowed
from dealers.queries.traders import UnknownParty
from kernel.refusals import Refusal
from ordering.queries.trade_terms import TradeTerms
from tenancy.context import active_tenant_id

SELLS_TO = {
    MANUFACTURER: {DEALER, MEMBER, OUTLET},
    DEALER: {MEMBER, OUTLET},
    MEMBER: {OUTLET},
}


class NotInTrade(Refusal):
    code = "not_in_trade"


def order_of_source(
    source: str, *, buyer_id: UUID | None = None, seller_id: UUID | None = None
) -> UUID | None:
    """Return the order with an outside number of this buyer, or of any buyer of this seller.

    Each buyer numbers independently. Called again under the book's lock.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ordering_order WHERE tenant_id = %s AND source = %s"
            " AND (buyer_id = %s OR seller_id = %s) LIMIT 1",
            [active_tenant_id(), source, buyer_id, seller_id],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def must_trade(terms: TradeTerms, by: Actor) -> None:
    """Raise unless the actor may place an order between the parties and they may trade.

    A partner places its purchases, its sales, and the purchases of an outlet that it supplies from its own
    supplier. A member orders from its dealer, a dealer from the manufacturer. A trade of two other parties
    is not visible to a partner. The manufacturer's staff place what the manufacturer sells. Raises
    NotAllowed, UnknownParty, NotInTrade.
    """
    if by.party_kind == MANUFACTURER and not by.acts_for(terms.seller.id):
        raise NotAllowed(_("The manufacturer orders only what it sells itself."), field="seller")
    if by.party_kind != MANUFACTURER and by.role != SYSTEM:
        for_outlet = terms.buyer.kind == OUTLET and by.party_id == terms.supplier
        if by.party_id not in {terms.seller.id, terms.buyer.id} and not for_outlet:
            raise UnknownParty(_("There is no such party."), field="buyer")
        suppliers = {terms.supplier} if terms.buyer.kind == MEMBER else terms.suppliers
        makers_own = terms.seller.kind == MANUFACTURER and terms.buyer.kind == DEALER
        if terms.seller.id not in suppliers and not makers_own:
            raise UnknownParty(_("This party does not supply the buyer."), field="seller")
    must_flow_down(terms)
    for active, field in ((terms.seller.is_active, "seller"), (terms.buyer.is_active, "buyer")):
        if not active:
            raise NotInTrade(_("This party is not active."), field=field)


def must_flow_down(terms: TradeTerms) -> None:
    """Raise NotInTrade unless a seller of this kind sells to a buyer of that kind."""
    if terms.buyer.kind not in SELLS_TO.get(terms.seller.kind, set()):
        message = _("A %(seller)s does not sell to a %(buyer)s.")
        kinds = {"seller": terms.seller.kind, "buyer": terms.buyer.kind}
        raise NotInTrade(message % kinds, field="buyer", **kinds)
