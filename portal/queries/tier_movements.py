"""The movements between tiers in the last run, with their chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Subquery
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.rights import Actor
from dealers.models import Tier, TierMonth
from dealers.queries.scorecards import scorecards_for
from kernel.periods import months_after
from portal.queries.combined_query import Row, RowQuery
from portal.queries.home_components import Movement, Tiers
from portal.queries.visibility import has_territories, in_sight
from ui.models import in_language
from ui.web.components import Chart
from ui.web.numbers import grouped

Move = TierMonth.Move
FILLS = ("#0b514e", "#3d8a85", "#8fa8a5", "#b5c7c4", "#d0dad8")
LINKS = {"up": "#0f6460", "down": "#c47804", "": "#c9d5d3"}
AGAIN = "\N{ZERO WIDTH SPACE}"  # nodes of the chart need distinct names


@dataclass(frozen=True, slots=True)
class Rung:
    """A tier, in the order of the ladder."""

    id: UUID
    name: str


def ladder_of(actor: Actor) -> RowQuery:
    """Query (id, name, English name) of the tiers, highest first."""
    rows = Tier.objects.all() if actor.may("tier.view") else Tier.objects.none()
    return rows.order_by("-from_score").values_list("id", "name", "name_en")


def flows_of(actor: Actor) -> RowQuery:
    """Query (month, tier before, tier after, move, number of parties) of the last visible run."""
    rows = scorecards_for(actor)
    last = rows.order_by("-month").values("month")[:1]
    if has_territories(actor) and actor.may("tier.view"):
        last = TierMonth.objects.order_by("-month").values("month")[:1]
        rows = in_sight(TierMonth.objects.all(), "party", actor)
    found: RowQuery = rows.filter(month=Subquery(last)).order_by()
    return found.values_list("month", "before_id", "tier_id", "move").annotate(Count("id"))


def tiers(rungs: Iterable[Row], moved_rows: Iterable[Row]) -> Tiers:
    """Return the result of the last tier run, from the rows of `ladder_of` and `flows_of`."""
    ladder = [Rung(id, in_language(name, english)) for id, name, english in rungs]
    flows: Counter[tuple[Any, Any]] = Counter()
    moves: Counter[str] = Counter()
    last: date | None = None
    for month, before, after, move, count in moved_rows:
        last = month
        flows[before or after, after] += count
        moves[move] += count
    if last is None:
        return Tiers()
    place = {tier.id: at for at, tier in enumerate(ladder)}
    known = {pair: count for pair, count in flows.items() if place.keys() >= set(pair)}
    moved = [
        Movement(
            ladder[place[before]].name,
            ladder[place[after]].name,
            count,
            "up" if place[after] < place[before] else "down",
            urlencode({"before": before, "tier": after}),
        )
        for (before, after), count in sorted(known.items(), key=lambda one: -one[1])
        if before != after
    ]
    return Tiers(
        month=last,
        moved=sorted(moved, key=lambda one: one.way == "down"),
        parties=sum(flows.values()),
        promoted=sum(one.parties for one in moved if one.way == "up"),
        demoted=sum(one.parties for one in moved if one.way == "down"),
        warned=moves[Move.WARN],
        unsure=moves[Move.LOW_CONFIDENCE],
        chart=_chart(ladder, place, known, last),
    )


def _chart(
    ladder: Sequence[Rung], place: Mapping[Any, int], flows: Mapping[tuple[Any, Any], int], month: date
) -> Chart | None:
    """Return a Sankey chart from the tiers of the month before (left) to those of the month (right)."""
    if not flows:
        return None
    before, after = Counter[Any](), Counter[Any]()
    for (start, end), count in flows.items():
        before[start] += count
        after[end] += count
    left = {tier.id: f"{tier.name} {grouped(before[tier.id])}" for tier in ladder if before[tier.id]}
    right = {tier.id: f"{tier.name} {grouped(after[tier.id])}{AGAIN}" for tier in ladder if after[tier.id]}
    nodes = [
        {
            "name": name,
            "depth": depth,
            "itemStyle": {"color": FILLS[min(place[id], len(FILLS) - 1)]},
            "label": {"position": "left" if depth == 0 else "right"},
        }
        for depth, names in enumerate((left, right))
        for id, name in names.items()
    ]
    links = [
        {
            "source": left[start],
            "target": right[end],
            "value": count,
            "lineStyle": {
                "color": LINKS[_way(place[start], place[end])],
                "opacity": 0.35 if start == end else 0.8,
            },
        }
        for (start, end), count in sorted(flows.items(), key=lambda one: (place[one[0][0]], place[one[0][1]]))
    ]
    series = {
        "type": "sankey",
        "data": nodes,
        "links": links,
        "left": 92,
        "right": 92,
        "top": 8,
        "bottom": 8,
        "nodeWidth": 10,
        "nodeGap": 10,
        "layoutIterations": 0,
        "draggable": False,
        "emphasis": {"disabled": True},
        "label": {"fontSize": 13},
    }
    earlier = date_format(months_after(month, -1), "YEAR_MONTH_FORMAT")
    return Chart(
        id="tier-movement",
        title=_("Movement between the tiers from %(before)s to %(after)s")
        % {"before": earlier, "after": date_format(month, "YEAR_MONTH_FORMAT")},
        heads=[_("From → to"), *[tier.name for tier in ladder]],
        rows=[
            [start.name, *[grouped(flows.get((start.id, end.id), 0)) for end in ladder]] for start in ladder
        ],
        data={"series": [series]},
    )


def _way(before: int, after: int) -> str:
    return "" if before == after else "up" if after < before else "down"
