"""Write entries of the audit trail, in the same transaction as the change that they record."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import TextChoices

from audit.models import AuditEntry
from audit.registry import registered_actions
from audit.targets import Target, label_and_key
from tenancy.context import active_tenant_id
from tenancy.models import new_id


class Actor(Protocol):
    """The facts that an entry stores of the person, API key or platform that acts."""

    @property
    def user_id(self) -> UUID | None: ...

    @property
    def party_id(self) -> UUID | None: ...

    @property
    def label(self) -> str: ...


class UnregisteredAction(LookupError):
    """The action is not registered in any room's `audit_actions`, so it has no label."""


def record(action: TextChoices, target: Target, *, by: Actor, at: datetime, **facts: Any) -> None:
    """Write one entry of the audit trail. `facts` must be serialisable as JSON.

    Raises UnregisteredAction.
    """
    label, key = label_and_key(target)
    AuditEntry.objects.create(
        at=at,
        user_id=by.user_id,
        party_id=by.party_id,
        actor=by.label,
        action=_registered(action),
        target=label,
        target_id=key,
        facts=facts,
    )


def record_many(
    action: TextChoices, targets: Iterable[tuple[Target, dict[str, Any]]], *, by: Actor, at: datetime
) -> None:
    """Write one entry for each (target, facts), in one statement. Raises UnregisteredAction."""
    registered = _registered(action)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=at,
            user_id=by.user_id,
            party_id=by.party_id,
            actor=by.label,
            action=registered,
            target=label,
            target_id=key,
            facts=facts,
        )
        for (label, key), facts in ((label_and_key(target), facts) for target, facts in targets)
    )


# The same for an operation that writes everything in one statement (placing an order).
WRITE_ENTRY = (
    "write_audit_entry(%(entry_id)s, %(entry_tenant)s, %(entry_at)s, %(entry_user)s, %(entry_party)s,"
    " %(entry_actor)s, %(entry_action)s, %(entry_target)s, %(entry_target_id)s, %(entry_facts)s)"
)


def entry_columns(
    action: TextChoices, target: Target, *, by: Actor, at: datetime, **facts: Any
) -> dict[str, Any]:
    """Return the parameters of WRITE_ENTRY; their names begin with `entry_`."""
    label, key = label_and_key(target)
    return {
        "entry_id": new_id(),
        "entry_tenant": active_tenant_id(),
        "entry_at": at,
        "entry_user": by.user_id,
        "entry_party": by.party_id,
        "entry_actor": by.label,
        "entry_action": _registered(action),
        "entry_target": label,
        "entry_target_id": key,
        "entry_facts": json.dumps(facts),
    }


def _registered(action: TextChoices) -> str:
    value = str(action.value)
    if value not in registered_actions():
        raise UnregisteredAction(value)
    return value
