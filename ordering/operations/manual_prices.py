"""Set the price of a line by hand, with a reason: only the seller does, and only with the right."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor, NotAllowed
from audit.operations.recording import record
from kernel.quantities import MAX_UNITS
from kernel.refusals import Refusal
from ordering.audit_actions import OrderAction
from ordering.domain.price_overrides import PriceOverride
from ordering.models import Cart
from ordering.operations.carts import lock_cart, save_locked
from ordering.queries.quick_order.drafts import cart_lines
from tenancy.context import joined_transaction

RIGHT = "order.override_price"
MAX_PRICE = Decimal(10) ** 10
MAX_REASON_CHARACTERS = 300


class BadManualPrice(Refusal):
    code = "bad_manual_price"


def must_override(seller_id: UUID, *, by: Actor, field: str = "price") -> None:
    """Raise NotAllowed unless the actor may set prices of this seller's orders by hand."""
    by.must(RIGHT)
    if not by.acts_for(seller_id):
        raise NotAllowed(_("Only the seller sets a price of its sales by hand."), field=field, right=RIGHT)


def price_override(
    *, seller_id: UUID, price: Decimal, per: int, reason: str, by: Actor, at: datetime, path: str = ""
) -> PriceOverride:
    """Return a price of `price` for `per` base units, with who set it and why.

    `path` is what precedes the names of the fields in a refusal. Raises NotAllowed, BadManualPrice.
    """
    must_override(seller_id, by=by, field=f"{path}price")
    reason = reason.strip()
    if not 0 <= price < MAX_PRICE or price != round(price, 4):
        message = _("A manual price is zero or more, with at most 4 decimal places.")
        raise BadManualPrice(message, field=f"{path}price")
    if not 1 <= per <= MAX_UNITS:
        message = _("A quantity is between 1 and %(most)s.") % {"most": MAX_UNITS}
        raise BadManualPrice(message, field=f"{path}per")
    if not reason:
        raise BadManualPrice(_("Write why this line has its own price."), field=f"{path}reason")
    if len(reason) > MAX_REASON_CHARACTERS:
        message = _("A reason has at most %(most)s characters.") % {"most": MAX_REASON_CHARACTERS}
        raise BadManualPrice(message, field=f"{path}reason")
    person = "" if by.person_id is None else str(by.person_id)
    return PriceOverride(price, per, reason, person, by.label[:200], at.isoformat())


def set_line_price(
    *,
    cart_id: UUID,
    version: int,
    sku: str,
    price: Decimal,
    per: int,
    reason: str,
    by: Actor,
    at: datetime,
) -> Cart:
    """Set the price of a draft's line and return the draft with its next version.

    Raises NoSuchCart, CartChanged, NotAllowed, BadManualPrice.
    """
    with joined_transaction():
        cart = lock_cart(cart_id, version, by)
        override = price_override(seller_id=cart.seller_id, price=price, per=per, reason=reason, by=by, at=at)
        _replace_override(cart, sku, override, by, at)
        facts = {"sku": sku, "price": str(price), "per": per, "reason": override.reason}
        record(OrderAction.OVERRIDE_PRICE, cart, by=by, at=at, **facts)
    return cart


def clear_line_price(*, cart_id: UUID, version: int, sku: str, by: Actor, at: datetime) -> Cart:
    """Give a draft's line the price of the lists again. Raises as `set_line_price`."""
    with joined_transaction():
        cart = lock_cart(cart_id, version, by)
        must_override(cart.seller_id, by=by)
        _replace_override(cart, sku, None, by, at)
        record(OrderAction.CLEAR_PRICE, cart, by=by, at=at, sku=sku)
    return cart


def _replace_override(cart: Cart, sku: str, override: PriceOverride | None, by: Actor, at: datetime) -> None:
    lines = cart_lines(cart)
    if not any(line.sku == sku for line in lines):
        raise BadManualPrice(_("The draft has no line of %(sku)s.") % {"sku": sku}, field="sku")
    changed = [line._replace(override=override) if line.sku == sku else line for line in lines]
    save_locked(cart, changed, by=by, at=at)
