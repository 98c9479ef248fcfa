"""The facts of the region map: which regions are granted, free or granted in part, and who holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import Q

from accounts.rights import Actor
from alliance.domain.coverage import Coverage, Grant, Span, coverage
from alliance.domain.tile_grid import PROVINCES, ProvinceTile
from alliance.models import Contract, ContractArea
from catalogue.models import Category
from dealers.models import Channel, Region

COUNTRY = NumericRange(0, 10**12)
COUNTY_DEPTH = 3


@dataclass(frozen=True, slots=True)
class MapTile:
    """One region of the map; `place` is its square if it is a province, `region` None if it is not loaded."""

    code: str
    name: str
    coverage: Coverage
    region: Region | None
    place: ProvinceTile | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class RegionMap:
    """The regions in `parent` (None for the country), and the grants that the actor may read, by region."""

    category: Category
    channel: Channel | None
    parent: Region | None
    path: tuple[Region, ...]
    tiles: tuple[MapTile, ...]
    grants: tuple[ContractArea, ...]


def region_map(
    actor: Actor, *, category: Category, channel: Channel | None, parent: Region | None, on: date
) -> RegionMap:
    """Return the map of a category and a channel on a day, in a constant number of statements.

    Without a channel a region granted in one channel only is granted in part. Whether a region is granted
    everyone may read; by whom, only in contracts that the actor may see.
    """
    span = NumericRange(parent.start, parent.end) if parent is not None else COUNTRY
    children = _children(parent)
    parts = _counties(span)
    held = _held(category, channel, span, on)
    visible = _visible(actor, held)
    grants = [
        Grant(one.region.start, one.region.end, one.channel_id is None or channel is not None) for one in held
    ]
    spans = {one.code: Span(one.code, one.start, one.end) for one in children}
    states = coverage(spans.values(), parts, grants)
    mine = [one for one in held if one.contract_id in visible]
    tiles = [
        MapTile(one.code, one.name, states[one.code], one, None, _touches(spans[one.code], mine))
        for one in children
    ]
    found = _on_grid(tiles) if parent is None else tuple(tiles)
    return RegionMap(category, channel, parent, _path(parent), found, tuple(mine))


def first_category() -> Category | None:
    """Return the category that the map begins with."""
    found: Category | None = Category.objects.order_by("code").first()
    return found


def _children(parent: Region | None) -> list[Region]:
    if parent is None:
        return list(Region.objects.filter(depth=1).order_by("code"))
    found = list(Region.objects.filter(parent=parent).order_by("code"))
    if len(found) == 1 and found[0].name == "市辖区":
        # A municipality has one city that is itself: its districts are what a reader looks for.
        return list(Region.objects.filter(parent=found[0]).order_by("code"))
    return found


def _counties(span: NumericRange) -> list[Span]:
    rows = Region.objects.filter(depth=COUNTY_DEPTH, start__gte=span.lower, end__lte=span.upper)
    return [Span(*row) for row in rows.order_by("start").values_list("code", "start", "end")]


def _held(category: Category, channel: Channel | None, span: NumericRange, on: date) -> list[ContractArea]:
    rows = ContractArea.objects.filter(
        category=category, holds=True, area__overlap=span, term__contains=on
    ).select_related("contract__member", "contract__dealer", "region", "channel")
    if channel is not None:
        rows = rows.filter(Q(channel__isnull=True) | Q(channel=channel))
    return list(rows.order_by("region_id", "contract__code"))


def _visible(actor: Actor, held: Sequence[ContractArea]) -> set[UUID]:
    ids = {one.contract_id for one in held}
    return set(Contract.objects.visible_to(actor).filter(id__in=ids).values_list("id", flat=True))


def _touches(span: Span, areas: Sequence[ContractArea]) -> bool:
    return any(one.region.start < span.end and span.start < one.region.end for one in areas)


def _on_grid(tiles: Sequence[MapTile]) -> tuple[MapTile, ...]:
    """Return the 34 provinces in the order of the grid; a province that is not loaded has no region."""
    by_code = {one.code: one for one in tiles}
    unknown = Coverage("unknown", 0, 0)
    found = []
    for place in sorted(PROVINCES, key=lambda one: (one.row, one.column)):
        tile = by_code.get(place.code) or MapTile(place.code, place.short, unknown, None, None, False)
        found.append(MapTile(tile.code, tile.name, tile.coverage, tile.region, place, tile.is_mine))
    return tuple(found)


def _path(parent: Region | None) -> tuple[Region, ...]:
    if parent is None:
        return ()
    return tuple(Region.objects.filter(code__in=parent.path).order_by("depth"))
