"""The editor of a draft plan: the grid of its targets, and the objectives of the dealers of a target."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rights import DEALER, MANUFACTURER
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.domain.channel_plan import divided, handed_down
from alliance.models import ChannelPlan, PlanTarget
from alliance.operations.plans.drafting import NewObjective, set_objectives, set_targets
from alliance.queries.plans import (
    ObjectiveProgress,
    lagging_objectives,
    objectives_with_progress,
    targets_with_progress,
)
from alliance.web.plans.forms import TypedTargets, choices, read_amounts
from alliance.web.plans.labels import (
    metric_label,
    month_rows,
    objective_badge,
    plan_badge,
    progress_row,
    target_name,
)
from dealers.models import Party
from dealers.queries.parties import parties_in
from kernel.refusals import Refusal
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once
from ui.web.uploads import UploadRefused, uploaded_rows

MAX_DEALERS = 300


@once
def _targets(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    found = get_visible_or_404(ChannelPlan.objects, request.actor, id=plan_id)
    if found.state != ChannelPlan.State.DRAFT:
        messages.warning(request, _("Only the targets of a draft are changed."))
        return redirect("plan", plan_id=plan_id)
    if request.method != "POST":
        return _render(request, found, TypedTargets.of_plan(found))
    if request.POST.get("more"):
        return _render(request, found, TypedTargets.read(request.POST))
    try:
        sheet = uploaded_rows(request.FILES.get("file"))
    except UploadRefused as refusal:
        return _render(request, found, TypedTargets.of_plan(found), wrong=refusal.message)
    typed = TypedTargets.of_sheet(sheet) if sheet else TypedTargets.read(request.POST)
    targets = typed.targets()
    if targets is None:
        return _render(request, found, typed, status=422)
    try:
        with transaction.atomic():
            set_targets(plan_id=plan_id, targets=targets, by=request.actor, at=timezone.now())
    except Refusal as refusal:
        typed.add_refusal(refusal)
        return _render(request, found, typed, status=422)
    messages.success(request, _("The targets are saved. Now hand them down to the dealers."))
    return redirect("plan", plan_id=plan_id)


def _render(
    request: ActorRequest, plan: ChannelPlan, typed: TypedTargets, *, wrong: str = "", status: int = 200
) -> HttpResponse:
    message = typed.wrong or wrong
    page = {
        "plan": plan,
        "badge": plan_badge(plan),
        "typed": typed.with_blank(),
        "message": message,
        **choices(),
    }
    return render(request, "alliance/plan_targets.html", page, status=422 if message else status)


targets = entering("plan.edit")(_targets)


@once
def _target(request: ActorRequest, target_id: UUID) -> HttpResponse:
    actor = request.actor
    rows = PlanTarget.objects.select_related("plan", "region", "channel", "category", "portfolio")
    found = get_visible_or_404(rows, actor, id=target_id)
    stored = list(found.objectives.visible_to(actor).filter(parent=None).select_related("party", "target"))
    may_edit = actor.may("plan.edit") and found.plan.state == ChannelPlan.State.DRAFT
    dealers = _dealers(found, [one.party_id for one in stored], request) if may_edit else []
    typed = {one.party.code: f"{one.amount.normalize():f}" for one in stored}
    wrong: dict[str, str] = {}
    if may_edit and request.method == "POST":
        typed = {one.code: request.POST.get(f"amount-{one.code}", "") for one in dealers}
        amounts, wrong = read_amounts(request.POST, typed)
        if not wrong and _saved(request, found, amounts):
            return redirect("plan-target", target_id=target_id)
    elif may_edit and request.GET.get("suggest"):
        parts = divided(found.metric, found.annual, [Decimal(1)] * len(dealers))
        typed = {one.code: f"{part:f}" for one, part in zip(dealers, parts, strict=True)}
    today = timezone.localdate()
    [way] = targets_with_progress([found], found.plan.year, today)
    objectives = objectives_with_progress(stored, found.plan.year, today)
    page = {
        "target": found,
        "plan": found.plan,
        "name": target_name(found),
        "metric": metric_label(found),
        "handed": handed_down(found.metric, found.annual, [one.amount for one in stored]),
        "months": month_rows(found.months, way.actuals),
        "objectives": [_objective_row(one) for one in objectives],
        "lagging": lagging_objectives(objectives),
        "may_edit": may_edit,
        "dealers": [
            {"party": one, "typed": typed.get(one.code, ""), "wrong": wrong.get(one.code, "")}
            for one in dealers
        ],
        **progress_row(way.progress),
    }
    return render(request, "alliance/plan_target.html", page, status=422 if wrong else 200)


def _objective_row(one: ObjectiveProgress) -> dict[str, Any]:
    badge = objective_badge(one.objective)
    return {"objective": one.objective, "badge": badge, **progress_row(one.progress)}


def _dealers(target: PlanTarget, also: Sequence[UUID], request: ActorRequest) -> list[Party]:
    """Return the dealers in the target's region, and those that have an objective already."""
    visible = Party.objects.visible_to(request.actor).filter(kind=DEALER, is_active=True)
    inside = parties_in(visible, target.region_id).values("id")
    return list(visible.filter(Q(id__in=inside) | Q(id__in=also)).order_by("code")[:MAX_DEALERS])


def _saved(request: ActorRequest, target: PlanTarget, amounts: dict[str, Decimal]) -> bool:
    objectives = [NewObjective(code, amount) for code, amount in amounts.items()]
    try:
        with transaction.atomic():
            set_objectives(target_id=target.id, objectives=objectives, by=request.actor, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return False
    messages.success(
        request, _("The objectives are saved; the dealers see them once the plan is handed down.")
    )
    return True


target = entering("plan.view", kinds=(MANUFACTURER,))(_target)
