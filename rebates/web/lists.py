"""The list pages of programs, settlements and statements."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import DecimalField, F, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.rights import actor_of
from dealers.models import Party
from dealers.queries.parties import parties_like, visible_parties
from jobs.models import Job
from rebates.models import Program, Settlement, Statement
from rebates.queries.totals import sees_totals
from rebates.web.measures import base_text, rate_text, step_text
from ui.web.components import Badge
from ui.web.filters import RowFilter
from ui.web.joined_lists import join_list
from ui.web.lists import Column, Empty, ListPage, Tab
from ui.web.shortcuts import get_visible_or_404
from ui.web.typed_filters import DayRangeFilter

NEAR = Decimal("0.01")
EVERY = {
    Program.Interval.MONTH: gettext_lazy("every month"),
    Program.Interval.QUARTER: gettext_lazy("every quarter"),
    Program.Interval.YEAR: gettext_lazy("every year"),
}
PROGRAM_STATES = {"draft": ("warn", "pencil"), "active": ("good", "circle-check"), "ended": ("", "ban")}


def program_state(program: Program) -> Badge:
    mood, icon = PROGRAM_STATES[program.state]
    return Badge(program.get_state_display(), mood, icon)


def rhythm_of(program: Program) -> str:
    return str(EVERY[Program.Interval(program.settled_every)])


def period_of(settlement: Settlement) -> str:
    """Return "June 2026" for a calendar month, otherwise the first and last day."""
    start, last = settlement.starts_on, settlement.until - timedelta(days=1)
    if start.day == 1 and (start.year, start.month) == (last.year, last.month):
        return date_format(start, "YEAR_MONTH_FORMAT")
    return f"{start:%Y-%m-%d} – {last:%Y-%m-%d}"


class ProgramFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=Program.State.choices, label=gettext_lazy("state"))

    class Meta:
        model = Program
        fields: ClassVar[list[str]] = []


class Programs(ListPage):
    name = "programs"
    title = gettext_lazy("Rebate programs")
    filters = ProgramFilter
    order = "-starts_on"
    tall = True
    empty = Empty(gettext_lazy("No program yet"), gettext_lazy("The admin drafts them."), "receipt-yuan")
    columns = (
        Column("name", gettext_lazy("Program"), kind="name", under="code"),
        Column("method", gettext_lazy("Method"), "get_method_display", under="get_measure_display"),
        Column("tiers", gettext_lazy("Steps"), lambda row: join_list(steps_of(row.tiers, row.measure))),
        Column("every", gettext_lazy("Settled every"), rhythm_of),
        Column("starts_on", gettext_lazy("From"), kind="day", sort="starts_on"),
        Column("last", gettext_lazy("Until"), lambda row: row.until - timedelta(days=1), kind="day"),
        Column("state", gettext_lazy("State"), program_state, kind="state"),
    )

    def rows(self) -> QuerySet[Program]:
        found: QuerySet[Program] = Program.objects.visible_to(self.actor)
        return found

    def href(self, row: Program) -> str:
        return f"{reverse('settlements')}?program={row.id}"


def steps_of(tiers: list[dict[str, Any]], measure: str) -> list[str]:
    """Return each step as text, such as "50,000: 1%" or "2,000 base units: 0.05 per base unit"."""
    return [f"{step_text(step['from'], measure)}: {rate_text(step['rate'], measure)}" for step in tiers]


def unit_of(statement: Statement) -> str:
    """Return the unit of a statement's base where it is not money."""
    is_quantity = statement.settlement.terms.get("measure") == Program.Measure.QUANTITY
    return _("base units") if is_quantity else ""


class ProgramChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Program) -> str:
        return obj.name


class ProgramChoiceFilter(django_filters.ModelChoiceFilter):
    field_class = ProgramChoice


def visible_programs(request: Any) -> QuerySet[Program]:
    found: QuerySet[Program] = Program.objects.visible_to(actor_of(request)).order_by("name")
    return found


class SettlementFilter(django_filters.FilterSet):
    program = ProgramChoiceFilter(
        queryset=visible_programs, field_name="program", label=gettext_lazy("program")
    )
    starts = DayRangeFilter(field_name="starts_on", label=gettext_lazy("period"))

    class Meta:
        model = Settlement
        fields: ClassVar[list[str]] = []


def settlement_state(settlement: Any) -> Badge:
    if settlement.settled_at is not None:
        return Badge(pgettext("settlement", "settled"), "good", "circle-check")
    job = settlement.job
    if job is not None and job.state in (Job.State.FAILED, Job.State.STOPPED):
        return Badge(job.get_state_display(), "bad", "alert-octagon")
    return Badge(_("running"), "info", "progress")


class Settlements(ListPage):
    name = "settlements"
    title = gettext_lazy("Settlements")
    filters = SettlementFilter
    order = "-starts_on"
    tall = True
    empty = Empty(
        gettext_lazy("Nothing is settled yet"),
        gettext_lazy("Each period is settled by itself on the first day after it."),
        "receipt-yuan",
    )
    columns = (
        Column("program", gettext_lazy("Program"), "program__name", kind="name", under="program__code"),
        Column("period", gettext_lazy("Period"), period_of),
        Column("state", gettext_lazy("State"), settlement_state, kind="state"),
        Column("parties", gettext_lazy("Partners"), lambda row: row.visible_parties, kind="whole"),
        Column("due", gettext_lazy("Due"), lambda row: row.visible_due, kind="money"),
        Column("settled_at", gettext_lazy("Settled"), kind="moment"),
    )

    def rows(self) -> QuerySet[Settlement]:
        found: QuerySet[Settlement] = Settlement.objects.visible_to(self.actor)
        return found.select_related("program", "job")

    def enrich(self, rows: list[Any]) -> None:
        for row in rows:
            may_see_totals = sees_totals(self.actor, row.program)
            row.visible_parties, row.visible_due = (row.parties, row.due) if may_see_totals else (None, None)

    def href(self, row: Settlement) -> str:
        return reverse("settlement", args=[row.id])


class StatementFilter(django_filters.FilterSet):
    party = RowFilter(queryset=visible_parties, field_name="party", label=gettext_lazy("partner"))
    exception = django_filters.ChoiceFilter(
        method="of_kind",
        label=gettext_lazy("exception"),
        choices=[
            ("negative", gettext_lazy("negative")),
            ("near", gettext_lazy("near the next step")),
            ("capped", gettext_lazy("at the cap")),
            ("late", gettext_lazy("late deliveries")),
            ("nothing", gettext_lazy("nothing due")),
        ],
    )

    class Meta:
        model = Statement
        fields: ClassVar[list[str]] = []

    def of_kind(self, rows: QuerySet[Statement], name: str, value: str) -> QuerySet[Statement]:
        """Keep the statements with one exception; as `exception_of`, in SQL."""
        if value == "negative":
            return rows.filter(due__lt=0)
        if value == "nothing":
            return rows.filter(due=0)
        if value == "capped":
            return rows.filter(why__has_key="capped_at")
        if value == "late":
            return rows.filter(why__has_key="carried")
        number = DecimalField(max_digits=18, decimal_places=2)
        rows = rows.filter(why__has_key="missing").annotate(
            missing=Cast(KeyTextTransform("missing", "why"), number),
            next_from=Cast(KeyTextTransform("next_from", "why"), number),
        )
        return rows.filter(missing__lte=F("next_from") * NEAR)


def exception_of(statement: Statement) -> Badge:
    """Return the most serious exception of a statement, or a neutral badge if it has none."""
    why = statement.why
    if statement.due < 0:
        return Badge(_("negative"), "bad", "alert-octagon")
    if "carried" in why:
        return Badge(_("late deliveries"), "info", "arrows-left-right")
    if "capped_at" in why:
        return Badge(_("at the cap"), "info", "arrow-bar-to-up")
    if why.get("missing") and Decimal(why["missing"]) <= Decimal(why["next_from"]) * NEAR:
        return Badge(
            _("%(missing)s to the next step")
            % {"missing": base_text(why["missing"], statement.settlement.terms.get("measure", ""))},
            "warn",
            "alert-triangle",
        )
    return Badge("—")


class Statements(ListPage):
    """All statements that are visible to the actor."""

    name = "statements"
    title = gettext_lazy("Rebate statements")
    filters = StatementFilter
    search_hint = gettext_lazy("name, pinyin initials, code, phone")
    order = "-id"
    tall = True
    empty = Empty(
        gettext_lazy("No statement yet"),
        gettext_lazy("The first settlement will show it, with the deliveries that it comes from."),
        "receipt-yuan",
    )
    tabs = (
        Tab(gettext_lazy("All")),
        Tab(gettext_lazy("Negative"), "exception=negative"),
        Tab(gettext_lazy("Near the next step"), "exception=near"),
        Tab(gettext_lazy("At the cap"), "exception=capped"),
        Tab(gettext_lazy("Late deliveries"), "exception=late"),
        Tab(gettext_lazy("Nothing due"), "exception=nothing"),
    )
    columns = (
        Column(
            "party", gettext_lazy("Partner"), "party__name", kind="name", under="settlement__program__name"
        ),
        Column("period", gettext_lazy("Period"), lambda row: period_of(row.settlement)),
        Column("exception", gettext_lazy("Exception"), exception_of, kind="state"),
        Column("base", gettext_lazy("Base"), kind="money", sort="base", displayed=False, under=unit_of),
        Column("cumulative", gettext_lazy("Cumulative"), kind="money", sort="cumulative", under=unit_of),
        Column("earned", gettext_lazy("Earned so far"), kind="money", sort="earned", displayed=False),
        Column("due", gettext_lazy("Due"), kind="money", sort="due", cell="rebates/due_cell.html"),
    )

    def rows(self) -> QuerySet[Statement]:
        rows: QuerySet[Statement] = Statement.objects.visible_to(self.actor)
        return rows.select_related("party", "settlement", "settlement__program")

    def search(self, rows: QuerySet[Statement], typed: str) -> QuerySet[Statement]:
        return rows.filter(party__in=parties_like(Party.objects.all(), typed))

    def href(self, row: Statement) -> str:
        return reverse("statement", args=[row.id])

    def mood(self, row: Statement) -> tuple[str, str]:
        return ("bad", "") if row.due < 0 else ("", "")


class StatementsOf(Statements):
    """The statements of the settlement that the path names."""

    name = "statements-of"
    order = "-due"

    @cached_property
    def settlement(self) -> Settlement:
        rows = Settlement.objects.select_related("program", "job")
        found: Settlement = get_visible_or_404(rows, self.actor, id=self.kwargs["settlement_id"])
        return found

    def rows(self) -> QuerySet[Statement]:
        return super().rows().filter(settlement=self.settlement)

    def more(self) -> dict[str, Any]:
        row = self.settlement
        return {
            "row": row,
            "badge": settlement_state(row),
            "period": period_of(row),
            "sells": sees_totals(self.actor, row.program),
            "job": row.job if row.settled_at is None and self.actor.may("job.view") else None,
        }
