"""Drafts of orders, the parties that they are between, and the order that a draft can begin from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Case, F, Func, IntegerField, Q, QuerySet, Subquery, When

from accounts.rights import DEALER, MANUFACTURER, Actor
from dealers.models import Party
from dealers.queries.parties import parties_like
from kernel.uuids import as_uuid
from ordering.domain.price_overrides import override_of
from ordering.domain.quick_order.cart_lines import CartLine
from ordering.models import Cart
from tenancy.context import active_tenant_id

MAX_BUYERS_FOUND = 20


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts between a seller and a buyer, each with its `count` of lines.

    `lines` are those of the `current` draft.
    """

    seller: Party
    buyer: Party
    carts: Sequence[Cart]
    current: Cart | None
    lines: list[CartLine]


def find_drafts(actor: Actor, *, buyer: str, cart: str, open_first: bool) -> Drafts | None:
    """Return the drafts that the actor may write; None for a buyer or a draft that it does not see.

    `buyer` (an id, or a code) and `cart` (an id) are what a request names, "" for none. A dealer's own
    party is its buyer. Without a named draft the current one is the first if `open_first`, else none.
    """
    cart_id, is_staff = as_uuid(cart), actor.party_kind == MANUFACTURER
    carts: list[Cart] = []
    if not is_staff and buyer in ("", str(actor.party_id)):
        carts = list(_carts(actor, Q(buyer=actor.party_id, seller__kind=MANUFACTURER), cart_id))
    parties: tuple[Party | None, Party | None]
    if carts:
        parties = carts[0].seller, carts[0].buyer
    else:
        parties = _parties_for_staff(actor, buyer, cart_id) if is_staff else _parties_for_dealer(actor, buyer)
    seller_party, buyer_party = parties
    if seller_party is None or buyer_party is None:
        return None
    if is_staff:
        carts = list(_carts(actor, Q(buyer=buyer_party, seller=seller_party), cart_id))
    current = next((one for one in carts if one.id == cart_id), None)
    if cart_id is not None and current is None:
        return None
    if not cart and open_first and carts:
        current = carts[0]
    return Drafts(seller_party, buyer_party, carts, current, _loaded_lines(current))


def find_buyers(actor: Actor, text: str) -> tuple[Sequence[Party], int]:
    """Return the first dealers that staff can order for, by name, code or pinyin, and how many more match."""
    dealers = Party.objects.visible_to(actor).filter(kind=DEALER, is_active=True)
    found = parties_like(dealers, text).order_by("code")
    first = list(found[: MAX_BUYERS_FOUND + 1])
    more = found.count() - MAX_BUYERS_FOUND if len(first) > MAX_BUYERS_FOUND else 0
    return first[:MAX_BUYERS_FOUND], more


def cart_lines(cart: Cart | None) -> list[CartLine]:
    """Return the lines that a draft stores."""
    if cart is None:
        return []
    return [
        CartLine(str(one["sku"]), int(one["qty"]), str(one.get("unit", "")), override_of(one.get("manual")))
        for one in cart.lines
    ]


def last_lines(*, seller_id: UUID, buyer_id: UUID) -> list[CartLine]:
    """Return the lines of the buyer's last order in base units, without gifts and products that ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.sku, l.qty FROM ordering_orderline l"
            " JOIN catalogue_product p ON p.tenant_id = l.tenant_id AND p.id = l.product_id"
            " WHERE l.tenant_id = %s AND l.qty > 0 AND p.stage <> 'ended' AND l.order_id = ("
            "  SELECT o.id FROM ordering_order o WHERE o.tenant_id = l.tenant_id AND o.buyer_id = %s"
            "  AND o.seller_id = %s AND o.state <> 'cancelled' ORDER BY o.placed_at DESC LIMIT 1)"
            " ORDER BY l.position",
            [active_tenant_id(), buyer_id, seller_id],
        )
        return [CartLine(sku, qty) for sku, qty in cursor.fetchall()]


def _parties_for_staff(actor: Actor, buyer: str, cart_id: UUID | None) -> tuple[Party | None, Party | None]:
    """Return the actor's manufacturer and the dealer that is named, by itself or by its draft."""
    dealers = Party.objects.visible_to(actor).filter(kind=DEALER)
    if not buyer:
        dealers = dealers.filter(id__in=Cart.objects.visible_to(actor).filter(id=cart_id).values("buyer"))
    elif (buyer_id := as_uuid(buyer)) is not None:
        dealers = dealers.filter(id=buyer_id)
    else:
        dealers = dealers.filter(code=buyer[:40])
    return Party.objects.filter(id=actor.party_id).first(), dealers.first()


def _parties_for_dealer(actor: Actor, buyer: str) -> tuple[Party | None, Party | None]:
    """Return the manufacturer and the actor's own party; one statement."""
    if buyer and buyer != str(actor.party_id):
        return None, None
    both = Party.objects.filter(Q(kind=MANUFACTURER) | Q(id=actor.party_id))
    by_kind = {party.kind: party for party in both}
    return by_kind.get(MANUFACTURER), by_kind.get(DEALER)


def _carts(actor: Actor, between: Q, cart_id: UUID | None) -> QuerySet[Cart]:
    """Return the drafts with their counts, and the lines of one: the named one, else the first."""
    visible = Cart.objects.visible_to(actor).filter(between)
    loaded = cart_id or Subquery(visible.order_by("id").values("id")[:1])
    carts: QuerySet[Cart] = (
        visible.select_related("seller", "buyer")
        .annotate(
            count=Func(F("lines"), function="jsonb_array_length", output_field=IntegerField()),
            loaded_lines=Case(When(id=loaded, then=F("lines"))),
            loaded_filled=Case(When(id=loaded, then=F("filled"))),
        )
        .defer("lines", "filled")
        .order_by("id")
    )
    return carts


def _loaded_lines(cart: Cart | None) -> list[CartLine]:
    if cart is None:
        return []
    cart.lines = cart.loaded_lines  # type: ignore[attr-defined]  # annotated by _carts
    cart.filled = cart.loaded_filled  # type: ignore[attr-defined]  # annotated by _carts
    return cart_lines(cart)
