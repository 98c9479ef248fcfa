"""The list of product ideas, the page of one with its votes, and the forms to submit and answer one."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, QuerySet
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
from assortment.models import Idea, IdeaVote
from assortment.operations.ideas import decline_idea, submit_idea, take_up_idea, vote_for
from catalogue.models import Category
from kernel.refusals import Refusal
from ui.web.actions import attempt
from ui.web.components import Badge
from ui.web.lists import Column, Empty, ListPage, Tab
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once

STATES = {
    Idea.State.OPEN: ("info", "bulb"),
    Idea.State.TAKEN_UP: ("good", "circle-check"),
    Idea.State.DECLINED: ("", "ban"),
}


def state_of(idea: Idea) -> Badge:
    """Return the state of an idea as a badge."""
    mood, icon = STATES[Idea.State(idea.state)]
    return Badge(Idea.State(idea.state).label, mood, icon)


class IdeaFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=Idea.State.choices, label=gettext_lazy("state"))

    class Meta:
        model = Idea
        fields: ClassVar[list[str]] = []


class Ideas(ListPage):
    name = "ideas"
    title = gettext_lazy("Product ideas")
    filters = IdeaFilter
    search_hint = gettext_lazy("title")
    order = "-vote_count"
    tabs = (Tab(gettext_lazy("All")), Tab(gettext_lazy("Open"), "state=open"))
    empty = Empty(
        gettext_lazy("No idea yet"),
        gettext_lazy("Dealers and members propose products that their customers ask for, and vote."),
        "bulb",
        "idea-new",
        gettext_lazy("Submit an idea"),
        "idea.submit",
    )
    columns = (
        Column("title", gettext_lazy("Idea"), kind="name", sort="title", under="category__name"),
        Column("party", gettext_lazy("From partner"), "party__name"),
        Column("vote_count", gettext_lazy("Votes"), kind="whole", sort="vote_count"),
        Column("submitted_at", gettext_lazy("Submitted"), kind="moment", sort="submitted_at"),
        Column("state", gettext_lazy("State"), state_of, kind="state"),
    )

    def rows(self) -> QuerySet[Idea]:
        found: QuerySet[Idea] = Idea.objects.visible_to(self.actor).select_related("party", "category")
        return found.annotate(vote_count=Count("votes"))

    def offers(self, column: Column) -> bool:
        return self.actor.party_kind == MANUFACTURER or column.key != "party"

    def search(self, rows: QuerySet[Idea], typed: str) -> QuerySet[Idea]:
        return rows.filter(title__icontains=typed)

    def href(self, row: Idea) -> str:
        return reverse("idea", args=[row.id])


class IdeaForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=100)
    text = forms.CharField(
        label=gettext_lazy("Who would buy it, and why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    category_code = forms.ChoiceField(label=gettext_lazy("Category"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = Category.objects.order_by("code").values_list("code", "name")
        self.fields["category_code"].choices = [("", "—"), *rows]  # type: ignore[attr-defined]  # of a choice field


@entering("idea.submit")
@once
def new(request: ActorRequest) -> HttpResponse:
    """Submit an idea."""
    form = IdeaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                idea = submit_idea(**form.cleaned_data, by=request.actor, at=timezone.now())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("Your idea is submitted; you are notified of the answer."))
            return redirect("idea", idea_id=idea.id)
    return render(request, "assortment/idea_new.html", {"form": form}, status=422 if form.errors else 200)


@entering("idea.view")
@require_GET
def page(request: ActorRequest, idea_id: UUID) -> HttpResponse:
    """Display an idea with its votes and, to staff, the forms of the answer."""
    idea = _idea(request, idea_id)
    mine = IdeaVote.objects.filter(idea=idea, party_id=request.actor.party_id).exists()
    is_staff = request.actor.party_kind == MANUFACTURER
    facts = {
        "idea": idea,
        "state": state_of(idea),
        "votes": idea.votes.count(),
        "mine": mine,
        "is_staff": is_staff,
        "names_party": is_staff or idea.party_id == request.actor.party_id,
    }
    return render(request, "assortment/idea.html", facts)


def _idea(request: ActorRequest, idea_id: UUID) -> Idea:
    rows = Idea.objects.select_related("party", "category", "product")
    found: Idea = get_visible_or_404(rows, request.actor, id=idea_id)
    return found


@entering("idea.submit")
@require_POST
@once
def vote(request: ActorRequest, idea_id: UUID) -> HttpResponse:
    """Give the vote of the actor's party, or take it back."""
    idea = _idea(request, idea_id)
    wanted = request.POST.get("vote") == "yes"
    attempt(request, lambda: vote_for(idea_id=idea.id, wanted=wanted, by=request.actor, at=timezone.now()))
    return redirect("idea", idea_id=idea.id)


@entering("catalogue.edit", kinds=(MANUFACTURER,))
@require_POST
@once
def answer(request: ActorRequest, idea_id: UUID) -> HttpResponse:
    """Take the idea up as a product in development, or decline it."""
    idea = _idea(request, idea_id)
    names = ("answer", "sku", "name")
    post: dict[str, Any] = {name: request.POST.get(name, "").replace("\x00", "") for name in names}
    given: dict[str, Any] = {"idea_id": idea.id, "by": request.actor, "at": timezone.now()}
    if request.POST.get("state") == Idea.State.TAKEN_UP:
        taken = attempt(request, lambda: take_up_idea(**post, **given), success=_("The idea is taken up."))
        if taken is not None and taken.product_id:
            return redirect("product", product_id=taken.product_id)
    else:
        declined = _("The idea is declined.")
        attempt(request, lambda: decline_idea(answer=post["answer"], **given), success=declined)
    return redirect("idea", idea_id=idea.id)
