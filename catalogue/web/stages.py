"""Move a product to the next stage from its page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rights import MANUFACTURER
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from catalogue.domain.life_cycle import NEXT_STAGES
from catalogue.models import Product
from catalogue.operations.life_cycle import move_stage
from ui.web.actions import attempt
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once


def next_stages(product: Product) -> list[tuple[str, Any]]:
    """Return the stages to which a product may move, with their labels."""
    return [(stage, Product.Stage(stage).label) for stage in NEXT_STAGES[product.stage]]


@entering("catalogue.edit", kinds=(MANUFACTURER,))
@require_POST
@once
def move(request: ActorRequest, product_id: UUID) -> HttpResponse:
    """Move the product, with its reason and successor."""
    product = get_visible_or_404(Product.objects, request.actor, id=product_id)
    given = {
        name: request.POST.get(name, "").replace("\x00", "") for name in ("stage", "successor_sku", "reason")
    }
    attempt(
        request,
        lambda: move_stage(product_id=product.id, by=request.actor, at=timezone.now(), **given),
        success=_("The product is moved; its buyers of the last 90 days are notified."),
    )
    return redirect("product", product_id=product_id)
