"""Objectives: their list, and the page where a partner agrees, asks for another, or hands down."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.rights import DEALER, MANUFACTURER, MEMBER, Actor, actor_of
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.domain.channel_plan import divided, handed_down
from alliance.models import ChannelPlan, PlanMetric, PlanObjective
from alliance.operations.plans.drafting import NewObjective
from alliance.operations.plans.objectives import (
    agree_objective,
    counter_objective,
    hand_down_objective,
    revise_objective,
)
from alliance.queries.plans import lagging_objectives, objectives_with_progress
from alliance.web.plans.forms import read_amounts
from alliance.web.plans.labels import (
    metric_label,
    month_rows,
    objective_badge,
    progress_row,
    target_name,
)
from dealers.models import Party
from kernel.refusals import Refusal
from kernel.typed_input import read_amount
from ui.web.actions import attempt
from ui.web.filters import YesNoFilter
from ui.web.list_view import list_view
from ui.web.lists import Column, Empty, ListPage, Tab
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once
from ui.web.typed_input import AmountField, read_typed

Answer = PlanObjective.State
OF_TARGET = ("target__plan", "target__region", "target__channel", "target__category", "target__portfolio")
MAX_MEMBERS = 300


class ObjectiveFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Answer.choices, label=gettext_lazy("state"))
    metric = django_filters.ChoiceFilter(
        field_name="target__metric", choices=PlanMetric.choices, label=gettext_lazy("measured by")
    )
    plan = django_filters.UUIDFilter(field_name="target__plan_id", label=gettext_lazy("plan"))
    mine = YesNoFilter(method="of_party", label=gettext_lazy("mine"))

    class Meta:
        model = PlanObjective
        fields: ClassVar[list[str]] = []

    def of_party(self, rows: Any, name: str, value: bool) -> Any:
        own = {"party_id": actor_of(self.request).party_id}
        return rows.filter(**own) if value else rows.exclude(**own)


class Objectives(ListPage):
    """The objectives of the channel plan: a partner's own and its members', for the staff all."""

    name = "objectives"
    title = gettext_lazy("Objectives")
    filters = ObjectiveFilter
    tabs = (
        Tab(gettext_lazy("All")),
        Tab(gettext_lazy("To be answered"), "state=open"),
        Tab(gettext_lazy("Asked to change"), "state=countered"),
        Tab(gettext_lazy("Agreed"), "state=agreed"),
    )
    columns = (
        Column(
            "target",
            gettext_lazy("Objective"),
            lambda row: target_name(row.target),
            kind="name",
            under=lambda row: metric_label(row.target),
        ),
        Column("party", gettext_lazy("Partner"), "party__name", under="party__code"),
        Column("amount", gettext_lazy("Amount"), kind="money", sort="amount"),
        Column("state", gettext_lazy("State"), objective_badge, kind="state"),
        Column("plan", gettext_lazy("Plan"), "target__plan__name", phone="hidden"),
    )
    empty = Empty(
        gettext_lazy("No objectives yet"),
        gettext_lazy("What the channel plan hands down to you appears here."),
        "target-arrow",
    )

    def rows(self) -> Any:
        return PlanObjective.objects.visible_to(self.actor).select_related(*OF_TARGET, "party")

    def href(self, row: Any) -> str:
        return reverse("objective", args=[row.id])


objectives = entering("plan.view")(list_view(Objectives))


class CounterForm(forms.Form):
    amount = AmountField(label=gettext_lazy("Objective that you ask for"), max_digits=13)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea({"rows": 2}))


class RevisionForm(forms.Form):
    amount = AmountField(label=gettext_lazy("New objective"), max_digits=13)


def _visible(actor: Actor, objective_id: UUID) -> PlanObjective:
    rows = PlanObjective.objects.select_related(*OF_TARGET, "party", "parent")
    found: PlanObjective = get_visible_or_404(rows, actor, id=objective_id)
    return found


@entering("plan.view")
def objective(request: ActorRequest, objective_id: UUID) -> HttpResponse:
    """Display an objective with its months, its answer, and what is handed down of it."""
    return _page(request, _visible(request.actor, objective_id))


def _page(request: ActorRequest, found: PlanObjective, **more: Any) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    year = found.target.plan.year
    parts = list(
        PlanObjective.objects.visible_to(actor)
        .filter(parent=found)
        .select_related(*OF_TARGET, "party")
        .order_by("party__code")
        if actor.party_kind != MEMBER
        else ()
    )
    [way, *below] = objectives_with_progress([found, *parts], year, today)
    is_own = actor.may("plan.agree") and actor.party_id == found.party_id
    is_open = found.state != Answer.AGREED
    gave = actor.may("plan.edit") if found.parent is None else actor.party_id == found.parent.party_id
    page = {
        "objective": found,
        "plan": found.target.plan,
        "name": target_name(found.target),
        "metric": metric_label(found.target),
        "badge": objective_badge(found),
        "months": month_rows(way.months, way.actuals),
        "parts": [
            {
                "objective": one.objective,
                "badge": objective_badge(one.objective),
                **progress_row(one.progress),
            }
            for one in below
        ],
        "handed": handed_down(found.target.metric, found.amount, [one.amount for one in parts]),
        "lagging": lagging_objectives(below),
        "may_answer": is_own and is_open and found.target.plan.state != ChannelPlan.State.DRAFT,
        "may_hand_down": is_own and actor.party_kind == DEALER,
        "counter": CounterForm(),
        "revision": RevisionForm(initial={"amount": found.counter_amount or found.amount})
        if gave and is_open and found.target.plan.state != ChannelPlan.State.DRAFT
        else None,
        "is_staff": actor.party_kind == MANUFACTURER,
        **progress_row(way.progress),
        **more,
    }
    wrong = any(form is not None and form.errors for form in (page["counter"], page["revision"]))
    return render(request, "alliance/objective.html", page, status=422 if wrong else 200)


@once
@require_POST
def _agree(request: ActorRequest, objective_id: UUID) -> HttpResponse:
    found = _visible(request.actor, objective_id)
    amount = read_typed(read_amount, request.POST.get("amount", ""), row=_("Objective"), field="amount")
    attempt(
        request,
        lambda: agree_objective(objective_id=found.id, amount=amount, by=request.actor, at=timezone.now()),
        success=_("Agreed."),
    )
    return redirect("objective", objective_id=objective_id)


@once
@require_POST
def _counter(request: ActorRequest, objective_id: UUID) -> HttpResponse:
    found = _visible(request.actor, objective_id)
    form = CounterForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                counter_objective(
                    objective_id=found.id, **form.cleaned_data, by=request.actor, at=timezone.now()
                )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("Sent. Who handed the objective down decides."))
            return redirect("objective", objective_id=objective_id)
    return _page(request, found, counter=form)


@once
@require_POST
def _revise(request: ActorRequest, objective_id: UUID) -> HttpResponse:
    found = _visible(request.actor, objective_id)
    form = RevisionForm(request.POST)
    if form.is_valid():
        amount = form.cleaned_data["amount"]
        attempt(
            request,
            lambda: revise_objective(
                objective_id=found.id, amount=amount, by=request.actor, at=timezone.now()
            ),
            success=_("The objective is changed."),
        )
        return redirect("objective", objective_id=objective_id)
    return _page(request, found, revision=form)


@once
def _hand_down(request: ActorRequest, objective_id: UUID) -> HttpResponse:
    actor = request.actor
    found = _visible(actor, objective_id)
    members = list(
        Party.objects.visible_to(actor)
        .filter(parent_id=found.party_id, kind=MEMBER, is_active=True)
        .order_by("code")[:MAX_MEMBERS]
    )
    parts = {one.party_id: one for one in found.parts.all()}
    typed = {one.code: f"{parts[one.id].amount.normalize():f}" for one in members if one.id in parts}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        typed = {one.code: request.POST.get(f"amount-{one.code}", "") for one in members}
        amounts, wrong = read_amounts(request.POST, typed)
        given = [NewObjective(code, amount) for code, amount in amounts.items()]
        if not wrong:
            attempt(
                request,
                lambda: hand_down_objective(
                    objective_id=found.id, objectives=given, by=actor, at=timezone.now()
                ),
                success=_("Handed down; the members are asked to answer."),
            )
            return redirect("objective", objective_id=objective_id)
    elif request.GET.get("suggest"):
        evenly = divided(found.target.metric, found.amount, [Decimal(1)] * len(members))
        typed = {one.code: f"{part:f}" for one, part in zip(members, evenly, strict=True)}
    page = {
        "objective": found,
        "name": target_name(found.target),
        "metric": metric_label(found.target),
        "members": [
            {
                "party": one,
                "typed": typed.get(one.code, ""),
                "wrong": wrong.get(one.code, ""),
                "is_fixed": one.id in parts and parts[one.id].state == Answer.AGREED,
            }
            for one in members
        ],
    }
    return render(request, "alliance/objective_parts.html", page, status=422 if wrong else 200)


agree = entering("plan.agree")(_agree)
counter = entering("plan.agree")(_counter)
revise = entering("plan.view")(_revise)
hand_down = entering("plan.agree", kinds=(DEALER,))(_hand_down)
