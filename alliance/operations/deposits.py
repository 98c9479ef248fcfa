"""Reminders of security deposits: due when a contract begins, to be returned when it has ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.rights import Actor
from alliance.audit_actions import ContractAction
from alliance.models import Contract
from alliance.models.ending import EndReason, NoticeKind
from alliance.operations.rounds import notices_sent
from alliance.queries.deposits import deposits_of
from audit.operations.recording import record_many
from jobs.operations.outbox import announce_many
from tenancy.context import joined_transaction
from tenancy.queries import day_of_tenant

RETURN_WITHIN = timedelta(days=90)


def remind_of_deposits(*, by: Actor, at: datetime) -> int:
    """Announce once for each contract that its deposit is due, and once that it is to be returned.

    Return the number announced now. A constant number of statements for any number of contracts.
    """
    today = day_of_tenant(at)
    begun = Q(state=Contract.State.ACTIVE, starts_on__lte=today)
    ended = Q(state=Contract.State.ENDED, ended_on__gt=today - RETURN_WITHIN)
    with joined_transaction():
        rows = list(
            Contract.objects.unreplaced()
            .filter(begun | ended, security_deposit__gt=0)
            .exclude(end_reason=EndReason.REPLACED)
        )
        found = deposits_of(rows)
        due = {one.id: found[one.id].open for one in rows if found[one.id].open > 0}
        back = {one.id: found[one.id].to_return for one in rows if found[one.id].to_return > 0}
        count = 0
        for topic, kind, amounts in (
            ("alliance.deposit_due", NoticeKind.DEPOSIT_DUE, due),
            ("alliance.deposit_return", NoticeKind.DEPOSIT_RETURN, back),
        ):
            new = notices_sent(((one, kind) for one in amounts), at=at)
            bodies = [
                {"contract_id": str(one), "amount": {"money": str(amounts[one])}} for one in sorted(new)
            ]
            codes = {one.id: one.code for one in rows if one.id in new}
            entries = [
                ((Contract, one), {"code": code, "kind": str(kind), "amount": str(amounts[one])})
                for one, code in codes.items()
            ]
            record_many(ContractAction.REMIND_DEPOSIT, entries, by=by, at=at)
            count += announce_many(topic, bodies, at=at)
    return count
