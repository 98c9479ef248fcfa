"""Whether an authorisation holds, for anybody who has its code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection

from alliance.domain.authorisations import reminder_due
from alliance.models import Authorisation
from tenancy.context import set_local
from tenancy.models import Tenant
from tenancy.queries import day_of_tenant

VALID, EXPIRED, REVOKED, UPCOMING = "valid", "expired", "revoked", "upcoming"
UNKNOWN = "unknown"
# On lists of those who may see it. A verification page says valid until the last day.
EXPIRING = "expiring"


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of an authorisation that decide whether it holds; `until` is exclusive."""

    starts_on: date
    until: date
    is_revoked: bool

    def state_on(self, today: date) -> str:
        if self.is_revoked:
            return REVOKED
        if today >= self.until:
            return EXPIRED
        return VALID if today >= self.starts_on else UPCOMING


def state_of(authorisation: Authorisation, today: date) -> str:
    """Return valid, expired, revoked, or upcoming before its first day."""
    facts = Facts(authorisation.starts_on, authorisation.until, authorisation.revoked_at is not None)
    return facts.state_on(today)


def displayed_state(authorisation: Authorisation, today: date) -> str:
    """Return the state with expiring for one that is valid and ends within REMIND_DAYS."""
    state = state_of(authorisation, today)
    is_soon = reminder_due(until=authorisation.until, today=today) is not None
    return EXPIRING if state == VALID and is_soon else state


def verified(code: str, *, at: datetime) -> str | None:
    """Return the state of the authorisation with a code, before a tenant is active; None for an unknown code.

    The row policy lets a connection read the row of the code that it names (`app.authorisation`).
    """
    set_local("app.authorisation", code)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tenant_id, starts_on, until, revoked_at IS NOT NULL FROM alliance_authorisation"
            " WHERE code = %s",
            [code],
        )
        row = cursor.fetchone()
    set_local("app.authorisation", "")
    tenant = Tenant.objects.filter(id=row[0], is_open=True).first() if row else None
    if row is None or tenant is None:
        return None
    return Facts(*row[1:]).state_on(at.astimezone(ZoneInfo(tenant.timezone)).date())


def verified_here(code: str, *, at: datetime) -> str:
    """Return the state of the active tenant's authorisation with a code, or UNKNOWN."""
    found = Authorisation.objects.filter(code=code).first()
    return UNKNOWN if found is None else state_of(found, day_of_tenant(at))
