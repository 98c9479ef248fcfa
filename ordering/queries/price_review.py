"""What a person needs to decide on prices outside their limits: line, limit, shortfall and margin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from dealers.models import Party
from kernel.refusals import Refusal
from ordering.domain.price_review import Deviation, deviation, margin_rate
from ordering.queries.orders import LineFacts, OrderFacts
from pricing.models import Limit
from pricing.queries import quote_for

OUTSIDE = ("advise", "review", "block")


@dataclass(frozen=True, slots=True)
class LimitedLine:
    """A line whose price breaks a limit. `purchase_price` is what the seller pays for a base unit today."""

    line: LineFacts
    clause: str
    action: str
    floor: Decimal | None
    ceiling: Decimal | None
    deviation: Deviation | None
    purchase_price: Decimal | None

    @property
    def is_advice(self) -> bool:
        return self.action == "advise"

    @property
    def margin(self) -> Decimal | None:
        """Return what the seller earns with one base unit."""
        return None if self.purchase_price is None else self.line.net_unit_price - self.purchase_price

    @property
    def margin_rate(self) -> Decimal | None:
        if self.purchase_price is None:
            return None
        return margin_rate(self.line.net_unit_price, self.purchase_price)


def limited_lines(order: OrderFacts) -> list[LimitedLine]:
    """Return the lines outside their limits, one row for each clause. Six statements at most."""
    lines = [line for line in order.lines if line.why.get("verdict") in OUTSIDE and line.why.get("clauses")]
    limits = _limits(order.seller_id, lines)
    prices = _purchase_prices(order.seller_id, lines, order.placed_on) if lines else {}
    rows = []
    for line in lines:
        for limit in limits_of_line(line.why, line.product_id, limits):
            missing = deviation(line.net_unit_price, line.qty, floor=limit.floor, ceiling=limit.ceiling)
            price = prices.get(line.sku)
            rows.append(
                LimitedLine(line, limit.clause, limit.action, limit.floor, limit.ceiling, missing, price)
            )
    return rows


class BrokenLimit(NamedTuple):
    """A limit outside which a line lies, as it was when the order was placed."""

    clause: str
    action: str
    floor: Decimal | None
    ceiling: Decimal | None


Bounds = Mapping[tuple[UUID, str], tuple[Decimal | None, Decimal | None]]


def limits_of_line(why: Mapping[str, Any], product_id: UUID, today: Bounds) -> list[BrokenLimit]:
    """Return the limits that a line stores; of orders that store clauses only, the bounds of `today`."""
    if "limits" in why:
        return [
            BrokenLimit(one["clause"], one["action"], _bound(one, "floor"), _bound(one, "ceiling"))
            for one in why["limits"]
        ]
    return [
        BrokenLimit(clause, why.get("verdict", ""), *today.get((product_id, clause), (None, None)))
        for clause in why.get("clauses", ())
    ]


def _bound(stored: Mapping[str, str], name: str) -> Decimal | None:
    return Decimal(stored[name]) if name in stored else None


def _limits(seller_id: UUID, lines: Iterable[LineFacts]) -> Bounds:
    """Return the bounds of today's limits for lines whose order did not store them."""
    products = [line.product_id for line in lines if "limits" not in line.why]
    if not products:
        return {}
    rows = Limit.objects.filter(seller_id=seller_id, product_id__in=products)
    columns = rows.values_list("product_id", "clause", "floor", "ceiling")
    return {(product_id, clause): (floor, ceiling) for product_id, clause, floor, ceiling in columns}


def _purchase_prices(seller_id: UUID, lines: Iterable[LineFacts], on: date) -> dict[str, Decimal]:
    """Return at which net price the seller buys these quantities; nothing where no price is known."""
    supplier = Party.objects.filter(children=seller_id).values_list("id", flat=True).first()
    if supplier is None:
        return {}
    wanted = [(line.sku, line.qty) for line in lines if line.qty]
    try:
        priced = quote_for(seller_id=supplier, buyer_id=seller_id, lines=wanted, on=on)
    except Refusal:
        return {}
    return {line.sku: line.net_unit_price for line in priced.quote.lines if line.is_priced}
