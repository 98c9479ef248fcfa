"""Open, save and discard drafts of orders; a version number prevents lost updates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor
from kernel.refusals import Refusal
from ordering.domain.quick_order.cart_lines import CartLine
from ordering.domain.quick_order.changes import Filled
from ordering.models import Cart
from ordering.operations.placing import MAX_LINES, NothingOrdered
from tenancy.context import joined_transaction

MAX_CARTS = 30


class CartChanged(Refusal):
    """The draft was saved by someone else since it was read; `cart` is the stored one."""

    code = "conflict"

    def __init__(self, cart: Cart) -> None:
        super().__init__(_("Someone else has changed this draft meanwhile."), field="version")
        self.cart = cart


class TooManyCarts(Refusal):
    code = "too_many"


class NoSuchCart(Refusal):
    code = "not_found"


def open_cart(
    *,
    seller_id: UUID,
    buyer_id: UUID,
    by: Actor,
    at: datetime,
    name: str = "",
    lines: Iterable[CartLine] = (),
) -> Cart:
    """Create a draft for the buyer. Raises TooManyCarts when the buyer has MAX_CARTS already."""
    by.must("order.place")
    stored = _checked(lines)
    if Cart.objects.visible_to(by).filter(buyer_id=buyer_id, seller_id=seller_id).count() >= MAX_CARTS:
        raise TooManyCarts(_("There are %(most)s drafts already: send or discard one.") % {"most": MAX_CARTS})
    return Cart.objects.create(
        seller_id=seller_id,
        buyer_id=buyer_id,
        name=name[:60],
        lines=stored,
        saved_at=at,
        saved_by=by.label[:200],
    )


def save_cart(
    *,
    cart_id: UUID,
    version: int,
    lines: Iterable[CartLine],
    by: Actor,
    at: datetime,
    name: str | None = None,
) -> Cart:
    """Save the lines and return the draft with its next version.

    Raises NoSuchCart, CartChanged, NothingOrdered.
    """
    by.must("order.place")
    stored = _checked(lines)
    with joined_transaction():
        cart = lock_cart(cart_id, version, by)
        if name is not None:
            cart.name = name[:60]
        _save(cart, stored, by, at)
    return cart


def save_locked(cart: Cart, lines: Iterable[CartLine], *, by: Actor, at: datetime) -> None:
    """Save the lines of a draft that `lock_cart` has locked. Raises NothingOrdered."""
    _save(cart, _checked(lines), by, at)


def _save(cart: Cart, lines: list[dict[str, object]], by: Actor, at: datetime) -> None:
    cart.lines, cart.version, cart.saved_at, cart.saved_by = lines, cart.version + 1, at, by.label[:200]
    cart.save(update_fields=["lines", "version", "saved_at", "saved_by", "name"])


def store_filled(cart: Cart, filled: Filled) -> None:
    """Store the prices at which the draft's lines were added, if they are not the stored ones.

    It is no edit of the draft: the version stays.
    """
    stored = filled.as_json()
    if stored != cart.filled:
        cart.filled = stored
        Cart.objects.filter(id=cart.id).update(filled=stored)


def discard_cart(*, cart_id: UUID, version: int, by: Actor) -> None:
    """Delete the draft. Raises NoSuchCart, and CartChanged if it was saved since `version`."""
    by.must("order.place")
    with joined_transaction():
        lock_cart(cart_id, version, by).delete()


def lock_cart(cart_id: UUID, version: int, by: Actor) -> Cart:
    """Return the draft, locked until the commit. Raises NoSuchCart, CartChanged."""
    cart: Cart | None = Cart.objects.visible_to(by).select_for_update().filter(id=cart_id).first()
    if cart is None:
        raise NoSuchCart(_("This draft no longer exists."), field="cart")
    if cart.version != version:
        raise CartChanged(cart)
    return cart


def _checked(lines: Iterable[CartLine]) -> list[dict[str, object]]:
    stored: list[dict[str, object]] = [
        {"sku": one.sku, "qty": one.qty, "unit": one.unit}
        | ({"manual": one.override.as_json()} if one.override else {})
        for one in lines
    ]
    if len(stored) > MAX_LINES:
        raise NothingOrdered(_("An order has at most %(most)s lines.") % {"most": MAX_LINES}, field="lines")
    return stored
