"""The demonstration's one-click sign-ins: only where DEMO_SIGN_IN is on, only into demo tenants."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.operations.row_security import as_person
from accounts.web.views import enter_demo
from dealers.queries.parties import DemoPerson, demo_people, memberships_of
from tenancy.context import leave_tenant


def offered() -> list[DemoPerson]:
    """Nobody, unless the setting is on."""
    return demo_people() if settings.DEMO_SIGN_IN else []


def demo_sign_in(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """GET shows one button; POST, with the CSRF token that came with it, signs in."""
    person = _person(request, membership_id)
    if request.method != "POST":
        return render(request, "accounts/demo.html", {"person": person})
    return enter_demo(request, person.user_id, person.membership_id)


def _person(request: HttpRequest, membership_id: UUID) -> DemoPerson:
    """The demonstration's own list decides: who is not on it cannot be entered, nor who acts in a
    real tenant as well.

    The list goes through its tenants, so the one that a signed-in visitor is in is left first.
    """
    if not settings.DEMO_SIGN_IN:
        raise Http404
    leave_tenant()
    found = next((one for one in demo_people() if one.membership_id == membership_id), None)
    if found is None:
        raise Http404
    with as_person(found.user_id):
        if not all(one.is_demo for one in memberships_of(found.user_id)):
            raise Http404
    return found
