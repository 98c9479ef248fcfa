from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from dealers.models import Party
from dealers.models.region import DIGITS, region_range
from kernel.search import search_words


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


def parties_like(rows: QuerySet[Party], typed: str) -> QuerySet[Party]:
    """The parties that hold each word typed: code, name, contact, phone, pinyin, initials."""
    for word in search_words(typed):
        rows = rows.filter(search__contains=word)
    return rows


def parties_in(rows: QuerySet[Party], region: str) -> QuerySet[Party]:
    """The parties of a region and of all beneath it; `region` is a code of GB/T 2260."""
    if not region.isdigit() or not region.isascii() or len(region) > DIGITS:
        return rows.none()
    start, end = region_range(region)
    return rows.filter(region__start__gte=start, region__end__lte=end)
