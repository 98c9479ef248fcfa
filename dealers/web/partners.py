"""The list of partners, and the page of one with its supplier, customers, scorecards and people."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.rights import DEALER, MANUFACTURER
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from dealers.models import Membership, Party, Region, Tier
from dealers.queries.parties import parties_in, parties_like, region_by_code, region_by_name, visible_parties
from dealers.queries.scorecards import history_of
from dealers.web.tiers import move_state
from ui.models import local_name
from ui.web.components import Badge
from ui.web.filters import RowFilter, YesNoFilter
from ui.web.lists import Column, Empty, ListPage, Tab
from ui.web.local_names import place_name
from ui.web.shortcuts import get_visible_or_404

MAX_SCORECARDS = 12


def tiers_of_tenant(request: Any) -> QuerySet[Tier]:
    return Tier.objects.order_by("-from_score")


class RegionField(forms.CharField):
    """A region typed by its code or its name, 广东省 or 肇庆市; the chip shows its full name."""

    def clean(self, value: Any) -> Region | None:
        typed = super().clean(value).strip()
        if not typed:
            return None
        found = region_by_code(typed) if typed.isdigit() else region_by_name(typed)
        if found is None:
            raise forms.ValidationError(_("There is no region “%(typed)s”.") % {"typed": typed})
        return found


class RegionFilter(django_filters.Filter):
    field_class = RegionField


class PartyFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=Party.Kind.choices, label=gettext_lazy("kind"))
    tier = django_filters.ModelChoiceFilter(queryset=tiers_of_tenant, label=gettext_lazy("tier"))
    region = RegionFilter(method="inside", label=gettext_lazy("region"))
    parent = RowFilter(queryset=visible_parties, label=gettext_lazy("supplied by"))
    is_active = YesNoFilter(label=gettext_lazy("active"))

    class Meta:
        model = Party
        fields: ClassVar[list[str]] = []

    def inside(self, rows: QuerySet[Party], name: str, value: Region) -> QuerySet[Party]:
        return parties_in(rows, value.code)


def active_state(party: Party) -> Badge:
    if party.is_active:
        return Badge(gettext_lazy("active"), "", "circle-check")
    return Badge(gettext_lazy("inactive"), "warn", "ban")


class Partners(ListPage):
    name = "parties"
    title = gettext_lazy("Partners")
    filters = PartyFilter
    search_hint = gettext_lazy("name, pinyin initials, code, phone")
    tall = True
    order = "code"
    empty = Empty(
        gettext_lazy("No partner yet"),
        gettext_lazy("Dealers, members and outlets are added in the master data."),
        "building-store",
    )
    tabs = (
        Tab(gettext_lazy("All")),
        Tab(gettext_lazy("Dealers"), "kind=dealer"),
        Tab(gettext_lazy("Members"), "kind=member"),
        Tab(gettext_lazy("Outlets"), "kind=outlet"),
    )
    columns = (
        Column("name", gettext_lazy("Partner"), kind="name", sort="name", under="code"),
        Column("code", gettext_lazy("Code"), kind="code", sort="code", displayed=False),
        Column("kind", gettext_lazy("Kind"), "get_kind_display"),
        Column("region", gettext_lazy("Region"), lambda row: place_name(row.region and row.region.full_name)),
        Column("tier", gettext_lazy("Tier"), lambda row: local_name(row.tier)),
        Column("parent", gettext_lazy("Supplied by"), "parent__name", under="parent__code"),
        Column("channel", gettext_lazy("Channel"), lambda row: local_name(row.channel), displayed=False),
        Column("contact", gettext_lazy("Contact"), displayed=False, under="phone"),
        Column("joined_on", gettext_lazy("Joined"), kind="day", displayed=False),
        Column("state", gettext_lazy("State"), active_state, kind="state"),
    )

    def rows(self) -> QuerySet[Party]:
        """Return the visible parties without the actor's own, which is no partner of itself."""
        visible: QuerySet[Party] = Party.objects.visible_to(self.actor).exclude(id=self.actor.party_id)
        return visible.select_related("region", "tier", "parent", "channel")

    def search(self, rows: QuerySet[Party], typed: str) -> QuerySet[Party]:
        return parties_like(rows, typed)

    def href(self, row: Party) -> str:
        return reverse("party", args=[row.id])


@entering("party.view")
@require_GET
def party(request: ActorRequest, party_id: UUID) -> HttpResponse:
    """Display a partner with its supplier, customers, scorecards and people."""
    actor = request.actor
    rows = Party.objects.select_related("region", "tier", "parent", "channel").prefetch_related("tags__tag")
    found = get_visible_or_404(rows, actor, id=party_id)
    visible = Party.objects.visible_to(actor)
    customers = visible.filter(parent_id=party_id).values_list("kind").annotate(Count("id")).order_by()
    cards = list(history_of(party_id, actor=actor)[:MAX_SCORECARDS])
    people = []
    if actor.may("people.edit") and (actor.party_kind == MANUFACTURER or party_id == actor.party_id):
        people = list(
            Membership.objects.filter(party_id=party_id, is_active=True).select_related("user")[:50]
        )
    page = {
        "party": found,
        "state": active_state(found),
        "beneath": [(Party.Kind(kind).label, count, kind) for kind, count in customers],
        "cards": [(card, move_state(card)) for card in cards],
        "people": people,
        "may_order": actor.party_kind == MANUFACTURER and found.kind == DEALER and actor.may("order.place"),
        "parent_seen": found.parent_id and visible.filter(id=found.parent_id).exists(),
    }
    return render(request, "dealers/party.html", page)
