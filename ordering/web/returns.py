"""The pages of returns: the buyer requests, the seller takes goods back, and both see the credit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from kernel.refusals import Refusal
from ordering.models import Return, ReturnRequest
from ordering.operations.locking import BUYER, SELLER
from ordering.operations.return_requests import accept_return, decline_return, request_return
from ordering.operations.returns import ReturnPart, take_back
from ordering.queries.money_fields import sees_prices
from ordering.queries.orders import OrderFacts
from ordering.queries.returns import return_facts
from ordering.web.labels import state_badge
from ordering.web.order_details import lines_of, with_packings
from ordering.web.orders import allowed_actions, get_visible_order, must_take_part
from ordering.web.sent_content import quantities_by_line
from ui.web.actions import attempt
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once
from ui.web.typed_input import typed_units


@entering("order.view")
@require_GET
def return_detail(request: ActorRequest, return_id: UUID) -> HttpResponse:
    """Display the return."""
    actor = request.actor
    rows = Return.objects.select_related("buyer", "seller", "order")
    row = get_visible_or_404(rows, actor, id=return_id)
    lines = with_packings(return_facts(return_id).lines)
    page = {"row": row, "lines": lines, "sees_prices": sees_prices(actor, row.seller_id, row.buyer_id)}
    return render(request, "ordering/return.html", page)


@entering("order.return")
@once(content=quantities_by_line)
def new_return(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Take goods back as the seller, or request it as the buyer."""
    actor = request.actor
    found = get_visible_order(actor, order_id)
    must_take_part(found, actor, SELLER, BUYER)
    may = allowed_actions(found, actor)
    if not (may.take_back or may.request_return):
        messages.warning(request, _("Nothing of this order can be returned now."))
        return redirect("order", order_id=order_id)
    reason, wrong, field = request.POST.get("reason", "")[:300], "", ""
    if request.method == "POST":
        given: dict[str, Any] = {"order_id": order_id, "by": actor, "at": timezone.now(), "reason": reason}
        try:
            lines = _typed_parts(request, found)
            with transaction.atomic():
                made = (
                    take_back(lines=lines, **given) if may.take_back else request_return(lines=lines, **given)
                )
        except Refusal as refusal:
            wrong, field = refusal.message, refusal.field or ""
        else:
            if may.take_back:
                messages.success(request, _("The return is posted and credited."))
                return redirect("return", return_id=made.id)
            messages.success(request, _("The return is requested; the seller decides."))
            return redirect("order", order_id=order_id)
    rows = [
        {
            "line": line,
            "packing": packing,
            "held": line.holding.returnable,
            "held_free": line.holding.free,
            "qty": request.POST.get(f"qty-{line.position}", ""),
            "free": request.POST.get(f"free-{line.position}", ""),
        }
        for line, packing in lines_of(found)
        if line.holding.returnable or line.holding.free
    ]
    page = {
        "order": found,
        "rows": rows,
        "may": may,
        "reason": reason,
        "wrong": wrong,
        "wrong_field": field,
        "badge": state_badge(found.state),
    }
    return render(request, "ordering/return_new.html", page, status=409 if wrong else 200)


def _typed_parts(request: ActorRequest, found: OrderFacts) -> list[ReturnPart]:
    """Return the typed quantities by line, without the empty ones. Raise UnreadableField."""
    parts = []
    for line, packing in lines_of(found):
        qty, free = (
            typed_units(request.POST.get(f"{name}-{line.position}"), row=line.sku, packing=packing)
            for name in ("qty", "free")
        )
        if qty or free:
            parts.append(ReturnPart(line.position, qty, free))
    return parts


@entering("order.return")
@once
@require_POST
def decide_return(request: ActorRequest, return_request_id: UUID) -> HttpResponse:
    """Accept or decline a return request as the seller."""
    actor = request.actor
    row = get_visible_or_404(ReturnRequest.objects, actor, id=return_request_id)
    must_take_part(get_visible_order(actor, row.order_id), actor, SELLER)
    at, answer = timezone.now(), request.POST.get("answer", "")
    if request.POST.get("decision") == "accept":
        message = _("The return is posted and credited.")
        attempt(request, lambda: accept_return(request_id=row.id, by=actor, at=at), success=message)
    else:
        message = _("The return is declined.")
        attempt(
            request,
            lambda: decline_return(request_id=row.id, answer=answer, by=actor, at=at),
            success=message,
        )
    return redirect("order", order_id=row.order_id)
