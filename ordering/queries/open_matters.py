"""The orders and returns that are open between a seller and a buyer."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from kernel.money import ZERO
from ordering.models import Order, ReturnRequest
from ui.queries.open_matters import OpenMatter

OPEN = (
    Order.State.REVIEW,
    Order.State.HELD,
    Order.State.PLACED,
    Order.State.CONFIRMED,
    Order.State.RESERVED,
    Order.State.PART_SHIPPED,
    Order.State.SHIPPED,
)


def open_matters(*, seller_id: UUID, buyer_id: UUID, actor: Actor) -> list[OpenMatter]:
    """Return the orders that are not delivered and the returns that wait for an answer. Two statements."""
    orders = Order.objects.visible_to(actor).filter(seller=seller_id, buyer=buyer_id)
    found = orders.filter(state__in=OPEN).aggregate(count=Count("id"), money=Sum("open_amount"))
    returns = ReturnRequest.objects.visible_to(actor).filter(
        Q(order__seller=seller_id, order__buyer=buyer_id), state=ReturnRequest.State.REQUESTED
    )
    waiting = returns.count()
    matters = []
    if found["count"]:
        states = "&".join(f"state={state}" for state in OPEN)
        matters.append(
            OpenMatter(
                _("Orders not delivered"),
                "shopping-cart",
                count=found["count"],
                amount=found["money"] or ZERO,
                page="orders",
                query=f"party={buyer_id}&{states}",
            )
        )
    if waiting:
        query = f"party={buyer_id}&return_requested=true"
        matters.append(
            OpenMatter(_("Returns to be answered"), "truck-return", waiting, page="orders", query=query)
        )
    return matters
