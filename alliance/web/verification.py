"""The public page that says whether an authorisation is valid, expired or revoked, and nothing else."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.rate_limits import address_of, wait_for_turn
from alliance.queries.verification import verified


@never_cache
@require_GET
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Display the state of the authorisation with a code; an unknown code is a 404."""
    name = f"verify:{address_of(request)}"
    if seconds := wait_for_turn(name, settings.VERIFICATIONS_PER_ADDRESS):
        response = render(request, "alliance/apply_wait.html", {"seconds": seconds}, status=429)
        response.headers["Retry-After"] = str(seconds)
        return response
    state = verified(code.upper(), at=timezone.now())
    return render(request, "alliance/verify.html", {"state": state}, status=200 if state else 404)
