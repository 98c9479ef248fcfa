"""A small trade to test with: a seller with prices and stock, a buyer, and the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.rights import the_system
from catalogue.models import Product
from dealers.models import Party
from ledger.models import Book
from ledger.operations.verification import violations
from ledger.queries import balances_of
from ordering.models import Stock
from ordering.operations.confirming import confirm_order
from ordering.operations.delivering import deliver
from ordering.operations.placing import place_order
from ordering.operations.shipping import ship
from ordering.operations.stock_reports import count_stock
from ordering.queries.orders import OrderFacts
from ordering.queries.reconciliation import differences
from tests.factories import a_manufacturer, a_party, a_price_list, a_product

AT = datetime(2026, 6, 1, 1, 30, tzinfo=UTC)
LATER = AT + timedelta(hours=5)
ME = the_system()


@dataclass
class Trade:
    seller: Party
    buyer: Party
    products: list[Product]

    def place(self, *lines: tuple[str, int], **given: Any) -> OrderFacts:
        return place_order(
            **{
                "seller_id": self.seller.id,
                "buyer_id": self.buyer.id,
                "by": ME,
                "at": AT,
                "lines": lines or [("A", 10), ("B", 3)],
            }
            | given
        )

    def stock(self, sku: str, party: Party | None = None) -> Stock:
        return Stock.objects.get(party=party or self.seller, product__sku=sku)


def a_trade(
    prices: dict[str, Any] | None = None,
    *,
    on_hand: int | None = 100,
    seller: Party | None = None,
    buyer: Party | None = None,
    tax_rate: Any = "0.13",
) -> Trade:
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


def a_stocked_trade(**given: Any) -> Trade:
    """The same, of a seller that keeps stock, counted and so with its movements."""
    trade = a_trade(**given, on_hand=None)
    trade.seller.tracks_stock = True
    trade.seller.save()
    rows = [(product.sku, 100) for product in trade.products]
    count_stock(party_id=trade.seller.id, rows=rows, source=f"opening {rows[0][0]}", by=ME, at=AT)
    return trade


def confirmed(trade: Trade, *lines: tuple[str, int], **given: Any) -> OrderFacts:
    return confirm_order(order_id=trade.place(*lines, **given).id, by=ME, at=AT)


def delivered(trade: Trade, *lines: tuple[str, int]) -> OrderFacts:
    order = confirmed(trade, *lines)
    shipment = ship(order_id=order.id, by=ME, at=AT)
    deliver(shipment_id=shipment.id, signed_by="王", by=ME, at=LATER)
    return order


def balance(kind: str) -> Decimal:
    """Of the only book there is."""
    book = Book.objects.get().id
    return balances_of([book])[book][kind]


def all_holds() -> None:
    """Stock, facts and the ledger equal their folds."""
    assert differences() == []
    assert violations() == []
