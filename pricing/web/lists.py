"""The lists of price lists, of the prices of one list, and of schemes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

import django_filters
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rights import MANUFACTURER, actor_of
from dealers.models import Party
from pricing.models import AudienceKind, PriceEntry, PriceList, Scheme
from pricing.queries.audience_names import audience_names
from pricing.web.scheme_terms import sentences_of
from ui.web.components import Badge
from ui.web.lists import Column, Empty, ListPage, Tab
from ui.web.local_names import place_name

STATES = {"draft": ("warn", "pencil"), "published": ("good", "circle-check"), "withdrawn": ("", "ban")}


def state_of(row: PriceList | Scheme) -> Badge:
    mood, icon = STATES[row.state]
    return Badge(row.get_state_display(), mood, icon)


def audience_of(row: PriceList | Scheme, names: Mapping[tuple[str, str], str]) -> str:
    """Return the kind of audience and its name: "tier core", "everyone". `names` is of `audience_names`."""
    value = row.audience_value
    if row.audience_kind == AudienceKind.LEVEL and value in Party.Kind.values:
        return str(Party.Kind(value).label)
    name = names.get((row.audience_kind, value), value)
    if row.audience_kind == AudienceKind.REGION:
        name = place_name(name)
    return f"{row.get_audience_kind_display()} {name}".strip()


def term_of(row: PriceList | Scheme) -> str:
    """Return the first and last day, both inclusive; "always" if both ends are open."""
    if row.starts_on is None and row.until is None:
        return _("always")
    start = f"{row.starts_on:%Y-%m-%d}" if row.starts_on else ""
    end = f"{row.until - timedelta(days=1):%Y-%m-%d}" if row.until else ""
    return f"{start} – {end}".strip()


def tax_basis_of(row: PriceList) -> str:
    """Return in words whether the prices of a list include tax."""
    return _("with tax") if row.tax_included else _("without tax")


SIDES = (("selling", gettext_lazy("our sales")), ("buying", gettext_lazy("our purchases")))


class SideFilter(django_filters.FilterSet):
    """Whether the actor's party sells or buys at the terms."""

    side = django_filters.ChoiceFilter(choices=SIDES, method="of_side", label=gettext_lazy("side"))

    def of_side(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        mine = actor_of(self.request).party_id
        return rows.filter(seller_id=mine) if value == "selling" else rows.exclude(seller_id=mine)


class PriceListFilter(SideFilter):
    state = django_filters.MultipleChoiceFilter(choices=PriceList.State.choices, label=gettext_lazy("state"))
    audience_kind = django_filters.ChoiceFilter(choices=AudienceKind.choices, label=gettext_lazy("audience"))

    class Meta:
        model = PriceList
        fields: ClassVar[list[str]] = []


class PriceLists(ListPage):
    name = "price-lists"
    title = gettext_lazy("Price lists")
    filters = PriceListFilter
    search_hint = gettext_lazy("code")
    order = "-id"
    tall = True
    empty = Empty(
        gettext_lazy("No price list yet"),
        gettext_lazy("Draft the first one: paste products and prices."),
        "tag",
        "price-list-new",
        gettext_lazy("Draft a price list"),
        "price.edit",
    )
    tabs = (
        Tab(gettext_lazy("All")),
        Tab(gettext_lazy("In force now"), "state=published"),
        Tab(gettext_lazy("Drafts"), "state=draft"),
        Tab(gettext_lazy("We buy at"), "side=buying"),
        Tab(gettext_lazy("We sell at"), "side=selling"),
    )
    columns = (
        Column(
            "code",
            gettext_lazy("Price list"),
            lambda row: f"{row.code} v{row.version}",
            kind="name",
            sort="code",
            under="name",
        ),
        Column("seller", gettext_lazy("Seller"), "seller__name"),
        Column("audience", gettext_lazy("For whom"), lambda row: row.audience),
        Column("term", gettext_lazy("In force"), term_of),
        Column("tax", gettext_lazy("Tax"), tax_basis_of),
        Column("priority", gettext_lazy("Priority"), kind="whole"),
        Column("prices", gettext_lazy("Prices"), lambda row: row.prices, kind="whole"),
        Column("state", gettext_lazy("State"), state_of, kind="state"),
    )

    def rows(self) -> QuerySet[PriceList]:
        found: QuerySet[PriceList] = PriceList.objects.visible_to(self.actor).select_related("seller")
        return found

    def enrich(self, rows: list[Any]) -> None:
        ids = [row.id for row in rows]
        counted = PriceEntry.objects.filter(price_list_id__in=ids).order_by().values_list("price_list_id")
        counts = dict(counted.annotate(Count("id")))
        names = audience_names(rows)
        for row in rows:
            row.prices, row.audience = counts.get(row.id, 0), audience_of(row, names)

    def search(self, rows: QuerySet[PriceList], typed: str) -> QuerySet[PriceList]:
        return rows.filter(code__gte=typed.upper(), code__lt=typed.upper() + "\U0010ffff")

    def offers(self, column: Column) -> bool:
        return column.key != "seller" or self.actor.party_kind != MANUFACTURER

    def href(self, row: PriceList) -> str:
        return reverse("price-list", args=[row.id])

    def more(self) -> dict[str, Any]:
        return {"may_draft": self.actor.may("price.edit")}


class SchemeFilter(SideFilter):
    state = django_filters.MultipleChoiceFilter(choices=Scheme.State.choices, label=gettext_lazy("state"))
    kind = django_filters.MultipleChoiceFilter(choices=Scheme.Kind.choices, label=gettext_lazy("kind"))

    class Meta:
        model = Scheme
        fields: ClassVar[list[str]] = []


class Schemes(ListPage):
    name = "schemes"
    title = gettext_lazy("Schemes")
    filters = SchemeFilter
    search_hint = gettext_lazy("code")
    order = "-id"
    tall = True
    empty = Empty(
        gettext_lazy("No scheme yet"),
        gettext_lazy("Step tiers, free goods, special prices and reductions on the order."),
        "gift",
        "scheme-new",
        gettext_lazy("Draft a scheme"),
        "price.edit",
    )
    tabs = (
        Tab(gettext_lazy("All")),
        Tab(gettext_lazy("In force now"), "state=published"),
        Tab(gettext_lazy("Drafts"), "state=draft"),
        Tab(gettext_lazy("We buy at"), "side=buying"),
        Tab(gettext_lazy("We sell at"), "side=selling"),
    )
    columns = (
        Column("code", gettext_lazy("Scheme"), kind="name", sort="code", under="name"),
        Column("seller", gettext_lazy("Seller"), "seller__name"),
        Column("kind", gettext_lazy("Kind"), "get_kind_display"),
        Column("terms", gettext_lazy("Terms"), lambda row: " ".join(sentences_of(row))),
        Column("audience", gettext_lazy("For whom"), lambda row: row.audience),
        Column("term", gettext_lazy("In force"), term_of),
        Column("group", gettext_lazy("Exclusive group"), "exclusive_group", displayed=False),
        Column("state", gettext_lazy("State"), state_of, kind="state"),
    )

    def rows(self) -> QuerySet[Scheme]:
        found: QuerySet[Scheme] = Scheme.objects.visible_to(self.actor).select_related("seller")
        return found

    def enrich(self, rows: list[Any]) -> None:
        names = audience_names(rows)
        for row in rows:
            row.audience = audience_of(row, names)

    def search(self, rows: QuerySet[Scheme], typed: str) -> QuerySet[Scheme]:
        return rows.filter(code__gte=typed.upper(), code__lt=typed.upper() + "\U0010ffff")

    def offers(self, column: Column) -> bool:
        return column.key != "seller" or self.actor.party_kind != MANUFACTURER

    def href(self, row: Scheme) -> str:
        return reverse("scheme", args=[row.id])

    def more(self) -> dict[str, Any]:
        return {"may_draft": self.actor.may("price.edit")}
