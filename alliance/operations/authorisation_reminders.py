"""Remind staff and the partner that an authorisation expires: 30 and 7 days before, once each."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from accounts.rights import Actor
from alliance.audit_actions import AuthorisationAction
from alliance.domain.authorisations import REMIND_DAYS, reminder_due
from alliance.models import Authorisation
from audit.operations.recording import record_many
from jobs.operations.outbox import announce_many
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.models import new_id
from tenancy.queries import day_of_tenant


def remind_of_expiry(*, by: Actor, at: datetime) -> int:
    """Announce the authorisations that expire soon; return how many are due now.

    One with only the last days left gets the nearest reminder. One that another of the same party follows,
    with all of its regions and categories, gets none. A repeated call finds nothing to do.
    """
    today = day_of_tenant(at)
    with joined_transaction():
        due = {
            one: days
            for one in _expiring(today)
            if (days := reminder_due(until=one.until, today=today)) is not None
        }
        new = _noted({one.id: days for one, days in due.items()}, at)
        due_now = [(one, days) for one, days in due.items() if one.id in new]
        facts = [
            ((Authorisation, one.id), {"number": one.number, "until": one.until.isoformat(), "days": days})
            for one, days in due_now
        ]
        record_many(AuthorisationAction.REMIND, facts, by=by, at=at)
        bodies = [{"authorisation_id": str(one.id), "days": days} for one, days in due_now]
        announce_many("alliance.authorisation_expiring", bodies, at=at)
    return len(due_now)


def _expiring(today: date) -> list[Authorisation]:
    rows = Authorisation.objects.filter(
        revoked_at__isnull=True,
        starts_on__lte=today,
        until__gt=today,
        until__lte=today + timedelta(days=max(REMIND_DAYS)),
    )
    expiring = list(rows.order_by("id"))
    others = Authorisation.objects.filter(
        revoked_at__isnull=True,
        party_id__in={one.party_id for one in expiring},
        until__gt=today + timedelta(days=max(REMIND_DAYS)),
    )
    following: dict[UUID, list[Authorisation]] = {}
    for other in others:
        following.setdefault(other.party_id, []).append(other)
    return [one for one in expiring if not any(_follows(two, one) for two in following.get(one.party_id, []))]


def _follows(later: Authorisation, one: Authorisation) -> bool:
    """Return whether a later authorisation begins in time and grants all that the first one does."""
    return later.starts_on <= one.until and all(
        {row["code"] for row in getattr(one, name)} <= {row["code"] for row in getattr(later, name)}
        for name in ("regions", "categories")
    )


def _noted(due: dict[UUID, int], at: datetime) -> set[UUID]:
    """Write the reminders that are sent now; return the authorisations that had none of these days yet."""
    if not due:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO alliance_authorisationnotice (id, tenant_id, authorisation_id, days, at)"
            " SELECT one.id, %s, one.authorisation, one.days, %s"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::int[]) AS one(id, authorisation, days)"
            " ON CONFLICT (tenant_id, authorisation_id, days) DO NOTHING RETURNING authorisation_id",
            [
                active_tenant_id(),
                at,
                [str(new_id()) for _one in due],
                [str(one) for one in due],
                list(due.values()),
            ],
        )
        return {one for (one,) in cursor.fetchall()}
