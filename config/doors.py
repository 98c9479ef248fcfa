"""Which tenant, which party, which role: decided once at the door, before any view runs.

API paths name a key; web paths carry a session, whose tenant comes from the host name or was
chosen by the person. `request.actor` is who acts; without one there is no tenant and no data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.rights import Actor
from dealers.queries import memberships_of
from integrations.authentication import actor_of_key
from tenancy.context import enter_tenant, set_local
from tenancy.models import Tenant, TenantHost

CHOSEN = "membership"


class DoorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        request.tenant = None  # type: ignore[attr-defined]
        request.api_key = None  # type: ignore[attr-defined]
        if request.path.startswith("/api/v1/"):
            self._open_by_key(request)
        elif not request.path.startswith("/static/") and request.user.is_authenticated:
            self._open_by_session(request)
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def _open_by_key(self, request: HttpRequest) -> None:
        found = actor_of_key(request.headers.get("Authorization", ""), at=timezone.now())
        if found is not None:
            request.api_key, request.actor = found  # type: ignore[attr-defined]
            self._enter(request, request.api_key.tenant_id)  # type: ignore[attr-defined]

    def _open_by_session(self, request: HttpRequest) -> None:
        """Host name first, then the membership chosen in the session, then the only one there is."""
        user = request.user
        translation.activate(user.language)  # type: ignore[union-attr]
        set_local("app.user", str(user.pk))
        mine = memberships_of(user.pk)
        by_host = TenantHost.objects.filter(host=request.get_host().partition(":")[0]).first()
        if by_host is not None:
            mine = [one for one in mine if one.tenant_id == by_host.tenant_id]
        request.memberships = mine  # type: ignore[attr-defined]
        chosen = request.session.get(CHOSEN)
        membership = next((one for one in mine if str(one.id) == chosen), mine[0] if mine else None)
        if membership is None:
            return
        self._enter(request, membership.tenant_id)
        request.membership = membership  # type: ignore[attr-defined]
        request.actor = Actor(  # type: ignore[attr-defined]
            party_id=membership.party_id,
            party_kind=membership.party_kind,
            role=membership.role,
            user_id=user.pk,
            label=str(user),
        )

    def _enter(self, request: HttpRequest, tenant_id: UUID) -> None:
        tenant = Tenant.objects.filter(id=tenant_id, is_open=True).first()
        if tenant is None:
            request.actor = None  # type: ignore[attr-defined]
            return
        enter_tenant(tenant.id)
        timezone.activate(tenant.timezone)
        request.tenant = tenant  # type: ignore[attr-defined]


def context(request: HttpRequest) -> dict[str, Any]:
    return {
        "tenant": getattr(request, "tenant", None),
        "actor": getattr(request, "actor", None),
        "membership": getattr(request, "membership", None),
        "memberships": getattr(request, "memberships", []),
    }
