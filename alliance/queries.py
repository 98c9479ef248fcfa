"""Reads of what the three parties promised, as facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from tenancy.context import active_tenant_id


@dataclass(frozen=True, slots=True)
class ContractInForce:
    """`until` is exclusive; without `delivery_hours` no delivery time is promised."""

    id: UUID
    code: str
    starts_on: date
    until: date
    delivery_hours: int | None
    late_fee: Decimal


def contract_in_force(
    *, seller_id: UUID, buyer_id: UUID, on: date, contract_id: UUID | None = None
) -> ContractInForce | None:
    """The active contract of a member (the buyer) with a dealer (the seller) on a day.

    One statement. Of several the one that started last, then the later code; with `contract_id`
    that one, or None where it does not hold between these two on the day.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, code, starts_on, until, delivery_hours, late_fee FROM alliance_contract"
            " WHERE tenant_id = %s AND member_id = %s AND state = 'active' AND dealer_id = %s"
            " AND starts_on <= %s AND until > %s AND (%s::uuid IS NULL OR id = %s)"
            " ORDER BY starts_on DESC, code DESC LIMIT 1",
            [active_tenant_id(), buyer_id, seller_id, on, on, contract_id, contract_id],
        )
        row = cursor.fetchone()
    return None if row is None else ContractInForce(*row)


@dataclass(frozen=True, slots=True)
class TakenArea:
    """Where a contract's region meets one that another active contract holds."""

    contract_id: UUID
    contract_code: str
    member_name: str
    region_name: str
    category_name: str
    until: date


def taken_areas(contract_id: UUID) -> list[TakenArea]:
    """What stands in the way of a contract's regions, for the same category and overlapping terms."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.code, m.name, r.full_name, k.name, c.until FROM alliance_contractarea mine"
            " JOIN alliance_contractarea other ON other.tenant_id = mine.tenant_id AND other.holds"
            "  AND other.category_id = mine.category_id AND other.area && mine.area"
            "  AND other.term && mine.term AND other.contract_id <> mine.contract_id"
            " JOIN alliance_contract c ON c.tenant_id = other.tenant_id AND c.id = other.contract_id"
            " JOIN dealers_party m ON m.tenant_id = c.tenant_id AND m.id = c.member_id"
            " JOIN catalogue_category k ON k.tenant_id = mine.tenant_id AND k.id = mine.category_id"
            " JOIN dealers_region r ON r.code = mine.region_id"
            " WHERE mine.tenant_id = %s AND mine.contract_id = %s ORDER BY k.name, r.code, c.code",
            [active_tenant_id(), contract_id],
        )
        return [TakenArea(*row) for row in cursor.fetchall()]
