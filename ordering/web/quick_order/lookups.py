"""Look-ups beside a draft: products for the add field, and the reasons of a price."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.web.requests import ActorRequest
from ordering.queries.quick_order.offers import Offers, offers
from ordering.queries.quick_order.sheet import price_beside, price_sheet
from ordering.web.quick_order.candidates import visible_candidates
from ordering.web.quick_order.desk import read_desk
from ordering.web.quick_order.draft import may_place
from ordering.web.quick_order.forms import MAX_TYPED
from ordering.web.quick_order.problems import more_products
from pricing.web.why import requested_day, requested_qty, why_page


@may_place
@require_GET
def find(request: ActorRequest) -> HttpResponse:
    """Display what the text of the add field orders or may mean; Enter takes the first."""
    typed = request.GET.get("typed", "").replace("\x00", "").strip()[:MAX_TYPED]
    found = offers(request.actor, typed, always_search=True) if typed else Offers()
    facts = {
        "candidates": visible_candidates(found.candidates, {}),
        "takes_first": bool(found.lines) or found.is_likely,
        "more": more_products(found.more),
        "typed": typed,
    }
    return render(request, "ordering/quick_order/found.html", facts)


@may_place
@require_GET
def why(request: ActorRequest) -> HttpResponse:
    """Display why a line of the draft costs what it costs, next to the other lines."""
    desk = read_desk(request, request.GET)
    sheet = price_sheet(
        seller_id=desk.seller.id, buyer_id=desk.buyer.id, lines=desk.lines, on=timezone.localdate()
    )
    sku = request.GET.get("sku", "")
    row = sheet.row_of(sku)
    if row is None:
        raise Http404
    on = requested_day(request, desk.seller.id)
    priced = price_beside(sheet, row, qty=requested_qty(request, row.units), on=on)
    hidden = {"cart": str(desk.cart.id) if desk.cart else "", "buyer": str(desk.buyer.id), "sku": sku}
    set_by = None
    if row.override is not None and request.actor.party_id == desk.seller.id:
        set_by = {
            "name": row.override.set_by_name,
            "at": datetime.fromisoformat(row.override.at),
            "reason": row.override.reason,
        }
    beside = len(priced.quote.lines) - 1
    return why_page(request, priced, sku, hidden=hidden, beside=beside, set_by=set_by)
