"""The scorecard of guarantees by member, dealer, region and month, and the running month of a partner."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.models import Breach, Contract
from alliance.models.guarantee import GuaranteeKind
from alliance.queries import last_measured_month
from alliance.queries.scorecards import (
    DEALER,
    MEMBER,
    MONTH,
    REGION,
    TREND_MONTHS,
    ScorecardRow,
    running_guarantees,
    scorecard,
)
from alliance.web.breach_labels import breach_badge, standing_badge
from alliance.web.labels import GUARANTEES, guarantee_name
from alliance.web.lists import month_of
from kernel.periods import months_after
from kernel.typed_input import UnreadableInput, read_count
from ui.web.components import hundredths, sparkline

PAGE_ROWS, MAX_PAGES = 50, 10_000
MAX_CONTRACTS, MAX_BREACHES = 20, 20
GROUPS = {
    MEMBER: gettext_lazy("By member"),
    DEALER: gettext_lazy("By dealer"),
    REGION: gettext_lazy("By region"),
    MONTH: gettext_lazy("By month"),
}


@entering("contract.view")
@require_GET
def scorecards(request: ActorRequest) -> HttpResponse:
    """Display the guarantees of twelve months, grouped; the most broken first."""
    actor = request.actor
    group = request.GET.get("by", MEMBER)
    if group not in GROUPS:
        group = MEMBER
    month = month_of(request.GET.get("month", "")) or last_measured_month(actor)
    page_number = _page_number(request.GET.get("page", ""))
    rows: list[ScorecardRow] = []
    total = 0
    if month is not None:
        offset = (page_number - 1) * PAGE_ROWS
        rows, total = scorecard(actor, by=group, month=month, limit=PAGE_ROWS, offset=offset)
    page = {
        "groups": [(key, label, key == group) for key, label in GROUPS.items()],
        "group": group,
        "group_name": GROUPS[group],
        "month": month,
        "since": months_after(month, 1 - TREND_MONTHS) if month else None,
        "kinds": [guarantee_name(kind) for kind in GuaranteeKind.values],
        "rows": [_line(one, group) for one in rows],
        "total": total,
        "has_trend": group != MONTH,
        "before": _address(group, month, page_number - 1) if page_number > 1 else "",
        "after": _address(group, month, page_number + 1) if page_number * PAGE_ROWS < total else "",
    }
    return render(request, "alliance/scorecards.html", page)


def _page_number(typed: str) -> int:
    try:
        return max(1, read_count(typed, max_count=MAX_PAGES))
    except UnreadableInput:
        return 1


def _address(group: str, month: date | None, number: int) -> str:
    chosen = {"by": group, "page": number} | ({"month": f"{month:%Y-%m}"} if month else {})
    return f"?{urlencode(chosen)}"


def _line(row: ScorecardRow, group: str) -> dict[str, Any]:
    name = date_format(row.key, "YEAR_MONTH_FORMAT") if group == MONTH else row.name or _("without a region")
    url = ""
    if group == MONTH:
        url = f"{reverse('guarantees')}?month={row.key:%Y-%m}&result=broken"
    elif group in (MEMBER, DEALER):
        url = f"{reverse('breaches')}?party={row.key}"
    return {
        "row": row,
        "name": name,
        "url": url,
        "kinds": [(guarantee_name(kind), measured, broken) for kind, (measured, broken) in row.kinds.items()],
        "fulfilled": hundredths(row.fulfilled, row.measured),
        "broken": hundredths(row.broken, row.measured),
        "spark": sparkline(row.trend),
    }


@entering("contract.view")
@require_GET
def this_month(request: ActorRequest) -> HttpResponse:
    """Display the guarantees of the running month of the actor's contracts, and the open breaches."""
    actor, today = request.actor, timezone.localdate()
    active = Contract.objects.visible_to(actor).filter(
        state=Contract.State.ACTIVE, starts_on__lte=today, until__gt=today
    )
    contracts = list(active.select_related("member", "dealer").order_by("code")[: MAX_CONTRACTS + 1])
    standings = running_guarantees(contracts[:MAX_CONTRACTS], today=today)
    waiting = Breach.objects.visible_to(actor).filter(state__in=(Breach.State.OPEN, Breach.State.REPLIED))
    breaches = list(waiting.select_related("contract__member").order_by("reply_by", "id")[:MAX_BREACHES])
    page = {
        "today": today,
        "contracts": [
            {
                "contract": one,
                "guarantees": [
                    {
                        "name": guarantee_name(kind),
                        "icon": GUARANTEES[kind][1],
                        "badge": standing_badge(standings[one.id, kind].standing.state),
                        "row": standings[one.id, kind],
                        "url": _evidence_of(one, kind, today),
                    }
                    for kind in GuaranteeKind
                ],
            }
            for one in contracts[:MAX_CONTRACTS]
        ],
        "cut": len(contracts) > MAX_CONTRACTS,
        "breaches": [
            (one, guarantee_name(one.kind), breach_badge(one, today), one.reply_by >= today)
            for one in breaches
        ],
    }
    return render(request, "alliance/this_month.html", page)


def _evidence_of(contract: Contract, kind: str, today: date) -> str:
    return f"{reverse('contract-evidence', args=[contract.id])}?kind={kind}&month={today:%Y-%m}"
