"""The page of a price-drop claim: its layers, the partner's reply, and the seller's decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.domain.uploads import MAX_FILE_BYTES, MAX_FILE_MB
from alliance.operations.application_files import SentFile
from approvals.queries import outcome, pending_for
from kernel.refusals import Refusal
from rebates.models import PriceDropClaim, PriceDropDocument, PriceDropLayer
from rebates.operations.price_drops.deciding import approve_claim, explain_unmatched, refuse_claim
from rebates.operations.price_drops.replies import reply_to_claim
from rebates.web.price_drops.labels import claim_badge, claim_events
from ui.web.actions import attempt
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once
from ui.web.typed_input import CountField

MAX_REASON, MAX_ANSWER = 1000, 500
State, Reply = PriceDropClaim.State, PriceDropClaim.Reply


@entering("price_drop.view")
@require_GET
def claim(request: ActorRequest, price_drop_claim_id: UUID) -> HttpResponse:
    """Display a claim line by line, with what the actor may do now."""
    return _page(request, price_drop_claim_id)


def _page(
    request: ActorRequest,
    claim_id: UUID,
    *,
    typed: dict[str, str] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    rows = PriceDropClaim.objects.select_related("party", "drop__price_list", "drop__seller", "journal")
    found: PriceDropClaim = get_visible_or_404(rows, actor, id=claim_id)
    layers = PriceDropLayer.objects.select_related("shipment").order_by("position")
    stored = found.lines.select_related("product").order_by("product__sku")
    lines = list(stored.prefetch_related(Prefetch("layers", layers)))
    given = typed or {}
    is_seller = actor.acts_for(found.drop.seller_id)
    page = {
        "claim": found,
        "drop": found.drop,
        "terms": found.drop.protection(),
        "badge": claim_badge(found),
        "lines": [(line, given.get(f"stock-{line.product.sku}", "")) for line in lines],
        "typed": given,
        "refused": refused,
        "documents": list(found.documents.order_by("uploaded_at", "id").defer("content")),
        "events": claim_events(found, today),
        "sees_shipments": actor.may("order.view"),
        "may_reply": actor.may("price_drop.reply")
        and actor.party_id == found.party_id
        and found.state == State.WAITING
        and found.reply_by >= today,
        "left": max(0, (found.reply_by - today).days),
        "may_decide": is_seller and actor.may("price_drop.decide") and found.state == State.REPLIED,
        "may_explain": is_seller
        and actor.may("price_drop.decide")
        and found.has_open_question
        and found.state in (State.WAITING, State.REPLIED),
        "waiting": pending_for(found, actor),
        "max_mb": MAX_FILE_MB,
    }
    return render(request, "rebates/price_drop_claim.html", page, status=status)


@once
@require_POST
def _reply(request: ActorRequest, price_drop_claim_id: UUID) -> HttpResponse:
    """Accept, state other stock or dispute, as the partner."""
    get_visible_or_404(PriceDropClaim.objects, request.actor, id=price_drop_claim_id)
    typed = {name: str(value).replace("\x00", "") for name, value in request.POST.items()}
    reply = typed.get("reply", "")
    try:
        with transaction.atomic():
            reply_to_claim(
                claim_id=price_drop_claim_id,
                reply=reply,
                reason=typed.get("reason", "")[:MAX_REASON],
                stocks=_stocks(typed) if reply == Reply.CORRECTED else None,
                files=[
                    SentFile(one.name or "", one.read(MAX_FILE_BYTES + 1))
                    for one in request.FILES.getlist("documents")
                    if reply != Reply.ACCEPTED
                ],
                by=request.actor,
                at=timezone.now(),
            )
    except Refusal as refusal:
        return _page(request, price_drop_claim_id, typed=typed, refused=refusal.message, status=409)
    except forms.ValidationError as error:
        message = " ".join(error.messages)
        return _page(request, price_drop_claim_id, typed=typed, refused=message, status=422)
    return redirect("price-drop-claim", price_drop_claim_id=price_drop_claim_id)


def _stocks(typed: dict[str, str]) -> dict[str, int]:
    """Return the stock typed for each SKU, without those left empty. Raise ValidationError naming the SKU."""
    field, found = CountField(required=False), dict[str, int]()
    for name, value in typed.items():
        if not name.startswith("stock-"):
            continue
        sku = name.removeprefix("stock-")
        try:
            units = field.clean(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(f"{sku}: {' '.join(error.messages)}") from error
        if units is not None:
            found[sku] = units
    return found


reply = entering("price_drop.reply")(_reply)


def _deciding(name: str, field: str, act: Callable[..., Any], success: Any) -> Any:
    """Return a view by which the seller acts on a claim with a text."""

    def view(request: ActorRequest, price_drop_claim_id: UUID) -> HttpResponse:
        get_visible_or_404(PriceDropClaim.objects, request.actor, id=price_drop_claim_id)
        text = request.POST.get(field, "").replace("\x00", "")[:MAX_ANSWER]
        given = {"claim_id": price_drop_claim_id, field: text, "by": request.actor, "at": timezone.now()}
        attempt(request, lambda: act(**given), success=success())
        return redirect("price-drop-claim", price_drop_claim_id=price_drop_claim_id)

    view.__name__ = name
    return entering("price_drop.decide")(once(require_POST(view)))


approve = _deciding("approve", "reason", approve_claim, lambda: outcome(_("Posted to the partner's wallet.")))
refuse = _deciding("refuse", "reason", refuse_claim, lambda: _("Refused. The partner is notified."))
explain = _deciding("explain", "answer", explain_unmatched, lambda: _("The explanation is saved."))


@entering("price_drop.view")
@require_GET
def document(request: ActorRequest, price_drop_document_id: UUID) -> HttpResponse:
    """Return the file of a document: a picture to look at, a PDF to download."""
    row = get_visible_or_404(PriceDropDocument.objects, request.actor, id=price_drop_document_id)
    as_attachment = row.media_type == PriceDropDocument.MediaType.PDF
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment, row.file_name) or "inline",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(bytes(row.content), content_type=row.media_type, headers=headers)
