"""The channel plans: their list, the page of one with its monthly tracking, and its transitions."""

from __future__ import annotations

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
from django.views.decorators.http import require_GET, require_POST

from accounts.rights import MANUFACTURER
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.models import ChannelPlan, PlanMetric, PlanObjective, PlanTarget
from alliance.operations.plans.drafting import draft_plan
from alliance.operations.plans.objectives import activate_plan, hand_down_plan
from alliance.queries.plans import TargetProgress, lagging_targets, targets_with_progress
from alliance.web.plans.labels import (
    metric_label,
    objective_badge,
    plan_badge,
    progress_row,
    target_name,
)
from kernel.refusals import Refusal
from ui.web.actions import attempt
from ui.web.list_view import list_view
from ui.web.lists import Column, Empty, ListPage
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once
from ui.web.typed_input import CountField

State = ChannelPlan.State
MAX_OPEN = 20


class Plans(ListPage):
    """The channel plans of the years, the newest first."""

    name = "plans"
    title = gettext_lazy("Channel plan")
    order = "-year"
    columns = (
        Column("name", gettext_lazy("Plan"), kind="name", under="code"),
        Column("year", gettext_lazy("Year"), lambda row: str(row.year), sort="year"),
        Column("state", gettext_lazy("State"), plan_badge, kind="state"),
        Column("measured_at", gettext_lazy("Measured at"), kind="moment"),
    )
    empty = Empty(
        gettext_lazy("No channel plan yet"),
        gettext_lazy("Draft the plan of the year: targets by region, channel and category."),
        "target-arrow",
    )

    def rows(self) -> Any:
        return ChannelPlan.objects.visible_to(self.actor)

    def href(self, row: Any) -> str:
        return reverse("plan", args=[row.id])

    def more(self) -> dict[str, Any]:
        return {"may_draft": self.actor.may("plan.edit")}


plans = entering("plan.view", kinds=(MANUFACTURER,))(list_view(Plans, template="alliance/plans.html"))


class PlanForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    year = CountField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)


@once
def _new(request: ActorRequest) -> HttpResponse:
    year = timezone.localdate().year
    form = PlanForm(request.POST or None, initial={"year": year})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = draft_plan(**form.cleaned_data, by=request.actor, at=timezone.now())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The plan is drafted. Give it its targets."))
            return redirect("plan-targets", plan_id=made.id)
    return render(request, "alliance/plan_new.html", {"form": form}, status=422 if form.errors else 200)


new = entering("plan.edit")(_new)


@entering("plan.view", kinds=(MANUFACTURER,))
@require_GET
def plan(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """Display a plan: what was handed down, how far it has come, and what closes the gaps."""
    actor = request.actor
    found = get_visible_or_404(ChannelPlan.objects, actor, id=plan_id)
    rows = PlanTarget.objects.visible_to(actor).filter(plan=found)
    rows = rows.select_related("region", "channel", "category", "portfolio")
    targets = list(rows.order_by("metric", "region_id", "id"))
    with_progress = targets_with_progress(targets, found.year, timezone.localdate())
    unanswered = (
        PlanObjective.objects.visible_to(actor)
        .filter(target__plan=found, parent=None)
        .exclude(state=PlanObjective.State.AGREED)
        .select_related("party", "target__region", "target__channel", "target__category", "target__portfolio")
    )
    waiting = list(unanswered.order_by("state", "party__code", "id")[: MAX_OPEN + 1])
    edits = actor.may("plan.edit")
    page = {
        "plan": found,
        "badge": plan_badge(found),
        "rows": [_row(one) for one in with_progress],
        "gaps": sum(not one.handed.fits for one in with_progress),
        "lagging": _lagging(with_progress),
        "waiting": [
            {"objective": one, "badge": objective_badge(one), "name": target_name(one.target)}
            for one in waiting[:MAX_OPEN]
        ],
        "more_wait": len(waiting) > MAX_OPEN,
        "may_edit": edits and found.state == State.DRAFT,
        "may_activate": edits and found.state == State.HANDED_DOWN,
    }
    return render(request, "alliance/plan.html", page)


def _row(one: TargetProgress) -> dict[str, Any]:
    return {
        "target": one.target,
        "name": target_name(one.target),
        "metric": metric_label(one.target),
        "handed": one.handed,
        "over": -one.handed.gap,
        **progress_row(one.progress),
    }


def _lagging(rows: list[TargetProgress]) -> list[tuple[str, list[dict[str, Any]]]]:
    return [
        (
            str(PlanMetric(metric).label),
            [
                {"target": one.row, "name": target_name(one.row), "gap": one.gap, "part": one.part}
                for one in found
            ],
        )
        for metric, found in lagging_targets(rows).items()
    ]


@once
@require_POST
def _hand_down(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    get_visible_or_404(ChannelPlan.objects, request.actor, id=plan_id)
    attempt(
        request,
        lambda: hand_down_plan(plan_id=plan_id, by=request.actor, at=timezone.now()),
        success=_("The plan is handed down; the dealers are asked to answer their objectives."),
    )
    return redirect("plan", plan_id=plan_id)


@once
@require_POST
def _activate(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    get_visible_or_404(ChannelPlan.objects, request.actor, id=plan_id)
    reason = request.POST.get("gap_reason", "").replace("\x00", "")
    attempt(
        request,
        lambda: activate_plan(plan_id=plan_id, gap_reason=reason, by=request.actor, at=timezone.now()),
        success=_("The plan is in force."),
    )
    return redirect("plan", plan_id=plan_id)


hand_down = entering("plan.edit")(_hand_down)
activate = entering("plan.edit")(_activate)
