"""Read the terms of trade between two parties, in one statement, before an order is priced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from pricing.queries.trade_parties import BuyerFacts, SellerFacts, TradeParties, parties_of
from tenancy.context import active_tenant_id


@dataclass(frozen=True, slots=True)
class TradeTerms:
    """A tenant's conventions and the two parties on a day; `book_id` is None if they have never traded.

    `supplier` supplies the buyer; `suppliers` also holds that party's own supplier.
    """

    timezone: str
    tax_in_price: bool
    currency: str
    day: date
    seller: SellerFacts
    buyer: BuyerFacts
    suppliers: frozenset[UUID]
    book_id: UUID | None
    existing: UUID | None = None

    @property
    def parties(self) -> TradeParties:
        return self.seller, self.buyer

    @property
    def supplier(self) -> UUID | None:
        return self.buyer.parent_id

    def day_of(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.timezone)).date()


_TERM_COLUMNS = 7


def terms_of_trade(*, seller_id: UUID, buyer_id: UUID, on: date | datetime, source: str = "") -> TradeTerms:
    """Return the terms between two parties, with the buyer's order of this outside number, if any.

    `on` is a day, or a moment of it; the day is that of the tenant's time zone. Raises UnknownParty.
    """
    at, day = (on, None) if isinstance(on, datetime) else (None, on)
    tenant_id = active_tenant_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.*, p.* FROM trade_terms(%s, %s, %s, %s, %s, %s) t"
            " CROSS JOIN LATERAL trade_parties(%s, %s, %s, t.day, NULL) p",
            [tenant_id, seller_id, buyer_id, source, at, day, tenant_id, seller_id, buyer_id],
        )
        rows = cursor.fetchall()
    seller, buyer = parties_of([row[_TERM_COLUMNS:] for row in rows], seller_id=seller_id, buyer_id=buyer_id)
    (of_buyer,) = [row for row in rows if row[_TERM_COLUMNS] == buyer_id]
    timezone, tax_in_price, currency, day, above, book_id, existing = of_buyer[:_TERM_COLUMNS]
    return TradeTerms(
        timezone=timezone,
        tax_in_price=tax_in_price,
        currency=currency,
        day=day,
        seller=seller,
        buyer=buyer,
        suppliers=frozenset(parent for parent in (buyer.parent_id, above) if parent is not None),
        book_id=book_id,
        existing=existing,
    )
