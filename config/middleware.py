"""Find the tenant, party and role of a request once, before any view runs.

A request to the API has a key. A web page has a session, whose tenant comes from the host name or was
chosen by the user. `request.actor` is the person or system that acts; without it the request has no
tenant and no data.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone, translation
from django_structlog.middlewares import RequestMiddleware

from accounts.rate_limits import address_of, wait_for_turn, wait_for_turns
from accounts.rights import Actor
from accounts.web.requests import PersonRequest
from accounts.web.session import CHOSEN, DEMO
from dealers.queries.parties import MyMembership, SessionEntrance, enter_by_session
from integrations.authentication import ApiRequest, enter_by_key, hash_of, secret_of
from integrations.idempotency import claim_of
from kernel.refusals import PROBLEM_JSON, problem_body
from tenancy.context import set_local
from tenancy.middleware import OUTSIDE
from tenancy.models import Tenant
from ui.web.requests import TenantRequest

TOKEN = re.compile(r"^(/invitations/link/|/me/mail/proof/|/verify/|/apply/[^/]+/answer/)[^/]+")
"""The paths whose last part lets a person in or proves an address."""
ANONYMOUS = ("/apply/", "/verify/")
"""The public pages: the same for everybody, so no session's tenant is entered for them.

They find the tenant in their address (alliance.web.public_tenant) or read one row by its code
(alliance.queries.verification).
"""


class LogMiddleware(RequestMiddleware):
    """Log each request by method and path: without its query, and without the token of a link."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        path = TOKEN.sub(r"\g<1>…", request.path_info)
        return f"{request.method} {path}"


class RootPathMiddleware:
    """Refuse a request with a SCRIPT_NAME, by which a client would move its path past the other middleware.

    The site answers at the root of its host. gunicorn takes the header SCRIPT_NAME from a proxy that it
    trusts, and such a proxy passes on what a client sends.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.META.get("SCRIPT_NAME"):
            body = problem_body(400, "bad_request", "The site answers at the root of its host.")
            return JsonResponse(body, status=400, content_type=PROBLEM_JSON)
        return self.get_response(request)


class PrivateCacheMiddleware:
    """Forbid caches to store an answer that does not say how it may be cached: it may hold data."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class ActorMiddleware:
    """Set `request.actor`, `request.tenant`, `request.api_key` and `request.memberships`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ApiRequest) -> HttpResponse:
        request.actor = None
        request.tenant = None  # type: ignore[assignment]  # without an actor no view asks for it
        request.api_key = None
        request.memberships = []
        if request.path_info.startswith("/api/v1/"):
            if seconds := self._open_by_key(request):
                return _too_many(seconds)
        elif not request.path_info.startswith((*OUTSIDE, *ANONYMOUS)) and request.user.is_authenticated:
            self._open_by_session(cast(PersonRequest, request))
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def _open_by_key(self, request: ApiRequest) -> int:
        """Enter by API key; return the seconds to wait if this address sends too many requests, else 0.

        An address that guessed keys too often has to wait too, unless its key is valid. The key's own
        limit is counted here, in the same round trip, and enforced by `integrations.api.limits`.
        """
        header = request.headers.get("Authorization", "")
        secret = secret_of(header)
        address, by_key = f"address:{address_of(request)}", f"key:{hash_of(secret or '')}"
        limits = {address: settings.API_RATE_PER_ADDRESS}
        if secret is not None:
            limits[by_key] = settings.API_RATE_PER_KEY
        seconds = wait_for_turns(limits)
        if seconds[address]:
            return seconds[address]
        request.claim = claim = claim_of(request) if secret else None
        found = enter_by_key(secret, claim=claim, at=timezone.now()) if secret else None
        if found is None:
            guesses = f"failed-key:{address_of(request)}"
            return wait_for_turn(guesses, settings.API_FAILURES_PER_ADDRESS) if header else 0
        request.api_key, request.actor = found.key, found.actor
        request.earlier_answer = found.answer
        request.seconds_to_wait = seconds[by_key]
        self._enter(request, found.tenant)
        return 0

    def _open_by_session(self, request: PersonRequest) -> None:
        """Enter by the host name, else by the membership chosen in the session, else by the only one.

        The session ends if its membership was withdrawn; it does not continue in another tenant. A
        session of the demonstration sign-in can enter demonstration tenants only.
        """
        user, is_demo = request.user, bool(request.session.get(DEMO))
        host = request.get_host().partition(":")[0].lower()
        chosen = request.session.get(CHOSEN)
        found = SessionEntrance([])
        if is_demo and not settings.DEMO_SIGN_IN:
            set_local('app."user"', str(user.pk))
        else:
            found = enter_by_session(user.pk, host, chosen=chosen, is_demo=is_demo)
        if chosen is not None and chosen not in {str(one.id) for one in found.memberships}:
            logout(request)
            return
        translation.activate(user.language)
        request.LANGUAGE_CODE = translation.get_language()
        request.memberships = [one for one in found.memberships if one.is_here]
        if found.tenant is not None and found.entered is not None:
            self._enter(request, found.tenant)
            self._act_by(request, found.entered)

    def _act_by(self, request: TenantRequest, membership: MyMembership) -> None:
        if request.session.get(CHOSEN) != str(membership.id):
            request.session[CHOSEN] = str(membership.id)
        request.membership = membership
        request.actor = Actor(
            party_id=membership.party_id,
            party_kind=membership.party_kind,
            role=membership.role,
            user_id=request.user.pk,
            label=str(request.user),
        )

    def _enter(self, request: TenantRequest, tenant: Tenant) -> None:
        timezone.activate(tenant.timezone)
        structlog.contextvars.bind_contextvars(tenant=tenant.slug)
        request.tenant = tenant


def _too_many(seconds: int) -> HttpResponse:
    body = problem_body(429, "throttled", f"Too many requests; go on in {seconds} s.")
    return JsonResponse(body, status=429, content_type=PROBLEM_JSON, headers={"Retry-After": str(seconds)})


def context(request: HttpRequest) -> dict[str, Any]:
    """Add the tenant, actor and memberships of the request to every template."""
    return {
        "tenant": getattr(request, "tenant", None),
        "actor": getattr(request, "actor", None),
        "membership": getattr(request, "membership", None),
        "memberships": getattr(request, "memberships", []),
    }
