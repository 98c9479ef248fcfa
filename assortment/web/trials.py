"""The list of trials, the page of one, its feedback form, its verdict, and the form of a new one."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q, QuerySet
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
from assortment.models import ASPECTS, MAX_SCORE, MIN_SCORE, Trial, TrialParty
from assortment.operations.trials import answer_trial, decide_trial, extend_trial, open_trial
from catalogue.models import Product
from catalogue.queries import packings_of
from kernel.refusals import Refusal
from ui.queries.search import objects_like
from ui.web.actions import attempt
from ui.web.components import Badge
from ui.web.last_days import DAY, LastDayField
from ui.web.lists import Column, Empty, ListPage, Tab
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once
from ui.web.typed_input import DayField, typed_units

ASPECT_NAMES = {
    "quality": gettext_lazy("Quality"),
    "packaging": gettext_lazy("Packaging"),
    "price": gettext_lazy("Price acceptance"),
    "demand": gettext_lazy("Demand at outlets"),
}


def state_of(trial: Trial) -> Badge:
    """Return the state of a trial as a badge."""
    match trial.verdict:
        case Trial.Verdict.LAUNCH:
            return Badge(_("launched"), "good", "circle-check")
        case Trial.Verdict.DROP:
            return Badge(_("dropped"), "", "ban")
    today = timezone.localdate()
    if today < trial.starts_on:
        return Badge(_("planned"), "", "clock")
    if today >= trial.until:
        return Badge(_("decision due"), "warn", "alert-circle")
    return Badge(_("running"), "info", "flask")


class TrialFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        choices=[("open", gettext_lazy("open")), ("decided", gettext_lazy("decided"))],
        method="of_state",
        label=gettext_lazy("state"),
    )

    class Meta:
        model = Trial
        fields: ClassVar[list[str]] = []

    def of_state(self, rows: QuerySet[Trial], name: str, value: str) -> QuerySet[Trial]:
        return rows.filter(verdict="") if value == "open" else rows.exclude(verdict="")


class Trials(ListPage):
    name = "trials"
    title = gettext_lazy("Trials")
    filters = TrialFilter
    search_hint = gettext_lazy("name, pinyin initials, SKU, barcode")
    order = "-starts_on"
    tabs = (Tab(gettext_lazy("All")), Tab(gettext_lazy("Open"), "state=open"))
    empty = Empty(
        gettext_lazy("No trial yet"),
        gettext_lazy("A product on trial is sold only to the parties that its trial names."),
        "flask",
        "trial-new",
        gettext_lazy("Open a trial"),
        "catalogue.edit",
    )
    columns = (
        Column("product", gettext_lazy("Product"), "product__name", kind="name", under="product__sku"),
        Column("starts_on", gettext_lazy("From"), kind="day", sort="starts_on"),
        Column("last_day", gettext_lazy("Through"), lambda row: row.until - DAY, kind="day", sort="until"),
        Column("count", gettext_lazy("Parties"), kind="whole"),
        Column("answers", gettext_lazy("Answers"), kind="whole"),
        Column("state", gettext_lazy("State"), state_of, kind="state"),
    )

    def rows(self) -> QuerySet[Trial]:
        found: QuerySet[Trial] = Trial.objects.filter(
            id__in=Trial.objects.visible_to(self.actor).values("id")
        ).select_related("product")
        return found.annotate(
            count=Count("parties"), answers=Count("parties", filter=Q(parties__answered_at__isnull=False))
        )

    def offers(self, column: Column) -> bool:
        return self.actor.party_kind == MANUFACTURER or column.key not in ("count", "answers")

    def search(self, rows: QuerySet[Trial], typed: str) -> QuerySet[Trial]:
        return rows.filter(product__in=Product.objects.filter(objects_like("product", typed)))

    def href(self, row: Trial) -> str:
        return reverse("trial", args=[row.id])


@entering("trial.view")
@require_GET
def page(request: ActorRequest, trial_id: UUID) -> HttpResponse:
    """Display a trial: all of its feedback to staff, to a party its own form."""
    trial = _trial(request, trial_id)
    return render(request, "assortment/trial.html", _page(request, trial))


def _trial(request: ActorRequest, trial_id: UUID) -> Trial:
    rows = Trial.objects.select_related("product")
    found: Trial = get_visible_or_404(rows, request.actor, id=trial_id)
    return found


def _page(request: ActorRequest, trial: Trial) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "trial": trial,
        "last_day": trial.until - DAY,
        "state": state_of(trial),
        "is_staff": request.actor.party_kind == MANUFACTURER,
    }
    rows = trial.parties.select_related("party").order_by("party__name")
    if not facts["is_staff"]:
        party_id = request.actor.party_id
        mine = rows.filter(party_id=party_id).first() if party_id else None
        return facts | {"mine": mine, "aspects": _aspects(mine, request)}
    parties = list(rows)
    answered = [one for one in parties if one.answered_at]
    means = [
        (label, sum(getattr(one, aspect) for one in answered) / len(answered))
        for aspect, label in ASPECT_NAMES.items()
        if answered
    ]
    return facts | {"parties": parties, "answered": len(answered), "means": means}


def _aspects(mine: TrialParty | None, request: ActorRequest) -> list[dict[str, Any]]:
    return [
        {
            "name": aspect,
            "label": label,
            "scores": range(MIN_SCORE, MAX_SCORE + 1),
            "chosen": getattr(mine, aspect, None),
        }
        for aspect, label in ASPECT_NAMES.items()
    ]


@entering("trial.answer")
@require_POST
@once
def answer(request: ActorRequest, trial_id: UUID) -> HttpResponse:
    """Store the feedback of the actor's party."""
    trial = _trial(request, trial_id)
    choices = {str(score): score for score in range(MIN_SCORE, MAX_SCORE + 1)}
    scores = {aspect: choices.get(request.POST.get(aspect, ""), 0) for aspect in ASPECTS}
    comment = request.POST.get("comment", "").replace("\x00", "")
    attempt(
        request,
        lambda: answer_trial(
            trial_id=trial.id, scores=scores, comment=comment, by=request.actor, at=timezone.now()
        ),
        success=_("Thank you: your feedback is stored."),
    )
    return redirect("trial", trial_id=trial.id)


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(choices=[*Trial.Verdict.choices, ("extend", "")])
    reason = forms.CharField(max_length=300)
    until = LastDayField(required=False)


@entering("catalogue.edit", kinds=(MANUFACTURER,))
@require_POST
@once
def decide(request: ActorRequest, trial_id: UUID) -> HttpResponse:
    """Give the verdict, or extend the trial."""
    trial = _trial(request, trial_id)
    form = VerdictForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("State the reason, and for an extension the new last day."))
        return redirect("trial", trial_id=trial.id)
    typed, now = form.cleaned_data, timezone.now()
    given: dict[str, Any] = {"trial_id": trial.id, "reason": typed["reason"], "by": request.actor, "at": now}
    if typed["verdict"] == "extend":
        until = typed["until"] or trial.until
        attempt(request, lambda: extend_trial(until=until, **given), success=_("The trial is extended."))
    else:
        verdict = typed["verdict"]
        attempt(request, lambda: decide_trial(verdict=verdict, **given), success=_("The decision is given."))
    return redirect("trial", trial_id=trial.id)


class TrialForm(forms.Form):
    sku = forms.CharField(label=gettext_lazy("SKU"), max_length=60)
    purpose = forms.CharField(
        label=gettext_lazy("Question of the trial"),
        max_length=200,
        help_text=gettext_lazy("What the trial is to find out, such as whether restaurants reorder."),
    )
    starts_on = DayField(label=gettext_lazy("From"))
    until = LastDayField(label=gettext_lazy("Through"))
    parties = forms.CharField(
        label=gettext_lazy("Parties: code and planned quantity, one a line"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20_000,
    )


@entering("catalogue.edit", kinds=(MANUFACTURER,))
@once
def new(request: ActorRequest) -> HttpResponse:
    """Open a trial."""
    initial = {"sku": request.GET.get("sku", "")[:60], "starts_on": timezone.localdate()}
    form = TrialForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            typed["parties"] = _parties(typed["parties"], typed["sku"].strip())
            with transaction.atomic():
                trial = open_trial(**typed, by=request.actor, at=timezone.now())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The trial is open; its parties are notified."))
            return redirect("trial", trial_id=trial.id)
    return render(request, "assortment/trial_new.html", {"form": form}, status=422 if form.errors else 200)


def _parties(text: str, sku: str) -> dict[str, int]:
    """Return the planned base units of each code. Raises UnreadableField."""
    product_id = Product.objects.filter(sku=sku).values_list("id", flat=True).first()
    packing = packings_of([product_id]).get(product_id) if product_id else None
    parties: dict[str, int] = {}
    for line in text.splitlines():
        code, _gap, quantity = line.strip().replace("\t", " ").partition(" ")
        if code:
            units = typed_units(quantity.strip(), row=code, field="parties", packing=packing)
            parties[code] = parties.get(code, 0) + units
    return parties
