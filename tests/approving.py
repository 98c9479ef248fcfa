"""Two people: one asks for a change, another approves it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps
from django.test import Client
from django.urls import reverse

from accounts.rights import Actor
from approvals.models import Approval
from approvals.operations.deciding import approve
from dealers.models import Membership, Party
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.people import a_membership


def acting(membership: Membership) -> Actor:
    """The person of a membership, as a request would have it."""
    return Actor(
        party_id=membership.party_id,
        party_kind=membership.party_kind,
        role=membership.role,
        user_id=membership.user_id,
        label=str(membership.user),
    )


def a_person(party: Party, role: str = "") -> Actor:
    """Someone new who acts for the party, with an account of their own."""
    return acting(a_membership(party, role))


def two_people(party: Party, role: str = "", second: str = "") -> tuple[Actor, Actor]:
    return a_person(party, role), a_person(party, second or role)


def approved(waiting: Any, *, by: Actor, at: datetime) -> Approval:
    """Approve what an operation returned, which must have waited."""
    assert isinstance(waiting, Approval)
    return approve(approval_id=waiting.id, by=by, at=at)


def by_two(operation: Any, *, by: Actor, at: datetime, **given: Any) -> Any:
    """Run an operation as one person of the actor's party and role and approve it as another.

    Return the row that it changed.
    """
    party = Party.objects.get(id=by.party_id)
    first, second = two_people(party, by.role)
    done = approved(operation(by=first, at=at, **given), by=second, at=at)
    return apps.get_model(done.target)._default_manager.get(pk=done.target_id)


def approve_on_screen(client: Client, tenant: Tenant) -> Approval:
    """Approve the change that waits, in the browser of a second person."""
    with tenant_active(tenant):
        waiting = Approval.objects.get(state=Approval.State.PENDING)
    client.post(reverse("approval-decide", args=[waiting.id, "approve"]))
    with tenant_active(tenant):
        waiting.refresh_from_db()
    assert waiting.state == Approval.State.APPROVED
    return waiting
