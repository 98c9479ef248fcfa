"""A small trade to test with: a seller with prices and stock, a buyer, and the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from accounts.rights import the_system
from catalogue.models import Product
from dealers.models import Party
from ordering.models import Stock
from ordering.operations.placing import place_order
from ordering.queries.orders import OrderFacts
from tests.factories import a_manufacturer, a_party, a_price_list, a_product

AT = datetime(2026, 6, 1, 1, 30, tzinfo=UTC)


@dataclass
class Trade:
    seller: Party
    buyer: Party
    products: list[Product]

    def place(self, *lines: tuple[str, int], **given: Any) -> OrderFacts:
        return place_order(
            **{"seller_id": self.seller.id, "buyer_id": self.buyer.id, "by": the_system(), "at": AT,
               "lines": lines or [("A", 10), ("B", 3)]} | given
        )  # fmt: skip

    def stock(self, sku: str, party: Party | None = None) -> Stock:
        return Stock.objects.get(party=party or self.seller, product__sku=sku)


def a_trade(
    prices: dict[str, Any] | None = None, *, on_hand: int | None = 100, seller: Party | None = None,
    buyer: Party | None = None, tax_rate: Any = "0.13",
) -> Trade:  # fmt: skip
    """A manufacturer that sells A at 5.00 and B at 10.01 to a dealer, with 100 of each."""
    seller = seller or a_manufacturer(code="F")
    seller.tracks_stock = on_hand is not None
    seller.save()
    buyer = buyer or a_party(parent=seller, code="D1")
    listed = {
        a_product(sku, tax_rate=tax_rate): price
        for sku, price in (prices or {"A": "5.00", "B": "10.01"}).items()
    }
    a_price_list(seller, listed)
    if on_hand is not None:
        Stock.objects.bulk_create(Stock(party=seller, product=one, on_hand=on_hand) for one in listed)
    return Trade(seller, buyer, list(listed))
