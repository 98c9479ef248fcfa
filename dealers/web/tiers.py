"""The list of a month's scorecards, the page of a scorecard, and the partner's own tier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.rights import Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from dealers.models import Party, Tier, TierMonth
from dealers.queries.parties import parties_like
from dealers.queries.scorecards import history_of, movements, scorecards_for
from ui.models import local_name
from ui.web.components import Badge, Chart, hundredths
from ui.web.joined_lists import join_list
from ui.web.lists import Column, Empty, ListPage, Tab
from ui.web.typed_filters import DayFilter

Move = TierMonth.Move
MOVES = {
    Move.PROMOTE: ("good", "arrow-up"),
    Move.DEMOTE: ("bad", "arrow-down"),
    Move.WARN: ("warn", "alert-triangle"),
    Move.STAY: ("", "equal"),
    Move.LOW_CONFIDENCE: ("", "circle-dashed"),
}
DIMENSIONS = {
    "scale": gettext_lazy("Scale"),
    "expertise": gettext_lazy("Expertise"),
    "coverage": gettext_lazy("Coverage"),
    "growth": gettext_lazy("Growth"),
    "collaboration": gettext_lazy("Collaboration"),
}
MAX_SCORECARDS = 12


def move_state(card: TierMonth) -> Badge:
    mood, icon = MOVES[Move(card.move)]
    return Badge(Move(card.move).label, mood, icon)


def tiers_of_tenant(request: Any) -> QuerySet[Tier]:
    return Tier.objects.order_by("-from_score")


class ScorecardFilter(django_filters.FilterSet):
    before = django_filters.ModelChoiceFilter(queryset=tiers_of_tenant, label=gettext_lazy("tier before"))
    month = DayFilter(label=gettext_lazy("month"))
    tier = django_filters.ModelChoiceFilter(queryset=tiers_of_tenant, label=gettext_lazy("tier"))
    move = django_filters.MultipleChoiceFilter(choices=Move.choices, label=gettext_lazy("move"))

    class Meta:
        model = TierMonth
        fields: ClassVar[list[str]] = []


class Scorecards(ListPage):
    """The scorecards of the last month that was run, or of the month in the query string."""

    name = "tiers"
    title = gettext_lazy("Tier review")
    filters = ScorecardFilter
    search_hint = gettext_lazy("name, pinyin initials, code, phone")
    order = "-score"
    tall = True
    empty = Empty(
        gettext_lazy("No tier was reviewed yet"),
        gettext_lazy("Each month's review runs by itself on the first of the next one."),
        "stairs-up",
    )
    tabs = (
        Tab(gettext_lazy("All")),
        Tab(gettext_lazy("Promoted"), "move=promote"),
        Tab(gettext_lazy("Demoted"), "move=demote"),
        Tab(gettext_lazy("May be demoted"), "move=warn"),
        Tab(gettext_lazy("Too little data"), "move=low_confidence"),
    )
    columns = (
        Column("party", gettext_lazy("Partner"), "party__name", kind="name", under="party__code"),
        Column("month", gettext_lazy("Month"), lambda row: date_format(row.month, "YEAR_MONTH_FORMAT")),
        Column("before", gettext_lazy("Before"), lambda row: local_name(row.before)),
        Column("tier", gettext_lazy("Tier"), lambda row: local_name(row.tier)),
        Column("move", gettext_lazy("Move"), move_state, kind="state"),
        Column("score", gettext_lazy("Score"), kind="money", sort="score"),
        Column("months_below", gettext_lazy("Months below"), kind="whole", displayed=False),
    )

    def rows(self) -> QuerySet[TierMonth]:
        rows = scorecards_for(self.actor).select_related("party", "tier", "before")
        if self.data.get("month"):
            return rows
        month = last_month(self.actor)
        return rows.filter(month=month) if month else rows.none()

    def search(self, rows: QuerySet[TierMonth], typed: str) -> QuerySet[TierMonth]:
        return rows.filter(party__in=parties_like(Party.objects.visible_to(self.actor), typed))

    def href(self, row: TierMonth) -> str:
        return reverse("scorecard", args=[row.id])

    def mood(self, row: TierMonth) -> tuple[str, str]:
        if row.move == Move.DEMOTE:
            return "bad", ""
        return (
            ("warn", _("One more month below the bar and the tier falls."))
            if row.move == Move.WARN
            else ("", "")
        )

    def more(self) -> dict[str, Any]:
        month = last_month(self.actor)
        moved = movements(month, actor=self.actor) if month else {}
        counts = [
            (str(move.label), moved.get(move.value, 0), *MOVES[move], f"?move={move.value}") for move in MOVES
        ]
        return {"month": month, "moved": counts}


def last_month(actor: Actor) -> date | None:
    """Return the last month with a scorecard that the actor may see."""
    found: date | None = scorecards_for(actor).order_by("-month").values_list("month", flat=True).first()
    return found


@entering("tier.view")
@require_GET
def scorecard(request: ActorRequest, scorecard_id: UUID) -> HttpResponse:
    """Display a scorecard with its reasons."""
    actor = request.actor
    rows = scorecards_for(actor).select_related("party", "tier", "before")
    card = get_object_or_404(rows, id=scorecard_id)
    return render(request, "dealers/scorecard.html", _card_page(card, actor))


@entering("tier.view")
@require_GET
def standing(request: ActorRequest) -> HttpResponse:
    """Display the tier of the actor's own party with its reasons."""
    actor = request.actor
    cards = history_of(actor.party_id, actor=actor).select_related("party") if actor.party_id else None
    card = cards.first() if cards is not None else None
    if card is None:
        return render(request, "dealers/standing_none.html")
    return render(request, "dealers/scorecard.html", {**_card_page(card, actor), "own": True})


def _card_page(card: TierMonth, actor: Actor) -> dict[str, Any]:
    history = list(history_of(card.party_id, actor=actor)[:MAX_SCORECARDS])
    return {
        "card": card,
        "move": move_state(card),
        "dimensions": dimensions_of(card),
        "sentences": sentences_of(card),
        "history": [(one, move_state(one)) for one in history],
        "chart": chart_of(history),
    }


def dimensions_of(card: TierMonth) -> list[dict[str, Any]]:
    """Return each dimension with its value of 100, weight, points and the rise that would suffice."""
    found = card.reasons.get("dimensions", {})
    lift = card.reasons.get("lift", {})
    rows = []
    for key, label in DIMENSIONS.items():
        facts = found.get(key) or {}
        value = facts.get("value")
        rows.append(
            {
                "label": str(label),
                "value": None if value is None else Decimal(value),
                "weight": Decimal(facts.get("weight", 0)) * 100,
                "points": Decimal(facts["points"]) if "points" in facts else None,
                "width": hundredths(Decimal(value), 100) if value is not None else "0",
                "lift": Decimal(str(lift[key])) if lift.get(key) is not None else None,
            }
        )
    return rows


def sentences_of(card: TierMonth) -> list[str]:
    """Return sentences on the bar, the distance to it, and the next tier."""
    reasons, sentences = card.reasons, []
    missing = [str(DIMENSIONS[key]) for key in reasons.get("missing", ()) if key in DIMENSIONS]
    if missing:
        sentences.append(
            _("No data for: %(names)s. Their weight is shared among the others.")
            % {"names": join_list(missing)}
        )
    bar = Decimal(reasons.get("bar", 0))
    if card.score is not None:
        over = card.score - bar
        if over >= 0:
            sentences.append(_("%(over)s above the bar (%(bar)s).") % {"over": over, "bar": bar})
        else:
            sentences.append(_("%(under)s below the bar (%(bar)s).") % {"under": -over, "bar": bar})
    if card.move == Move.WARN:
        sentences.append(_("Two months below the bar in a row and the tier falls; this is the first."))
    if card.move == Move.LOW_CONFIDENCE:
        sentences.append(_("With so little data the tier stays as it is."))
    if upper := reasons.get("next"):
        name = local_name(Tier.objects.filter(code=upper["tier"]).first()) or upper["tier"]
        message = _("%(missing)s more points to reach %(tier)s (from %(bar)s).")
        sentences.append(message % {"missing": upper["missing"], "tier": name, "bar": upper["from"]})
    return sentences


def chart_of(history: Sequence[TierMonth]) -> Chart | None:
    """Return a chart of the scores by month, the oldest first; None for fewer than two."""
    cards = [card for card in reversed(history) if card.score is not None]
    if len(cards) < 2:
        return None
    months = [f"{card.month:%Y-%m}" for card in cards]
    return Chart(
        id="score-history",
        title=_("Score by month"),
        heads=[_("Month"), _("Score"), _("Tier")],
        rows=[
            [month, str(card.score), local_name(card.tier)] for month, card in zip(months, cards, strict=True)
        ],
        data={
            "xAxis": {"type": "category", "data": months},
            "yAxis": {"type": "value", "min": 0, "max": 100},
            "series": [{"type": "line", "data": [float(card.score or 0) for card in cards], "symbolSize": 6}],
        },
    )
