"""Placing a draft, and the page of the order that was placed."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from dealers.queries.contacts import contact_names
from kernel.refusals import Refusal
from ordering.models import Order
from ordering.operations.carts import CartChanged
from ordering.operations.drafts import place_draft
from ordering.queries.orders import order_facts
from ordering.queries.quick_order.sheet import Sheet
from ordering.web.quick_order.cards import hold_reasons, hold_reasons_without_figures
from ordering.web.quick_order.desk import read_desk
from ordering.web.quick_order.draft import edit_lines, may_place, save_edited, show_conflict
from ordering.web.quick_order.forms import read_edit
from ordering.web.quick_order.page import page_facts
from ordering.web.sent_content import quick_order
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import FIELD, once

TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
PAGE, CHANGED = "ordering/quick_order/page.html", "ordering/quick_order/changed.html"
WHO_RELEASES_CREDIT = ["finance", "sales_rep", "director", "owner"]
WHO_APPROVES_PRICES = ["region_manager", "director", "owner"]


@may_place
@once(content=quick_order)
@require_POST
def place(request: ActorRequest) -> HttpResponse:
    """Send the lines that can be sent; where the total is not the displayed one, nothing is sent."""
    source = _source(request)
    orders = Order.objects.visible_to(request.actor)
    if (placed_before := orders.filter(source=source).first()) is not None:
        messages.info(request, _("This form was sent before: this is the order that it placed."))
        return redirect("order-placed", order_id=placed_before.id)
    desk = read_desk(request, request.POST)
    try:
        edit = read_edit(request)
    except Refusal as refusal:
        return render(request, PAGE, page_facts(request, desk) | {"refusal": refusal.message}, status=422)
    edited = edit_lines(desk, edit)
    try:
        with transaction.atomic():
            desk = save_edited(request, desk, edit, edited)
    except CartChanged as conflict:
        return show_conflict(request, desk, conflict, edited)
    facts = page_facts(request, desk, edited)
    sheet: Sheet = facts["sheet"]
    unclear = edited.problems or edited.candidates or edited.question
    if unclear:
        facts["refusal"] = _("Some rows are not added yet: correct them, or leave them out, then place.")
    if unclear or not sheet.good:
        return render(request, PAGE, facts, status=422)
    rise = facts["changes_since"].rise
    if request.POST.get("displayed") != facts["displayed"]:
        return render(request, CHANGED, facts | {"changes": _changes(request, sheet)})
    if rise > 0 and request.POST.get("accepted_rise") != str(rise):
        facts["refusal"] = _(
            "Prices have risen since this draft was filled. Look at the changes and accept them, then place."
        )
        return render(request, PAGE, facts, status=422)
    try:
        with transaction.atomic():
            order = place_draft(
                cart=desk.cart,
                sheet=sheet,
                seller_id=desk.seller.id,
                buyer_id=desk.buyer.id,
                source=source,
                reference=request.POST.get("reference", "").replace("\x00", "").strip()[:100],
                by=desk.actor,
                at=timezone.now(),
            )
    except Refusal as refusal:
        return render(request, PAGE, page_facts(request, desk) | {"refusal": refusal.message}, status=422)
    return redirect("order-placed", order_id=order.id)


def _source(request: ActorRequest) -> str:
    """Return the order's source: the form's token, so that a form places one order however often."""
    token = request.POST.get(FIELD, "")
    return f"web:{token if TOKEN.fullmatch(token) else uuid4()}"


def _changes(request: ActorRequest, sheet: Sheet) -> list[dict[str, Any]]:
    """Return the lines whose amount is not the displayed one, with both amounts."""
    posted = zip(request.POST.getlist("sku"), request.POST.getlist("displayed_amount"), strict=False)
    displayed = dict(posted)
    changes = []
    for row in sheet.rows:
        before = displayed.get(row.product.sku, "")
        now = "" if row.is_blocked else str(row.quoted.amount)
        if before != now:
            changes.append({"row": row, "before": before, "now": now})
    return changes


@entering("order.view")
@require_GET
def placed(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Display the order that was just sent and, if it is held, what releases it."""
    actor = request.actor
    get_visible_or_404(Order.objects, actor, id=order_id)
    order = order_facts(order_id)
    assert order is not None
    credit, reasons, contacts = order.facts.get("credit"), [], []
    if order.state == Order.State.HELD and credit:
        reasons = _hold_reasons(credit, with_figures=actor.may("ledger.view"))
        contacts = contact_names(order.seller_id, WHO_RELEASES_CREDIT)
    elif order.state == Order.State.REVIEW:
        contacts = contact_names(order.seller_id, WHO_APPROVES_PRICES)
    facts = {
        "order": order,
        "reasons": reasons,
        "contacts": contacts,
        "sees_prices": actor.may("price.view"),
    }
    return render(request, "ordering/quick_order/placed.html", facts)


def _hold_reasons(credit: dict[str, Any], *, with_figures: bool) -> list[str]:
    if not with_figures:
        return hold_reasons_without_figures(credit["reasons"])
    available, exposure = Decimal(credit["available"]), Decimal(credit["exposure"])
    return hold_reasons(
        credit["reasons"],
        limit=available + exposure,
        available=available,
        needed=Decimal(credit["asked"]),
        max_overdue_days=None,
    )
