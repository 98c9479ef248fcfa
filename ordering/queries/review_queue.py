"""The orders of a seller whose prices wait for a decision, each with the trace of its prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet

from accounts.rights import Actor
from ordering.domain.price_overrides import PriceOverride, override_of
from ordering.domain.price_review import Deviation, deviation
from ordering.models import Order, OrderLine
from ordering.queries.price_review import BrokenLimit, limits_of_line
from pricing.models import Limit


@dataclass(frozen=True, slots=True)
class TracedLimit:
    """A limit outside which a line lies, and how far."""

    limit: BrokenLimit
    deviation: Deviation | None


@dataclass(frozen=True, slots=True)
class TracedLine:
    """A line outside its limits: its list price, the schemes that applied, and the limits."""

    line: OrderLine
    schemes: Sequence[str]
    limits: Sequence[TracedLimit]
    override: PriceOverride | None


@dataclass(frozen=True, slots=True)
class PriceReview:
    """An order in review. `missing` is the sum over its lines of the largest distance from a limit."""

    order: Order
    lines: Sequence[TracedLine]

    @property
    def missing(self) -> Decimal:
        return sum(
            (max((one.deviation.amount for one in line.limits if one.deviation), default=Decimal(0)))
            for line in self.lines
        ) or Decimal(0)


def orders_in_review(actor: Actor) -> QuerySet[Order]:
    """Return the orders on whose prices the actor may decide: its own sales, the oldest first."""
    if not (actor.may("order.confirm") and actor.may("price.view")) or actor.party_id is None:
        return Order.objects.none()
    rows: QuerySet[Order] = Order.objects.visible_to(actor)
    return (
        rows.filter(seller_id=actor.party_id, state=Order.State.REVIEW)
        .select_related("buyer", "placed_by")
        .order_by("placed_at", "id")
    )


def price_reviews(orders: Sequence[Order]) -> list[PriceReview]:
    """Return the orders with the trace of the lines outside their limits. Two statements at most."""
    found = OrderLine.objects.filter(order_id__in=[one.id for one in orders], why__has_key="clauses")
    lines = list(found.select_related("product").order_by("order_id", "position"))
    by_order: dict[UUID, list[TracedLine]] = {}
    today = _bounds_of([line for line in lines if "limits" not in line.why], orders)
    for line in lines:
        by_order.setdefault(line.order_id, []).append(_traced(line, today))
    return [PriceReview(order, by_order.get(order.id, [])) for order in orders]


def _traced(line: OrderLine, today: Any) -> TracedLine:
    limits = limits_of_line(line.why, line.product_id, today)
    net = cast(Decimal, line.net_unit_price)
    distances = [deviation(net, line.qty, floor=one.floor, ceiling=one.ceiling) for one in limits]
    return TracedLine(
        line,
        [one["code"] for one in line.why.get("schemes", ())],
        [TracedLimit(limit, distance) for limit, distance in zip(limits, distances, strict=True)],
        override_of(line.why.get("manual")),
    )


def _bounds_of(lines: Sequence[OrderLine], orders: Sequence[Order]) -> Any:
    """Return today's bounds for orders that were placed before lines stored their limits."""
    if not lines:
        return {}
    rows = Limit.objects.filter(
        seller_id__in={one.seller_id for one in orders}, product_id__in={one.product_id for one in lines}
    )
    columns = rows.values_list("product_id", "clause", "floor", "ceiling")
    return {(product, clause): (floor, ceiling) for product, clause, floor, ceiling in columns}
