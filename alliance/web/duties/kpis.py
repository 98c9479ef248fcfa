"""The KPIs of a contract: the score of a month, its trend, and entries by hand."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.domain.kpis import KpiResult, KpiScore, score_of
from alliance.models import Contract, Kpi, KpiMetric, KpiMonth
from alliance.operations.kpi_months import MEASURED, enter_kpi
from alliance.web.contracts import visible_contract
from alliance.web.lists import month_of
from kernel.refusals import Refusal
from ui.web.components import sparkline
from ui.web.submit_once import once
from ui.web.typed_input import AmountField

MAX_MONTHS = 12
UNTIL_THEN = {
    KpiMetric.VISITS: gettext_lazy("measured once visits are recorded here"),
    KpiMetric.DISPLAYS: gettext_lazy("measured once display audits are recorded here"),
    KpiMetric.ANSWERS: gettext_lazy("measured once requests are answered here"),
    KpiMetric.TRAINING: gettext_lazy("measured once trainings are recorded here"),
    KpiMetric.MARKET_ORDER: gettext_lazy("measured once breaches of the region are decided here"),
}


class EntryForm(forms.Form):
    kpi = forms.ModelChoiceField(queryset=Kpi.objects.none(), label=gettext_lazy("KPI"))
    actual = AmountField(label=gettext_lazy("Result"), max_digits=14)
    note = forms.CharField(
        label=gettext_lazy("Where the figure comes from"), max_length=300, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, data: Any, contract: Contract) -> None:
        super().__init__(data)
        rows = Kpi.objects.filter(contract=contract).exclude(metric__in=MEASURED)
        self.kpis = rows.order_by("metric")
        field: Any = self.fields["kpi"]
        field.queryset = self.kpis


def score(rows: list[KpiMonth]) -> KpiScore:
    """Return the score of the KPIs of a month."""
    return score_of(KpiResult(row.kpi.metric, row.target, row.weight, row.actual) for row in rows)


@once
def _kpis(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    actor = request.actor
    found = visible_contract(actor, contract_id)
    months = _months(found)
    month = month_of(request.GET.get("month", "")) or max(months, default=None)
    form = EntryForm(request.POST or None, found)
    may_enter = actor.may("kpi.enter") and month is not None
    if request.method == "POST" and form.is_valid() and month is not None:
        typed = form.cleaned_data
        given = {"kpi_id": typed["kpi"].id, "actual": typed["actual"], "note": typed["note"]}
        try:
            with transaction.atomic():
                enter_kpi(**given, month=month, by=actor, at=timezone.now())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The result is entered."))
            return redirect(_address(found, month))
    page = {
        "contract": found,
        "month": month,
        "months": [(one, _address(found, one), one == month) for one in sorted(months, reverse=True)],
        "form": form if may_enter and form.kpis.exists() else None,
        **_results(months, month),
    }
    return render(request, "alliance/kpis.html", page, status=422 if form.errors else 200)


def _months(contract: Contract) -> dict[date, list[KpiMonth]]:
    rows = KpiMonth.objects.filter(kpi__contract=contract).select_related("kpi").order_by("-month", "-weight")
    found: dict[date, list[KpiMonth]] = defaultdict(list)
    for row in rows:
        if row.month in found or len(found) < MAX_MONTHS:
            found[row.month].append(row)
    return dict(found)


def _results(months: dict[date, list[KpiMonth]], month: date | None) -> dict[str, Any]:
    scores = {one: score(rows) for one, rows in sorted(months.items())}
    now = scores.get(month) if month else None
    trend = [(one, result.score) for one, result in scores.items() if result.score is not None]
    return {
        "score": now,
        "rows": [_row(one) for one in months.get(month, [])] if month else [],
        "trend": trend,
        "spark": sparkline([value for _month, value in trend]),
    }


def _row(row: KpiMonth) -> dict[str, Any]:
    reached = KpiResult(row.kpi.metric, row.target, row.weight, row.actual).reached
    return {
        "row": row,
        "name": row.kpi.get_metric_display(),
        "reached": None if reached is None else reached * Decimal(100),
        "why": UNTIL_THEN.get(KpiMetric(row.kpi.metric), ""),
    }


def _address(contract: Contract, month: date) -> str:
    return f"{reverse('contract-kpis', args=[contract.id])}?month={month:%Y-%m}"


kpis = entering("contract.view")(_kpis)
