"""The quick order: a draft that prices itself as it is written, and the deed of placing it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.rights import DEALER, MANUFACTURER
from accounts.web.permissions import entering
from catalogue.models import Product, Unit
from catalogue.queries import products_like
from dealers.models import Party
from dealers.queries.parties import parties_like
from kernel.refusals import Refusal
from ordering.models import Order
from ordering.operations.carts import CartChanged, discard_cart, lines_in, open_cart, save_cart
from ordering.operations.placing import place_order
from ordering.queries.orders import order_facts
from ordering.queries.quick import CartLine, people_to_ask
from ordering.web.quick_cards import held_plainly, why_held
from ordering.web.quick_desk import Desk, NoBuyer, desk_of, shown
from ordering.web.quick_edits import Edited, edited
from pricing.queries import quote_for
from pricing.web.why import asked_day, asked_qty, why_page
from ui.web.submit_once import once

KINDS = (MANUFACTURER, DEALER)
FOUND = 8
placing = entering("order.place", kinds=KINDS)


@placing
@require_GET
def new(request: HttpRequest) -> HttpResponse:
    try:
        desk = desk_of(request, request.GET)
    except NoBuyer:
        return _choose_buyer(request)
    return render(request, "ordering/quick.html", shown(request, desk))


def _choose_buyer(request: HttpRequest) -> HttpResponse:
    """Staff order for a dealer: whom?"""
    typed = request.GET.get("q", "").replace("\x00", "")[:100]
    actor = request.actor  # type: ignore[attr-defined]
    dealers = Party.objects.visible_to(actor).filter(kind=DEALER, is_active=True)
    found = parties_like(dealers, typed).order_by("code")[:20]
    return render(request, "ordering/quick_buyer.html", {"found": found, "typed": typed})


@placing
@once
@require_POST
def price(request: HttpRequest) -> HttpResponse:
    """What was changed is saved and the whole sheet priced: a fragment, or without script the page."""
    desk = desk_of(request, request.POST)
    deed = request.POST.get("deed", "")
    try:
        if deed == "discard" and desk.cart is not None:
            with transaction.atomic():
                discard_cart(cart_id=desk.cart.id, version=desk.version, by=desk.actor)
            return _to(request, desk.url(cart=None))
        changed = edited(request, desk.lines, seller_id=desk.seller.id, buyer_id=desk.buyer.id)
        with transaction.atomic():
            desk = _save(request, desk, changed)
    except CartChanged as conflict:
        return _both_sides(request, desk, conflict)
    except Refusal as refusal:
        return _body(request, desk, refusal=refusal.message)
    if deed == "new":
        return _to(request, desk.url())
    if request.htmx or changed.unread or changed.candidates:  # type: ignore[attr-defined]
        return _body(request, desk, changed)
    if changed.said:
        messages.success(request, changed.said)
    return redirect(desk.url())


def _save(request: HttpRequest, desk: Desk, changed: Edited) -> Desk:
    now, deed = timezone.now(), request.POST.get("deed", "")
    if deed == "new":
        name = _("Draft %(n)s") % {"n": len(desk.carts) + 1}
        made = open_cart(
            seller_id=desk.seller.id, buyer_id=desk.buyer.id, name=name, by=desk.actor, at=now
        )  # fmt: skip
        return desk.on(made, [])
    if desk.cart is None:
        if not changed.lines:
            return desk
        made = open_cart(
            seller_id=desk.seller.id, buyer_id=desk.buyer.id, by=desk.actor, at=now, lines=changed.lines
        )
        return desk.on(made, changed.lines)
    called = request.POST.get("name", "").strip() if deed == "rename" else None
    if changed.lines == desk.lines and called is None and desk.version == desk.cart.version:
        return desk
    made = save_cart(
        cart_id=desk.cart.id, version=desk.version, lines=changed.lines, by=desk.actor, at=now, name=called
    )
    return desk.on(made, changed.lines)


def _to(request: HttpRequest, url: str) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _body(request: HttpRequest, desk: Desk, changed: Edited | None = None, **more: Any) -> HttpResponse:
    htmx = request.htmx  # type: ignore[attr-defined]
    template = "ordering/quick_body.html" if htmx else "ordering/quick.html"
    response = render(request, template, shown(request, desk, changed) | more)
    if htmx and desk.cart is not None:
        response["HX-Replace-Url"] = desk.url()
    return response


def _both_sides(request: HttpRequest, desk: Desk, conflict: CartChanged) -> HttpResponse:
    """Their draft beside ours, where the two differ; the person chooses, nothing is overwritten."""
    theirs = {line.sku: line for line in lines_in(conflict.cart)}
    mine = {line.sku: line for line in edited(request, desk.lines, seller_id=desk.seller.id,
                                              buyer_id=desk.buyer.id).lines}  # fmt: skip
    differing = [
        {"sku": sku, "mine": mine.get(sku), "theirs": theirs.get(sku)}
        for sku in dict.fromkeys([*mine, *theirs])
        if mine.get(sku) != theirs.get(sku)
    ]
    facts = {
        "desk": desk.on(conflict.cart, desk.lines), "theirs": conflict.cart, "differing": differing,
        "mine": list(mine.values()), "own": conflict.cart.saved_by == desk.actor.label[:200],
    }  # fmt: skip
    htmx = request.htmx  # type: ignore[attr-defined]
    template = "ordering/quick_conflict_body.html" if htmx else "ordering/quick_conflict.html"
    return render(request, template, facts, status=200 if htmx else 409)


@placing
@once
@require_POST
def place(request: HttpRequest) -> HttpResponse:
    """The good lines are sent, the blocked ones stay; where something changed since, nothing is."""
    source = _source(request)
    placed = Order.objects.visible_to(request.actor).filter(source=source).first()  # type: ignore[attr-defined]
    if placed is not None:
        return redirect("order-placed", order_id=placed.id)
    desk = desk_of(request, request.POST)
    try:
        changed = edited(request, desk.lines, seller_id=desk.seller.id, buyer_id=desk.buyer.id)
        with transaction.atomic():
            desk = _save(request, desk, changed)
    except CartChanged as conflict:
        return _both_sides(request, desk, conflict)
    facts = shown(request, desk, changed)
    sheet = facts["sheet"]
    if changed.unread:
        facts["refusal"] = _("Some rows are not added yet: correct them, or leave them out, then place.")
    if changed.unread or not sheet.good:
        return render(request, "ordering/quick.html", facts, status=422)
    if request.POST.get("seen") != facts["seen"]:
        return render(request, "ordering/quick_changed.html", facts | {"changes": _changes(request, sheet)})
    try:
        with transaction.atomic():
            order = place_order(
                seller_id=desk.seller.id,
                buyer_id=desk.buyer.id,
                lines=sheet.to_send,
                by=desk.actor,
                at=timezone.now(),
                source=source,
                reference=request.POST.get("reference", "").replace("\x00", "").strip()[:100],
            )
            _keep_the_rest(desk, [CartLine(row.product.sku, row.qty, row.unit) for row in sheet.blocked])
    except Refusal as refusal:
        return render(
            request, "ordering/quick.html", shown(request, desk) | {"refusal": refusal.message}, status=422
        )
    return redirect("order-placed", order_id=order.id)


def _source(request: HttpRequest) -> str:
    try:
        return f"web:{UUID(request.POST.get('token', ''))}"
    except ValueError:
        return f"web:{uuid4()}"


def _keep_the_rest(desk: Desk, rest: Sequence[CartLine]) -> None:
    if desk.cart is None:
        return
    if rest:
        save_cart(
            cart_id=desk.cart.id, version=desk.cart.version, lines=rest, by=desk.actor, at=timezone.now()
        )
    else:
        discard_cart(cart_id=desk.cart.id, version=desk.cart.version, by=desk.actor)


def _changes(request: HttpRequest, sheet: Any) -> list[dict[str, Any]]:
    """The lines whose amount is not what the person saw, old and new."""
    posted = zip(request.POST.getlist("sku"), request.POST.getlist("shown"), strict=False)
    seen = dict(posted)
    changes = []
    for row in sheet.rows:
        before = seen.get(row.product.sku, "")
        now = "" if row.is_blocked else str(row.quoted.amount)
        if before != now:
            changes.append({"row": row, "before": before, "now": now})
    return changes


@placing
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """What the add field offers while one types."""
    typed = request.GET.get("typed", "").replace("\x00", "").strip()[:100]
    actor = request.actor  # type: ignore[attr-defined]
    found: Any = ()
    units = Prefetch("units", Unit.objects.order_by("factor"))
    if typed:
        rows = Product.objects.visible_to(actor).exclude(stage=Product.Stage.ENDED)
        found = products_like(rows, typed).prefetch_related(units).order_by("sku")[:FOUND]
    return render(request, "ordering/quick_found.html", {"found": found, "typed": typed})


@placing
@require_GET
def why(request: HttpRequest) -> HttpResponse:
    """Why a line of the draft costs what it costs, beside the lines that it is ordered with."""
    desk = desk_of(request, request.GET)
    sheet = shown(request, desk)["sheet"]
    sku = request.GET.get("sku", "")
    row = next((row for row in sheet.rows if row.product.sku == sku), None)
    if row is None:
        raise Http404
    on = asked_day(request)
    qty = asked_qty(request, row.units)
    lines = [(one, qty if one == sku else units) for one, units in sheet.to_send]
    if row.is_blocked:
        lines.append((sku, qty))
    priced = quote_for(seller_id=desk.seller.id, buyer_id=desk.buyer.id, lines=lines, on=on)
    hidden = {"cart": str(desk.cart.id) if desk.cart else "", "buyer": str(desk.buyer.id), "sku": sku}
    return why_page(request, priced, sku, hidden=hidden, beside=len(lines) - 1)


@entering("order.view")
@require_GET
def placed(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """What became of an order that was just sent, and what to do where it is held."""
    actor = request.actor  # type: ignore[attr-defined]
    if not Order.objects.visible_to(actor).filter(id=order_id).exists():
        raise Http404
    order = order_facts(order_id)
    if order is None:
        raise Http404
    credit, sentences, ask = order.facts.get("credit"), [], []
    if order.state == Order.State.HELD and credit:
        sentences = _held(credit) if actor.may("ledger.view") else held_plainly(credit["reasons"])
        ask = people_to_ask(order.seller_id, ["finance", "sales_rep", "director", "owner"])
    elif order.state == Order.State.REVIEW:
        ask = people_to_ask(order.seller_id, ["region_manager", "director", "owner"])
    facts = {"order": order, "sentences": sentences, "ask": ask, "sees_prices": actor.may("price.view")}
    return render(request, "ordering/quick_placed.html", facts)


def _held(credit: dict[str, Any]) -> list[str]:
    available, exposure = Decimal(credit["available"]), Decimal(credit["exposure"])
    return why_held(credit["reasons"], available + exposure, available, Decimal(credit["asked"]), None)
