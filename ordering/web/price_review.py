"""The queue of orders whose prices need a decision, and the decision with its reason."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from ordering.operations.confirming import approve_review
from ordering.operations.locking import SELLER
from ordering.operations.sending_back import ReasonMissing, send_back
from ordering.queries.review_queue import orders_in_review, price_reviews
from ordering.web.orders import get_visible_order, must_take_part
from ui.web.actions import attempt
from ui.web.submit_once import once

ORDERS_ON_A_PAGE = 20


@entering("order.confirm")
@require_GET
def queue(request: ActorRequest) -> HttpResponse:
    """Display the orders in review that the actor's party sells, with the trace of their prices."""
    page = Paginator(orders_in_review(request.actor), ORDERS_ON_A_PAGE).get_page(request.GET.get("page"))
    reviews = price_reviews(list(page.object_list))
    facts = {"page": page, "reviews": reviews, "count": page.paginator.count}
    return render(request, "ordering/price_reviews.html", facts)


@entering("order.confirm")
@once
@require_POST
def decide(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Approve or refuse the prices of an order; both need a reason, and only the seller decides."""
    must_take_part(get_visible_order(request.actor, order_id), request.actor, SELLER)
    if request.POST.get("decision") == "approve":
        attempt(request, lambda: _approve(request, order_id), success=_("The prices are approved."))
    else:
        _refuse(request, order_id)
    if request.POST.get("back") == "queue":
        return redirect("price-reviews")
    return redirect("order", order_id=order_id)


def _approve(request: ActorRequest, order_id: UUID) -> None:
    reason = request.POST.get("reason", "").replace("\x00", "").strip()
    if not reason:
        raise ReasonMissing(_("Write why you approve these prices."), field="reason")
    approve_review(order_id=order_id, by=request.actor, at=timezone.now(), reason=reason)


def _refuse(request: ActorRequest, order_id: UUID) -> None:
    actor, reason = request.actor, request.POST.get("reason", "").replace("\x00", "")
    attempt(
        request,
        lambda: send_back(order_id=order_id, reason=reason, by=actor, at=timezone.now()),
        success=_("The order is sent back; the buyer and whoever placed it are notified."),
    )


@entering("order.confirm")
@once
@require_POST
def send_order_back(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Send the order back to its buyer; the reason is required."""
    get_visible_order(request.actor, order_id)
    _refuse(request, order_id)
    return redirect("order", order_id=order_id)
