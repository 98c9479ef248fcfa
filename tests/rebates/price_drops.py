"""A manufacturer that compensates price drops, and buyers with stock, to test with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.rights import the_system
from alliance.operations.application_files import SentFile
from dealers.models import Party
from jobs.models import Job
from ordering.operations.confirming import confirm_order
from ordering.operations.delivering import deliver
from ordering.operations.shipping import ship
from ordering.operations.stock_reports import count_stock
from pricing.models import PriceList
from rebates.models import PriceDropClaim, PriceProtectionPolicy
from rebates.operations.price_drops.computing import compensate_step, note_price_drop
from tests.factories import a_party, a_price_list, an_actor
from tests.ordering.trade import Trade, a_trade

SYSTEM = the_system()
APRIL = datetime(2026, 4, 20, 2, tzinfo=UTC)
MAY = datetime(2026, 5, 15, 2, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, 2, tzinfo=UTC)
SHEET = SentFile("count.pdf", b"%PDF-1.4 count %%EOF")


def a_policy(seller: Party, **values: Any) -> PriceProtectionPolicy:
    return PriceProtectionPolicy.objects.create(seller=seller, **values)


def a_protected_trade(**policy: Any) -> Trade:
    """A manufacturer with a policy that sells A at 100.00 to a dealer with stock figures."""
    trade = a_trade({"A": "100.00", "B": "50.00"}, on_hand=100_000)
    trade.buyer.tracks_stock = True
    trade.buyer.save()
    a_policy(trade.seller, **policy)
    return trade


def shipped(trade: Trade, qty: int, at: datetime, *, sku: str = "A", **given: Any) -> Any:
    order = trade.place((sku, qty), at=at, **given)
    if order.state == "placed":
        confirm_order(order_id=order.id, by=SYSTEM, at=at)
    return ship(order_id=order.id, by=SYSTEM, at=at)


def received(trade: Trade, qty: int, at: datetime, **given: Any) -> Any:
    shipment = shipped(trade, qty, at - timedelta(hours=1), **given)
    deliver(shipment_id=shipment.id, signed_by="receiver", by=SYSTEM, at=at)
    return shipment


def sold_down_to(trade: Trade, qty: int, at: datetime, *, sku: str = "A") -> None:
    count_stock(
        party_id=trade.buyer.id, rows=[(sku, qty)], source=f"count {at:%Y%m%d %H%M} {sku}", by=SYSTEM, at=at
    )


def a_lower_list(trade: Trade, prices: dict[Any, Any], **values: Any) -> PriceList:
    """A published list for dealers that comes before the one for everyone."""
    return a_price_list(trade.seller, prices, audience=("level", "dealer"), **values)


def computed(published: PriceList, at: datetime = JUNE) -> list[PriceDropClaim]:
    """Note a published list and run its job to the end; return its claims."""
    drop = note_price_drop(published=published, by=SYSTEM, at=at)
    assert drop is not None
    job = Job.objects.get(kind="rebates.price_drop", period=str(published.id))
    while True:
        step = compensate_step(job)
        if step.cursor is None:
            return list(PriceDropClaim.objects.filter(drop=drop).order_by("party__code"))
        job.cursor = step.cursor


def a_claim(**policy: Any) -> tuple[Trade, PriceDropClaim]:
    """The claim of a dealer with 110 units at 100.00 and 150 at 98.00, whose price falls to 92.00."""
    trade = a_protected_trade(**policy)
    received(trade, 200, APRIL)
    product = trade.products[0]
    a_lower_list(trade, {product: "98.00"}, starts_on=date(2026, 5, 1), until=date(2026, 6, 1), code="L")
    received(trade, 150, MAY)
    sold_down_to(trade, 260, MAY + timedelta(days=1))
    lower = a_lower_list(trade, {product: "92.00"}, starts_on=date(2026, 6, 1), code="L", version=2)
    (claim,) = computed(lower)
    return trade, claim


def owner_of(trade: Trade) -> Any:
    return an_actor(trade.buyer)


def director_of(trade: Trade) -> Any:
    return an_actor(trade.seller)


def another_buyer(trade: Trade, code: str, **values: Any) -> Trade:
    return Trade(trade.seller, a_party(parent=trade.seller, code=code, **values), trade.products)
