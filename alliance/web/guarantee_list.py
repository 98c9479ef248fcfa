"""The list of the guarantees of a month."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from accounts.web.permissions import entering
from alliance.models import GuaranteeMonth
from alliance.models.guarantee import GuaranteeKind
from alliance.queries import BROKEN, FULFILLED, last_measured_month, measured_months, results_in
from alliance.web.labels import GUARANTEES, guarantee_name, result_badge
from alliance.web.lists import month_of
from dealers.models import Party
from dealers.queries.parties import parties_like
from kernel.money import ZERO
from kernel.periods import months_after
from kernel.spelling import folded
from ui.web.components import hundredths
from ui.web.list_view import list_view
from ui.web.lists import Column, Empty, ListPage

RESULTS = (("broken", gettext_lazy("not met")), ("fulfilled", gettext_lazy("met")))
MEASURABLE_MONTHS = 12


class GuaranteeFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=GuaranteeKind.choices, label=gettext_lazy("guarantee"))
    result = django_filters.ChoiceFilter(choices=RESULTS, method="of_result", label=gettext_lazy("result"))

    class Meta:
        model = GuaranteeMonth
        fields: ClassVar[list[str]] = []

    def of_result(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(BROKEN if value == "broken" else FULFILLED)


def evidence_url(row: Any) -> str:
    address = reverse("contract-evidence", args=[row.contract_id])
    return f"{address}?kind={row.kind}&month={row.month:%Y-%m}"


def _version_of_it(row: Any) -> str:
    return f"v{row.contract.version}"


class Guarantees(ListPage):
    """The results of guarantees in one month, broken guarantees first."""

    name = "guarantees"
    title = gettext_lazy("Guarantees")
    filters = GuaranteeFilter
    search_hint = gettext_lazy("code of the contract, name or code of the member")
    order = "-broken"
    columns = (
        Column("contract", gettext_lazy("Contract"), "contract__code", kind="name", under=_version_of_it),
        Column("member", gettext_lazy("Member"), "contract__member__name", under="contract__member__code"),
        Column("dealer", gettext_lazy("Dealer"), "contract__dealer__name", under="contract__dealer__code"),
        Column("kind", gettext_lazy("Guarantee"), "get_kind_display"),
        Column("result", gettext_lazy("Result"), result_badge, kind="state"),
        Column("measured", gettext_lazy("Measurements"), kind="whole", sort="measured"),
        Column("broken", gettext_lazy("Measurements not met"), kind="whole", sort="broken"),
        Column("owed", gettext_lazy("Owed"), kind="money", sort="owed"),
        Column("booked", gettext_lazy("Booked"), kind="money", sort="booked"),
        Column(
            "evidence",
            gettext_lazy("Evidence"),
            evidence_url,
            cell="alliance/evidence_cell.html",
            exported="broken",
        ),
    )
    empty = Empty(
        gettext_lazy("Not measured yet"),
        gettext_lazy("Guarantees are measured each month from real deliveries of signed contracts."),
        "shield-check",
    )

    @cached_property
    def month(self) -> date | None:
        """Return the month of the query string, by default the last measured month."""
        return month_of(self.data.get("month", "")) or last_measured_month(self.actor)

    def rows(self) -> QuerySet[Any]:
        found: QuerySet[Any] = GuaranteeMonth.objects.visible_to(self.actor).filter(month=self.month)
        return found.select_related("contract__member", "contract__dealer")

    def search(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        parties = parties_like(Party.objects.all(), typed)
        return rows.filter(Q(contract__code__istartswith=folded(typed)) | Q(contract__member__in=parties))

    def href(self, row: Any) -> str:
        return reverse("contract", args=[row.contract_id])

    def more(self) -> dict[str, Any]:
        measure = {"may_measure": self.actor.may("guarantee.measure"), "passed": _passed_months()}
        if self.month is None:
            return {"month": None, "months": [], "results": [], **measure}
        results = results_in(self.actor, self.month)
        months = measured_months(self.actor)
        return {
            "month": self.month,
            "months": [
                (f"{one:%Y-%m}", date_format(one, "YEAR_MONTH_FORMAT"), one == self.month) for one in months
            ],
            "results": [_row(one) for one in results],
            "owed": sum((one.owed for one in results), ZERO),
            "booked": sum((one.booked for one in results), ZERO),
            **measure,
        }


def _passed_months() -> list[tuple[str, str]]:
    """Return the months that can be measured on demand, the last one first."""
    running = timezone.localdate().replace(day=1)
    months = [months_after(running, -back) for back in range(1, MEASURABLE_MONTHS + 1)]
    return [(f"{one:%Y-%m}", date_format(one, "YEAR_MONTH_FORMAT")) for one in months]


def _row(one: Any) -> dict[str, Any]:
    """Return the results of a guarantee, with the widths of a bar that is 100 wide."""
    fulfilled, broken = hundredths(one.fulfilled, one.promised), hundredths(one.broken, one.promised)
    return {
        "name": guarantee_name(one.kind),
        "icon": GUARANTEES[one.kind][1],
        "row": one,
        "fulfilled": fulfilled,
        "broken": broken,
    }


guarantees = entering("contract.view")(list_view(Guarantees, template="alliance/guarantees.html"))
