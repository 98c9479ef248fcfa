"""A tenant's requirements for the sign-in of its staff."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.audit_actions import SignInAction
from accounts.models import SignInPolicy
from accounts.rights import MANUFACTURER, Actor, NotAllowed
from audit.operations.recording import record
from tenancy.context import joined_transaction


def set_policy(*, staff_second_factor: bool, by: Actor, at: datetime) -> SignInPolicy:
    """Set whether the manufacturer's staff need a second factor, from their next request on.

    A user without one is redirected to set it up and can open no other page until then. Raises NotAllowed.
    """
    by.must("people.edit")
    if by.party_kind != MANUFACTURER:
        raise NotAllowed(_("The manufacturer alone decides how its staff sign in."), right="people.edit")
    with joined_transaction():
        policy: SignInPolicy
        policy, _made = SignInPolicy.objects.update_or_create(
            defaults={"staff_second_factor": staff_second_factor}
        )
        record(SignInAction.SET_POLICY, policy, by=by, at=at, on=staff_second_factor)
    return policy
