"""Middleware that requires an active session and, where it applies, the second factor.

It runs after ActorMiddleware, so that it covers every page and every way to sign in. The API uses keys,
which have no second factor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.models import User
from accounts.rights import MANUFACTURER
from accounts.web import form_recovery, session
from accounts.web.requests import PersonRequest
from tenancy.middleware import OUTSIDE

ALWAYS = {"sign-out", "admin:logout", "language", "switch"}
STEP, SETUP = "second-step", "second-factor"
SETUP_PAGES = {SETUP, "second-factor-begin", "second-factor-on", "password", "own-password"}


class SecondStepMiddleware:
    """Redirect to the sign-in or to the second factor, before the view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return session.with_cookies(request, self.get_response(request))

    def process_view(self, request: PersonRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.path_info.startswith(("/api/v1/", *OUTSIDE)) or not request.user.is_authenticated:
            return None
        if not session.continues(request):
            logout(request)
            return form_recovery.redirect_to_sign_in(request)
        match = request.resolver_match
        name = match.view_name if match else ""
        if name in ALWAYS:
            return None
        user = request.user
        if user.second_factor_at is not None and not _passed(request) and name != STEP:
            return _redirect_to_step(request, STEP)
        if owes_second_factor(request, user) and name not in SETUP_PAGES:
            return _redirect_to_step(request, SETUP)
        return None


def owes_second_factor(request: HttpRequest, user: User) -> bool:
    """Return whether the tenant requires a second factor that this member of its staff does not have."""
    actor, tenant = getattr(request, "actor", None), getattr(request, "tenant", None)
    if actor is None or actor.party_kind != MANUFACTURER or user.second_factor_at is not None:
        return False
    return bool(getattr(tenant, "staff_second_factor", False)) and not request.session.get(session.DEMO)


def _redirect_to_step(request: HttpRequest, name: str) -> HttpResponse:
    """Redirect to the page of that URL name and back afterwards; store the form of a POST."""
    to = f"{reverse(name)}?{urlencode({'next': form_recovery.page_of(request)})}"
    response: HttpResponse = HttpResponseRedirect(to)
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=204, headers={"HX-Redirect": to})
    return form_recovery.store_form(request, response)


def _passed(request: HttpRequest) -> bool:
    return bool(request.session.get(session.PASSED) or request.session.get(session.DEMO))
