"""The place of a request in the quick order: the actor, the buyer, and the draft that is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse

from accounts.rights import MANUFACTURER, Actor
from accounts.web.requests import ActorRequest
from dealers.models import Party
from kernel.uuids import as_uuid
from ordering.domain.quick_order.cart_lines import CartLine
from ordering.models import Cart
from ordering.queries.quick_order.drafts import find_drafts
from ui.web.requests import displayed_version


class BuyerMissing(Http404):
    """Staff have not chosen the dealer that they order for."""


@dataclass(frozen=True, slots=True)
class Desk:
    """`version` is the one that the sender's page displayed; `lines` are the stored ones of the draft."""

    actor: Actor
    seller: Party
    buyer: Party
    carts: Sequence[Cart]
    cart: Cart | None
    version: int
    lines: list[CartLine]

    @property
    def is_staff(self) -> bool:
        return self.actor.party_kind == MANUFACTURER

    def with_saved(self, cart: Cart, lines: Sequence[CartLine]) -> Desk:
        """Return the desk after a save: the saved draft is the open one."""
        cart.count = len(lines)  # type: ignore[attr-defined]  # the tab shows it
        known = any(one.id == cart.id for one in self.carts)
        carts = [cart if one.id == cart.id else one for one in self.carts] + ([] if known else [cart])
        return replace(self, carts=carts, cart=cart, version=cart.version, lines=list(lines))

    def query(self, **more: str) -> dict[str, str]:
        """Return the query of a link to this buyer; staff name it, a dealer has no other."""
        buyer = {"buyer": str(self.buyer.id)} if self.is_staff else {}
        return buyer | {name: value for name, value in more.items() if value}

    def url(self, **more: str | None) -> str:
        """Return the address of the open draft."""
        cart = str(self.cart.id) if self.cart else ""
        query = self.query(**{"cart": cart} | {name: value or "" for name, value in more.items()})
        return reverse("order-new") + (f"?{urlencode(query)}" if query else "")


def read_desk(request: ActorRequest, given: QueryDict) -> Desk:
    """Return the desk that a request names; 404 for a draft or a buyer that the actor does not see.

    A GET that names no draft opens the first; `cart=new` opens none.
    """
    actor = request.actor
    buyer, cart = (given.get(name, "").replace("\x00", "") for name in ("buyer", "cart"))
    if actor.party_kind == MANUFACTURER and not buyer and as_uuid(cart) is None:
        raise BuyerMissing
    drafts = find_drafts(actor, buyer=buyer, cart=cart, open_first=request.method == "GET")
    if drafts is None:
        raise Http404
    version = displayed_version(given)
    if request.method == "GET":
        version = drafts.current.version if drafts.current else 0
    return Desk(actor, drafts.seller, drafts.buyer, drafts.carts, drafts.current, version, drafts.lines)
