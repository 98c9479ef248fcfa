"""The people of a party whom a user can ask for help."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from tenancy.context import active_tenant_id

MAX_NAMES = 3


def contact_names(party_id: UUID, roles: Sequence[str]) -> list[str]:
    """Return the names of a party's active people in these roles, the first role first, at most three."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username)"
            " FROM dealers_membership m"
            " JOIN accounts_user u ON u.id = m.user_id"
            " WHERE m.tenant_id = %s AND m.party_id = %s AND m.role = ANY(%s) AND m.is_active AND u.is_active"
            " ORDER BY array_position(%s::text[], m.role::text), 1 LIMIT %s",
            [active_tenant_id(), party_id, list(roles), list(roles), MAX_NAMES],
        )
        return [name for (name,) in cursor.fetchall()]
