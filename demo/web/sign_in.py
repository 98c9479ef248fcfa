"""The one-click sign-ins of demo tenants; they require the setting DEMO_SIGN_IN."""

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
    """Return the people who can sign in with one click; none unless the setting is on."""
    return demo_people() if settings.DEMO_SIGN_IN else []


def demo_sign_in(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Show a page with one button; sign in on POST, which requires its CSRF token."""
    person = _person(request, membership_id)
    if request.method != "POST":
        return render(request, "accounts/demo.html", {"person": person})
    return enter_demo(request, person.user_id, person.membership_id)


def _person(request: HttpRequest, membership_id: UUID) -> DemoPerson:
    """Return the person of the demonstration's list. Raises Http404 for everyone else.

    A person who also acts in a real tenant is refused. The list enters each demo tenant, so the tenant of
    a signed-in visitor is left first.
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
