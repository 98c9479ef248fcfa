"""Place a pre-sale order that was written at an outlet, perhaps hours ago and offline.

The phone gives each order a key, so that it is placed once, and sends the total that its writer saw. If
prices have changed since, nothing is placed and the differences are returned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor
from kernel.money import ZERO_MONEY
from kernel.quantities import line_amount
from kernel.refusals import Refusal
from ordering.models import Order
from ordering.operations.delivery_plan import must_be_open
from ordering.operations.placing import Window, place_order
from ordering.operations.repeated_orders import OrderContent, repeated_order
from ordering.operations.sources import SourceTaken
from ordering.operations.trade_terms import order_of_source
from ordering.queries.orders import LineFacts, OrderFacts
from ordering.queries.presale import ended_skus, outlet_of
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.models import Tenant


class PriceChanged(Refusal):
    code = "price_changed"


class ProductGone(Refusal):
    code = "unknown_product"


@dataclass(frozen=True, slots=True)
class DisplayedTotal:
    """The total that the writer saw: the server's quote or, with `list_only`, the list prices alone.

    An offline phone knows list prices only. Schemes can only lower them, so that a total of list prices
    needs no new consent while the list prices are unchanged.
    """

    total: Decimal
    list_only: bool = False


def place_presale_order(
    *,
    outlet_id: UUID,
    key: UUID,
    lines: Sequence[tuple[str, int]],
    window: Window,
    displayed: DisplayedTotal,
    by: Actor,
    at: datetime,
    note: str = "",
    hold: bool = False,
) -> tuple[OrderFacts, bool]:
    """Place an order from the actor's party to its outlet; return it, and whether it is new.

    `lines` are (SKU, base units). A key that was placed before with the same content returns its order.
    Raises NoSuchOutlet, SourceTaken, InvalidWindow, ProductGone, PriceChanged (with the current lines),
    CreditExceeded unless `hold`, and what place_order raises.
    """
    by.must("order.place")
    source = f"presale:{key}"
    if (placed := order_of_source(source, seller_id=by.party_id)) is not None:
        return _repeated(placed, outlet_id, lines, window, note, hold, by), False
    outlet_of(by, outlet_id)
    tenant = Tenant.objects.get(pk=active_tenant_id())
    must_be_open(window, at, tenant.timezone)
    if gone := ended_skus([sku for sku, _qty in lines]):
        message = _("No longer sold: %(skus)s.") % {"skus": ", ".join(sorted(gone))}
        raise ProductGone(message, field="lines", skus=sorted(gone))
    assert by.party_id is not None
    with joined_transaction():
        order = place_order(
            seller_id=by.party_id,
            buyer_id=outlet_id,
            lines=lines,
            by=by,
            at=at,
            note=note,
            kind=Order.Kind.PRESALE,
            window=window,
            source=source,
            hold=hold,
        )
        _must_match(order, displayed)
    return order, True


def _repeated(
    order_id: UUID,
    outlet_id: UUID,
    lines: Sequence[tuple[str, int]],
    window: Window,
    note: str,
    hold: bool,
    by: Actor,
) -> OrderFacts:
    seller, buyer = Order.objects.filter(id=order_id).values_list("seller__code", "buyer_id").get()
    if buyer != outlet_id:
        raise SourceTaken(_("Another order was sent under this key."), field="key")
    content = OrderContent(seller, Order.Kind.PRESALE, window, "", note, lines, hold)
    return repeated_order(order_id, content, by)


def quoted_amount(line: LineFacts) -> Decimal:
    """Return the line's amount as its quote gave it: before tax if its price list excludes tax."""
    return line.amount if line.why.get("tax_included", True) else line.net


def _must_match(order: OrderFacts, displayed: DisplayedTotal) -> None:
    paid = [line for line in order.lines if line.qty]
    total = sum((quoted_amount(line) for line in paid), ZERO_MONEY)
    listed = sum((line_amount(line.base_price, line.qty, line.per) for line in paid), ZERO_MONEY)
    if (listed if displayed.list_only else total) == displayed.total:
        return
    now = [
        {
            "sku": line.sku,
            "name": line.name,
            "qty": line.qty,
            "free_qty": line.free_qty,
            "listed": str(line_amount(line.base_price, line.qty, line.per)),
            "amount": str(quoted_amount(line)),
        }
        for line in paid
    ]
    message = _("The price has changed: %(old)s became %(new)s.") % {"old": displayed.total, "new": total}
    raise PriceChanged(message, field="displayed.total", total=str(total), listed=str(listed), lines=now)
