"""Store the manual prices of an order beside its lines, for the report of manual prices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from accounts.rights import Actor
from audit.operations.recording import record
from kernel.uuids import as_uuid
from ordering.audit_actions import OrderAction
from ordering.domain.price_overrides import PriceOverride, difference_of, list_price_of
from ordering.models import ManualPrice, Order
from ordering.queries.orders import OrderFacts
from pricing.queries import PricedOrder


def manual_price_rows(
    order: OrderFacts, priced: PricedOrder, overrides: Mapping[str, PriceOverride]
) -> list[ManualPrice]:
    """Return the rows of the order's manual prices, not saved yet."""
    replaced = {line.sku: line.replaced for line in priced.quote.lines}
    rows = []
    for line in order.lines:
        override = overrides.get(line.sku)
        if override is None or not line.qty:
            continue
        found = replaced[line.sku]
        list_price = list_price_of(found, override.per)
        rows.append(
            ManualPrice(
                order_id=order.id,
                position=line.position,
                product_id=line.product_id,
                sku=line.sku,
                qty=line.qty,
                per=override.per,
                price_list=found.price_list.code if found else "",
                list_price=list_price,
                price=override.price,
                difference=difference_of(override.price, list_price, per=override.per, qty=line.qty),
                reason=override.reason,
                set_by_id=as_uuid(override.set_by),
                set_by_name=override.set_by_name,
                set_at=datetime.fromisoformat(override.at),
            )
        )
    return rows


def write_manual_prices(rows: list[ManualPrice], order: OrderFacts, *, by: Actor, at: datetime) -> None:
    """Write the manual prices of an order that was just written, and their audit entry. Two statements."""
    ManualPrice.objects.bulk_create(rows)
    skus = [row.sku for row in rows]
    record(OrderAction.OVERRIDE_PRICE, (Order, order.id), by=by, at=at, number=order.number, skus=skus)
