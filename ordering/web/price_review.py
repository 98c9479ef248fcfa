"""Send an order in review back with a reason."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from ordering.operations.sending_back import send_back
from ordering.web.orders import get_visible_order
from ui.web.actions import attempt
from ui.web.submit_once import once


@entering("order.confirm")
@once
@require_POST
def send_order_back(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Send the order back to its buyer; the reason is required."""
    actor, reason = request.actor, request.POST.get("reason", "")
    get_visible_order(actor, order_id)
    attempt(
        request,
        lambda: send_back(order_id=order_id, reason=reason, by=actor, at=timezone.now()),
        success=_("The order is sent back; the buyer and whoever placed it are notified."),
    )
    return redirect("order", order_id=order_id)
