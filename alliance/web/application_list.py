"""The list of applications."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.web.permissions import entering
from alliance.models import Application
from alliance.web.recruitment_labels import application_badge
from kernel.spelling import folded
from ui.web.list_view import list_view
from ui.web.lists import Column, Empty, ListPage, Tab


class ApplicationFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(
        choices=Application.State.choices, label=gettext_lazy("state")
    )
    kind = django_filters.ChoiceFilter(
        choices=Application.Kind.choices, label=gettext_lazy("wants to become")
    )

    class Meta:
        model = Application
        fields: ClassVar[list[str]] = []


class Applications(ListPage):
    """The applications of the actor's territories, the newest first."""

    name = "applications"
    title = gettext_lazy("Recruitment")
    filters = ApplicationFilter
    search_hint = gettext_lazy("number, company, phone or credit code")
    tabs = (
        Tab(gettext_lazy("All")),
        Tab(pgettext_lazy("application", "Received"), "state=received"),
        Tab(gettext_lazy("In review"), "state=reviewing"),
        Tab(gettext_lazy("Asked back"), "state=questioned"),
        Tab(gettext_lazy("Accepted"), "state=accepted"),
        Tab(gettext_lazy("Refused"), "state=refused"),
    )
    columns = (
        Column("company", gettext_lazy("Company"), kind="name", sort="company", under="code"),
        Column("kind", gettext_lazy("Wants to become"), "get_kind_display"),
        Column("region", gettext_lazy("Region"), "region__full_name"),
        Column("contact", gettext_lazy("Contact"), under="phone", phone="hidden"),
        Column("outlets", gettext_lazy("Outlets"), kind="whole", sort="outlets"),
        Column("files", gettext_lazy("Files"), kind="whole", phone="hidden"),
        Column("score", gettext_lazy("Score"), sort="score"),
        Column("badge", gettext_lazy("State"), kind="state"),
        Column("received_at", gettext_lazy("Sent in"), kind="moment", sort="received_at"),
    )
    order = "-received_at"
    empty = Empty(
        gettext_lazy("No application yet"),
        gettext_lazy("Put the address of the application form on your site and in your messages."),
        "user-plus",
    )

    def rows(self) -> QuerySet[Any]:
        found: QuerySet[Any] = Application.objects.visible_to(self.actor).select_related("region")
        return found.annotate(files=Count("documents"))

    def search(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        words = folded(typed)
        return rows.filter(
            Q(code__istartswith=words)
            | Q(company__icontains=typed)
            | Q(phone__endswith=words)
            | Q(uscc__istartswith=words)
        )

    def enrich(self, rows: list[Any]) -> None:
        for row in rows:
            row.badge = application_badge(row)

    def href(self, row: Any) -> str:
        return reverse("application", args=[row.id])


applications = entering("recruitment.view")(list_view(Applications, template="alliance/applications.html"))
