"""The rebates that a draft order would add, displayed beside the quick order."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from kernel.money import ZERO_MONEY
from ordering.models import Cart
from ordering.queries.quick_order.drafts import cart_lines
from ordering.queries.quick_order.sheet import price_sheet
from rebates.queries.projection import projected
from rebates.web.measures import rate_text
from ui.web.shortcuts import get_visible_or_404


@entering("rebate.view")
@require_GET
def projection(request: ActorRequest) -> HttpResponse:
    """Show the projected rebates of the draft `?cart=`; empty if no program counts it."""
    actor = request.actor
    try:
        cart_id = UUID(request.GET.get("cart", ""))
    except ValueError as error:
        raise Http404 from error
    cart = get_visible_or_404(Cart.objects, actor, id=cart_id)
    today = timezone.localdate()
    lines = cart_lines(cart)
    sheet = price_sheet(seller_id=cart.seller_id, buyer_id=cart.buyer_id, lines=lines, on=today)
    found = projected(sheet, seller_id=cart.seller_id, buyer_id=cart.buyer_id, on=today)
    facts = {
        "found": [(one, rate_text(one.rate, one.measure)) for one in found],
        "sum": sum((one.adds for one in found), ZERO_MONEY),
    }
    return render(request, "rebates/projection.html", facts)
