from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection


@dataclass(frozen=True, slots=True)
class MyMembership:
    id: UUID
    tenant_id: UUID
    tenant_name: str
    party_id: UUID
    role: str
    party_kind: str = ""
    party_name: str = ""


def memberships_of(user_id: UUID) -> list[MyMembership]:
    """A person's memberships in every open tenant, before one is chosen.

    Raw SQL: the ORM's managers want a tenant. The row policy shows a person their own
    (`app.user`), and party_kind and party_name are kept on the membership for this read.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.id, m.tenant_id, t.name, m.party_id, m.role, m.party_kind, m.party_name"
            " FROM dealers_membership m JOIN tenancy_tenant t ON t.id = m.tenant_id AND t.is_open"
            " WHERE m.user_id = %s AND m.is_active ORDER BY t.slug, m.created_at",
            [user_id],
        )
        return [MyMembership(*row) for row in cursor.fetchall()]
