"""The page of a shipment, and the form to sign for it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.rights import Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from catalogue.models import Product
from kernel.refusals import Refusal
from ordering.models import Shipment
from ordering.operations.delivering import deliver
from ordering.queries.shipments import shipment_facts
from ordering.web.labels import shipment_badge
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once


def get_visible_shipment(actor: Actor, shipment_id: UUID) -> Shipment:
    """Return the shipment with its parties; 404 if it is not visible to the actor."""
    rows = Shipment.objects.select_related("order", "order__buyer", "order__seller")
    found: Shipment = get_visible_or_404(rows, actor, id=shipment_id)
    return found


@entering("order.view")
@require_GET
def shipment(request: ActorRequest, shipment_id: UUID) -> HttpResponse:
    """Display the shipment."""
    actor = request.actor
    row = get_visible_shipment(actor, shipment_id)
    facts = shipment_facts(shipment_id)
    names = dict(
        Product.objects.filter(id__in=[line.product_id for line in facts.lines]).values_list("id", "name")
    )
    page = {
        "row": row,
        "facts": facts,
        "badge": shipment_badge(row.state),
        "lines": [(line, names.get(line.product_id, "")) for line in facts.lines],
        "may_receive": actor.may("order.deliver") and row.state == Shipment.State.SHIPPED,
        "sees_prices": actor.may("price.view"),
    }
    return render(request, "ordering/shipment.html", page)


@entering("order.deliver")
@once
def receive(request: ActorRequest, shipment_id: UUID) -> HttpResponse:
    """Sign for a shipment as a whole. Missing or broken goods are returned afterwards."""
    actor = request.actor
    row = get_visible_shipment(actor, shipment_id)
    signed_by, wrong = request.POST.get("signed_by", "").strip()[:100], ""
    if request.method == "POST" and not signed_by:
        wrong = _("Write who signs for the goods.")
    elif request.method == "POST":
        try:
            with transaction.atomic():
                deliver(shipment_id=shipment_id, signed_by=signed_by, by=actor, at=timezone.now())
        except Refusal as refusal:
            wrong = refusal.message
        else:
            messages.success(request, _("Receipt of %(number)s is confirmed.") % {"number": row.number})
            return redirect("order", order_id=row.order_id)
    page = {
        "row": row,
        "facts": shipment_facts(shipment_id),
        "badge": shipment_badge(row.state),
        "wrong": wrong,
        "signed_by": signed_by or str(request.user),
        "sees_prices": actor.may("price.view"),
    }
    return render(request, "ordering/receive.html", page, status=409 if wrong else 200)
