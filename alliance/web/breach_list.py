"""The list of breaches."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.web.permissions import entering
from alliance.models import Breach
from alliance.models.guarantee import GuaranteeKind
from alliance.web.breach_labels import breach_badge
from alliance.web.lists import month_of
from dealers.models import Party
from dealers.queries.parties import parties_like, visible_parties
from kernel.spelling import folded
from ui.web.filters import RowFilter
from ui.web.list_view import list_view
from ui.web.lists import Column, Empty, ListPage, Tab

State = Breach.State


class BreachFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=State.choices, label=gettext_lazy("state"))
    kind = django_filters.ChoiceFilter(choices=GuaranteeKind.choices, label=gettext_lazy("guarantee"))
    decision = django_filters.ChoiceFilter(choices=Breach.Decision.choices, label=gettext_lazy("decision"))
    party = RowFilter(queryset=visible_parties, method="of_party", label=gettext_lazy("partner"))

    class Meta:
        model = Breach
        fields: ClassVar[list[str]] = []

    def of_party(self, rows: QuerySet[Any], name: str, value: Party) -> QuerySet[Any]:
        return rows.filter(Q(contract__member=value) | Q(contract__dealer=value))


def _version(row: Any) -> str:
    return f"v{row.contract.version}"


def _month(row: Any) -> str:
    return date_format(row.month, "YEAR_MONTH_FORMAT")


class Breaches(ListPage):
    """The breaches of guarantees, those that wait for somebody first."""

    name = "breaches"
    title = gettext_lazy("Breaches")
    filters = BreachFilter
    search_hint = gettext_lazy("code of the contract, name or code of the member")
    order = "-opened_at"
    tabs = (
        Tab(gettext_lazy("All")),
        Tab(gettext_lazy("Waits for replies"), "state=open"),
        Tab(pgettext_lazy("breach", "To decide"), "state=replied"),
        Tab(pgettext_lazy("breach", "Decided"), "state=decided"),
        Tab(gettext_lazy("Booked"), "state=booked"),
    )
    columns = (
        Column("contract", gettext_lazy("Contract"), "contract__code", kind="name", under=_version),
        Column("member", gettext_lazy("Member"), "contract__member__name", under="contract__member__code"),
        Column(
            "dealer",
            gettext_lazy("Dealer"),
            "contract__dealer__name",
            under="contract__dealer__code",
            phone="hidden",
        ),
        Column("kind", gettext_lazy("Guarantee"), "get_kind_display", under=_month),
        Column("badge", gettext_lazy("State"), kind="state"),
        Column("amount", gettext_lazy("Owed"), kind="money", sort="amount"),
        Column("booked", gettext_lazy("Booked"), kind="money", sort="booked"),
        Column("reply_by", gettext_lazy("Reply by"), kind="day", sort="reply_by", phone="hidden"),
        Column("opened_at", gettext_lazy("Opened"), kind="day", sort="opened_at", displayed=False),
    )
    empty = Empty(
        gettext_lazy("No breach"),
        gettext_lazy("A guarantee that was not met, and for which money is owed, is found here."),
        "shield-check",
    )

    def rows(self) -> QuerySet[Any]:
        found: QuerySet[Any] = Breach.objects.visible_to(self.actor)
        month = month_of(self.data.get("month", ""))
        if month is not None:
            found = found.filter(month=month)
        return found.select_related("contract__member", "contract__dealer")

    def search(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        parties = parties_like(Party.objects.all(), typed)
        return rows.filter(Q(contract__code__istartswith=folded(typed)) | Q(contract__member__in=parties))

    def enrich(self, rows: list[Any]) -> None:
        today = timezone.localdate()
        for row in rows:
            row.badge = breach_badge(row, today)

    def href(self, row: Any) -> str:
        return reverse("breach", args=[row.id])

    def mood(self, row: Any) -> tuple[str, str]:
        if row.state == State.REPLIED:
            return "warn", _("waits for a decision")
        if row.state == State.OPEN and row.reply_by < timezone.localdate():
            return "warn", _("no reply in time")
        return "", ""


breaches = entering("contract.view")(list_view(Breaches))
