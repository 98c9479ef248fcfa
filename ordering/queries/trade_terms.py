"""Read the terms of trade between two parties, in one statement, before an order is priced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _

from dealers.queries.traders import UnknownParty
from tenancy.context import active_tenant_id


@dataclass(frozen=True, slots=True)
class TradeParty:
    id: UUID
    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class TradeTerms:
    """A tenant's conventions and the two parties; `book_id` is None if they have never traded.

    `supplier` supplies the buyer; `suppliers` also holds that party's own supplier.
    """

    timezone: str
    tax_in_price: bool
    currency: str
    seller: TradeParty
    buyer: TradeParty
    seller_active: bool
    buyer_active: bool
    supplier: UUID | None
    suppliers: frozenset[UUID]
    book_id: UUID | None
    existing: UUID | None = None

    def day_of(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.timezone)).date()


def terms_of_trade(*, seller_id: UUID, buyer_id: UUID, source: str = "") -> TradeTerms:
    """Return the terms between two parties, with the buyer's order of this outside number, if any.

    Raises UnknownParty.
    """
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
            raise UnknownParty(_("There is no such party."), field=field)
    timezone, tax_in_price, currency = row[:3]
    return TradeTerms(
        timezone=timezone,
        tax_in_price=tax_in_price,
        currency=currency,
        seller=TradeParty(seller_id, *row[3:6]),
        buyer=TradeParty(buyer_id, *row[7:10]),
        seller_active=row[6],
        buyer_active=row[10],
        supplier=row[11],
        suppliers=frozenset(parent for parent in row[11:13] if parent is not None),
        book_id=row[13],
        existing=row[14],
    )
