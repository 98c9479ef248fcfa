"""Queries of regions: which other contracts hold, which lie outside a territory, and regions by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q

from alliance.models.contract import channel_range
from dealers.models import Party, Region
from dealers.models.region import region_range
from tenancy.context import active_tenant_id

CITY_DIGITS = 4


@dataclass(frozen=True, slots=True)
class TakenArea:
    """An overlap of a contract's region with one that another active contract holds."""

    contract_id: UUID
    contract_code: str
    member_name: str
    region_name: str
    category_name: str
    until: date


@dataclass(frozen=True, slots=True)
class WantedArea:
    """A region that a draft not yet saved would claim; without a channel, in every channel."""

    category_id: UUID
    region: str
    channel_id: UUID | None = None


def taken_by_others(
    areas: Sequence[WantedArea], *, starts_on: date, until: date, code: str
) -> list[TakenArea]:
    """Return the regions of other contracts that these would conflict with. One statement.

    `code` is the contract's own: its versions do not conflict.
    """
    if not areas or until <= starts_on:
        return []
    ranges = [region_range(one.region) for one in areas]
    channels = [channel_range(one.channel_id) for one in areas]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.code, m.name, r.full_name, k.name, c.until"
            " FROM unnest(%s::uuid[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])"
            "  AS mine(category_id, region, low, high, from_channel, to_channel)"
            " JOIN alliance_contractarea other ON other.tenant_id = %s AND other.holds"
            "  AND other.category_id = mine.category_id"
            "  AND other.area && int8range(mine.low, mine.high)"
            "  AND other.channels && int8range(mine.from_channel, mine.to_channel)"
            "  AND other.term && daterange(%s, %s)"
            " JOIN alliance_contract c ON c.tenant_id = other.tenant_id AND c.id = other.contract_id"
            " JOIN dealers_party m ON m.tenant_id = c.tenant_id AND m.id = c.member_id"
            " JOIN catalogue_category k ON k.tenant_id = other.tenant_id AND k.id = other.category_id"
            " JOIN dealers_region r ON r.code = mine.region"
            " WHERE c.code <> %s ORDER BY k.name, r.code, c.code",
            [
                [str(one.category_id) for one in areas],
                [one.region for one in areas],
                [low for low, _high in ranges],
                [high for _low, high in ranges],
                [one.lower for one in channels],
                [one.upper for one in channels],
                active_tenant_id(),
                starts_on,
                until,
                code,
            ],
        )
        return [TakenArea(*row) for row in cursor.fetchall()]


def outside_territory(dealer: Party | None, regions: Sequence[str]) -> list[str]:
    """Return the names of the regions that the dealer's territory does not contain. One statement at most.

    Its territory is the city, or the larger region, that its own region lies in. A dealer without a
    region contains every one.
    """
    if dealer is None or not dealer.region_id:
        return []
    territory = dealer.region_id[:CITY_DIGITS]
    outside = [code for code in regions if not code.startswith(territory)]
    if not outside:
        return []
    return list(Region.objects.filter(code__in=outside).order_by("code").values_list("full_name", flat=True))


def find_regions(typed: str, limit: int) -> list[Region]:
    """Return the regions with this code, name or part of the full name, the larger ones first."""
    text = typed.strip()
    if not text:
        return []
    exact = Q(code=text) | Q(name__startswith=text) | Q(full_name__contains=text)
    return list(Region.objects.filter(exact).order_by("depth", "code")[:limit])


def taken_areas(contract_id: UUID) -> list[TakenArea]:
    """Return the regions of other contracts that conflict: same category, overlapping area and term.

    Earlier versions of the same contract do not conflict, because they end where this one begins.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.code, m.name, r.full_name, k.name, c.until FROM alliance_contractarea mine"
            " JOIN alliance_contractarea other ON other.tenant_id = mine.tenant_id AND other.holds"
            "  AND other.category_id = mine.category_id AND other.area && mine.area"
            "  AND other.channels && mine.channels"
            "  AND other.term && mine.term AND other.contract_id <> mine.contract_id"
            " JOIN alliance_contract c ON c.tenant_id = other.tenant_id AND c.id = other.contract_id"
            " JOIN dealers_party m ON m.tenant_id = c.tenant_id AND m.id = c.member_id"
            " JOIN catalogue_category k ON k.tenant_id = mine.tenant_id AND k.id = mine.category_id"
            " JOIN dealers_region r ON r.code = mine.region_id"
            " WHERE mine.tenant_id = %s AND mine.contract_id = %s AND c.code <> (SELECT own.code"
            "  FROM alliance_contract own WHERE own.tenant_id = mine.tenant_id AND own.id = mine.contract_id)"
            " ORDER BY k.name, r.code, c.code",
            [active_tenant_id(), contract_id],
        )
        return [TakenArea(*row) for row in cursor.fetchall()]
