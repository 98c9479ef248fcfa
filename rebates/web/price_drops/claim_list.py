"""The list of price-drop claims, of a seller and of a partner."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.web.permissions import entering
from dealers.models import Party
from dealers.queries.parties import parties_like, visible_parties
from kernel.spelling import folded
from rebates.models import PriceDropClaim
from rebates.web.price_drops.labels import claim_badge
from ui.web.filters import RowFilter
from ui.web.list_view import list_view
from ui.web.lists import Column, Empty, ListPage, Tab

State = PriceDropClaim.State


class ClaimFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=State.choices, label=gettext_lazy("state"))
    reply = django_filters.ChoiceFilter(choices=PriceDropClaim.Reply.choices, label=gettext_lazy("reply"))
    party = RowFilter(queryset=visible_parties, field_name="party", label=gettext_lazy("partner"))
    question = django_filters.BooleanFilter(
        method="with_question", label=gettext_lazy("units without a receipt")
    )

    class Meta:
        model = PriceDropClaim
        fields: ClassVar[list[str]] = []

    def with_question(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        is_open = Q(unmatched__gt=0, answer="", state__in=(State.WAITING, State.REPLIED))
        return rows.filter(is_open) if value else rows.exclude(is_open)


class PriceDropClaims(ListPage):
    """The price-drop claims, newest first."""

    name = "price-drop-claims"
    title = gettext_lazy("Price-drop claims")
    filters = ClaimFilter
    search_hint = gettext_lazy("code of the price list, name or code of the partner")
    order = "-sent_at"
    tabs = (
        Tab(gettext_lazy("All")),
        Tab(gettext_lazy("Waits for the partner"), "state=waiting"),
        Tab(pgettext_lazy("price-drop claim", "To decide"), "state=replied"),
        Tab(gettext_lazy("With a question"), "question=true"),
        Tab(pgettext_lazy("price-drop claim", "Posted"), "state=posted"),
    )
    columns = (
        Column("party", gettext_lazy("Partner"), "party__name", kind="name", under="party__code"),
        Column(
            "list",
            gettext_lazy("Price list"),
            "drop__price_list__code",
            under="drop__seller__name",
            phone="hidden",
        ),
        Column("effective", gettext_lazy("Price falls on"), "drop__effective", kind="day"),
        Column("badge", gettext_lazy("State"), kind="state"),
        Column("amount", gettext_lazy("Compensation"), kind="money", sort="amount"),
        Column("reply", gettext_lazy("Reply"), "get_reply_display", phone="hidden"),
        Column("unmatched", gettext_lazy("Units without a receipt"), kind="whole", phone="hidden"),
        Column("reply_by", gettext_lazy("Reply by"), kind="day", sort="reply_by", phone="hidden"),
        Column("sent_at", gettext_lazy("Sent"), kind="day", sort="sent_at", displayed=False),
    )
    empty = Empty(
        gettext_lazy("No price-drop claim"),
        gettext_lazy("When a published price list lowers prices, the stock of partners is compensated here."),
        "receipt-yuan",
    )

    def rows(self) -> QuerySet[Any]:
        found: QuerySet[Any] = PriceDropClaim.objects.visible_to(self.actor)
        return found.select_related("party", "drop__price_list", "drop__seller")

    def search(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        parties = parties_like(Party.objects.all(), typed)
        return rows.filter(Q(drop__price_list__code__istartswith=folded(typed)) | Q(party__in=parties))

    def enrich(self, rows: list[Any]) -> None:
        for row in rows:
            row.badge = claim_badge(row)

    def href(self, row: Any) -> str:
        return reverse("price-drop-claim", args=[row.id])

    def mood(self, row: Any) -> tuple[str, str]:
        if row.has_open_question and row.state in (State.WAITING, State.REPLIED):
            return "warn", _("units without a receipt")
        return "", ""


claims = entering("price_drop.view")(list_view(PriceDropClaims))
