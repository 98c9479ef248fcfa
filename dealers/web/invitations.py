"""Pages of a person's own invitations, and the page of an invitation link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.rate_limits import address_of, wait_for_turn
from accounts.web.reauthentication import closed_in_demo
from accounts.web.requests import PersonRequest
from accounts.web.session import enter
from dealers.operations import invitations as operations
from dealers.queries.parties import MyInvitation, invitation_at, invitations_of
from kernel.refusals import Refusal
from tenancy.context import leave_tenant, tenant_active


class NewPersonForm(forms.Form):
    username = forms.CharField(label=gettext_lazy("user name"), max_length=150)
    password = forms.CharField(label=gettext_lazy("password"), widget=forms.PasswordInput, max_length=4096)
    again = forms.CharField(label=gettext_lazy("password again"), widget=forms.PasswordInput, max_length=4096)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs.update(autocomplete="username", autocapitalize="none")
        for name in ("password", "again"):
            self.fields[name].widget.attrs.update(autocomplete="new-password")

    def clean(self) -> None:
        typed = self.cleaned_data
        if typed.get("password") and typed.get("again") and typed["password"] != typed["again"]:
            self.add_error("again", _("The two passwords differ."))


@login_required
@closed_in_demo
def invitations(request: PersonRequest) -> HttpResponse:
    """Display the user's own invitations."""
    mine = invitations_of(request.user.pk, at=timezone.now())
    return render(request, "dealers/invitations.html", {"invitations": mine})


@require_POST
@login_required
@closed_in_demo
def answer_invitation(request: PersonRequest, invitation_id: UUID) -> HttpResponse:
    """Accept or decline an invitation of one's own, in whichever tenant it is."""
    at = timezone.now()
    mine = invitations_of(request.user.pk, at=at)
    found = next((one for one in mine if one.id == invitation_id), None)
    if found is None:
        raise Http404
    given: dict[str, Any] = {"invitation_id": found.id, "user": request.user, "at": at}
    if request.POST.get("answer") == "decline":
        _respond(
            request, found, lambda: operations.decline_invitation(**given), _("The invitation is declined.")
        )
    else:
        _respond(request, found, lambda: operations.accept_invitation(**given), _welcome(found))
    return redirect("invitations")


@never_cache
@closed_in_demo
def invitation_link(request: PersonRequest, token: str) -> HttpResponse:
    """Display the page of a link; it does not reveal whether the person has an account."""
    if request.method == "POST":
        seconds = wait_for_turn(f"invited:{address_of(request)}", settings.SIGN_IN_RATE_PER_ADDRESS)
        if seconds:
            response = render(request, "accounts/too_many.html", {"seconds": seconds}, status=429)
            response.headers["Retry-After"] = str(seconds)
            return response
    found = invitation_at(token, at=timezone.now())
    if found is None:
        return render(request, "dealers/invitation_ended.html", status=404)
    if request.user.is_authenticated:
        return _as_oneself(request, found)
    return _as_new(request, found)


def _as_oneself(request: PersonRequest, found: MyInvitation) -> HttpResponse:
    if request.method == "POST":
        given: dict[str, Any] = {"invitation_id": found.id, "user": request.user, "at": timezone.now()}
        _respond(request, found, lambda: operations.accept_invitation(**given, by_link=True), _welcome(found))
        return redirect("invitations")
    return render(request, "dealers/invitation.html", {"invitation": found})


def _as_new(request: PersonRequest, found: MyInvitation) -> HttpResponse:
    form = NewPersonForm(request.POST or None, initial={"username": found.username})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            with tenant_active(found.tenant_id):
                membership = operations.accept_as_new(
                    invitation_id=found.id,
                    username=typed["username"],
                    password=typed["password"],
                    at=timezone.now(),
                )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            enter(request, User.objects.get(pk=membership.user_id))
            messages.success(request, _welcome(found))
            return redirect("home")
    return render(request, "dealers/invitation.html", {"invitation": found, "form": form})


def _respond(request: PersonRequest, found: MyInvitation, act: Callable[[], object], done: str) -> None:
    """Call the operation in the tenant of the invitation, and add a message with the result."""
    leave_tenant()
    try:
        with tenant_active(found.tenant_id):
            act()
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)


def _welcome(found: MyInvitation) -> str:
    message = _("From now on you act for %(party)s as %(role)s.")
    return message % {"party": found.party_name, "role": found.role_name}
