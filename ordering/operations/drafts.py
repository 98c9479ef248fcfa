"""Writing of a quick order's draft: saved after an edit, and sent as an order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from accounts.rights import Actor
from ordering.domain.quick_order.cart_lines import CartLine
from ordering.models import Cart
from ordering.operations.carts import discard_cart, open_cart, save_cart
from ordering.operations.placing import place_order
from ordering.queries.orders import OrderFacts
from ordering.queries.quick_order.sheet import Sheet


def place_draft(
    *,
    cart: Cart | None,
    sheet: Sheet,
    seller_id: UUID,
    buyer_id: UUID,
    source: str,
    reference: str,
    by: Actor,
    at: datetime,
) -> OrderFacts:
    """Place the lines that can be sent; the blocked ones stay in the draft, which else is discarded.

    `source` identifies the form, so that a second sending finds the first order. The caller opens the
    transaction. Raises what placing raises, and CartChanged.
    """
    order = place_order(
        seller_id=seller_id,
        buyer_id=buyer_id,
        lines=sheet.to_send,
        by=by,
        at=at,
        source=source,
        reference=reference,
        overrides=sheet.overrides,
    )
    if cart is not None:
        rest = [CartLine(row.product.sku, row.qty, row.unit, row.override) for row in sheet.blocked]
        if rest:
            save_cart(cart_id=cart.id, version=cart.version, lines=rest, by=by, at=at)
        else:
            discard_cart(cart_id=cart.id, version=cart.version, by=by)
    return order


def save_draft(
    *,
    cart: Cart | None,
    version: int,
    stored: Sequence[CartLine],
    lines: Sequence[CartLine],
    seller_id: UUID,
    buyer_id: UUID,
    by: Actor,
    at: datetime,
    name: str | None = None,
) -> Cart | None:
    """Save what an edit made of the `stored` lines; a first line opens the draft.

    `name` None keeps the name. Nothing is written where nothing changed. The caller opens the
    transaction. Raises CartChanged where `version` is not the draft's.
    """
    if cart is None:
        if not lines:
            return None
        return open_cart(seller_id=seller_id, buyer_id=buyer_id, by=by, at=at, lines=lines)
    if list(lines) == list(stored) and name is None and version == cart.version:
        return cart
    return save_cart(cart_id=cart.id, version=version, lines=lines, by=by, at=at, name=name)
