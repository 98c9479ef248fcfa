"""Refuse orders that cannot be placed: by their lines before pricing, by their prices after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from kernel.quantities import MAX_LINES, MAX_UNITS
from kernel.refusals import Refusal
from ordering.models import Order
from pricing.queries import PricedOrder

MAX_NAMED = 5


class NothingOrdered(Refusal):
    code = "nothing_ordered"


class QuantityOutOfRange(Refusal):
    code = "out_of_range"


class NoPrice(Refusal):
    code = "no_price"


class PriceBlocked(Refusal):
    code = "price_blocked"


class ProductUnavailable(Refusal):
    """Products that this buyer cannot order; `lines` has each with its reason and its successor."""

    code = "product_unavailable"


class InvalidWindow(Refusal):
    code = "window"


@dataclass(frozen=True, slots=True)
class Window:
    """The time in which a pre-sale order is to be delivered: `[start, end)`."""

    start: datetime
    end: datetime


def check_request(lines: Sequence[tuple[str, int]], kind: str, window: Window | None, at: datetime) -> None:
    """Raise NothingOrdered, QuantityOutOfRange or InvalidWindow for a request that cannot become an order."""
    if not lines:
        raise NothingOrdered(_("An order has at least one line."), field="lines")
    if len(lines) > MAX_LINES:
        raise NothingOrdered(_("An order has at most %(most)s lines.") % {"most": MAX_LINES}, field="lines")
    for i, (_sku, qty) in enumerate(lines):
        if not 1 <= qty <= MAX_UNITS:
            message = _("A quantity is between 1 and %(most)s.") % {"most": MAX_UNITS}
            raise QuantityOutOfRange(message, field=f"lines[{i}].qty")
    if kind not in Order.Kind.values:
        raise NothingOrdered(_("There is no such kind of order."), field="kind")
    if kind == Order.Kind.PRESALE and window is None:
        raise InvalidWindow(_("A pre-sale order names its delivery window."), field="window")
    if window is not None:
        if window.end <= window.start:
            raise InvalidWindow(_("The delivery window ends after it starts."), field="window.until")
        if window.end <= at:
            raise InvalidWindow(_("The delivery window is over already."), field="window.until")


def check_available(priced: PricedOrder) -> None:
    """Raise ProductUnavailable, with the lines, if the buyer cannot order a product."""
    if not priced.unavailable:
        return
    bad = [
        (i, priced.unavailable[line.sku])
        for i, line in enumerate(priced.quote.lines)
        if line.sku in priced.unavailable
    ]
    refused = [
        {
            "field": f"lines[{i}].sku",
            "sku": one.sku,
            "reason": one.reason,
            "message": one.message,
            "successor": one.successor_sku,
        }
        for i, one in bad
    ]
    message = " ".join(
        _("%(product)s: %(reason)s") % {"product": priced.products[one.sku].name, "reason": one.message}
        for _i, one in bad[:MAX_NAMED]
    )
    raise ProductUnavailable(message, field=f"lines[{bad[0][0]}].sku", lines=refused)


def check_prices(priced: PricedOrder) -> None:
    """Raise NoPrice or PriceBlocked, with the lines, if a line cannot be sold at its price."""
    verdict = priced.quote.verdict
    if verdict not in {"no_price", "block"}:
        return
    bad = [(i, line) for i, line in enumerate(priced.quote.lines) if line.verdict == verdict]
    refused = [
        {"field": f"lines[{i}]", "sku": line.sku, "clauses": list(line.deciding_clauses)} for i, line in bad
    ]
    skus = ", ".join(line.sku for _i, line in bad[:10])
    field = f"lines[{bad[0][0]}].sku"
    if verdict == "no_price":
        raise NoPrice(_("There is no price for %(skus)s.") % {"skus": skus}, field=field, lines=refused)
    clauses = ", ".join(sorted({clause for _i, line in bad for clause in line.deciding_clauses}))
    message = _("Price of %(skus)s outside limits, clause %(clauses)s.")
    raise PriceBlocked(message % {"skus": skus, "clauses": clauses}, field=field, lines=refused)
