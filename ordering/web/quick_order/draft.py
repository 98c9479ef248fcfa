"""Display and change a draft; every change is saved, and the sheet is priced again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.rights import DEALER, MANUFACTURER
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from kernel.refusals import Refusal
from ordering.domain.quick_order.cart_lines import CartLine
from ordering.domain.quick_order.conflict import differing_lines
from ordering.domain.quick_order.edits import DraftEdit, EditedDraft
from ordering.operations.carts import CartChanged, discard_cart, open_cart
from ordering.operations.drafts import save_draft
from ordering.queries.quick_order.drafts import cart_lines, find_buyers
from ordering.queries.quick_order.edits import edited_draft
from ordering.queries.quick_order.products import base_units_of
from ordering.web.quick_order.desk import BuyerMissing, Desk, read_desk
from ordering.web.quick_order.forms import read_edit
from ordering.web.quick_order.page import added_notice, page_facts
from ui.web.submit_once import once

KINDS = (MANUFACTURER, DEALER)
may_place = entering("order.place", kinds=KINDS)


@may_place
@require_GET
def show(request: ActorRequest) -> HttpResponse:
    """Display the page of a draft; staff choose the dealer first."""
    try:
        desk = read_desk(request, request.GET)
    except BuyerMissing:
        typed = request.GET.get("q", "").replace("\x00", "")[:100]
        found, more = find_buyers(request.actor, typed)
        facts = {"found": found, "more": more, "typed": typed}
        return render(request, "ordering/quick_order/choose_buyer.html", facts)
    return render(request, "ordering/quick_order/page.html", page_facts(request, desk))


@may_place
@once
@require_POST
def change(request: ActorRequest) -> HttpResponse:
    """Save one edit and price the sheet: the answer is a fragment, or without script the page."""
    desk = read_desk(request, request.POST)
    edited = EditedDraft(desk.lines)
    try:
        edit = read_edit(request)
        edited = edit_lines(desk, edit)
        if edit.action == "discard" and desk.cart is not None:
            with transaction.atomic():
                discard_cart(cart_id=desk.cart.id, version=desk.version, by=desk.actor)
            return _redirect(request, desk.url(cart=None))
        with transaction.atomic():
            desk = _open_another(desk) if edit.action == "new" else save_edited(request, desk, edit, edited)
    except CartChanged as conflict:
        return show_conflict(request, desk, conflict, edited)
    except Refusal as refusal:
        return _answer(request, desk, refusal=refusal.message)
    if edit.action == "new":
        return _redirect(request, desk.url())
    if edit.action == "accept_prices":
        page_facts(request, desk, accepts=True)
    if request.htmx or edited.problems or edited.candidates or edited.question:
        return _answer(request, desk, edited)
    if notice := added_notice(edited):
        messages.success(request, notice)
    return redirect(desk.url())


def edit_lines(desk: Desk, edit: DraftEdit) -> EditedDraft:
    """Return what the edit makes of the desk's draft; nothing is saved."""
    return edited_draft(edit, desk.lines, seller_id=desk.seller.id, buyer_id=desk.buyer.id, actor=desk.actor)


def save_edited(request: ActorRequest, desk: Desk, edit: DraftEdit, edited: EditedDraft) -> Desk:
    """Return the desk with the edited draft saved. Raises CartChanged."""
    saved = save_draft(
        cart=desk.cart,
        version=desk.version,
        stored=desk.lines,
        lines=edited.lines,
        seller_id=desk.seller.id,
        buyer_id=desk.buyer.id,
        by=desk.actor,
        at=timezone.now(),
        name=request.POST.get("name", "").strip() if edit.action == "rename" else None,
    )
    return desk if saved is None else desk.with_saved(saved, edited.lines)


def _open_another(desk: Desk) -> Desk:
    """Return the desk with a new empty draft open."""
    name = _("Draft %(n)s") % {"n": len(desk.carts) + 1}
    cart = open_cart(
        seller_id=desk.seller.id, buyer_id=desk.buyer.id, name=name, by=desk.actor, at=timezone.now()
    )
    return desk.with_saved(cart, [])


def show_conflict(
    request: ActorRequest, desk: Desk, conflict: CartChanged, edited: EditedDraft
) -> HttpResponse:
    """Show the stored draft beside the edited one where they differ; nothing is overwritten.

    `edited` is the edit that was refused, with the rows that were just pasted or uploaded: an uploaded
    file cannot be read a second time.
    """
    stored: list[CartLine] = cart_lines(conflict.cart)
    facts = {
        "desk": desk.with_saved(conflict.cart, stored),
        "stored": conflict.cart,
        "differing": differing_lines(edited.lines, stored),
        "mine": edited.as_text(base_units_of([line.sku for line in edited.lines])),
        "own": conflict.cart.saved_by == desk.actor.label[:200],
    }
    htmx = request.htmx
    name = "conflict_body" if htmx else "conflict"
    return render(request, f"ordering/quick_order/{name}.html", facts, status=200 if htmx else 409)


def _redirect(request: ActorRequest, url: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _answer(
    request: ActorRequest, desk: Desk, edited: EditedDraft | None = None, **more: Any
) -> HttpResponse:
    htmx = request.htmx
    name = "body" if htmx else "page"
    facts = page_facts(request, desk, edited) | more
    response = render(request, f"ordering/quick_order/{name}.html", facts)
    if htmx and desk.cart is not None:
        response["HX-Replace-Url"] = desk.url()
    return response
