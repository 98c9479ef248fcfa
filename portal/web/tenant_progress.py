"""The progress bar on each page of a demonstration whose data are being made."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ui.web.requests import TenantRequest


@require_safe
def tenant_progress(request: TenantRequest) -> HttpResponse:
    """Return the bar as it is now, for the page that displays it; at the end a link that reloads it."""
    if not request.tenant.is_demo:
        raise Http404
    return render(request, "parts/tenant_progress.html")
