"""Answer an order whose outside number was placed before: with the first order, or with what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor
from kernel.sources import Values, differing_lines, differing_values
from ordering.domain.price_overrides import override_of
from ordering.models import Order
from ordering.operations.order_checks import Window
from ordering.operations.sources import SourceTaken, by_sku, must_be_same
from ordering.queries.orders import OrderFacts, order_facts
from pricing.domain.manual_price import ManualPrice

HOLD = "hold"
"""The fact of an order with a source that it was not to be held."""


@dataclass(frozen=True, slots=True)
class OrderContent:
    """What an order asks for. Whether the seller accepts its review (`accept_review`) is not part of it."""

    seller: str
    kind: str
    window: Window | None
    reference: str
    note: str
    lines: Sequence[tuple[str, int]]
    hold: bool = True
    prices: Mapping[str, ManualPrice] = field(default_factory=dict)

    def line_values(self, *, with_prices: bool) -> list[tuple[str, Values]]:
        """Return (SKU, what it asks for) of each line; of a price set by hand not the reason."""
        if not with_prices:
            return [(sku, {"qty": qty}) for sku, qty in self.lines]
        return [(sku, {"qty": qty, "manual_price": self._price_of(sku)}) for sku, qty in self.lines]

    def _price_of(self, sku: str) -> str | None:
        manual = self.prices.get(sku)
        return None if manual is None else f"{manual.price.normalize():f}/{manual.per}"

    @property
    def values(self) -> Values:
        window = self.window and {"from": _moment(self.window.start), "until": _moment(self.window.end)}
        fields = {"seller": self.seller, "kind": str(self.kind), "window": window}
        return fields | {"reference": self.reference.strip(), "note": self.note.strip(), "hold": self.hold}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _content_of(order: OrderFacts) -> OrderContent:
    window = None
    if order.window_from is not None and order.window_until is not None:
        window = Window(order.window_from, order.window_until)
    lines = [(line.sku, line.qty) for line in order.lines if line.qty]
    hold = order.facts.get(HOLD, True)
    stored = [(line.sku, override_of(line.why.get("manual"))) for line in order.lines]
    prices = {sku: override.manual for sku, override in stored if override is not None}
    return OrderContent(
        order.seller_code, order.kind, window, order.reference, order.note, lines, hold, prices
    )


def repeated_order(order_id: UUID, requested: OrderContent, by: Actor) -> OrderFacts:
    """Return the first order of a source, marked as a replay, also where it was cancelled meanwhile.

    Raises SourceTaken if it asked for something else; what differs is named to those who may see the order.
    """
    order = order_facts(order_id)
    assert order is not None
    booked = _content_of(order)
    with_prices = bool(booked.prices or requested.prices)
    first, now = (one.line_values(with_prices=with_prices) for one in (booked, requested))
    differs = differing_values(booked.values, requested.values)
    differs += differing_lines(first, by_sku(now, first))
    if differs and not Order.objects.visible_to(by).filter(id=order_id).exists():
        raise SourceTaken(_("Another order has this outside number."), field="source")
    must_be_same(differs, number=order.number, booked=("order", order.id))
    return replace(order, replayed=True)
