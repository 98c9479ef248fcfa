"""Upload, serve and remove the pictures of products."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.rights import MANUFACTURER
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from catalogue.models import Product, ProductPicture
from catalogue.operations.pictures import MAX_FILE_BYTES, add_picture, remove_picture
from ui.web.actions import attempt
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once

SIZES = ("small", "large")


@entering("catalogue.view")
@require_GET
def serve(request: ActorRequest, picture_id: UUID, size: str) -> HttpResponse:
    """Send a picture; its address never stands for another one, so the browser keeps it."""
    if size not in SIZES:
        raise Http404
    rows = ProductPicture.objects.only(size)
    row = get_visible_or_404(rows, request.actor, id=picture_id)
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": "inline",
        "Cache-Control": "private, max-age=86400, immutable",
    }
    return HttpResponse(bytes(getattr(row, size)), content_type="image/webp", headers=headers)


@entering("catalogue.edit", kinds=(MANUFACTURER,))
@require_POST
@once
def add(request: ActorRequest, product_id: UUID) -> HttpResponse:
    """Add an uploaded picture to the product."""
    product = get_visible_or_404(Product.objects, request.actor, id=product_id)
    file = request.FILES.get("file")
    content = file.read(MAX_FILE_BYTES + 1) if file else b""
    attempt(
        request,
        lambda: add_picture(product_id=product.id, content=content, by=request.actor, at=timezone.now()),
        success=_("The picture is added."),
    )
    return redirect("product", product_id=product.id)


@entering("catalogue.edit", kinds=(MANUFACTURER,))
@require_POST
@once
def remove(request: ActorRequest, product_id: UUID) -> HttpResponse:
    """Remove the chosen picture of the product."""
    product = get_visible_or_404(Product.objects, request.actor, id=product_id)
    rows = {str(one): one for one in product.pictures.values_list("id", flat=True)}
    chosen = rows.get(request.POST.get("picture", ""))
    if chosen is None:
        raise Http404
    attempt(
        request,
        lambda: remove_picture(product_id=product.id, picture_id=chosen, by=request.actor, at=timezone.now()),
        success=_("The picture is removed."),
    )
    return redirect("product", product_id=product.id)
