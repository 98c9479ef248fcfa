"""The recipients of a notification: the people of a party who hold a right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.domain.topics import Addressee
from accounts.operations.message_delivery import delivery_gate
from accounts.rights import MANUFACTURER, MEMBER, OUTLET, ROLES
from dealers.models import (
    Membership,
    Party,
    TerritoryArea,
    TerritoryGroupObjectPermission,
    TerritoryUserObjectPermission,
)
from dealers.models.party import TERRITORY_ROLES
from dealers.models.region import region_range
from dealers.models.territory import MANAGE

PHONE = {MEMBER, OUTLET}


def holding(right: str) -> Q:
    """Return a filter for memberships whose role holds the right."""
    found = Q(pk=None)
    for kind, roles in ROLES.items():
        held = [role for role, rights in roles.items() if right in rights]
        found |= Q(party_kind=kind, role__in=held)
    return found


def people_of(
    parties: Iterable[UUID], *, right: str, about: UUID | None = None, link: str = "", phone_link: str = ""
) -> list[Addressee]:
    """Return the people who act for one of the parties and hold the right, with their portal's link.

    Staff in charge of territories are included only if the partner that the event is `about` is in
    one of their regions. One statement.
    """
    rows = _active(right).filter(party_id__in=set(parties))
    if about is not None:
        rows = rows.exclude(_elsewhere(about))
    return [
        Addressee(person, party, phone_link if kind in PHONE else link)
        for person, party, kind in rows.values_list("user_id", "party_id", "party_kind")
    ]


def staff_of_region(region: str, *, right: str, link: str = "") -> list[Addressee]:
    """Return the manufacturer's people who hold the right and look after a region (its code).

    Staff in charge of territories are included if the region is in one of theirs. One statement.
    """
    start, end = region_range(region)
    elsewhere = Q(role__in=TERRITORY_ROLES) & ~Q(Exists(_areas_with(start, end)))
    rows = _active(right).filter(party_kind=MANUFACTURER).exclude(elsewhere)
    return [Addressee(person, party, link) for person, party in rows.values_list("user_id", "party_id")]


@delivery_gate
def still_acts(person_id: UUID, party_id: UUID) -> bool:
    """Return whether the person still acts for the party; checked again before a delayed delivery."""
    acting = Membership.objects.filter(user=person_id, party=party_id, is_active=True)
    return bool(acting.filter(party__is_active=True).exists())


def _active(right: str) -> QuerySet[Membership]:
    rows: QuerySet[Membership] = Membership.objects.filter(
        holding(right), is_active=True, user__is_active=True, party__is_active=True
    )
    return rows


def _elsewhere(about: UUID) -> Q:
    """Return a filter for staff with territories elsewhere; events of their own party concern them."""
    region = Party.objects.filter(id=about, region__isnull=False)
    start, end = region.values("region__start")[:1], region.values("region__end")[:1]
    inside = _areas_with(start, end)
    bound = Q(party_kind=MANUFACTURER, role__in=TERRITORY_ROLES) & ~Q(party_id=about)
    return bound & ~Q(Exists(inside))


def _areas_with(start: Any, end: Any) -> QuerySet[TerritoryArea]:
    """Return the areas of the outer membership's person that contain a range of codes."""
    mine = Q(
        territory__in=TerritoryUserObjectPermission.objects.filter(
            user_id=OuterRef(OuterRef("user_id")), permission__codename=MANAGE
        ).values("content_object")
    ) | Q(
        territory__in=TerritoryGroupObjectPermission.objects.filter(
            group__user=OuterRef(OuterRef("user_id")), permission__codename=MANAGE
        ).values("content_object")
    )
    return TerritoryArea.objects.filter(mine, region__start__lte=start, region__end__gte=end)


__all__ = ["holding", "people_of", "staff_of_region"]
