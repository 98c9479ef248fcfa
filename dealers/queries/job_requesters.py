"""The actor for whom a job works: the person who requested it, in their role of today."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.rights import Actor, NotAllowed
from dealers.models import Membership
from jobs.models import Job


def requester_of(job: Job) -> Actor:
    """Return the person who requested the job, in their current role. Raises NotAllowed if they left.

    The job's parameters name the `membership`.
    """
    membership = (
        Membership.objects.filter(
            id=job.params["membership"],
            user_id=job.requested_by_id,
            is_active=True,
            user__is_active=True,
            party__is_active=True,
        )
        .select_related("user", "party")
        .first()
    )
    if membership is None:
        raise NotAllowed(_("Who asked for this may not see it any more."))
    return Actor(
        party_id=membership.party_id,
        party_kind=membership.party.kind,
        role=membership.role,
        user_id=membership.user_id,
        label=str(membership.user),
    )
