"""Which tenant, which party, which role: decided once at the door, before any view runs.

API paths name a key; web paths carry a session, whose tenant comes from the host name or was
chosen by the person. `request.actor` is who acts; without one there is no tenant and no data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.db.models import Exists
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone, translation

from accounts.models import SignInPolicy
from accounts.rate_limits import address_of, wait_for_turn
from accounts.rights import Actor
from accounts.web.session import CHOSEN, DEMO
from dealers.models import Party
from dealers.queries.parties import MyMembership, governing, memberships_of
from integrations.authentication import actor_of_key
from kernel.refusals import PROBLEM_JSON, problem_body
from tenancy.context import enter_tenant, leave_tenant, set_local
from tenancy.models import Tenant


class DoorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        request.tenant = None  # type: ignore[attr-defined]
        request.api_key = None  # type: ignore[attr-defined]
        request.memberships = []  # type: ignore[attr-defined]
        if request.path.startswith("/api/v1/"):
            if seconds := self._open_by_key(request):
                return _too_many(seconds)
        elif not request.path.startswith("/static/") and request.user.is_authenticated:
            self._open_by_session(request)
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def _open_by_key(self, request: HttpRequest) -> int:
        """The seconds to wait where this address asked, or guessed keys, too often; else 0.

        Guesses that are not right stop nobody behind the same address who has a good key.
        """
        address = address_of(request)
        if seconds := wait_for_turn(f"address:{address}", settings.API_RATE_PER_ADDRESS):
            return seconds
        named = request.headers.get("Authorization", "")
        found = actor_of_key(named, at=timezone.now())
        if found is not None:
            request.api_key, request.actor = found  # type: ignore[attr-defined]
            key, party_id = request.api_key, request.actor.party_id  # type: ignore[attr-defined]
            self._enter(request, key.tenant_id, party_id, issued_by=key.issued_by)
            return 0
        return wait_for_turn(f"failed-key:{address}", settings.API_FAILURES_PER_ADDRESS) if named else 0

    def _open_by_session(self, request: HttpRequest) -> None:
        """Host name first, then the membership chosen in the session, then the only one there is.

        A session that acts by a membership ends when that is withdrawn, rather than going on in
        another tenant. One opened by a click in the demonstration sees demonstrations only.
        """
        user = request.user
        set_local('app."user"', str(user.pk))
        host = request.get_host().partition(":")[0].lower()
        mine = memberships_of(user.pk, host)  # type: ignore[arg-type]
        if request.session.get(DEMO):
            mine = [one for one in mine if one.is_demo] if settings.DEMO_SIGN_IN else []
        chosen = request.session.get(CHOSEN)
        if chosen is not None and chosen not in {str(one.id) for one in mine}:
            logout(request)
            return
        translation.activate(user.language)  # type: ignore[union-attr]
        request.LANGUAGE_CODE = translation.get_language()
        mine = [one for one in mine if one.is_here]
        request.memberships = mine  # type: ignore[attr-defined]
        membership = next((one for one in mine if str(one.id) == chosen), mine[0] if mine else None)
        if membership is not None:
            self._act_by(request, membership)

    def _act_by(self, request: HttpRequest, membership: MyMembership) -> None:
        self._enter(request, membership.tenant_id, membership.party_id)
        if request.tenant is None:  # type: ignore[attr-defined]
            return
        if request.session.get(CHOSEN) != str(membership.id):
            request.session[CHOSEN] = str(membership.id)
        request.membership = membership  # type: ignore[attr-defined]
        request.actor = Actor(  # type: ignore[attr-defined]
            party_id=membership.party_id,
            party_kind=membership.party_kind,
            role=membership.role,
            user_id=request.user.pk,
            label=str(request.user),
        )

    def _enter(
        self, request: HttpRequest, tenant_id: UUID, party_id: UUID | None, issued_by: UUID | None = None
    ) -> None:
        """Enters an open tenant for an active party; both are read in one statement.

        A key lasts no longer than the standing of the person who issued it.
        """
        enter_tenant(tenant_id)
        there = [Exists(Party.objects.filter(id=party_id, is_active=True))]
        if issued_by is not None:
            there.append(Exists(governing(issued_by, party_id)))
        asks = SignInPolicy.objects.filter(staff_second_factor=True)
        open_ones = Tenant.objects.filter(*there, id=tenant_id, is_open=True)
        tenant = open_ones.annotate(staff_second_factor=Exists(asks)).first()
        if tenant is None:
            leave_tenant()
            set_local("app.tenant", "")
            request.actor = request.api_key = None  # type: ignore[attr-defined]
            return
        timezone.activate(tenant.timezone)
        structlog.contextvars.bind_contextvars(tenant=tenant.slug)
        request.tenant = tenant  # type: ignore[attr-defined]


def _too_many(seconds: int) -> HttpResponse:
    body = problem_body(429, "throttled", f"Too many requests; go on in {seconds} s.")
    return JsonResponse(body, status=429, content_type=PROBLEM_JSON, headers={"Retry-After": str(seconds)})


def context(request: HttpRequest) -> dict[str, Any]:
    return {
        "tenant": getattr(request, "tenant", None),
        "actor": getattr(request, "actor", None),
        "membership": getattr(request, "membership", None),
        "memberships": getattr(request, "memberships", []),
    }
