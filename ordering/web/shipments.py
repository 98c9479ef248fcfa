"""The page of a shipment: the seller adds signed slips, the buyer confirms the receipt."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.rights import Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from kernel.refusals import Refusal
from ordering.domain.delivery_slips import MAX_SLIP_BYTES, received_at
from ordering.models import DeliverySlip, Shipment
from ordering.operations.delivering import deliver
from ordering.operations.delivery_slips import add_delivery_slip
from ordering.operations.locking import BUYER, SELLER, must_be_side
from ordering.queries.delivery_windows import window_plan
from ordering.queries.money_fields import sees_prices
from ordering.queries.shipments import shipment_facts, slips_of
from ordering.web.labels import shipment_badge
from ordering.web.order_details import with_names
from ui.web.actions import attempt
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
    on_its_way = row.state == Shipment.State.SHIPPED
    page = {
        "row": row,
        "facts": facts,
        "badge": shipment_badge(row.state),
        "seals": [row.order.seller.name, row.order.buyer.name],
        "lines": with_names(facts.lines),
        "slips": slips_of(shipment_id),
        "received_at": _received_at(row),
        "may_receive": on_its_way and actor.party_id == row.order.buyer_id and actor.may("order.deliver"),
        "may_add_slip": on_its_way and actor.party_id == row.order.seller_id and actor.may("order.ship"),
        "sees_prices": sees_prices(actor, row.order.seller_id, row.order.buyer_id),
    }
    return render(request, "ordering/shipment.html", page)


def _received_at(row: Shipment) -> datetime | None:
    """Return when a shipment with a slip counts as received; None if it is not on its way."""
    if row.state != Shipment.State.SHIPPED or row.slip_at is None:
        return None
    return received_at(row.slip_at, window_plan().receipt_hours)


@entering("order.ship")
@once
@require_POST
def add_slip(request: ActorRequest, shipment_id: UUID) -> HttpResponse:
    """Add a signed delivery slip as the seller."""
    actor = request.actor
    row = get_visible_shipment(actor, shipment_id)
    must_be_side(actor, (SELLER,), seller_id=row.order.seller_id, buyer_id=row.order.buyer_id)
    file = request.FILES.get("slip")
    content = file.read(MAX_SLIP_BYTES + 1) if file else b""

    def add() -> None:
        add_delivery_slip(
            shipment_id=shipment_id,
            content=content,
            file_name=(file.name if file else "") or "",
            by=actor,
            at=timezone.now(),
        )

    message = _("The delivery slip is uploaded. The buyer is asked to confirm the receipt.")
    attempt(request, add, success=message)
    return redirect("shipment", shipment_id=shipment_id)


@entering("order.view")
@require_GET
def slip(request: ActorRequest, slip_id: UUID) -> HttpResponse:
    """Return the file of a slip: a picture to look at, a PDF to download."""
    row = get_visible_or_404(DeliverySlip.objects, request.actor, id=slip_id)
    as_attachment = row.media_type == DeliverySlip.MediaType.PDF
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment, row.file_name) or "inline",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(bytes(row.content), content_type=row.media_type, headers=headers)


@entering("order.deliver")
@once
def receive(request: ActorRequest, shipment_id: UUID) -> HttpResponse:
    """Sign for a shipment as a whole. Missing or broken goods are returned afterwards."""
    actor = request.actor
    row = get_visible_shipment(actor, shipment_id)
    must_be_side(actor, (BUYER,), seller_id=row.order.seller_id, buyer_id=row.order.buyer_id)
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
        "lines": with_names(shipment_facts(shipment_id).lines),
        "badge": shipment_badge(row.state),
        "wrong": wrong,
        "signed_by": signed_by or str(request.user),
        "sees_prices": sees_prices(actor, row.order.seller_id, row.order.buyer_id),
    }
    return render(request, "ordering/receive.html", page, status=409 if wrong else 200)
