"""The map of granted and free regions, and the upload of a tenant's own outlines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.rights import MANUFACTURER
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.domain.coverage import FREE, GRANTED, PARTLY
from alliance.models import ContractArea, RegionOutline
from alliance.operations.outlines import remove_outline, upload_outline
from alliance.queries.region_map import MapTile, RegionMap, first_category, region_map
from catalogue.models import Category
from dealers.models import Channel, Region
from kernel.refusals import Refusal
from ui.web.actions import attempt
from ui.web.components import Badge
from ui.web.local_names import place_name
from ui.web.submit_once import once

MAX_GRANTS = 24
STATES = {
    GRANTED: (gettext_lazy("granted"), "teal", "lock"),
    PARTLY: (gettext_lazy("granted in part"), "warn", "adjustments"),
    FREE: (gettext_lazy("not granted"), "good", "circle-dashed"),
    "unknown": (gettext_lazy("no regions loaded"), "", "minus"),
}


@entering("contract.view")
@require_GET
def region_map_page(request: ActorRequest) -> HttpResponse:
    """Display the map of a category and a channel; a region opens its parts and those who hold it."""
    category = _chosen_category(request.GET.get("category", ""))
    if category is None:
        return render(request, "alliance/region_map.html", {"found": None})
    channel = _chosen_channel(request.GET.get("channel", ""))
    parent = _chosen_region(request.GET.get("region", ""))
    found = region_map(
        request.actor, category=category, channel=channel, parent=parent, on=timezone.localdate()
    )
    outline = RegionOutline.objects.defer("geojson").first()
    tiles = [_tile(one, found) for one in found.tiles]
    page = {
        "found": found,
        "title": place_name(parent.full_name) if parent else _("Region map"),
        "crumbs": [(place_name(one.name), _address(found, one.code)) for one in found.path[:-1]],
        "country_url": _address(found, ""),
        "tiles": tiles,
        "rows": sorted(tiles, key=lambda tile: list(STATES).index(tile["state"])),
        "legend": _legend(found.tiles),
        "grants": [_grant(one) for one in found.grants[:MAX_GRANTS]],
        "more_grants": max(0, len(found.grants) - MAX_GRANTS),
        "by_staff": request.actor.party_kind == MANUFACTURER,
        "categories": list(Category.objects.order_by("code")),
        "channels": list(Channel.objects.order_by("code")),
        "outline": outline,
        "drawing": _drawing(found, outline),
        "may_edit_outline": request.actor.may("region_map.edit"),
    }
    return render(request, "alliance/region_map.html", page)


def _chosen_category(code: str) -> Category | None:
    if not code:
        return first_category()
    found = Category.objects.filter(code=code[:40].replace("\x00", "")).first()
    if found is None:
        raise Http404
    return found


def _chosen_channel(code: str) -> Channel | None:
    found = Channel.objects.filter(code=code[:40].replace("\x00", "")).first() if code else None
    if code and found is None:
        raise Http404
    return found


def _chosen_region(code: str) -> Region | None:
    found = Region.objects.filter(code=code[:12].replace("\x00", "")).first() if code else None
    if code and found is None:
        raise Http404
    return found


def _address(found: RegionMap, region: str) -> str:
    query = {"category": found.category.code}
    if found.channel is not None:
        query["channel"] = found.channel.code
    if region:
        query["region"] = region
    return f"{reverse('region-map')}?{urlencode(query)}"


def state_badge(state: str) -> Badge:
    """Return the badge of a region's state on the map."""
    text, mood, icon = STATES[state]
    return Badge(text, mood, icon)


def _tile(one: MapTile, found: RegionMap) -> dict[str, Any]:
    cover, name = one.coverage, place_name(one.name)
    is_english = (get_language() or "").startswith("en")
    short = name
    if one.place is not None:
        short = one.place.letters if is_english else one.place.short
    granted = ""
    if cover.state == PARTLY and cover.parts > 1:
        counted = ngettext("%(granted)s of %(n)s county", "%(granted)s of %(n)s counties", cover.parts)
        granted = counted % {"granted": cover.granted, "n": cover.parts}
    return {
        "code": one.code,
        "name": name,
        "short": short,
        "state": cover.state,
        "badge": state_badge(cover.state),
        "granted": granted,
        "is_mine": one.is_mine,
        "url": _address(found, one.code) if one.region is not None else "",
        "place": one.place,
    }


def _legend(tiles: Sequence[MapTile]) -> list[tuple[str, Badge, int]]:
    counts = Counter(one.coverage.state for one in tiles)
    return [(state, state_badge(state), counts[state]) for state in STATES if counts[state]]


def _grant(one: ContractArea) -> dict[str, Any]:
    return {
        "region": place_name(one.region.full_name),
        "channel": one.channel,
        "contract": one.contract,
    }


def _drawing(found: RegionMap, outline: RegionOutline | None) -> dict[str, Any] | None:
    """Return what the script draws: the state and the address of each region, by code."""
    if outline is None or not found.tiles:
        return None
    query = {"region": found.parent.code} if found.parent is not None else {}
    return {
        "url": f"{reverse('region-map-outline-file')}?{urlencode(query)}",
        "states": {
            one.code: {
                "name": place_name(one.name),
                "state": one.coverage.state,
                "label": str(state_badge(one.coverage.state)),
                "url": _address(found, one.code) if one.region is not None else "",
            }
            for one in found.tiles
        },
    }


@entering("contract.view")
@require_GET
def outline_file(request: ActorRequest) -> HttpResponse:
    """Return the outlines of the regions in one region, or of the provinces with the lines at sea."""
    stored = RegionOutline.objects.visible_to(request.actor).first()
    if stored is None:
        raise Http404
    parent = _chosen_region(request.GET.get("region", ""))
    features = [
        one
        for one in stored.geojson["features"]
        if _is_child(one["properties"]["adcode"], parent.code if parent else "")
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _is_child(code: str, parent: str) -> bool:
    if not code:
        return not parent
    if parent in ("11", "12", "31", "50"):
        return code.startswith(parent) and len(code) == 6
    return code.startswith(parent) and len(code) == len(parent) + 2


class OutlineForm(forms.Form):
    """The outlines of regions, with what must be shown under each map drawn of them."""

    file = forms.FileField(
        label=gettext_lazy("GeoJSON file"),
        help_text=gettext_lazy(
            "Each region has its GB/T 2260 code in adcode, code or gb. At most 3 MB: simplify a map that is"
            " larger."
        ),
        widget=forms.FileInput(attrs={"accept": ".json,.geojson,application/geo+json,application/json"}),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=200,
        help_text=gettext_lazy("For example: standard map service of the Ministry of Natural Resources."),
    )
    approval_number = forms.CharField(
        label=gettext_lazy("Map approval number"),
        max_length=40,
        help_text=gettext_lazy("As printed on the map, for example GS(2024)0650."),
    )


@once
def _outline(request: ActorRequest) -> HttpResponse:
    """Upload the outlines of regions for the map."""
    stored = RegionOutline.objects.defer("geojson").first()
    initial = {"source": stored.source, "approval_number": stored.approval_number} if stored else {}
    form = OutlineForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                upload_outline(
                    content=form.cleaned_data["file"].read(),
                    source=form.cleaned_data["source"],
                    approval_number=form.cleaned_data["approval_number"],
                    by=request.actor,
                    at=timezone.now(),
                )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return redirect("region-map")
    page = {"form": form, "outline": stored}
    return render(request, "alliance/region_outline.html", page, status=422 if form.errors else 200)


outline = entering("region_map.edit")(_outline)


@once
def _remove(request: ActorRequest) -> HttpResponse:
    attempt(
        request,
        lambda: remove_outline(by=request.actor, at=timezone.now()),
        success=_("The map is drawn by tiles again."),
    )
    return redirect("region-map")


outline_removal = entering("region_map.edit")(require_POST(_remove))
