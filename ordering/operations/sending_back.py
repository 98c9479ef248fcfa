"""Send an order in review back to its buyer: it ends, and its lines become a draft again."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import record
from jobs.operations.outbox import announce
from kernel.refusals import Refusal
from ordering.audit_actions import OrderAction
from ordering.models import Cart, Order
from ordering.operations.confirming import MAX_REASON_CHARACTERS, reload_order
from ordering.operations.locking import lock_order
from ordering.operations.scheme_uses import give_back_unused
from ordering.queries.orders import OrderFacts
from tenancy.context import active_tenant_id, joined_transaction

State = Order.State


class ReasonMissing(Refusal):
    code = "missing"


def send_back(*, order_id: UUID, reason: str, by: Actor, at: datetime) -> OrderFacts:
    """Refuse the prices of an order in review and return the order, which ends.

    The buyer and the person who placed the order are notified with the reason. The lines of an order that
    was typed at the desk are in a new draft of the buyer. Raises ReasonMissing, NoSuchOrder, NotAllowed,
    WrongState.
    """
    by.must("order.confirm")
    reason = reason.strip()[:MAX_REASON_CHARACTERS]
    if not reason:
        raise ReasonMissing(_("Write why the order goes back."), field="reason")
    with joined_transaction():
        locked = lock_order(order_id, by=by)
        locked.must_be(State.REVIEW)
        order = locked.order
        facts = {"reason": reason, "draft": str(_draft_of(order, by, at) or "")}
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH lines AS (UPDATE ordering_orderline SET cancelled_qty = qty, cancelled_free = free_qty"
                " WHERE tenant_id = %(tenant)s AND order_id = %(order)s)"
                " UPDATE ordering_order SET state = 'cancelled', facts = facts || %(facts)s::jsonb"
                " WHERE tenant_id = %(tenant)s AND id = %(order)s",
                {
                    "tenant": active_tenant_id(),
                    "order": order_id,
                    "facts": json.dumps({"sent_back": facts}),
                },
            )
        ended = [line._replace(cancelled_qty=line.qty, cancelled_free=line.free_qty) for line in order.lines]
        give_back_unused(order, ended)
        record(OrderAction.SEND_BACK, (Order, order_id), by=by, at=at, number=order.number, reason=reason)
        announce("ordering.sent_back", {"order_id": str(order_id)}, at=at)
    return reload_order(order_id)


def _draft_of(order: OrderFacts, by: Actor, at: datetime) -> UUID | None:
    """Return the id of a new draft with the paid lines; None for an order that was not typed at the desk."""
    if order.kind != Order.Kind.STANDARD:
        return None
    lines = [{"sku": line.sku, "qty": line.qty, "unit": ""} for line in order.lines if line.qty]
    cart = Cart.objects.create(
        seller_id=order.seller_id,
        buyer_id=order.buyer_id,
        name=order.number[:60],
        lines=lines,
        saved_at=at,
        saved_by=by.label[:200],
    )
    return cart.id
