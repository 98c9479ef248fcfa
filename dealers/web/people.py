"""The people of the actor's own party: invite, change a role, end a membership, withdraw an invitation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.rights import ROLE_NAMES, ROLES
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from dealers.models import Invitation, Membership, Party
from dealers.operations.invitations import invite, withdraw_invitation
from dealers.operations.people import change_role, withdraw
from kernel.refusals import Refusal
from ui.web.actions import attempt
from ui.web.submit_once import once

MAX_PEOPLE = 200


class InvitationForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=150, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=gettext_lazy("The phone number or the user name is enough."),
    )
    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    email = forms.EmailField(label=gettext_lazy("Email address"), required=False)

    def __init__(self, *args: Any, party_kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles_of(party_kind)  # type: ignore[attr-defined]  # a choice field


def roles_of(party_kind: str) -> list[tuple[str, str]]:
    """Return the roles of a kind of party with their names."""
    return [(role, str(ROLE_NAMES.get(role, role))) for role in ROLES.get(party_kind, {})]


@entering("people.edit")
@once
def people(request: ActorRequest) -> HttpResponse:
    """Display the people and open invitations of the own party; send an invitation on POST.

    The link of an invitation is displayed once, because only its hash is stored.
    """
    actor, link = request.actor, ""
    form = InvitationForm(request.POST or None, party_kind=actor.party_kind, auto_id="person_%s")
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                party = Party.objects.get(id=actor.party_id)
                sent = invite(party=party, by=actor, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            link = request.build_absolute_uri(reverse("invitation-link", args=[sent.token]))
            form = InvitationForm(party_kind=actor.party_kind, auto_id="person_%s")
    members = Membership.objects.filter(party_id=actor.party_id, is_active=True).select_related("user")
    now = timezone.now()
    page = {
        "form": form,
        "link": link,
        "people": list(members.order_by("created_at")[:MAX_PEOPLE]),
        "invitations": list(_open_invitations(actor.party_id).filter(expires_at__gt=now)[:MAX_PEOPLE]),
        "roles": roles_of(actor.party_kind),
    }
    return render(request, "dealers/people.html", page, status=422 if form.errors else 200)


def _open_invitations(party_id: UUID | None) -> Any:
    rows = Invitation.objects.filter(party_id=party_id, state=Invitation.State.OPEN)
    return rows.order_by("-invited_at")


@entering("people.edit")
@once
@require_POST
def change(request: ActorRequest, membership_id: UUID) -> HttpResponse:
    """Change the role of a person, or end the membership."""
    actor, now = request.actor, timezone.now()
    rows = Membership.objects.select_related("party", "user")
    found = rows.filter(id=membership_id, party_id=actor.party_id, is_active=True).first()
    if found is None:
        raise Http404
    if found.user_id == actor.user_id:
        messages.error(request, _("Nobody changes their own role: another manager does."))
    elif request.POST.get("action") == "withdraw":
        ended = _("%(person)s no longer acts for the company.") % {"person": found.user}
        attempt(request, lambda: withdraw(membership_id=found.id, by=actor, at=now), success=ended)
    else:
        role = request.POST.get("role", "")
        words = {"person": found.user, "role": ROLE_NAMES.get(role, role)}
        changed = _("%(person)s is now %(role)s.") % words
        attempt(request, lambda: change_role(membership=found, role=role, by=actor, at=now), success=changed)
    return redirect("people")


@entering("people.edit")
@once
@require_POST
def take_back(request: ActorRequest, invitation_id: UUID) -> HttpResponse:
    """Withdraw an open invitation of the own party."""
    actor = request.actor
    if not _open_invitations(actor.party_id).filter(id=invitation_id).exists():
        raise Http404
    attempt(
        request,
        lambda: withdraw_invitation(invitation_id=invitation_id, by=actor, at=timezone.now()),
        success=_("The invitation is withdrawn."),
    )
    return redirect("people")
