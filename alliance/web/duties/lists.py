"""The list of duties: what is overdue first; a partner sees its own side's."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.web.permissions import entering
from alliance.models import ContractRole, Duty, DutyState, Link
from alliance.web.duties.labels import SIDES, duty_badge, late_label, role_label
from alliance.web.lists import month_of
from dealers.models import Party
from dealers.queries.parties import (
    parties_in,
    parties_like,
    region_by_code,
    region_by_name,
    visible_parties,
)
from kernel.periods import months_after
from kernel.spelling import folded
from ui.web.filters import RowFilter, YesNoFilter
from ui.web.list_view import list_view
from ui.web.lists import Column, Empty, ListPage, Tab
from ui.web.typed_input import UnreadableField


class DutyFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(
        choices=DutyState.choices, method="of_state", label=gettext_lazy("state")
    )
    link = django_filters.ChoiceFilter(
        field_name="responsibility__link", choices=Link.choices, label=gettext_lazy("link")
    )
    side = django_filters.ChoiceFilter(
        field_name="responsibility__role", choices=ContractRole.choices, label=gettext_lazy("side")
    )
    region = django_filters.CharFilter(method="inside", label=gettext_lazy("region"))
    month = django_filters.CharFilter(method="of_month", label=gettext_lazy("month, as 2026-05"))
    mine = YesNoFilter(method="of_person", label=gettext_lazy("mine"))
    party = RowFilter(queryset=visible_parties, method="of_party", label=gettext_lazy("partner"))
    contract = django_filters.UUIDFilter(field_name="contract_id", label=gettext_lazy("contract"))

    class Meta:
        model = Duty
        fields: ClassVar[list[str]] = []

    def of_state(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        return rows.filter(state__in=value) if value else rows

    def inside(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        typed = value.strip()
        found = region_by_code(typed) or region_by_name(typed)
        if found is None:
            return rows.none()
        return rows.filter(contract__member__in=parties_in(Party.objects.all(), found.code))

    def of_month(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        try:
            first = month_of(value.strip())
        except UnreadableField:
            first = None
        return rows.filter(due_on__gte=first, due_on__lt=months_after(first, 1)) if first else rows.none()

    def of_person(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        mine = Duty.objects.of_person(self.request.actor)
        return rows.filter(id__in=mine) if value else rows.exclude(id__in=mine)

    def of_party(self, rows: QuerySet[Any], name: str, value: Party) -> QuerySet[Any]:
        return rows.filter(Q(contract__member=value) | Q(contract__dealer=value))


def _link(row: Duty) -> str:
    side = SIDES[ContractRole(row.responsibility.role)]
    return f"{row.responsibility.get_link_display()} · {side}"


def _badge(row: Any) -> Any:
    return duty_badge(row.state)


class Duties(ListPage):
    """The due occurrences of responsibilities, what is overdue first."""

    name = "duties"
    title = gettext_lazy("Duties")
    filters = DutyFilter
    search_hint = gettext_lazy("code of the contract, name or code of a partner")
    order = "urgency"
    tabs = (
        Tab(gettext_lazy("All")),
        Tab(gettext_lazy("Mine"), "mine=true"),
        Tab(pgettext_lazy("duty", "Overdue"), "state=overdue"),
        Tab(gettext_lazy("No evidence"), "state=no_evidence"),
        Tab(pgettext_lazy("duty", "Due"), "state=due"),
        Tab(gettext_lazy("Fulfilled"), "state=fulfilled"),
    )
    columns = (
        Column("duty", gettext_lazy("Duty"), "responsibility__duty", kind="name", under=_link),
        Column("state", gettext_lazy("State"), _badge, kind="state", sort="urgency", under=late_label),
        Column("due_on", gettext_lazy("Due on"), kind="day", sort="due_on"),
        Column("member", gettext_lazy("Member"), "contract__member__name", under="contract__code"),
        Column("dealer", gettext_lazy("Dealer"), "contract__dealer__name", phone="hidden"),
        Column("owner", gettext_lazy("Role"), lambda row: role_label(row.responsibility.owner_role)),
        Column(
            "proof",
            gettext_lazy("Fulfilled by"),
            lambda row: row.responsibility.get_proof_display(),
            phone="hidden",
        ),
    )
    empty = Empty(
        gettext_lazy("No duties yet"),
        gettext_lazy("The responsibilities of contracts in force fall due here, by their rhythm."),
        "checklist",
    )

    def rows(self) -> QuerySet[Any]:
        found: QuerySet[Any] = Duty.objects.visible_to(self.actor).with_state(self.today)
        return found.select_related("responsibility", "contract__member", "contract__dealer")

    @property
    def today(self) -> date:
        return timezone.localdate()

    def search(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        parties = parties_like(Party.objects.all(), typed)
        return rows.filter(
            Q(contract__code__istartswith=folded(typed))
            | Q(contract__member__in=parties)
            | Q(contract__dealer__in=parties)
        )

    def href(self, row: Any) -> str:
        return reverse("duty", args=[row.id])

    def mood(self, row: Any) -> tuple[str, str]:
        if row.state == DutyState.OVERDUE:
            days = (self.today - row.due_on).days
            return "bad", _("%(days)s days late") % {"days": days}
        return "", ""


duties = entering("duty.view")(list_view(Duties))
