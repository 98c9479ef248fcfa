"""Who may trade with whom, and on what terms: one statement before anything is priced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _

from accounts.rights import DEALER, MANUFACTURER, MEMBER, OUTLET, SYSTEM, Actor
from kernel.refusals import Refusal
from tenancy.context import active_tenant_id

SELLS_TO = {
    MANUFACTURER: {DEALER, MEMBER, OUTLET},
    DEALER: {MEMBER, OUTLET},
    MEMBER: {OUTLET},
}


class NoSuchTrade(Refusal):
    code = "not_found"


class NotInTrade(Refusal):
    code = "not_in_trade"


@dataclass(frozen=True, slots=True)
class Party:
    id: UUID
    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Terms:
    """A tenant's conventions, and the two parties; `book_id` None: they never traded.

    `supplier` is the buyer's own, `suppliers` that one and the one above it.
    """

    timezone: str
    tax_in_price: bool
    currency: str
    seller: Party
    buyer: Party
    seller_active: bool
    buyer_active: bool
    supplier: UUID | None
    suppliers: frozenset[UUID]
    book_id: UUID | None
    existing: UUID | None = None

    def day_of(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.timezone)).date()


def terms_of_trade(*, seller_id: UUID, buyer_id: UUID, source: str = "") -> Terms:
    """The terms between two parties, and the buyer's order of this outside number, if there is one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.timezone, t.prices_include_tax, t.currency,"
            " s.code, s.name, s.kind, s.is_active, b.code, b.name, b.kind, b.is_active,"
            " b.parent_id, p.parent_id, k.id, o.id FROM tenancy_tenant t"
            " LEFT JOIN dealers_party s ON s.tenant_id = t.id AND s.id = %s"
            " LEFT JOIN dealers_party b ON b.tenant_id = t.id AND b.id = %s"
            " LEFT JOIN dealers_party p ON p.tenant_id = t.id AND p.id = b.parent_id"
            " LEFT JOIN ledger_book k ON k.tenant_id = t.id AND k.seller_id = s.id AND k.buyer_id = b.id"
            " LEFT JOIN ordering_order o ON o.tenant_id = t.id AND o.source = %s AND o.source <> ''"
            " AND o.buyer_id = b.id"
            " WHERE t.id = %s",
            [seller_id, buyer_id, source, active_tenant_id()],
        )
        row = cursor.fetchone()
    for place, field in ((3, "seller"), (7, "buyer")):
        if row[place] is None:
            raise NoSuchTrade(_("There is no such party."), field=field)
    timezone, tax_in_price, currency = row[:3]
    return Terms(
        timezone=timezone,
        tax_in_price=tax_in_price,
        currency=currency,
        seller=Party(seller_id, *row[3:6]),
        buyer=Party(buyer_id, *row[7:10]),
        seller_active=row[6],
        buyer_active=row[10],
        supplier=row[11],
        suppliers=frozenset(parent for parent in row[11:13] if parent is not None),
        book_id=row[13],
        existing=row[14],
    )


def order_of_source(
    source: str, *, buyer_id: UUID | None = None, seller_id: UUID | None = None
) -> UUID | None:
    """The order with an outside number of this buyer (or of any to this seller): each buyer numbers
    for itself. Asked again under the book's lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ordering_order WHERE tenant_id = %s AND source = %s"
            " AND (buyer_id = %s OR seller_id = %s) LIMIT 1",
            [active_tenant_id(), source, buyer_id, seller_id],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def must_trade(terms: Terms, by: Actor) -> None:
    """Refuses an order that the actor may not place, and a trade that is none.

    A partner places what it buys itself and what it sells; and what an outlet that it supplies,
    which does not sign in, orders from further up. A member orders from its own dealer, and a
    dealer from the manufacturer. To a partner the trade of two others is not there.
    Staff place any.
    """
    if by.party_kind != MANUFACTURER and by.role != SYSTEM:
        for_outlet = terms.buyer.kind == OUTLET and by.party_id == terms.supplier
        if by.party_id not in {terms.seller.id, terms.buyer.id} and not for_outlet:
            raise NoSuchTrade(_("There is no such party."), field="buyer")
        suppliers = {terms.supplier} if terms.buyer.kind == MEMBER else terms.suppliers
        makers_own = terms.seller.kind == MANUFACTURER and terms.buyer.kind == DEALER
        if terms.seller.id not in suppliers and not makers_own:
            raise NoSuchTrade(_("This party does not supply the buyer."), field="seller")
    must_flow_down(terms)
    for active, field in ((terms.seller_active, "seller"), (terms.buyer_active, "buyer")):
        if not active:
            raise NotInTrade(_("This party is not active."), field=field)


def must_flow_down(terms: Terms) -> None:
    """Refuses a seller and a buyer that are none to each other: goods flow down the alliance."""
    if terms.buyer.kind not in SELLS_TO.get(terms.seller.kind, set()):
        message = _("A %(seller)s does not sell to a %(buyer)s.")
        kinds = {"seller": terms.seller.kind, "buyer": terms.buyer.kind}
        raise NotInTrade(message % kinds, field="buyer", **kinds)
