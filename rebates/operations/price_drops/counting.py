"""Count the stock of buyers and what a price drop owes for it: many buyers and products at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from dealers.models import Party
from ordering.queries.stock_lots import BuyerStock, Lot, Pair, stock_lots
from pricing.queries.price_changes import PriceChange, price_changes
from rebates.domain.price_drop import (
    EarlierDrop,
    ProtectionTerms,
    Receipt,
    StockAtDrop,
    Transit,
    compensation,
    protected_price,
)
from rebates.models import PriceDrop, PriceDropLayer, PriceDropLine
from tenancy.context import active_tenant_id
from tenancy.models import Tenant


@dataclass(slots=True)
class CountedLine:
    """A product of a buyer with its prices, its stock and what is due; the rows of its layers."""

    buyer_id: UUID
    product_id: UUID
    change: PriceChange
    on_hand: int | None
    unmatched: int
    amount: Decimal
    layers: list[PriceDropLayer] = field(default_factory=list)


def count_lines(
    drop: PriceDrop,
    *,
    buyer_ids: Sequence[UUID],
    product_ids: Sequence[UUID],
    stated: Mapping[Pair, int] | None = None,
    changes: Mapping[Pair, PriceChange] | None = None,
) -> list[CountedLine]:
    """Return the lines of the buyers whose price falls and who have stock, or none that is known.

    `changes` are prices that were resolved before, `stated` the stock that buyers state. Nine statements
    for any number of buyers and products.
    """
    tracking = Party.objects.filter(id__in=buyer_ids, tracks_stock=True).values_list("id", flat=True)
    stocks = stock_lots(
        seller_id=drop.seller_id,
        buyer_ids=buyer_ids,
        product_ids=product_ids,
        tracking=list(tracking),
        at=drop.at,
        day=drop.effective,
        stated=stated,
    )
    if changes is None:
        usual = {pair: _usual_quantity(stock) for pair, stock in stocks.items()}
        changes = price_changes(drop.price_list, usual, on=drop.effective)
    earlier = _earlier_drops(drop, buyer_ids, product_ids)
    tax_included = Tenant.objects.values_list("prices_include_tax", flat=True).get(id=active_tenant_id())
    terms = drop.protection()
    return [
        _line(drop, pair, stock, changes[pair], earlier.get(pair, ()), terms, tax_included)
        for pair, stock in stocks.items()
        if pair in changes and changes[pair].is_drop and _counts(stock, drop, terms, stated, pair)
    ]


def _usual_quantity(stock: BuyerStock) -> int:
    """Return the quantity at which the buyer last ordered: its price may depend on it."""
    return max(1, (stock.in_transit or stock.received)[0].ordered)


def _counts(
    stock: BuyerStock,
    drop: PriceDrop,
    terms: ProtectionTerms,
    stated: Mapping[Pair, int] | None,
    pair: Pair,
) -> bool:
    """Return whether there is stock, or a buyer without figures may have some that is eligible."""
    if (stock.in_transit and terms.in_transit_included) or (stated and pair in stated):
        return True
    if stock.on_hand is not None:
        return stock.on_hand > 0
    newest = stock.received[0].day if stock.received else None
    return newest is not None and newest >= drop.effective - timedelta(days=terms.lookback_days)


def _earlier_drops(
    drop: PriceDrop, buyer_ids: Sequence[UUID], product_ids: Sequence[UUID]
) -> dict[Pair, list[EarlierDrop]]:
    """Return the seller's earlier drops of each product by buyer, whatever became of their claims."""
    rows = PriceDropLine.objects.filter(
        Q(claim__drop__at__lt=drop.at) | Q(claim__drop__at=drop.at, claim__drop__id__lt=drop.id),
        claim__drop__seller_id=drop.seller_id,
        claim__party__in=buyer_ids,
        product__in=product_ids,
    )
    found: dict[Pair, list[EarlierDrop]] = defaultdict(list)
    for buyer_id, product_id, at, price in rows.values_list(
        "claim__party_id", "product_id", "claim__drop__at", "price_after"
    ):
        found[buyer_id, product_id].append(EarlierDrop(at, price))
    return found


def _line(
    drop: PriceDrop,
    pair: Pair,
    stock: BuyerStock,
    change: PriceChange,
    earlier: Sequence[EarlierDrop],
    terms: ProtectionTerms,
    tax_included: bool,
) -> CountedLine:
    assert change.after is not None
    received = stock.received[::-1]
    paid = {lot: lot.paid(tax_included=tax_included) for lot in (*received, *stock.in_transit)}
    start = {lot: protected_price(price, lot.shipped_at, earlier) for lot, price in paid.items()}
    found = compensation(
        StockAtDrop(
            effective=drop.effective,
            new_price=change.after,
            on_hand=stock.on_hand or 0,
            receipts=[Receipt(lot.day or drop.effective, lot.units, start[lot]) for lot in received],
            in_transit=[Transit(lot.units, start[lot]) for lot in stock.in_transit],
        ),
        terms,
    )

    def lot_of(day: object, place: int) -> Lot:
        return stock.in_transit[place] if day is None else received[place]

    layers = [
        PriceDropLayer(
            position=position,
            shipment_id=lot_of(layer.day, layer.place).shipment_id,
            day=layer.day,
            qty=layer.qty,
            paid=paid[lot_of(layer.day, layer.place)],
            price=layer.price,
            reason=layer.reason,
            credit=layer.credit,
        )
        for position, layer in enumerate(found.layers)
    ]
    return CountedLine(*pair, change, stock.on_hand, found.unmatched, found.amount, layers)
