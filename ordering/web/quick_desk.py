"""Where a person stands in the quick order: for which buyer, from whom, on which draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.core.paginator import Paginator
from django.db.models import Case, F, Func, IntegerField, Q, Subquery, When
from django.http import Http404, HttpRequest, QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.rights import DEALER, MANUFACTURER, Actor
from dealers.models import Party
from ordering.models import Cart
from ordering.operations.carts import lines_in
from ordering.queries.quick import CartLine, people_to_ask
from ordering.web.quick_cards import credit_card, step_card
from ordering.web.quick_edits import Edited
from ordering.web.quick_rows import Row
from ordering.web.quick_sheet import Sheet, sheet_of
from ordering.web.quick_unread import unread_rows
from ordering.web.quick_words import lines_told, shown_row, units_told
from ui.web.joined_lists import join_list

ON_A_PAGE = 50


class NoBuyer(Http404):
    """Staff have not said whom they order for."""


@dataclass(frozen=True, slots=True)
class Desk:
    """`version` is the one that the sender last saw; `lines` the draft's as they are stored."""

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

    def on(self, cart: Cart, lines: Sequence[CartLine]) -> Desk:
        """The same desk after a save: the draft's tab is the saved one."""
        cart.count = len(lines)  # type: ignore[attr-defined]
        known = any(one.id == cart.id for one in self.carts)
        carts = [cart if one.id == cart.id else one for one in self.carts] + ([] if known else [cart])
        return replace(self, carts=carts, cart=cart, version=cart.version, lines=list(lines))

    def query(self, **more: str) -> dict[str, str]:
        named = {"buyer": str(self.buyer.id)} if self.is_staff else {}
        return named | {name: value for name, value in more.items() if value}

    def url(self, **more: str | None) -> str:
        cart = str(self.cart.id) if self.cart else ""
        query = self.query(**{"cart": cart} | {name: value or "" for name, value in more.items()})
        return reverse("order-new") + (f"?{urlencode(query)}" if query else "")


def desk_of(request: HttpRequest, given: QueryDict) -> Desk:
    """The desk that a request names; 404 for a draft or a buyer that the actor does not see.

    Without a draft named it is the buyer's first; `cart=new` is none yet.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    named = given.get("cart", "")
    carts: list[Cart] = []
    if actor.party_kind != MANUFACTURER and given.get("buyer", "") in ("", str(actor.party_id)):
        carts = list(_carts(actor, Q(buyer=actor.party_id, seller__kind=MANUFACTURER), named))
    if carts:
        seller, buyer = carts[0].seller, carts[0].buyer
    else:
        seller, buyer = _parties(actor, given.get("buyer", ""), named)
        if actor.party_kind == MANUFACTURER:
            carts = list(_carts(actor, Q(buyer=buyer, seller=seller), named))
    cart = None
    if _uuid(named) is not None:
        cart = next((one for one in carts if str(one.id) == str(_uuid(named))), None)
        if cart is None:
            raise Http404
    elif carts and not named and request.method == "GET":
        cart = carts[0]
    return Desk(actor, seller, buyer, carts, cart, _seen(request, given, cart), _lines_of(cart))


def _seen(request: HttpRequest, given: QueryDict, cart: Cart | None) -> int:
    """The version that the sender last saw. A form that names none has seen none: it changes nothing
    of a draft that is there, but is shown both sides."""
    if request.method == "GET":
        return cart.version if cart else 0
    version = given.get("version", "")
    return int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0


def _parties(actor: Actor, named: str, cart: str) -> tuple[Party, Party]:
    """The manufacturer and the dealer; one statement, for staff two."""
    if actor.party_kind == MANUFACTURER:
        dealers = Party.objects.visible_to(actor).filter(kind=DEALER)
        if not named and (draft := _uuid(cart)) is not None:
            dealers = dealers.filter(id__in=Cart.objects.visible_to(actor).filter(id=draft).values("buyer"))
        elif not named:
            raise NoBuyer
        else:
            buyer_id = _uuid(named)
            dealers = dealers.filter(id=buyer_id) if buyer_id else dealers.filter(code=named[:40])
        buyer = dealers.first()
        seller = Party.objects.filter(id=actor.party_id).first()
    else:
        if named and named != str(actor.party_id):
            raise Http404
        both = {
            one.kind: one
            for one in Party.objects.filter(kind=MANUFACTURER) | Party.objects.filter(id=actor.party_id)
        }
        seller, buyer = both.get(MANUFACTURER), both.get(DEALER)
    if seller is None or buyer is None:
        raise Http404
    return seller, buyer


def _carts(actor: Actor, between: Q, named: str) -> Any:
    """The drafts with their counts of lines, and of one of them the lines: the named, else the first."""
    mine = Cart.objects.visible_to(actor).filter(between)
    wanted = _uuid(named) or Subquery(mine.order_by("id").values("id")[:1])
    return (
        mine.select_related("seller", "buyer")
        .annotate(
            count=Func(F("lines"), function="jsonb_array_length", output_field=IntegerField()),
            kept=Case(When(id=wanted, then=F("lines"))),
        )
        .defer("lines")
        .order_by("id")
    )


def _lines_of(cart: Cart | None) -> list[CartLine]:
    if cart is None:
        return []
    cart.lines = cart.kept  # type: ignore[attr-defined]
    return lines_in(cart)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def shown(request: HttpRequest, desk: Desk, changed: Edited | None = None) -> dict[str, Any]:
    """What the page shows: the sheet, fifty rows of it, the cards of the rail."""
    sheet = sheet_of(
        seller_id=desk.seller.id, buyer_id=desk.buyer.id, lines=desk.lines, on=timezone.localdate()
    )
    query = desk.query(cart=str(desk.cart.id) if desk.cart else "")
    page = Paginator(sheet.rows, ON_A_PAGE).get_page(request.POST.get("page") or request.GET.get("page"))
    rows = [shown_row(row, sheet, query) for row in page.object_list]
    good, blocked = sheet.good, sheet.blocked
    return {
        "desk": desk,
        "sheet": sheet,
        "rows": rows,
        "page": page,
        "pages_url": desk.url() + ("&" if "?" in desk.url() else "?"),
        "good": good,
        "good_lines": lines_told(len(good)),
        "units": units_told(good),
        "blocked": blocked,
        "blocked_places": join_list(row.position for row in blocked[:10]),
        "more_blocked": [row for row in blocked if row.position not in _positions(page)][:10],
        "applied": [(sheet.names.get(one.code, one.code), -one.worth) for one in sheet.applied],
        "step": step_card(sheet),
        "credit": credit_card(sheet, sees_figures=desk.actor.may("ledger.view")),
        "seen": f"{len(good)}:{sheet.total}",
        "token": uuid4(),
        "unadded": unread_rows(changed.unread) if changed else [],
        "again": "\n".join(one.text for one in changed.unread) if changed else "",
        "said": changed.said if changed else "",
        "candidates": changed.candidates if changed else [],
        "typed": changed.typed if changed else "",
        "projection": _projection(desk, sheet),
        "ask": _ask(desk, blocked),
    }


def _ask(desk: Desk, blocked: Sequence[Row]) -> str:
    """Who at the seller may change what blocks a price; nobody is named where none is blocked."""
    if not any(row.state in {"block", "no_price"} for row in blocked):
        return ""
    return join_list(people_to_ask(desk.seller.id, ["region_manager", "director", "owner"]))


def _positions(page: Any) -> range:
    return range(page.start_index(), page.end_index() + 1)


def _projection(desk: Desk, sheet: Sheet) -> str:
    """The rebates' own card about this order, where that room serves one to this person."""
    if desk.cart is None or not sheet.good or not desk.actor.may("rebate.view"):
        return ""
    try:
        url = reverse("rebate-projection")
    except NoReverseMatch:
        return ""
    return f"{url}?{urlencode({'cart': str(desk.cart.id)})}"
