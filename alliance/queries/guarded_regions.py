"""Queries of the regions that a region guarantee guards, and of the territory of a dealer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef

from alliance.domain.coverage import Span, uncovered
from alliance.models import Authorisation, Contract, ContractArea, GuaranteeTerm, Metric
from dealers.models import Party, Region


def guarded_buyers(*, first: date, until: date) -> list[UUID]:
    """Return the members and outlets in a region that a contract in force in [first, until) guards."""
    terms = GuaranteeTerm.objects.filter(contract_id=OuterRef("contract_id"), metric=Metric.EXCLUSIVE)
    areas = ContractArea.objects.filter(
        Exists(terms),
        contract__state__in=(Contract.State.ACTIVE, Contract.State.ENDED),
        contract__starts_on__lt=until,
        contract__until__gt=first,
    )
    codes = set(areas.values_list("region_id", flat=True))
    spans = Region.objects.filter(code__in=codes)
    inside = Region.objects.filter(
        Exists(spans.filter(start__lte=OuterRef("start"), end__gte=OuterRef("end")))
    )
    kinds = (Party.Kind.MEMBER, Party.Kind.OUTLET)
    rows = Party.objects.filter(kind__in=kinds, region__in=inside)
    return list(rows.values_list("id", flat=True)) if codes else []


def unauthorised_regions(dealer_id: UUID, regions: Iterable[str], *, on: date) -> list[Region]:
    """Return those of the regions (codes) that no authorisation of the dealer covers on a day, by code.

    A dealer without a valid authorisation has no territory to compare with, so nothing is returned.
    """
    held = Authorisation.objects.filter(
        party_id=dealer_id, revoked_at__isnull=True, starts_on__lte=on, until__gt=on
    )
    granted = {row["code"] for places in held.values_list("regions", flat=True) for row in places}
    return dealer_covers(dealer_id, regions, territory=granted) if granted else []


def dealer_covers(dealer_id: UUID, regions: Iterable[str], *, territory: Iterable[str] = ()) -> list[Region]:
    """Return those of the regions (codes) that do not lie in the dealer's territory, by code.

    `territory` are the region codes that the dealer is authorised for; without any, its territory is its own
    registered region. Nothing is uncovered for a dealer without either: there is nothing to compare with.
    """
    granted = set(territory)
    if not granted:
        own = Party.objects.filter(id=dealer_id).values_list("region_id", flat=True).first()
        granted = {own} if own else set()
    if not granted:
        return []
    wanted = Region.objects.in_bulk(set(regions))
    spans = [Span(one.code, one.start, one.end) for one in Region.objects.filter(code__in=granted)]
    outside = uncovered([Span(one.code, one.start, one.end) for one in wanted.values()], spans)
    return [wanted[one.code] for one in sorted(outside, key=lambda span: span.code)]
