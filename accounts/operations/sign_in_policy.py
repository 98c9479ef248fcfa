"""What a tenant asks of its staff at the door."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.audit_actions import SignInAction
from accounts.models import SignInPolicy
from accounts.rights import MANUFACTURER, Actor, NotAllowed
from audit.operations.recording import record
from tenancy.context import joined_transaction


def set_policy(*, staff_second_factor: bool, by: Actor, at: datetime) -> SignInPolicy:
    """From the next request of each of the manufacturer's staff on. Who has no second factor yet is
    led to set one up, and meets nothing else until then."""
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
