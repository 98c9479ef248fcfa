"""The daily round of duties: create what falls due, and remind the people who are to fulfil it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

from accounts.rights import Actor
from alliance.domain.duties import periods_to_create
from alliance.models import Contract, ContractRole
from jobs.operations.outbox import announce
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.queries import day_of_tenant

_CREATE = """
INSERT INTO alliance_duty (id, tenant_id, contract_id, responsibility_id, party_id, starts_on, due_on)
SELECT gen_random_uuid(), c.tenant_id, c.id, r.id,
  CASE r.role WHEN %(manufacturer)s THEN c.manufacturer_id WHEN %(dealer)s THEN c.dealer_id
    ELSE c.member_id END,
  greatest(p.starts_on, c.starts_on), p.due_on
FROM unnest(%(rhythms)s::text[], %(starts)s::date[], %(dues)s::date[]) AS p(rhythm, starts_on, due_on)
JOIN alliance_responsibility r ON r.tenant_id = %(tenant)s AND r.rhythm = p.rhythm
JOIN alliance_contract c ON c.tenant_id = r.tenant_id AND c.id = r.contract_id
WHERE c.state = %(active)s AND c.starts_on <= p.due_on AND p.due_on < c.until
  AND (c.activated_at IS NULL OR c.activated_at::date <= p.due_on)
ORDER BY r.id, p.due_on
ON CONFLICT (tenant_id, responsibility_id, due_on) DO NOTHING
"""


def run_day(*, by: Actor, at: datetime) -> None:
    """Create the duties of the day and announce the digest of reminders."""
    today = day_of_tenant(at)
    create_duties(on=today)
    announce("alliance.duties_due", {"day": today.isoformat()}, at=at)


def create_duties(*, on: date) -> int:
    """Create the duties of active contracts for the periods around a day; return the number of new ones.

    A duty exists from the start of its period if its last day lies within the contract's term. One statement;
    a repeated call changes nothing.
    """
    periods = periods_to_create(on)
    with joined_transaction(), connection.cursor() as cursor:
        cursor.execute(
            _CREATE,
            {
                "tenant": active_tenant_id(),
                "active": Contract.State.ACTIVE,
                "manufacturer": ContractRole.MANUFACTURER,
                "dealer": ContractRole.DEALER,
                "rhythms": [rhythm for rhythm, _period in periods],
                "starts": [period.starts_on for _rhythm, period in periods],
                "dues": [period.due_on for _rhythm, period in periods],
            },
        )
        return int(cursor.rowcount)
