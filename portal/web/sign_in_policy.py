"""Set how the manufacturer's staff sign in, and lift the second factor of a person who has lost it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.audit_actions import SignInAction
from accounts.domain.topics import Addressee
from accounts.models import SignInPolicy, User
from accounts.notifications import topics
from accounts.operations.devices import end_everywhere
from accounts.operations.notify import tell
from accounts.operations.row_security import as_person
from accounts.operations.second_factor import lift_second_factor
from accounts.operations.sign_in_policy import set_policy
from accounts.rights import MANUFACTURER, Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from audit.operations.recording import record
from dealers.models import Membership
from dealers.queries.parties import memberships_of
from kernel.refusals import Refusal
from tenancy.context import active_tenant_id, joined_transaction
from ui.web.submit_once import once

MAX_PEOPLE = 200


class NotYours(Refusal):
    """The person also acts for a party whose people the actor does not manage."""

    code = "not_allowed"


class NoSuchPerson(Refusal):
    code = "not_found"


class PolicyForm(forms.Form):
    staff_second_factor = forms.BooleanField(required=False)


@entering("people.edit")
@once
def policy_page(request: ActorRequest) -> HttpResponse:
    """Show and set the tenant's sign-in rule; list the people whose second factor may be lifted."""
    actor = request.actor
    if request.method == "POST":
        form = PolicyForm(request.POST)
        form.is_valid()
        wanted = form.cleaned_data["staff_second_factor"]
        set_policy(staff_second_factor=wanted, by=actor, at=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("sign-in-policy")
    context = {
        "people": list(_governed(actor).filter(user__second_factor_at__isnull=False)[:MAX_PEOPLE]),
        "policy": SignInPolicy.objects.first() if actor.party_kind == MANUFACTURER else None,
        "decides": actor.party_kind == MANUFACTURER,
    }
    return render(request, "accounts/sign_in_policy.html", context)


@require_POST
@entering("people.edit")
@once
def lift(request: ActorRequest, membership_id: UUID) -> HttpResponse:
    lift_lost_factor(membership_id=membership_id, by=request.actor, at=timezone.now())
    messages.success(request, _("The second factor is lifted; the person signs in with the password alone."))
    return redirect("sign-in-policy")


def lift_lost_factor(*, membership_id: UUID, by: Actor, at: datetime) -> None:
    """Remove the second factor of a person who has lost the device, and end all their sessions.

    The manufacturer's director may do so for all people of the tenant, an owner for those of the own
    party. Nobody may do so for themselves, nor for a person who also acts for another company: the second
    factor protects that company too, so the platform's operator removes it. Raises NoSuchPerson, NotYours.
    """
    by.must("people.edit")
    with joined_transaction():
        found = _governed(by).filter(id=membership_id).first()
        if found is None:
            raise NoSuchPerson(_("There is no such person."))
        if found.user_id == by.user_id:
            raise NotYours(_("Nobody lifts their own second factor: use a backup code."))
        if found.user.is_superuser or not _is_altogether_governed(found.user_id, by):
            raise NotYours(_("This person also acts for another company: ask the platform's operator."))
        lift_second_factor(user=found.user)
        end_everywhere(user=found.user)
        record(SignInAction.LIFT_SECOND_FACTOR, (User, found.user_id), by=by, at=at, person=str(found.user))
        tell(
            topic=topics.FACTOR_LIFTED,
            people=[Addressee(found.user_id, found.party_id)],
            params={"by": by.label},
            source=f"factor_lifted:{found.user_id}:{at.isoformat()}",
            at=at,
        )


def _governed(by: Actor) -> QuerySet[Membership]:
    rows: QuerySet[Membership] = Membership.objects.filter(is_active=True).select_related("user")
    rows = rows.order_by("party_name", "user__username")
    return rows if by.party_kind == MANUFACTURER else rows.filter(party=by.party_id)


def _is_altogether_governed(user_id: UUID, by: Actor) -> bool:
    with as_person(user_id):
        theirs = memberships_of(user_id)
    here = all(one.tenant_id == active_tenant_id() for one in theirs)
    return here and (by.party_kind == MANUFACTURER or all(one.party_id == by.party_id for one in theirs))
